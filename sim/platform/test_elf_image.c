/* SPDX-License-Identifier: Apache-2.0 */
/* The ELF loader on a good kernel, on every way of cutting it short, and on random damage. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/activity.h"
#include "base/event.h"
#include "platform/elf_image.h"
#include "platform/host_file.h"
#include "platform/probe_section.h"

#define RAM_BYTES (1u << 20)

static uint8_t ram_bytes[RAM_BYTES];
static const struct ram ram = {ram_bytes, 0x80000000, RAM_BYTES};

static void write_file(const char *path, const void *bytes, size_t size_bytes)
{
    FILE *file = fopen(path, "wb");
    assert_non_null(file);
    assert_int_equal(fwrite(bytes, 1, size_bytes, file), size_bytes);
    assert_int_equal(fclose(file), 0);
}

static void loads_a_good_kernel(void **state)
{
    (void)state;
    struct elf_image image;
    struct problem problem = {""};
    uint64_t answer;
    assert_true(elf_image_load(&image, TEST_KERNEL, &ram, &problem));
    assert_int_equal(image.entry, 0x80000000);
    assert_true(image.begin == 0x80000000 && image.end > image.begin);
    assert_true(elf_image_symbol(&image, "answer", &answer));
    assert_int_equal(*ram_at(&ram, answer), 42);
    assert_false(elf_image_symbol(&image, "question", &answer));
    elf_image_free(&image);
}

static void reads_activities_and_probes(void **state)
{
    (void)state;
    struct elf_image image;
    struct problem problem = {""};
    assert_true(elf_image_load(&image, TEST_KERNEL, &ram, &problem));
    struct annotations known = elf_image_annotations(&image);
    assert_int_equal(known.range_count, 2);
    for (size_t i = 0; i < 2; i++)
        assert_int_equal(known.ranges[i].end - known.ranges[i].begin, 4);
    assert_int_equal(known.ranges[0].activity + known.ranges[1].activity,
                     ACTIVITY_trap + ACTIVITY_copy);
    assert_int_equal(known.point_count, 3);
    const struct probe_point *first = NULL, *twice = NULL;
    for (size_t i = 0; i < 3; i++) {
        if (known.points[i].operand_count == 2)
            first = &known.points[i];
        else if (!twice)
            twice = &known.points[i];
    }
    assert_non_null(first);
    assert_int_equal(first->event, TEST_EVENT);
    assert_int_equal(first->operand[0].kind, OPERAND_REGISTER);
    assert_int_equal(first->operand[0].reg, 10);
    assert_int_equal(first->operand[1].kind, OPERAND_MEMORY);
    assert_int_equal(first->operand[1].reg, 27);
    assert_int_equal(first->operand[1].value, -16);
    assert_int_equal(twice[0].pc, twice[1].pc);
    assert_int_equal(twice[0].operand_count, 1);
    assert_int_equal(twice[0].operand[0].value, 0x7f);
    assert_int_equal(twice[1].operand_count, 0);
    elf_image_free(&image);
}

static void refuses_what_is_no_kernel(void **state)
{
    (void)state;
    static const struct {
        const char *path, *says;
    } bad[] = {{"/nonexistent", "cannot be opened"},
               {"/dev/null", "not a regular file"},
               {"/tmp", "not a regular file"},
               {__FILE__, "not an ELF file"},
               {"/proc/self/exe", "another machine"}};
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        struct elf_image image;
        struct problem problem = {""};
        assert_false(elf_image_load(&image, bad[i].path, &ram, &problem));
        if (!strstr(problem.text, bad[i].says))
            fail_msg("%s: '%s' does not say '%s'", bad[i].path, problem.text, bad[i].says);
    }
}

/* The symbol table and section headers lie at the end: a cut there may go unnoticed, one in a
 * segment must not. */
static void survives_every_cut(void **state)
{
    (void)state;
    uint8_t *bytes;
    size_t size_bytes;
    struct problem problem = {""};
    char path[] = "/tmp/missive-test-XXXXXX";
    close(mkstemp(path));
    assert_true(host_file_read(TEST_KERNEL, &bytes, &size_bytes, &problem));
    for (size_t length = 0; length < size_bytes; length += length < 256 ? 1 : 61) {
        struct elf_image image;
        problem.text[0] = '\0';
        write_file(path, bytes, length);
        if (elf_image_load(&image, path, &ram, &problem)) {
            assert_true(length > 4096);
            elf_image_free(&image);
        } else {
            assert_true(problem.text[0] != '\0');
        }
    }
    unlink(path);
    free(bytes);
}

static void survives_random_damage(void **state)
{
    (void)state;
    uint8_t *bytes;
    size_t size_bytes;
    struct problem problem = {""};
    char path[] = "/tmp/missive-test-XXXXXX";
    close(mkstemp(path));
    assert_true(host_file_read(TEST_KERNEL, &bytes, &size_bytes, &problem));
    srand(1);
    for (int round = 0; round < 2000; round++) {
        struct elf_image image;
        uint64_t value;
        uint8_t *damaged = malloc(size_bytes);
        memcpy(damaged, bytes, size_bytes);
        size_t headers = (size_t)(round % 2) * (size_bytes - 1024);
        for (int i = 0; i < 1 + round % 8; i++)
            damaged[headers + (size_t)rand() % 1024] = (uint8_t)rand();
        write_file(path, damaged, size_bytes);
        free(damaged);
        if (elf_image_load(&image, path, &ram, &problem)) {
            elf_image_symbol(&image, "answer", &value);
            elf_image_free(&image);
        }
    }
    unlink(path);
    free(bytes);
}

static void refuses_bad_operands(void **state)
{
    (void)state;
    static const char *const bad[] = {
        "",       "a8", "%lo(x)(a0)",          "8(", "8()", "8(a0", "sp+8", "a0 ",
        "8(a0)x", "-",  "99999999999999999999"};
    struct probe_operand operand;
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++)
        if (probe_operand_parse(bad[i], &operand))
            fail_msg("'%s' was taken for an operand", bad[i]);
}

static void refuses_bad_probe_records(void **state)
{
    (void)state;
    uint8_t record[32] = {0};
    struct probe_point *points;
    size_t count;
    struct problem problem = {""};
    assert_false(probe_section_read(record, 15, &points, &count, &problem)); /* cut short */
    record[12] = 5;
    assert_false(probe_section_read(record, 32, &points, &count, &problem)); /* 5 operands */
    record[12] = 1;
    memset(record + 16, '1', 16);
    assert_false(probe_section_read(record, 32, &points, &count, &problem)); /* no end */
    record[12] = 0;
    record[8] = EVENT_COUNT;
    assert_false(probe_section_read(record, 16, &points, &count, &problem)); /* event */
    assert_true(probe_section_read(record, 0, &points, &count, &problem));
    assert_int_equal(count, 0);
    free(points);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(loads_a_good_kernel),       cmocka_unit_test(reads_activities_and_probes),
        cmocka_unit_test(refuses_what_is_no_kernel), cmocka_unit_test(survives_every_cut),
        cmocka_unit_test(survives_random_damage),    cmocka_unit_test(refuses_bad_operands),
        cmocka_unit_test(refuses_bad_probe_records),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
