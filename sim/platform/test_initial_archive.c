/* SPDX-License-Identifier: Apache-2.0 */
/* The initial archive, read back by libarchive. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <archive.h>
#include <archive_entry.h>
#include <cmocka.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "platform/initial_archive.h"

static char plain[] = "/tmp/missive-test-XXXXXX", program[] = "/tmp/missive-test-XXXXXX";

static int make_files(void **state)
{
    (void)state;
    int a = mkstemp(plain), b = mkstemp(program);
    if (a < 0 || b < 0 || write(a, "hello", 5) != 5 || fchmod(b, 0700) != 0)
        return -1;
    return close(a) || close(b) || truncate(program, 100000);
}

static int remove_files(void **state)
{
    (void)state;
    return unlink(plain) || unlink(program);
}

static void expect_entry(struct archive *reader, const char *name, unsigned mode, const char *bytes,
                         size_t size_bytes)
{
    struct archive_entry *entry;
    char content[256];
    assert_int_equal(archive_read_next_header(reader, &entry), ARCHIVE_OK);
    assert_string_equal(archive_entry_pathname(entry), name);
    assert_int_equal(archive_entry_mode(entry), 0100000 | mode);
    assert_int_equal(archive_entry_size(entry), size_bytes);
    assert_int_equal(archive_entry_mtime(entry), 0);
    if (bytes) {
        assert_int_equal(archive_read_data(reader, content, sizeof content), size_bytes);
        assert_memory_equal(content, bytes, size_bytes);
    }
}

static void holds_files_and_command(void **state)
{
    (void)state;
    const struct archive_file files[] = {{plain, "/etc/plain"}, {program, "bin/program"}};
    const struct archive_command command = {
        "bin/program", (const char *[]){"program", "-x", "", NULL}, (const char *[]){"A=1", NULL}};
    static const char exec[] = "3 1\nbin/program\0program\0-x\0\0A=1";
    struct initial_archive archive, again;
    struct problem problem = {""};
    assert_true(initial_archive_build(&archive, files, 2, &command, &problem));
    assert_memory_equal(archive.bytes, "070701", 6);

    struct archive *reader = archive_read_new();
    archive_read_support_format_cpio(reader);
    assert_int_equal(archive_read_open_memory(reader, archive.bytes, archive.size_bytes),
                     ARCHIVE_OK);
    expect_entry(reader, "etc/plain", 0644, "hello", 5);
    expect_entry(reader, "bin/program", 0755, NULL, 100000);
    expect_entry(reader, ".exec", 0644, exec, sizeof exec);
    struct archive_entry *entry;
    assert_int_equal(archive_read_next_header(reader, &entry), ARCHIVE_EOF);
    archive_read_free(reader);

    assert_true(initial_archive_build(&again, files, 2, &command, &problem));
    assert_int_equal(again.size_bytes, archive.size_bytes);
    assert_memory_equal(again.bytes, archive.bytes, archive.size_bytes);
    initial_archive_free(&archive);
    initial_archive_free(&again);
}

static void refuses_bad_files(void **state)
{
    (void)state;
    const struct archive_file bad[] = {{"/nonexistent", "a"}, {"/tmp", "a"}, {plain, "/"}};
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        struct initial_archive archive;
        struct problem problem = {""};
        assert_false(initial_archive_build(&archive, &bad[i], 1, NULL, &problem));
        assert_null(archive.bytes);
        assert_non_null(strstr(problem.text, bad[i].host_path));
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(holds_files_and_command),
        cmocka_unit_test(refuses_bad_files),
    };
    return cmocka_run_group_tests(tests, make_files, remove_files);
}
