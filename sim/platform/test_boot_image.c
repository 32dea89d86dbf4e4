/* SPDX-License-Identifier: Apache-2.0 */
/* Boot images that are good, and all that can be wrong with them: each is refused with one line that says what, and RAM is
 * as it was. */
#define _GNU_SOURCE
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <unistd.h>

#include "platform/boot_image.h"
#include "platform/test/hostile_image.h"
#include "platform/unpack.h"

#define RAM_BYTES (1u << 20)
#define BASE HOSTILE_RAM_BASE
#define AT(type, member) offsetof(type, member), sizeof(((type *)0)->member)

static uint8_t file[2 * RAM_BYTES];
static const uint8_t zeros[RAM_BYTES];
static struct ram ram = {NULL, BASE, RAM_BYTES};

/* RAM is a block of its own, so that the sanitizer sees a write behind it. */
static int setup(void **state)
{
    (void)state;
    ram.bytes = calloc(1, RAM_BYTES);
    return ram.bytes ? 0 : -1;
}

static int teardown(void **state)
{
    (void)state;
    free(ram.bytes);
    return 0;
}

static bool load(struct boot_image *image, size_t size_bytes, uint64_t raw_at,
                 struct problem *problem)
{
    char path[64];
    const int descriptor = memfd_create("image", 0);
    assert_true(descriptor >= 0);
    assert_int_equal(write(descriptor, file, size_bytes), (ssize_t)size_bytes);
    snprintf(path, sizeof path, "/proc/self/fd/%d", descriptor);
    problem->text[0] = '\0';
    const bool good = boot_image_load(image, path, raw_at, &ram, problem);
    close(descriptor);
    return good;
}

static void expect_refused(size_t size_bytes, uint64_t raw_at, const char *says)
{
    struct boot_image image;
    struct problem problem;
    if (load(&image, size_bytes, raw_at, &problem))
        fail_msg("taken; expected: %s", says);
    if (!strstr(problem.text, says) || strchr(problem.text, '\n'))
        fail_msg("'%s' does not say '%s'", problem.text, says);
    assert_null(image.file);
    assert_memory_equal(ram.bytes, zeros, RAM_BYTES);
}

static void expect_loaded(size_t size_bytes, uint64_t raw_at, uint64_t entry, uint64_t begin,
                          uint64_t end)
{
    struct boot_image image;
    struct problem problem;
    if (!load(&image, size_bytes, raw_at, &problem))
        fail_msg("%s", problem.text);
    assert_int_equal(image.entry, entry);
    assert_int_equal(image.begin, begin);
    assert_int_equal(image.end, end);
    uint8_t *first = malloc(RAM_BYTES);
    assert_non_null(first);
    memcpy(first, ram.bytes, RAM_BYTES);
    memset(ram.bytes, 0, RAM_BYTES);
    boot_image_place(&image, &ram); /* a reset finds the same */
    assert_memory_equal(first, ram.bytes, RAM_BYTES);
    memset(ram.bytes, 0, RAM_BYTES);
    free(first);
    boot_image_free(&image);
}

static size_t two_segments(void)
{
    static const struct hostile_segment segments[] = {{BASE + 0x1000, 100, 200},
                                                      {BASE + 0x8000, 50, 50}};
    return hostile_elf(file, sizeof file, segments, 2);
}

static void good_images(void **state)
{
    (void)state;
    expect_loaded(two_segments(), BASE, BASE + 0x1000, BASE + 0x1000, BASE + 0x8032);
    expect_loaded(hostile_linux(file, 0x2000, 0x3000, 0), BASE, BASE + 0x2000, BASE + 0x2000,
                  BASE + 0x5000);
    expect_loaded(hostile_linux(file, 0, 0, 0), BASE, BASE, BASE, BASE + 64);
    expect_loaded(hostile_linux(file, 0, RAM_BYTES, 0), BASE, BASE, BASE, BASE + RAM_BYTES);
    file[0] = 0x13;
    expect_loaded(1, BASE + RAM_BYTES - 1, BASE + RAM_BYTES - 1, BASE + RAM_BYTES - 1,
                  BASE + RAM_BYTES);
    memset(file, 0x13, RAM_BYTES);
    expect_loaded(RAM_BYTES, BASE, BASE, BASE, BASE + RAM_BYTES);
}

/* One number in the header of an ELF that is good otherwise. */
static void elf_headers(void **state)
{
    (void)state;
    static const struct {
        size_t at, bytes;
        uint64_t value;
        const char *says;
    } bad[] = {
        {EI_CLASS, 1, ELFCLASS32, ""}, /* whatever libelf makes of it */
        {EI_CLASS, 1, 7, ""},
        {EI_DATA, 1, ELFDATA2MSB, "another machine"},
        {EI_VERSION, 1, 9, ""},
        {AT(Elf64_Ehdr, e_machine), EM_X86_64, "another machine (e_machine 62)"},
        {AT(Elf64_Ehdr, e_type), ET_DYN, "not an executable linked at fixed addresses"},
        {AT(Elf64_Ehdr, e_type), ET_REL, "not an executable linked at fixed addresses"},
        {AT(Elf64_Ehdr, e_flags), EF_RISCV_RVE, "made for RV64E"},
        {AT(Elf64_Ehdr, e_flags), EF_RISCV_FLOAT_ABI_QUAD, "quad floating point"},
        {AT(Elf64_Ehdr, e_entry), BASE, "the entry point 0x80000000 is outside"},
        {AT(Elf64_Ehdr, e_entry), BASE + 0x8032, "is outside what is loaded"},
        {AT(Elf64_Ehdr, e_entry), UINT64_MAX, "is outside what is loaded"},
        {AT(Elf64_Ehdr, e_phnum), 0, "nothing to load"},
        {AT(Elf64_Ehdr, e_phnum), 0xFFFE, ""},
        {AT(Elf64_Ehdr, e_phoff), UINT64_MAX - 7, ""},
        {AT(Elf64_Ehdr, e_phoff), 0x10000, ""},
    };
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        const size_t size_bytes = two_segments();
        memcpy(file + bad[i].at, &bad[i].value, bad[i].bytes);
        expect_refused(size_bytes, BASE, bad[i].says);
    }
}

static void elf_segments(void **state)
{
    (void)state;
    static const struct {
        size_t at, bytes;
        uint64_t value;
        const char *says;
    } bad[] = {
        {AT(Elf64_Phdr, p_offset), 0x10000, "cut short: a segment ends at byte"},
        {AT(Elf64_Phdr, p_offset), UINT64_MAX, "cut short"},
        {AT(Elf64_Phdr, p_filesz), UINT64_MAX, "cut short"},
        {AT(Elf64_Phdr, p_filesz), 51, "cut short"},
        {AT(Elf64_Phdr, p_memsz), 49, "larger in the file than in memory"},
        {AT(Elf64_Phdr, p_memsz), RAM_BYTES, "is outside RAM"},
        {AT(Elf64_Phdr, p_memsz), UINT64_MAX, "is outside RAM"},
        {AT(Elf64_Phdr, p_paddr), 0, "is outside RAM"},
        {AT(Elf64_Phdr, p_paddr), BASE - 1, "is outside RAM"},
        {AT(Elf64_Phdr, p_paddr), BASE + RAM_BYTES - 49, "is outside RAM"},
        {AT(Elf64_Phdr, p_paddr), UINT64_MAX - 10, "is outside RAM"},
    };
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        const size_t size_bytes = two_segments();
        const size_t second = sizeof(Elf64_Ehdr) + sizeof(Elf64_Phdr);
        memcpy(file + second + bad[i].at, &bad[i].value, bad[i].bytes);
        expect_refused(size_bytes, BASE, bad[i].says);
    }
    const size_t size_bytes = two_segments();
    for (size_t length = SELFMAG; length < size_bytes; length++)
        expect_refused(length, BASE, "");
}

static void linux_and_raw_images(void **state)
{
    (void)state;
    expect_refused(hostile_linux(file, RAM_BYTES, 0, 0), BASE, "wants to lie 0x100000 bytes");
    expect_refused(hostile_linux(file, UINT64_MAX, 0, 0), BASE, "wants to lie");
    expect_refused(hostile_linux(file, RAM_BYTES - 63, 0, 0), BASE, "do not fit into RAM");
    expect_refused(hostile_linux(file, 0x1000, RAM_BYTES, 0), BASE, "do not fit into RAM");
    expect_refused(hostile_linux(file, 0x1000, UINT64_MAX, 0), BASE, "do not fit into RAM");
    expect_refused(hostile_linux(file, 0, 0, 1), BASE, "big-endian");
    memset(file, 0x13, sizeof file);
    expect_refused(0, BASE, "an empty file");
    expect_refused(RAM_BYTES + 1, BASE, "do not fit into RAM");
    expect_refused(RAM_BYTES, BASE + 1, "do not fit into RAM");
    expect_refused(16, BASE - 8, "do not fit into RAM");
    expect_refused(16, UINT64_MAX - 8, "do not fit into RAM");
}

static void other_files(void **state)
{
    (void)state;
    static const struct {
        const char *bytes, *says;
    } others[] = {
        {"\xFD"
         "7zXZ",
         "compressed by xz"},
        {"BZh9", "compressed by bzip2"},
        {"\x28\xB5\x2F\xFD", "compressed by zstd"},
        {"\x27\x05\x19\x56", "a U-Boot image"},
        {"\xD0\x0D\xFE\xED", "a device tree or FIT image"},
        {"#!/bin/sh", "a script"},
    };
    for (size_t i = 0; i < sizeof others / sizeof *others; i++) {
        memset(file, 0, 64);
        memcpy(file, others[i].bytes, strlen(others[i].bytes));
        expect_refused(64, BASE, others[i].says);
    }
    memset(file, 0, 64);
    memcpy(file + 56, "ARM\x64", 4);
    expect_refused(64, BASE, "another machine (ARM64)");
}

static uint8_t packed[RAM_BYTES];

static size_t pack_two_segments(void)
{
    const size_t bytes = two_segments();
    const size_t size = hostile_gzip(packed, sizeof packed, file, bytes);
    assert_int_not_equal(size, 0);
    memcpy(file, packed, size);
    return size;
}

static void packed_images(void **state)
{
    (void)state;
    size_t size = pack_two_segments();
    expect_loaded(size, BASE, BASE + 0x1000, BASE + 0x1000, BASE + 0x8032);
    for (size_t length = 2; length < size; length++)
        expect_refused(length, BASE, "broken or cut short");
    for (size_t i = 10; i < size;
         i++) { /* garbage anywhere is noticed by the sum, if by nothing else */
        const uint8_t kept = file[i];
        file[i] ^= 0x55;
        expect_refused(size, BASE, "");
        file[i] = kept;
    }
    memset(file, 0x13, RAM_BYTES + 1); /* one byte more than RAM, in a few packed ones */
    size = hostile_gzip(packed, sizeof packed, file, RAM_BYTES + 1);
    memcpy(file, packed, size);
    expect_refused(size, BASE, "unpacked, it does not fit into RAM");
    size = hostile_gzip(packed, sizeof packed, file, 0);
    memcpy(file, packed, size);
    expect_refused(size, BASE, "nothing is in it");
}

static size_t efi_image(uint32_t begin, uint32_t more_bytes, const char *method)
{
    const size_t size = pack_two_segments();
    hostile_zboot(file, begin, (uint32_t)size + more_bytes, method);
    memcpy(file + HOSTILE_ZBOOT_BYTES, packed, size);
    return HOSTILE_ZBOOT_BYTES + size;
}

static void efi_images(void **state)
{
    (void)state;
    expect_loaded(efi_image(HOSTILE_ZBOOT_BYTES, 0, "gzip"), BASE, BASE + 0x1000, BASE + 0x1000,
                  BASE + 0x8032);
    expect_refused(efi_image(HOSTILE_ZBOOT_BYTES, 1, "gzip"), BASE, "cut short");
    expect_refused(efi_image(UINT32_MAX, 0, "gzip"), BASE, "cut short");
    expect_refused(efi_image(0, 0, "gzip"), BASE, "broken or cut short");
    expect_refused(efi_image(HOSTILE_ZBOOT_BYTES, 0, "zstd"), BASE, "compressed by zstd");
    expect_refused(efi_image(HOSTILE_ZBOOT_BYTES, 0, "0123456789012345678901234567890"), BASE,
                   "gzip is expected");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(good_images),  cmocka_unit_test(elf_headers),
        cmocka_unit_test(elf_segments), cmocka_unit_test(linux_and_raw_images),
        cmocka_unit_test(other_files),  cmocka_unit_test(packed_images),
        cmocka_unit_test(efi_images),
    };
    return cmocka_run_group_tests(tests, setup, teardown);
}
