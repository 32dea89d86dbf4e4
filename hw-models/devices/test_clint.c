/* SPDX-License-Identifier: Apache-2.0 */
/* CLINT and SSWI, register by register. */
#include "devices/clint.h"
#include "devices/sswi.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

#define HARTS 4
#define TICK 100 /* cycles */

static struct clint clint;
static struct sswi sswi;
static struct device device;
static bool level[HARTS][16];
static unsigned changes;

static void set(void *owner, unsigned hart, unsigned mip_bit, bool new_level, cycle_t now)
{
    (void)now;
    assert_ptr_equal(owner, &clint);
    assert_true(hart < HARTS && mip_bit < 16);
    level[hart][mip_bit] = new_level;
    changes++;
}

static const struct interrupt_port port = {&clint, set};
static uint64_t told_ticks;

static void set_time(void *owner, uint64_t offset_ticks, cycle_t now)
{
    (void)now;
    assert_ptr_equal(owner, &clint);
    told_ticks = offset_ticks;
}

static int setup(void **state)
{
    (void)state;
    for (unsigned hart = 0; hart < HARTS; hart++)
        for (unsigned bit = 0; bit < 16; bit++)
            level[hart][bit] = false;
    changes = 0;
    told_ticks = 0;
    clint_init(&clint, HARTS, TICK, port, (struct time_port){&clint, set_time});
    sswi_init(&sswi, HARTS, port);
    device = clint_device(&clint);
    return 0;
}

static uint64_t load(uint64_t offset, unsigned size_bytes, cycle_t now)
{
    uint64_t value = 0xAAAAAAAAAAAAAAAA;
    assert_int_equal(device.load(device.self, offset, size_bytes, now, &value), STATUS_OK);
    return value;
}

static void store(uint64_t offset, unsigned size_bytes, cycle_t now, uint64_t value)
{
    assert_int_equal(device.store(device.self, offset, size_bytes, now, value), STATUS_OK);
}

static void test_msip(void **state)
{
    (void)state;
    for (unsigned hart = 0; hart < HARTS; hart++) {
        store(CLINT_MSIP(hart), 4, 0, 0xFFFFFFFF);
        assert_true(level[hart][3]);
        assert_int_equal(load(CLINT_MSIP(hart), 4, 0), 1);
        store(CLINT_MSIP(hart), 4, 0, 0xFFFFFFFE);
        assert_false(level[hart][3]);
        assert_int_equal(load(CLINT_MSIP(hart), 4, 0), 0);
    }
    changes = 0;
    store(CLINT_MSIP(HARTS), 4, 0, 1); /* absent */
    assert_int_equal(load(CLINT_MSIP(HARTS), 4, 0), 0);
    assert_int_equal(changes, 0);
}

static void test_mtime(void **state)
{
    (void)state;
    assert_int_equal(load(CLINT_MTIME, 8, 99), 0);
    assert_int_equal(load(CLINT_MTIME, 8, 100), 1);
    cycle_t late = 0x123456789Aull * TICK;
    assert_int_equal(load(CLINT_MTIME, 8, late), 0x123456789A);
    assert_int_equal(load(CLINT_MTIME, 4, late), 0x3456789A);
    assert_int_equal(load(CLINT_MTIME + 4, 4, late), 0x12);
    store(CLINT_MTIME, 8, late, 5);
    assert_int_equal(load(CLINT_MTIME, 8, late + TICK), 6);
    assert_int_equal(told_ticks, 5 - 0x123456789Aull);
    store(CLINT_MTIME + 4, 4, late, 7);
    assert_int_equal(load(CLINT_MTIME, 8, late), 0x700000005);
    store(CLINT_MTIME, 4, late, 9);
    assert_int_equal(load(CLINT_MTIME, 8, late), 0x700000009);
}

/* Timers compare with the mtime that was stored, on its way forward, backward and over its end. */
static void test_timers_follow_mtime(void **state)
{
    (void)state;
    store(CLINT_MTIMECMP(1), 8, 0, 1000);
    store(CLINT_MTIME, 8, 500, 990); /* tick 5 */
    assert_false(level[1][7]);
    assert_int_equal(device.next_event(device.self), 1500);
    device.advance(device.self, 1500);
    assert_true(level[1][7]);
    store(CLINT_MTIME, 8, 1600, 998); /* tick 16 */
    assert_false(level[1][7]);
    assert_int_equal(device.next_event(device.self), 1800);
    store(CLINT_MTIME, 8, 1700, UINT64_MAX - 1); /* tick 17 */
    assert_true(level[1][7]);
    assert_int_equal(device.next_event(device.self), 1800); /* the others' UINT64_MAX */
    device.advance(device.self, 1800);
    assert_true(level[0][7]);
    assert_int_equal(device.next_event(device.self), 1900);
    device.advance(device.self, 1900);
    assert_int_equal(load(CLINT_MTIME, 8, 1900), 0);
    assert_false(level[0][7] || level[1][7]);
    assert_int_equal(device.next_event(device.self), 101900);
}

static void test_mtimecmp(void **state)
{
    (void)state;
    assert_int_equal(load(CLINT_MTIMECMP(1), 8, 0), UINT64_MAX);
    assert_int_equal(device.next_event(device.self), CYCLE_NEVER);
    store(CLINT_MTIMECMP(1), 8, 50, 7);
    store(CLINT_MTIMECMP(2), 8, 50, 9);
    assert_int_equal(device.next_event(device.self), 700);
    device.advance(device.self, 700);
    assert_true(level[1][7]);
    assert_false(level[2][7]);
    assert_int_equal(device.next_event(device.self), 900);
    store(CLINT_MTIMECMP(1), 8, 800, 1000); /* rearming clears it at once */
    assert_false(level[1][7]);
    store(CLINT_MTIMECMP(3), 8, 800, 8); /* already due */
    assert_true(level[3][7]);
    device.advance(device.self, 900);
    assert_true(level[2][7]);
    assert_int_equal(device.next_event(device.self), 100000);
    store(CLINT_MTIMECMP(1), 8, 900, UINT64_MAX - 1); /* beyond any cycle */
    assert_int_equal(device.next_event(device.self), CYCLE_NEVER);
}

static void test_mtimecmp_by_halves(void **state)
{
    (void)state;
    store(CLINT_MTIMECMP(0) + 4, 4, 0, 0x11223344);
    store(CLINT_MTIMECMP(0), 4, 0, 0xFFFFFFFF55667788);
    assert_int_equal(load(CLINT_MTIMECMP(0), 8, 0), 0x1122334455667788);
    assert_int_equal(load(CLINT_MTIMECMP(0), 4, 0), 0x55667788);
    assert_int_equal(load(CLINT_MTIMECMP(0) + 4, 4, 0), 0x11223344);
    store(CLINT_MTIMECMP(HARTS), 8, 0, 5); /* absent */
    assert_int_equal(load(CLINT_MTIMECMP(HARTS), 8, 0), 0);
}

static void test_clint_sizes(void **state)
{
    uint64_t value;
    (void)state;
    assert_int_equal(device.load(device.self, CLINT_MSIP(0), 8, 0, &value), STATUS_DENIED);
    assert_int_equal(device.load(device.self, CLINT_MSIP(0), 1, 0, &value), STATUS_DENIED);
    assert_int_equal(device.store(device.self, CLINT_MTIMECMP(0), 2, 0, 0), STATUS_DENIED);
    for (uint64_t offset = 0; offset < device.size_bytes; offset += 4) { /* nothing crashes */
        store(offset, 4, 0, UINT64_MAX);
        load(offset, 4, 0);
    }
}

static void test_sswi(void **state)
{
    (void)state;
    device = sswi_device(&sswi);
    store(SSWI_SETSSIP(2), 4, 0, 0);
    assert_int_equal(changes, 0);
    store(SSWI_SETSSIP(2), 4, 0, 1);
    assert_true(level[2][1]);
    assert_int_equal(load(SSWI_SETSSIP(2), 4, 0), 0);
    store(SSWI_SETSSIP(HARTS), 4, 0, 1);
    assert_int_equal(changes, 1);
    assert_int_equal(device.store(device.self, 0, 8, 0, 1), STATUS_DENIED);
    assert_int_equal(changes, 1);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup(test_msip, setup),
        cmocka_unit_test_setup(test_mtime, setup),
        cmocka_unit_test_setup(test_timers_follow_mtime, setup),
        cmocka_unit_test_setup(test_mtimecmp, setup),
        cmocka_unit_test_setup(test_mtimecmp_by_halves, setup),
        cmocka_unit_test_setup(test_clint_sizes, setup),
        cmocka_unit_test_setup(test_sswi, setup),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
