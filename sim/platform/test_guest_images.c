/* SPDX-License-Identifier: Apache-2.0 */
/* What stands in RAM when a machine with firmware and kernel starts, and which of them cannot stand together. */
#define _GNU_SOURCE
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <stdio.h>
#include <sys/mman.h>
#include <unistd.h>

#include "platform/platform_state.h"
#include "platform/test/hostile_image.h"

#define BASE HOSTILE_RAM_BASE
#define RAM_MIB 32
#define KERNEL_AT (BASE + (2u << 20))

struct file {
    int descriptor;
    char path[32];
};

static struct file files[2];
static const uint8_t archive[] = "070701";
static uint8_t bytes[0x10000];

static void put(void *owner, uint8_t byte)
{
    (void)owner, (void)byte;
}

static int get(void *owner)
{
    (void)owner;
    return CHARACTER_END;
}

static const char *keep(unsigned number, size_t size_bytes)
{
    struct file *file = &files[number];
    file->descriptor = memfd_create("image", 0);
    assert_true(file->descriptor >= 0);
    assert_int_equal(write(file->descriptor, bytes, size_bytes), (ssize_t)size_bytes);
    snprintf(file->path, sizeof file->path, "/proc/self/fd/%d", file->descriptor);
    return file->path;
}

static const char *raw(unsigned number, size_t size_bytes)
{
    memset(bytes, 0x13 + (int)number, size_bytes);
    return keep(number, size_bytes);
}

static const char *elf(unsigned number, uint64_t at, uint64_t memory_bytes)
{
    const struct hostile_segment segment = {at, 16, memory_bytes};
    return keep(number, hostile_elf(bytes, sizeof bytes, &segment, 1));
}

static struct platform *create(const char *bios, const char *kernel, size_t archive_bytes,
                               struct problem *problem)
{
    struct parameters parameters;
    parameters_default(&parameters);
    parameters.machine_ram_mib = RAM_MIB;
    parameters.machine_hosts = 2;
    const struct platform_config config = {
        .parameters = &parameters,
        .bios_path = bios,
        .kernel_path = kernel,
        .initrd = archive,
        .initrd_bytes = archive_bytes,
        .console = {NULL, put, get},
    };
    problem->text[0] = '\0';
    struct platform *platform = platform_create(&config, problem);
    for (unsigned i = 0; i < 2; i++)
        if (files[i].descriptor)
            close(files[i].descriptor);
    memset(files, 0, sizeof files);
    return platform;
}

static void expect_refused(const char *bios, const char *kernel, size_t archive_bytes,
                           const char *says)
{
    struct problem problem;
    assert_null(create(bios, kernel, archive_bytes, &problem));
    if (!strstr(problem.text, says) || strchr(problem.text, '\n'))
        fail_msg("'%s' does not say '%s'", problem.text, says);
}

/* Both where QEMU's board has them; the firmware begins, and a2 says where the kernel is; so again after a reset. */
static void firmware_and_kernel(void **state)
{
    (void)state;
    struct problem problem;
    struct platform *platform = create(raw(0, 0x1000), raw(1, 0x2000), sizeof archive, &problem);
    if (!platform)
        fail_msg("%s", problem.text);
    for (unsigned round = 0; round < 2; round++) {
        const struct ram *ram = &platform->ram;
        assert_int_equal(hart_pc(platform->harts[1]), BASE);
        const uint64_t info = hart_x(platform->harts[1], 12);
        uint64_t words[4];
        memcpy(words, ram_at(ram, info), sizeof words);
        assert_int_equal(words[0], 0x4942534F);
        assert_int_equal(words[2], KERNEL_AT);
        assert_int_equal(words[3], 1);
        assert_int_equal(*ram_at(ram, BASE + 0xFFF), 0x13);
        assert_int_equal(*ram_at(ram, BASE + 0x1000), 0);
        assert_int_equal(*ram_at(ram, KERNEL_AT + 0x1FFF), 0x14);
        const uint64_t tree = hart_x(platform->harts[0], 11);
        assert_memory_equal(ram_at(ram, tree), "\xD0\x0D\xFE\xED", 4);
        assert_memory_equal(ram_at(ram, (tree - sizeof archive) & ~UINT64_C(0xFFF)), archive,
                            sizeof archive);
        memset(ram_at(ram, KERNEL_AT), 0xEE, 0x2000);
        platform_reset(platform, 1000);
    }
    platform_destroy(platform);
}

static void what_overlaps(void **state)
{
    (void)state;
    const uint64_t top = BASE + (RAM_MIB << 20) - GUEST_TOP_BYTES;
    expect_refused(raw(0, 16), elf(1, BASE, 16), 0, "overlaps the firmware's");
    expect_refused(elf(0, KERNEL_AT - 0x1000, 0x1001), raw(1, 16), 0, "overlaps the firmware's");
    expect_refused(elf(0, BASE, 0x400000), raw(1, 16), 0, "link the kernel at 0x80200000");
    expect_refused(NULL, elf(1, top - 0x1000, 0x1001), 0, "cannot hold the kernel");
    expect_refused(NULL, elf(1, top + 0x1000, 16), 0, "cannot hold the kernel");
    expect_refused(NULL, elf(1, BASE, (RAM_MIB << 20) + 1), 0, "is outside RAM");
    expect_refused(elf(0, top - 0x1000, 0x1001), raw(1, 16), 0, "cannot hold the kernel");
    expect_refused(NULL, raw(1, 16), SIZE_MAX, "cannot hold the kernel and an initial archive");
    expect_refused(NULL, raw(1, 16), RAM_MIB << 20,
                   "cannot hold the kernel and an initial archive");
    expect_refused("/nonexistent", raw(1, 16), 0, "cannot be opened");
}

/* The firmware's end is free for the kernel. */
static void neighbours(void **state)
{
    (void)state;
    struct problem problem;
    struct platform *platform = create(elf(0, KERNEL_AT - 0x1000, 0x1000), raw(1, 16), 0, &problem);
    if (!platform)
        fail_msg("%s", problem.text);
    assert_int_equal(hart_pc(platform->harts[0]), KERNEL_AT - 0x1000);
    platform_destroy(platform);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(firmware_and_kernel),
        cmocka_unit_test(what_overlaps),
        cmocka_unit_test(neighbours),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
