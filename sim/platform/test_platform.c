/* SPDX-License-Identifier: Apache-2.0 */
/* Building machines: roles, what stands in RAM at the start, counters, and what is refused. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <libfdt.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "platform/platform_state.h"

static void put(void *owner, uint8_t byte)
{
    (void)owner;
    (void)byte;
}

static int get(void *owner)
{
    (void)owner;
    return CHARACTER_END;
}

static struct platform *create(const struct parameters *parameters, const uint8_t *initrd,
                               size_t initrd_bytes, struct problem *problem)
{
    const struct platform_config config = {
        .parameters = parameters,
        .kernel_path = TEST_KERNEL,
        .initrd = initrd,
        .initrd_bytes = initrd_bytes,
        .console = {NULL, put, get},
        .error_console = {NULL, put, get},
    };
    return platform_create(&config, problem);
}

static void stands_at_the_kernel(void **state)
{
    (void)state;
    struct parameters parameters;
    struct problem problem = {""};
    static const uint8_t initrd[] = "070701 and so on";
    parameters_default(&parameters);
    parameters.machine_hosts = 2;
    parameters.machine_coprocessors = 1;
    parameters.machine_mechanism = "smart-bus";
    struct platform *platform = create(&parameters, initrd, sizeof initrd, &problem);
    if (!platform)
        fail_msg("%s", problem.text);
    assert_int_equal(platform->hart_count, 3);
    assert_int_equal(platform->roles[1], ROLE_HOST);
    assert_int_equal(platform->roles[2], ROLE_COPROCESSOR);
    for (unsigned i = 0; i < 3; i++) {
        assert_int_equal(hart_pc(platform->harts[i]), 0x80000000);
        assert_int_equal(hart_x(platform->harts[i], 10), i);
    }
    const void *tree = ram_at(&platform->ram, hart_x(platform->harts[2], 11));
    assert_int_equal(fdt_check_header(tree), 0);
    int chosen = fdt_path_offset(tree, "/chosen");
    uint64_t begin = fdt64_ld(fdt_getprop(tree, chosen, "linux,initrd-start", NULL));
    uint64_t end = fdt64_ld(fdt_getprop(tree, chosen, "linux,initrd-end", NULL));
    assert_int_equal(end - begin, sizeof initrd);
    assert_memory_equal(ram_at(&platform->ram, begin), initrd, sizeof initrd);
    assert_true(platform_mechanism_state_bits(platform) > 0);
    struct machine_view view;
    platform_view(platform, &view);
    assert_int_equal(view.hart_count, 3);
    assert_int_equal(view.role[2], ROLE_COPROCESSOR);
    assert_string_equal(view.mechanism, "smart-bus");
    platform_destroy(platform);
}

static enum status read_sector(void *owner, uint64_t sector, uint8_t bytes[BLOCK_SECTOR_BYTES])
{
    (void)sector;
    memset(bytes, *(const char *)owner, BLOCK_SECTOR_BYTES);
    return STATUS_OK;
}

static uint64_t register_of_slot(const struct platform *platform, unsigned slot, uint64_t offset)
{
    for (unsigned i = 0; i < platform->device_count; i++) {
        const struct device *device = &platform->devices[i];
        uint64_t value = 0;
        if (device->base != MAP_VIRTIO_BASE + slot * (uint64_t)MAP_VIRTIO_SIZE)
            continue;
        assert_int_equal(device->load(device->self, offset, 4, 0, &value), STATUS_OK);
        return value;
    }
    fail_msg("no slot %u", slot);
    return 0;
}

static void virtio_slots_hold_what_was_given(void **state)
{
    (void)state;
    static const unsigned ids[2][MAP_VIRTIO_SLOTS] = {
        {VIRTIO_ID_BLOCK, VIRTIO_ID_BLOCK, 0, 0, 0, 0, VIRTIO_ID_CONSOLE, VIRTIO_ID_ENTROPY},
        {0, 0, 0, 0, 0, 0, 0, VIRTIO_ID_ENTROPY}};
    struct parameters parameters;
    struct problem problem = {""};
    struct platform_config config = {
        .parameters = &parameters,
        .kernel_path = TEST_KERNEL,
        .console = {NULL, put, get},
        .error_console = {NULL, put, get},
        .virtio_console = {NULL, put, get},
        .drives = {{"a", 10, false, read_sector, NULL, NULL},
                   {"b", 20, true, read_sector, NULL, NULL}},
        .drive_count = 2,
    };
    parameters_default(&parameters);
    for (unsigned round = 0; round < 2; round++) {
        parameters.virtio_version = 2 - round;
        struct platform *platform = platform_create(&config, &problem);
        assert_non_null(platform);
        for (unsigned slot = 0; slot < MAP_VIRTIO_SLOTS; slot++) {
            assert_int_equal(register_of_slot(platform, slot, VIRTIO_VERSION), 2 - round);
            assert_int_equal(register_of_slot(platform, slot, VIRTIO_DEVICE_ID), ids[round][slot]);
        }
        if (round == 0)
            assert_int_equal(register_of_slot(platform, 1, VIRTIO_CONFIG), 20);
        platform_destroy(platform);
        config.drive_count = 0;
        config.virtio_console.put = NULL;
    }
}

struct seen {
    unsigned count;
    bool hart_misses, bus_tenures;
    char last[96];
};

static void see(void *owner, const char *path, const char *unit, const char *doc, uint64_t value)
{
    struct seen *seen = owner;
    seen->count++;
    assert_true(*unit && *doc);
    assert_int_equal(value, 0);
    assert_string_not_equal(path, seen->last);
    snprintf(seen->last, sizeof seen->last, "%s", path);
    seen->hart_misses |= strcmp(path, "hart.1.l1d_misses") == 0;
    seen->bus_tenures |= strcmp(path, "bus.tenures") == 0;
}

static void counts_begin_at_nothing(void **state)
{
    (void)state;
    struct parameters parameters;
    struct problem problem = {""};
    struct seen seen = {0};
    parameters_default(&parameters);
    parameters.machine_hosts = 2;
    struct platform *platform = create(&parameters, NULL, 0, &problem);
    assert_non_null(platform);
    assert_int_equal(platform_mechanism_state_bits(platform), 0);
    platform_counters_visit(platform, see, &seen);
    assert_true(seen.hart_misses && seen.bus_tenures && seen.count > 50);
    platform_destroy(platform);
}

static void refuses_what_does_not_fit(void **state)
{
    (void)state;
    struct parameters parameters;
    struct problem problem = {""};
    uint8_t *initrd = calloc(1, 17 << 20);
    parameters_default(&parameters);
    parameters.machine_ram_mib = 16;
    assert_null(create(&parameters, initrd, 17 << 20, &problem));
    assert_non_null(strstr(problem.text, "machine.ram_mib"));
    free(initrd);
    parameters.machine_mechanism = "telepathy";
    assert_null(create(&parameters, NULL, 0, &problem));
    assert_non_null(strstr(problem.text, "telepathy"));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(stands_at_the_kernel),
        cmocka_unit_test(virtio_slots_hold_what_was_given),
        cmocka_unit_test(counts_begin_at_nothing),
        cmocka_unit_test(refuses_what_does_not_fit),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
