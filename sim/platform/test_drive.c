/* SPDX-License-Identifier: Apache-2.0 */
/* Drives: what is read and written, what reaches the file, and what is refused. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "platform/drive.h"

#define SECTORS 20

static char path[] = "/tmp/missive-test-XXXXXX";
static struct problem problem;

/* Every sector is filled with its number + 1. */
static int make_file(void **state)
{
    (void)state;
    uint8_t sector[BLOCK_SECTOR_BYTES];
    int descriptor = open(path, O_WRONLY | O_TRUNC);
    for (int i = 0; i < SECTORS; i++) {
        memset(sector, i + 1, sizeof sector);
        if (write(descriptor, sector, sizeof sector) != sizeof sector)
            return -1;
    }
    return close(descriptor);
}

static int make_path(void **state)
{
    (void)state;
    int descriptor = mkstemp(path);
    return descriptor < 0 ? -1 : close(descriptor);
}

static int remove_file(void **state)
{
    (void)state;
    return unlink(path);
}

static void expect_sector(const struct block_port *port, uint64_t sector, uint8_t byte)
{
    uint8_t bytes[BLOCK_SECTOR_BYTES], expected[BLOCK_SECTOR_BYTES];
    memset(expected, byte, sizeof expected);
    assert_int_equal(port->read(port->owner, sector, bytes), STATUS_OK);
    assert_memory_equal(bytes, expected, sizeof bytes);
}

static uint8_t byte_in_file(long offset)
{
    FILE *file = fopen(path, "rb");
    fseek(file, offset, SEEK_SET);
    int byte = fgetc(file);
    fclose(file);
    return (uint8_t)byte;
}

static void write_sector(const struct block_port *port, uint64_t sector, uint8_t byte)
{
    uint8_t bytes[BLOCK_SECTOR_BYTES];
    memset(bytes, byte, sizeof bytes);
    assert_int_equal(port->write(port->owner, sector, bytes), STATUS_OK);
    assert_int_equal(port->flush(port->owner), STATUS_OK);
}

static void writes_stay_in_memory(void **state)
{
    (void)state;
    struct drive *drive = drive_open(path, false, &problem);
    struct block_port port = drive_port(drive);
    assert_int_equal(port.sector_count, SECTORS);
    assert_false(port.read_only);
    write_sector(&port, 9, 0xAA);
    write_sector(&port, SECTORS - 1, 0xBB);
    expect_sector(&port, 8, 9);
    expect_sector(&port, 9, 0xAA);
    expect_sector(&port, 10, 11);
    expect_sector(&port, SECTORS - 1, 0xBB);
    assert_int_equal(byte_in_file(9 * BLOCK_SECTOR_BYTES), 10);
    drive_close(drive);
    drive = drive_open(path, false, &problem);
    port = drive_port(drive);
    expect_sector(&port, 9, 10);
    drive_close(drive);
}

static void writable_reaches_the_file(void **state)
{
    (void)state;
    struct drive *drive = drive_open(path, true, &problem);
    struct block_port port = drive_port(drive);
    write_sector(&port, 9, 0xAA);
    expect_sector(&port, 9, 0xAA);
    expect_sector(&port, 10, 11);
    drive_close(drive);
    assert_int_equal(byte_in_file(9 * BLOCK_SECTOR_BYTES), 0xAA);
    assert_int_equal(byte_in_file(10 * BLOCK_SECTOR_BYTES), 11);
}

static void odd_end_reads_zeros(void **state)
{
    (void)state;
    uint8_t bytes[BLOCK_SECTOR_BYTES];
    assert_int_equal(truncate(path, 700), 0);
    struct drive *drive = drive_open(path, false, &problem);
    struct block_port port = drive_port(drive);
    assert_int_equal(port.sector_count, 2);
    assert_int_equal(port.read(port.owner, 1, bytes), STATUS_OK);
    assert_int_equal(bytes[187], 2);
    assert_int_equal(bytes[188], 0);
    assert_int_equal(truncate(path, 0), 0); /* behind our back */
    expect_sector(&port, 0, 0);
    drive_close(drive);
}

static void refuses_what_is_no_drive(void **state)
{
    (void)state;
    static const struct {
        const char *path, *says;
    } bad[] = {{"/nonexistent", "cannot be opened"},
               {"/dev/null", "not a regular file"},
               {"/tmp", "not a regular file"}};
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        assert_null(drive_open(bad[i].path, false, &problem));
        assert_non_null(strstr(problem.text, bad[i].says));
    }
    assert_int_equal(truncate(path, 700), 0);
    assert_null(drive_open(path, true, &problem));
    assert_non_null(strstr(problem.text, "multiple of 512"));
    assert_int_equal(truncate(path, 0), 0);
    assert_null(drive_open(path, false, &problem));
    assert_non_null(strstr(problem.text, "empty"));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup(writes_stay_in_memory, make_file),
        cmocka_unit_test_setup(writable_reaches_the_file, make_file),
        cmocka_unit_test_setup(odd_end_reads_zeros, make_file),
        cmocka_unit_test_setup(refuses_what_is_no_drive, make_file),
    };
    return cmocka_run_group_tests(tests, make_path, remove_file);
}
