/* SPDX-License-Identifier: Apache-2.0 */
/* The device tree as a kernel reads it. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <libfdt.h>
#include <stdio.h>
#include <string.h>

#include "base/memory_map.h"
#include "platform/device_tree.h"

static char tree[128 << 10];

static void build(unsigned hart_count, const enum hart_role *roles, uint64_t seed,
                  const char *mechanism)
{
    struct parameters parameters;
    parameters_default(&parameters);
    parameters.machine_seed = seed;
    const struct device_tree_input input = {
        .parameters = &parameters,
        .hart_count = hart_count,
        .roles = roles,
        .ram_base = MAP_RAM_BASE,
        .ram_bytes = 64 << 20,
        .initrd_begin = 0x83000000,
        .initrd_end = 0x83001234,
        .bootargs = "quiet",
        .mechanism_compatible = mechanism,
    };
    uint32_t size_bytes = device_tree_build(tree, sizeof tree, &input);
    assert_int_not_equal(size_bytes, 0);
    assert_int_equal(fdt_check_full(tree, size_bytes), 0);
}

static const void *property(const char *path, const char *name, int *length)
{
    int node = fdt_path_offset(tree, path);
    if (node < 0)
        fail_msg("no node %s", path);
    const void *value = fdt_getprop(tree, node, name, length);
    if (!value)
        fail_msg("no property %s in %s", name, path);
    return value;
}

static void expect_cells(const char *path, const char *name, const uint32_t *cells, int count)
{
    int length;
    const fdt32_t *value = property(path, name, &length);
    assert_int_equal(length, 4 * count);
    for (int i = 0; i < count; i++)
        assert_int_equal(fdt32_to_cpu(value[i]), cells[i]);
}

static void expect_text(const char *path, const char *name, const char *text)
{
    int length;
    assert_string_equal(property(path, name, &length), text);
}

/* A list of strings; here with spaces between them. */
static void expect_list(const char *path, const char *name, const char *words)
{
    int length;
    char text[256];
    const char *value = property(path, name, &length);
    assert_in_range(length, 1, (int)sizeof text);
    for (int i = 0; i < length; i++)
        text[i] = value[i] || i + 1 == length ? value[i] : ' ';
    assert_string_equal(text, words);
}

static void expect_core(const char *path, const char *cpu)
{
    int length;
    const fdt32_t *core = property(path, "cpu", &length);
    assert_int_equal(length, 4);
    assert_int_equal(fdt_node_offset_by_phandle(tree, fdt32_to_cpu(*core)),
                     fdt_path_offset(tree, cpu));
}

/* To the PLIC, as this source. */
static void expect_wired(const char *path, uint32_t source)
{
    int length;
    const fdt32_t *parent = property(path, "interrupt-parent", &length);
    const fdt32_t *phandle = property("/soc/plic@c000000", "phandle", &length);
    assert_int_equal(*parent, *phandle);
    expect_cells(path, "interrupts", &source, 1);
}

static void describes_the_machine(void **state)
{
    (void)state;
    int length;
    static const enum hart_role roles[] = {ROLE_HOST, ROLE_HOST, ROLE_COPROCESSOR};
    build(3, roles, 1, "missive,smart-bus");
    expect_text("/cpus/cpu@0", "missive,role", "host");
    expect_text("/cpus/cpu@2", "missive,role", "coprocessor");
    expect_text("/cpus/cpu@1", "mmu-type", "riscv,sv39");
    expect_text("/cpus/cpu@1", "riscv,isa",
                "rv64imafdc_zicntr_zicsr_zifencei_zihintpause_zihpm_zba_zbb_zbc_zbs_sstc");
    expect_list("/cpus/cpu@1", "riscv,isa-extensions",
                "i m a f d c zicntr zicsr zifencei zihintpause zihpm zba zbb zbc zbs sstc");
    expect_text("/cpus/cpu@1", "riscv,isa-base", "rv64i");
    expect_core("/cpus/cpu-map/cluster0/core0", "/cpus/cpu@0");
    expect_core("/cpus/cpu-map/cluster0/core2", "/cpus/cpu@2");
    expect_cells("/cpus", "timebase-frequency", (uint32_t[]){10000000}, 1);
    expect_cells("/memory@80000000", "reg", (uint32_t[]){0, 0x80000000, 0, 64 << 20}, 4);
    expect_cells("/soc/mechanism@1000000000", "reg", (uint32_t[]){0x10, 0, 0x20, 0}, 4);
    expect_text("/soc/mechanism@1000000000", "compatible", "missive,smart-bus");
    expect_cells("/soc/clint@2000000", "interrupts-extended",
                 (uint32_t[]){1, 3, 1, 7, 2, 3, 2, 7, 3, 3, 3, 7}, 12);
    expect_cells("/soc/sswi@2f00000", "interrupts-extended", (uint32_t[]){1, 1, 2, 1, 3, 1}, 6);
    expect_text("/soc/serial@10009000", "compatible", "ns16550a");
    expect_cells("/soc/plic@c000000", "interrupts-extended",
                 (uint32_t[]){1, 11, 1, 9, 2, 11, 2, 9, 3, 11, 3, 9}, 12);
    expect_cells("/soc/plic@c000000", "riscv,ndev", (uint32_t[]){96}, 1);
    expect_wired("/soc/serial@10000000", 10);
    expect_wired("/soc/serial@10009000", 12);
    expect_wired("/soc/rtc@101000", 11);
    expect_wired("/soc/virtio_mmio@10001000", 1);
    expect_wired("/soc/virtio_mmio@10008000", 8);
    expect_text("/soc/virtio_mmio@10008000", "compatible", "virtio,mmio");
    expect_text("/soc/test@100000", "compatible", "sifive,test1");
    expect_text("/aliases", "serial0", "/soc/serial@10000000");
    expect_text("/aliases", "serial1", "/soc/serial@10009000");
    property("/soc/virtio_mmio@10008000", "dma-coherent", &length);
    expect_text("/chosen", "stdout-path", "/soc/serial@10000000");
    expect_text("/chosen", "bootargs", "quiet");
    expect_cells("/chosen", "linux,initrd-start", (uint32_t[]){0, 0x83000000}, 2);
    expect_cells("/chosen", "linux,initrd-end", (uint32_t[]){0, 0x83001234}, 2);
    expect_cells("/chosen", "missive,epoch-seconds", (uint32_t[]){0, 1767225600}, 2);
    assert_true(fdt_path_offset(tree, "/cpus/cpu@3") < 0);
}

static void names_svade_if_chosen(void **state)
{
    (void)state;
    static const enum hart_role roles[] = {ROLE_HOST};
    struct parameters parameters;
    parameters_default(&parameters);
    parameters.core_svade = true;
    const struct device_tree_input input = {
        .parameters = &parameters, .hart_count = 1, .roles = roles, .single_console = true};
    assert_int_not_equal(device_tree_build(tree, sizeof tree, &input), 0);
    expect_list("/cpus/cpu@0", "riscv,isa-extensions",
                "i m a f d c zicntr zicsr zifencei zihintpause zihpm zba zbb zbc zbs sstc svade");
    expect_text("/cpus/cpu@0", "riscv,isa",
                "rv64imafdc_zicntr_zicsr_zifencei_zihintpause_zihpm_zba_zbb_zbc_zbs_sstc_svade");
    assert_true(fdt_getprop(tree, fdt_path_offset(tree, "/aliases"), "serial1", NULL) == NULL);
}

static void software_has_no_mechanism(void **state)
{
    (void)state;
    static const enum hart_role roles[] = {ROLE_HOST};
    build(1, roles, 1, NULL);
    assert_true(fdt_path_offset(tree, "/soc/mechanism@1000000000") < 0);
}

static void entropy_is_the_seeds(void **state)
{
    (void)state;
    static const enum hart_role roles[] = {ROLE_HOST};
    unsigned char seeds[3][32];
    for (unsigned i = 0; i < 3; i++) {
        int length;
        build(1, roles, i / 2, NULL);
        const void *value = property("/chosen", "rng-seed", &length);
        assert_int_equal(length, 32);
        memcpy(seeds[i], value, 32);
    }
    assert_memory_equal(seeds[0], seeds[1], 32);
    assert_memory_not_equal(seeds[0], seeds[2], 32);
}

static void the_largest_machine_fits(void **state)
{
    (void)state;
    static const enum hart_role roles[MAP_MAX_HARTS];
    build(MAP_MAX_HARTS, roles, 1, NULL);
    expect_text("/cpus/cpu@3f", "missive,role", "host");
    struct parameters parameters;
    parameters_default(&parameters);
    const struct device_tree_input input = {
        .parameters = &parameters, .hart_count = MAP_MAX_HARTS, .roles = roles};
    assert_int_equal(device_tree_build(tree, 4096, &input), 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(describes_the_machine),     cmocka_unit_test(names_svade_if_chosen),
        cmocka_unit_test(software_has_no_mechanism), cmocka_unit_test(entropy_is_the_seeds),
        cmocka_unit_test(the_largest_machine_fits),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
