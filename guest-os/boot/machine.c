/* SPDX-License-Identifier: Apache-2.0 */
/* machine.h: what the device tree's nodes mean. Addresses and sizes are two cells each, as on QEMU's virt board and in Missive's
 * own trees. */
#include "boot/machine.h"

#include "boot/device_tree.h"
#include "boot/layout.h"
#include "include/bytes.h"
#include "include/csr.h"
#include "kernel/print.h"

#define SLICE_MICROSECONDS 10000 /* unless bootargs say slice-us=N */
#define FINISHER_PASS 0x5555
#define FINISHER_FAIL 0x3333

enum node_kind { NODE_OTHER, NODE_SSWI, NODE_UART, NODE_FINISHER, NODE_MECHANISM };

struct machine machine;

static struct { /* the node being read */
    uint64_t reg, reg_bytes;
    uint64_t cpu;
    bool is_cpu, is_memory, is_coprocessor;
    enum node_kind kind;
    const char *compatible;
} node;

static struct {
    const char *compatible;
    enum node_kind kind;
} const known[] = {
    {"riscv,aclint-sswi", NODE_SSWI},
    {"ns16550a", NODE_UART},
    {"sifive,test1", NODE_FINISHER},
    {"sifive,test0", NODE_FINISHER},
#define MECHANISM(id, label, compatible, doc) {compatible, NODE_MECHANISM},
#include "ipc/mechanisms.def"
#undef MECHANISM
};

static void read_compatible(const struct device_tree_property *property)
{
    for (unsigned i = 0; i < LENGTH(known); i++)
        if (device_tree_lists(property, known[i].compatible)) {
            node.kind = known[i].kind;
            node.compatible = known[i].compatible;
            return;
        }
}

static bool starts(const char *text, const char *with)
{
    while (*with && *text == *with)
        text++, with++;
    return !*with;
}

static void read_argument(const char *text)
{
    uint64_t microseconds = 0;
    if (starts(text, "trace-enosys"))
        machine.trace_enosys = true;
    if (!starts(text, "slice-us="))
        return;
    for (text += strlen("slice-us="); *text >= '0' && *text <= '9'; text++)
        microseconds = microseconds * 10 + (uint64_t)(*text - '0');
    if (microseconds && microseconds < 1000000000)
        machine.slice_ticks = microseconds; /* in ticks once the timebase is known */
}

static void read_bootargs(const struct device_tree_property *property)
{
    const char *text = (const char *)property->value;
    if (!property->size_bytes || text[property->size_bytes - 1])
        return;
    while (*text) {
        read_argument(text);
        while (*text && *text != ' ')
            text++;
        while (*text == ' ')
            text++;
    }
}

static void read_chosen(const struct device_tree_property *property)
{
    unsigned bytes = property->size_bytes >= 8 ? 8 : 4;
    uint64_t number = device_tree_number(property, 0, bytes);
    if (text_equal(property->name, "linux,initrd-start"))
        machine.archive = number;
    else if (text_equal(property->name, "linux,initrd-end"))
        machine.archive_end = number;
    else if (text_equal(property->name, "missive,epoch-seconds"))
        machine.epoch_seconds = number;
    else if (text_equal(property->name, "bootargs"))
        read_bootargs(property);
    else if (text_equal(property->name, "rng-seed"))
        for (uint32_t i = 0; i < property->size_bytes; i++)
            machine.seed = (machine.seed ^ property->value[i]) * 0x100000001b3;
}

static void visit(const struct device_tree_property *property)
{
    if (text_equal(property->node, "chosen"))
        read_chosen(property);
    else if (text_equal(property->name, "compatible"))
        read_compatible(property);
    else if (text_equal(property->name, "timebase-frequency"))
        machine.timebase_hz = device_tree_number(property, 0, 4);
    else if (text_equal(property->name, "missive,role"))
        node.is_coprocessor = device_tree_lists(property, "coprocessor");
    else if (text_equal(property->name, "device_type")) {
        node.is_cpu = device_tree_lists(property, "cpu");
        node.is_memory = device_tree_lists(property, "memory");
    } else if (text_equal(property->name, "reg")) {
        node.cpu = device_tree_number(property, 0, 4);
        node.reg = device_tree_number(property, 0, 8);
        node.reg_bytes = device_tree_number(property, 8, 8);
    }
}

static void add_uart(uint64_t base)
{
    if (!machine.uart[0] || base < machine.uart[0]) {
        machine.uart[1] = machine.uart[0];
        machine.uart[0] = base;
    } else if (!machine.uart[1]) {
        machine.uart[1] = base;
    }
}

static void node_done(void)
{
    uint64_t base = DEVICE_WINDOW + node.reg;
    if (node.is_cpu && node.cpu < MAP_MAX_HARTS)
        *(node.is_coprocessor ? &machine.coprocessors : &machine.hosts) |= 1UL << node.cpu;
    if (node.is_memory && !machine.ram_bytes) {
        machine.ram_base = node.reg;
        machine.ram_bytes = node.reg_bytes;
    }
    if (node.kind == NODE_SSWI)
        machine.sswi = base;
    if (node.kind == NODE_FINISHER)
        machine.finisher = base;
    if (node.kind == NODE_UART)
        add_uart(base);
    if (node.kind == NODE_MECHANISM) {
        machine.mechanism = base;
        machine.mechanism_name = node.compatible;
    }
    memset(&node, 0, sizeof node);
}

void machine_read(uint64_t device_tree)
{
    uint64_t size_bytes = 0;
    machine.slice_ticks = SLICE_MICROSECONDS;
    machine.seed = 0xcbf29ce484222325;
    bool sound = device_tree_walk((const void *)device_tree, visit, node_done, &size_bytes);
    if (!machine.uart[1])
        machine.uart[1] = machine.uart[0];
    if (!sound)
        panic("no sound device tree at %x", device_tree);
    if (!machine.ram_bytes || !machine.timebase_hz || !machine.sswi || !machine.uart[0])
        panic("the device tree lacks memory, timebase-frequency, ACLINT sswi or uart");
    if (!(machine.hosts & (1UL << BOOT_HART)))
        panic("hart %d must be a host", (uint64_t)BOOT_HART);
    machine.slice_ticks = MAX(machine.slice_ticks * machine.timebase_hz / 1000000, 1);
    machine.device_tree = device_tree;
    machine.device_tree_end = device_tree + size_bytes;
}

_Noreturn void machine_end(unsigned status)
{
    uint32_t code = status ? (uint32_t)status << 16 | FINISHER_FAIL : FINISHER_PASS;
    uint64_t finisher = machine.finisher ? machine.finisher : DEVICE_WINDOW + MAP_FINISHER_BASE;
    *(volatile uint32_t *)finisher = code;
    for (;;)
        __asm__ volatile("wfi");
}
