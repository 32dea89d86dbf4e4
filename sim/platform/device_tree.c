/* SPDX-License-Identifier: Apache-2.0 */
/* Writing the device tree with libfdt. See device_tree.h. */
#include "platform/device_tree.h"

#include <assert.h>
#include <inttypes.h>
#include <libfdt.h>
#include <stdio.h>
#include <string.h>

#include "base/memory_map.h"
#include "devices/plic_regs.h"

#define SERIAL_CLOCK_HZ 3686400        /* QEMU's; nothing here depends on it */
#define CPU_PHANDLE(hart) ((hart) + 1) /* of its interrupt controller */
#define FINISHER_PHANDLE (MAP_MAX_HARTS + 1)
#define PLIC_PHANDLE (MAP_MAX_HARTS + 2)
#define CORE_PHANDLE(hart) (MAP_MAX_HARTS + 3 + (hart))
#define RNG_SEED_BYTES 32

/* In the order that riscv,isa wants. */
static const char *const extensions[] = {
    "i",           "m",     "a",   "f",   "d",   "c",   "zicntr", "zicsr", "zifencei",
    "zihintpause", "zihpm", "zba", "zbb", "zbc", "zbs", "sstc",   "svade",
};
#define EXTENSION_COUNT (sizeof extensions / sizeof *extensions)
#define ISA_MAX_BYTES 128

/* libfdt's sequential writer keeps failing once it has failed: only the end is checked. */
struct tree {
    void *fdt;
    const struct device_tree_input *input;
};

static void begin(struct tree *tree, const char *name, uint64_t unit)
{
    char full[64];
    snprintf(full, sizeof full, "%s@%" PRIx64, name, unit);
    fdt_begin_node(tree->fdt, full);
}

static void add_reg(struct tree *tree, uint64_t base, uint64_t size_bytes)
{
    fdt64_t reg[2] = {cpu_to_fdt64(base), cpu_to_fdt64(size_bytes)};
    fdt_property(tree->fdt, "reg", reg, sizeof reg);
}

/* Both bindings: the string for older kernels, the list for Linux from 6.6 on. */
static void add_isa(struct tree *tree)
{
    char text[ISA_MAX_BYTES] = "rv64", list[ISA_MAX_BYTES];
    size_t text_bytes = strlen(text), list_bytes = 0;
    const size_t count = EXTENSION_COUNT - (tree->input->parameters->core_svade ? 0 : 1);
    for (size_t i = 0; i < count; i++) {
        const char *name = extensions[i];
        text_bytes += (size_t)snprintf(text + text_bytes, sizeof text - text_bytes, "%s%s",
                                       name[1] ? "_" : "", name);
        list_bytes += 1 + (size_t)snprintf(list + list_bytes, sizeof list - list_bytes, "%s", name);
        assert(text_bytes < sizeof text && list_bytes < sizeof list);
    }
    fdt_property_string(tree->fdt, "riscv,isa", text);
    fdt_property_string(tree->fdt, "riscv,isa-base", "rv64i");
    fdt_property(tree->fdt, "riscv,isa-extensions", list, (int)list_bytes);
}

static void add_cpu(struct tree *tree, unsigned hart)
{
    void *fdt = tree->fdt;
    begin(tree, "cpu", hart);
    fdt_property_string(fdt, "device_type", "cpu");
    fdt_property_u32(fdt, "reg", hart);
    fdt_property_string(fdt, "status", "okay");
    fdt_property_string(fdt, "compatible", "riscv");
    fdt_property_u32(fdt, "phandle", CORE_PHANDLE(hart));
    add_isa(tree);
    fdt_property_string(fdt, "mmu-type", "riscv,sv39");
    fdt_property_string(fdt, "missive,role",
                        tree->input->roles[hart] == ROLE_HOST ? "host" : "coprocessor");
    fdt_begin_node(fdt, "interrupt-controller");
    fdt_property_u32(fdt, "#interrupt-cells", 1);
    fdt_property(fdt, "interrupt-controller", NULL, 0);
    fdt_property_string(fdt, "compatible", "riscv,cpu-intc");
    fdt_property_u32(fdt, "phandle", CPU_PHANDLE(hart));
    fdt_end_node(fdt);
    fdt_end_node(fdt);
}

/* One cluster, a core for each hart. */
static void add_cpu_map(struct tree *tree)
{
    void *fdt = tree->fdt;
    fdt_begin_node(fdt, "cpu-map");
    fdt_begin_node(fdt, "cluster0");
    for (unsigned hart = 0; hart < tree->input->hart_count; hart++) {
        char name[16];
        snprintf(name, sizeof name, "core%u", hart);
        fdt_begin_node(fdt, name);
        fdt_property_u32(fdt, "cpu", CORE_PHANDLE(hart));
        fdt_end_node(fdt);
    }
    fdt_end_node(fdt);
    fdt_end_node(fdt);
}

static void add_cpus(struct tree *tree)
{
    void *fdt = tree->fdt;
    fdt_begin_node(fdt, "cpus");
    fdt_property_u32(fdt, "#address-cells", 1);
    fdt_property_u32(fdt, "#size-cells", 0);
    fdt_property_u32(fdt, "timebase-frequency",
                     (uint32_t)tree->input->parameters->machine_timebase_hz);
    for (unsigned hart = 0; hart < tree->input->hart_count; hart++)
        add_cpu(tree, hart);
    add_cpu_map(tree);
    fdt_end_node(fdt);
}

static void add_memory(struct tree *tree)
{
    begin(tree, "memory", tree->input->ram_base);
    fdt_property_string(tree->fdt, "device_type", "memory");
    add_reg(tree, tree->input->ram_base, tree->input->ram_bytes);
    fdt_end_node(tree->fdt);
}

/* interrupts-extended: for each hart its controller and the bits of mip that the device drives */
static void add_interrupts(struct tree *tree, const uint32_t *bits, unsigned bit_count)
{
    fdt32_t cells[MAP_MAX_HARTS * 4];
    unsigned used = 0;
    for (unsigned hart = 0; hart < tree->input->hart_count; hart++)
        for (unsigned i = 0; i < bit_count; i++) {
            cells[used++] = cpu_to_fdt32(CPU_PHANDLE(hart));
            cells[used++] = cpu_to_fdt32(bits[i]);
        }
    fdt_property(tree->fdt, "interrupts-extended", cells, (int)(used * sizeof *cells));
}

static void add_clint(struct tree *tree)
{
    static const char compatible[] = "sifive,clint0\0riscv,clint0";
    static const uint32_t bits[] = {3, 7}; /* MSIP, MTIP */
    begin(tree, "clint", MAP_CLINT_BASE);
    fdt_property(tree->fdt, "compatible", compatible, sizeof compatible);
    add_reg(tree, MAP_CLINT_BASE, MAP_CLINT_SIZE);
    add_interrupts(tree, bits, 2);
    fdt_end_node(tree->fdt);
}

static void add_sswi(struct tree *tree)
{
    static const uint32_t bits[] = {1}; /* SSIP */
    begin(tree, "sswi", MAP_SSWI_BASE);
    fdt_property_string(tree->fdt, "compatible", "riscv,aclint-sswi");
    add_reg(tree, MAP_SSWI_BASE, MAP_SSWI_SIZE);
    fdt_property(tree->fdt, "interrupt-controller", NULL, 0);
    fdt_property_u32(tree->fdt, "#interrupt-cells", 0);
    add_interrupts(tree, bits, 1);
    fdt_end_node(tree->fdt);
}

static void add_plic(struct tree *tree)
{
    static const char compatible[] = "sifive,plic-1.0.0\0riscv,plic0";
    static const uint32_t bits[] = {11, 9}; /* MEIP, SEIP: the order of the contexts */
    begin(tree, "plic", MAP_PLIC_BASE);
    fdt_property(tree->fdt, "compatible", compatible, sizeof compatible);
    add_reg(tree, MAP_PLIC_BASE, MAP_PLIC_SIZE);
    fdt_property(tree->fdt, "interrupt-controller", NULL, 0);
    fdt_property_u32(tree->fdt, "#interrupt-cells", 1);
    fdt_property_u32(tree->fdt, "#address-cells", 0);
    fdt_property_u32(tree->fdt, "riscv,ndev", PLIC_SOURCES - 1);
    fdt_property_u32(tree->fdt, "phandle", PLIC_PHANDLE);
    add_interrupts(tree, bits, 2);
    fdt_end_node(tree->fdt);
}

static void add_interrupt(struct tree *tree, uint32_t source)
{
    fdt_property_u32(tree->fdt, "interrupt-parent", PLIC_PHANDLE);
    fdt_property_u32(tree->fdt, "interrupts", source);
}

static void add_rtc(struct tree *tree)
{
    begin(tree, "rtc", MAP_RTC_BASE);
    fdt_property_string(tree->fdt, "compatible", "google,goldfish-rtc");
    add_reg(tree, MAP_RTC_BASE, MAP_RTC_SIZE);
    add_interrupt(tree, IRQ_RTC);
    fdt_end_node(tree->fdt);
}

static void add_virtio(struct tree *tree, unsigned slot)
{
    const uint64_t base = MAP_VIRTIO_BASE + (uint64_t)slot * MAP_VIRTIO_SIZE;
    begin(tree, "virtio_mmio", base);
    fdt_property_string(tree->fdt, "compatible", "virtio,mmio");
    add_reg(tree, base, MAP_VIRTIO_SIZE);
    add_interrupt(tree, IRQ_VIRTIO(slot));
    fdt_property(tree->fdt, "dma-coherent", NULL, 0);
    fdt_end_node(tree->fdt);
}

static void add_uart(struct tree *tree, uint64_t base, uint32_t source)
{
    begin(tree, "serial", base);
    fdt_property_string(tree->fdt, "compatible", "ns16550a");
    add_reg(tree, base, MAP_UART_SIZE);
    fdt_property_u32(tree->fdt, "clock-frequency", SERIAL_CLOCK_HZ);
    add_interrupt(tree, source);
    fdt_end_node(tree->fdt);
}

static void add_finisher(struct tree *tree)
{
    static const char compatible[] = "sifive,test1\0sifive,test0\0syscon";
    begin(tree, "test", MAP_FINISHER_BASE);
    fdt_property(tree->fdt, "compatible", compatible, sizeof compatible);
    add_reg(tree, MAP_FINISHER_BASE, MAP_FINISHER_SIZE);
    fdt_property_u32(tree->fdt, "phandle", FINISHER_PHANDLE);
    fdt_end_node(tree->fdt);
}

static void add_mechanism(struct tree *tree)
{
    if (!tree->input->mechanism_compatible)
        return;
    begin(tree, "mechanism", MAP_MECHANISM_BASE);
    fdt_property_string(tree->fdt, "compatible", tree->input->mechanism_compatible);
    add_reg(tree, MAP_MECHANISM_BASE, MAP_MECHANISM_SIZE);
    fdt_end_node(tree->fdt);
}

static void add_soc(struct tree *tree)
{
    fdt_begin_node(tree->fdt, "soc");
    fdt_property_u32(tree->fdt, "#address-cells", 2);
    fdt_property_u32(tree->fdt, "#size-cells", 2);
    fdt_property_string(tree->fdt, "compatible", "simple-bus");
    fdt_property(tree->fdt, "ranges", NULL, 0);
    add_finisher(tree);
    add_clint(tree);
    add_sswi(tree);
    add_plic(tree);
    add_uart(tree, MAP_UART0_BASE, IRQ_UART0);
    if (!tree->input->single_console)
        add_uart(tree, MAP_UART1_BASE, IRQ_UART1);
    add_rtc(tree);
    for (unsigned slot = 0; slot < MAP_VIRTIO_SLOTS; slot++)
        add_virtio(tree, slot);
    add_mechanism(tree);
    fdt_end_node(tree->fdt);
}

static void add_syscon(struct tree *tree, const char *name, uint32_t value)
{
    void *fdt = tree->fdt;
    char compatible[32];
    snprintf(compatible, sizeof compatible, "syscon-%s", name);
    fdt_begin_node(fdt, name);
    fdt_property_string(fdt, "compatible", compatible);
    fdt_property_u32(fdt, "regmap", FINISHER_PHANDLE);
    fdt_property_u32(fdt, "offset", 0);
    fdt_property_u32(fdt, "value", value);
    fdt_end_node(fdt);
}

struct path {
    char text[32];
};

static struct path serial_path(uint32_t base)
{
    struct path path;
    snprintf(path.text, sizeof path.text, "/soc/serial@%" PRIx32, base);
    return path;
}

static void add_aliases(struct tree *tree)
{
    fdt_begin_node(tree->fdt, "aliases");
    fdt_property_string(tree->fdt, "serial0", serial_path(MAP_UART0_BASE).text);
    if (!tree->input->single_console)
        fdt_property_string(tree->fdt, "serial1", serial_path(MAP_UART1_BASE).text);
    fdt_end_node(tree->fdt);
}

/* splitmix64 (Steele, Lea, Flood 2014): the guest's entropy is the seed's */
static uint64_t next_random(uint64_t *state)
{
    uint64_t z = *state += 0x9E3779B97F4A7C15u;
    z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9u;
    z = (z ^ (z >> 27)) * 0x94D049BB133111EBu;
    return z ^ (z >> 31);
}

static void add_chosen(struct tree *tree)
{
    void *fdt = tree->fdt;
    const struct device_tree_input *input = tree->input;
    uint64_t state = input->parameters->machine_seed;
    fdt64_t seed[RNG_SEED_BYTES / sizeof(fdt64_t)];
    for (unsigned i = 0; i < sizeof seed / sizeof *seed; i++)
        seed[i] = cpu_to_fdt64(next_random(&state));
    fdt_begin_node(fdt, "chosen");
    fdt_property_string(fdt, "stdout-path", serial_path(MAP_UART0_BASE).text);
    fdt_property_string(fdt, "bootargs", input->bootargs ? input->bootargs : "");
    fdt_property(fdt, "rng-seed", seed, sizeof seed);
    fdt_property_u64(fdt, "missive,epoch-seconds", input->parameters->machine_epoch_seconds);
    if (input->initrd_begin != input->initrd_end) {
        fdt_property_u64(fdt, "linux,initrd-start", input->initrd_begin);
        fdt_property_u64(fdt, "linux,initrd-end", input->initrd_end);
    }
    fdt_end_node(fdt);
}

uint32_t device_tree_build(void *buffer, uint32_t size_bytes, const struct device_tree_input *input)
{
    struct tree tree = {buffer, input};
    fdt_create(buffer, (int)size_bytes);
    fdt_finish_reservemap(buffer);
    fdt_begin_node(buffer, "");
    fdt_property_u32(buffer, "#address-cells", 2);
    fdt_property_u32(buffer, "#size-cells", 2);
    fdt_property_string(buffer, "compatible", "riscv-virtio");
    fdt_property_string(buffer, "model", "missive");
    add_aliases(&tree);
    add_chosen(&tree);
    add_memory(&tree);
    add_cpus(&tree);
    add_soc(&tree);
    add_syscon(&tree, "poweroff", 0x5555);
    add_syscon(&tree, "reboot", 0x7777);
    fdt_end_node(buffer);
    return fdt_finish(buffer) == 0 ? fdt_totalsize(buffer) : 0;
}
