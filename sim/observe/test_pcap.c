/* SPDX-License-Identifier: Apache-2.0 */
/* The capture file, byte by byte. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "observe/pcap.h"

#define EPOCH 1767225600u
#define RECORD 24 /* behind the file's header */

static uint8_t bytes[4096];

static uint32_t word(size_t at)
{
    uint32_t value;
    memcpy(&value, bytes + at, sizeof value);
    return value;
}

/* Writes frames at these cycles and reads the file back; its size. */
static size_t capture(uint64_t clock_hz, const cycle_t *cycles, unsigned count)
{
    char path[] = "/tmp/missive-pcap-XXXXXX";
    int descriptor = mkstemp(path);
    assert_true(descriptor >= 0);
    struct pcap *pcap = pcap_create(path, EPOCH, clock_hz);
    assert_non_null(pcap);
    for (unsigned i = 0; i < count; i++)
        pcap_frame(pcap, (const uint8_t *)"abcdefghijklmnopqrst", 14 + i, cycles[i]);
    assert_true(pcap_close(pcap));
    ssize_t size = read(descriptor, bytes, sizeof bytes);
    assert_true(size >= 0);
    close(descriptor);
    unlink(path);
    return (size_t)size;
}

static void test_file(void **state)
{
    (void)state;
    static const cycle_t cycles[] = {0, 1, 999999999, 3000000001};
    assert_int_equal(capture(1000000000, cycles, 4), RECORD + 4 * 16 + 14 + 15 + 16 + 17);
    assert_int_equal(word(0), 0xA1B23C4D);
    assert_int_equal(word(4), 4u << 16 | 2);
    assert_int_equal(word(20), 1); /* Ethernet */
    size_t at = RECORD;
    for (unsigned i = 0; i < 4; i++) {
        assert_int_equal(word(at), EPOCH + cycles[i] / 1000000000);
        assert_int_equal(word(at + 4), cycles[i] % 1000000000);
        assert_int_equal(word(at + 8), 14 + i);
        assert_int_equal(word(at + 12), 14 + i);
        assert_memory_equal(bytes + at + 16, "abcdefghijklmnopqrst", 14 + i);
        at += 16 + 14 + i;
    }
}

static void test_clocks(void **state)
{
    (void)state;
    static const struct {
        uint64_t clock_hz;
        cycle_t cycle;
        uint32_t seconds, nanoseconds;
    } cases[] = {{8000000, 1, 0, 125},
                 {8000000, 8000000 + 7999999, 1, 999999875},
                 {3000000, 2999999, 0, 999999666},
                 {10000000000, 9999999999, 0, 999999999},
                 {10000000000, 10000000010, 1, 1}};
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        capture(cases[i].clock_hz, &cases[i].cycle, 1);
        assert_int_equal(word(RECORD), EPOCH + cases[i].seconds);
        assert_int_equal(word(RECORD + 4), cases[i].nanoseconds);
    }
}

static void test_errors(void **state)
{
    (void)state;
    errno = 0;
    assert_null(pcap_create("/nowhere/at/all", EPOCH, 1000000000));
    assert_int_equal(errno, ENOENT);
    struct pcap *pcap = pcap_create("/dev/full", EPOCH, 1000000000);
    assert_non_null(pcap);
    pcap_frame(pcap, (const uint8_t *)"abcdefghijklmnopqrst", 20, 1);
    assert_false(pcap_close(pcap));
    assert_int_equal(errno, ENOSPC);
    assert_true(pcap_close(NULL));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_file),
        cmocka_unit_test(test_clocks),
        cmocka_unit_test(test_errors),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
