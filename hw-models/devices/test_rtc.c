/* SPDX-License-Identifier: Apache-2.0 */
/* The goldfish RTC: time, alarm, interrupt. */
#include "devices/rtc.h"

#include "base/memory_map.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

#define EPOCH UINT64_C(1767225600) /* seconds */
#define HZ UINT64_C(3000000000)    /* three cycles a nanosecond */
#define NS UINT64_C(1000000000)    /* a second's */

static struct rtc rtc;
static struct device device;
static bool line;

static void set_line(void *owner, bool level, cycle_t now)
{
    (void)owner, (void)now;
    assert_int_not_equal(level, line);
    line = level;
}

static int setup(void **state)
{
    (void)state;
    line = false;
    rtc_init(&rtc, EPOCH, HZ, (struct interrupt_line){NULL, set_line});
    device = rtc_device(&rtc);
    return 0;
}

static uint32_t load(uint64_t offset, cycle_t now)
{
    uint64_t value = 0xAAAAAAAAAAAAAAAA;
    assert_int_equal(device.load(device.self, offset, 4, now, &value), STATUS_OK);
    assert_in_range(value, 0, UINT32_MAX);
    return (uint32_t)value;
}

static void store(uint64_t offset, uint64_t value, cycle_t now)
{
    assert_int_equal(device.store(device.self, offset, 4, now, (uint32_t)value), STATUS_OK);
}

static uint64_t time_at(cycle_t now)
{
    uint64_t low = load(RTC_TIME_LOW, now);
    return low | (uint64_t)load(RTC_TIME_HIGH, now) << 32;
}

static void set_alarm(uint64_t ns, cycle_t now)
{
    store(RTC_ALARM_HIGH, ns >> 32, now);
    store(RTC_ALARM_LOW, ns, now);
}

static void test_time(void **state)
{
    (void)state;
    assert_int_equal(time_at(0), EPOCH * NS);
    assert_int_equal(time_at(2), EPOCH * NS);
    assert_int_equal(time_at(3), EPOCH * NS + 1);
    assert_int_equal(time_at(HZ * 86400 + 30), (EPOCH + 86400) * NS + 10);
    load(RTC_TIME_LOW, 0);
    assert_int_equal(load(RTC_TIME_HIGH, HZ * 86400), EPOCH * NS >> 32); /* latched */
}

static void test_set_time(void **state)
{
    (void)state;
    store(RTC_TIME_HIGH, 5, 300);
    store(RTC_TIME_LOW, 1000, 300);
    assert_int_equal(time_at(300), (UINT64_C(5) << 32) + 1000);
    assert_int_equal(time_at(330), (UINT64_C(5) << 32) + 1010);
}

static void test_alarm(void **state)
{
    (void)state;
    assert_int_equal(device.next_event(&rtc), CYCLE_NEVER);
    store(RTC_IRQ_ENABLED, 1, 0);
    set_alarm(EPOCH * NS + 100, 0);
    assert_int_equal(load(RTC_ALARM_STATUS, 0), 1);
    assert_int_equal(load(RTC_ALARM_LOW, 0), (uint32_t)(EPOCH * NS + 100));
    assert_int_equal(device.next_event(&rtc), 300);
    device.advance(&rtc, 299);
    assert_false(line);
    device.advance(&rtc, 300);
    assert_true(line);
    assert_int_equal(load(RTC_ALARM_STATUS, 300), 0);
    assert_int_equal(device.next_event(&rtc), CYCLE_NEVER);
    store(RTC_CLEAR_INTERRUPT, 1, 300);
    assert_false(line);
}

/* Not before its time, where a cycle is no whole number of nanoseconds. */
static void test_alarm_is_rounded_up(void **state)
{
    (void)state;
    rtc_init(&rtc, EPOCH, 700000000, (struct interrupt_line){NULL, set_line});
    set_alarm(EPOCH * NS + 2, 0);
    assert_int_equal(device.next_event(&rtc), 2);
    set_alarm(EPOCH * NS + 10, 0);
    assert_int_equal(device.next_event(&rtc), 7);
}

static void test_alarm_of_the_past_and_cleared(void **state)
{
    (void)state;
    set_alarm(EPOCH * NS, 30);
    assert_int_equal(load(RTC_ALARM_STATUS, 30), 0);
    assert_false(line); /* not enabled yet */
    store(RTC_IRQ_ENABLED, 1, 30);
    assert_true(line);
    store(RTC_IRQ_ENABLED, 0, 30);
    assert_false(line);
    store(RTC_CLEAR_INTERRUPT, 1, 30);
    set_alarm(EPOCH * NS + 1000, 30);
    store(RTC_CLEAR_ALARM, 1, 30);
    assert_int_equal(load(RTC_ALARM_STATUS, 30), 0);
    assert_int_equal(device.next_event(&rtc), CYCLE_NEVER);
}

/* Setting the time moves the alarm's cycle. */
static void test_alarm_follows_time(void **state)
{
    (void)state;
    store(RTC_IRQ_ENABLED, 1, 0);
    store(RTC_TIME_HIGH, 0, 0);
    store(RTC_TIME_LOW, 0, 0);
    set_alarm(1000, 0);
    assert_int_equal(device.next_event(&rtc), 3000);
    store(RTC_TIME_LOW, 900, 0);
    assert_int_equal(device.next_event(&rtc), 300);
    store(RTC_TIME_LOW, 2000, 0);
    assert_true(line);
}

static void test_far_alarm(void **state)
{
    (void)state;
    store(RTC_TIME_HIGH, 0, 0);
    store(RTC_TIME_LOW, 0, 0);
    set_alarm(UINT64_MAX, 0);
    assert_int_equal(device.next_event(&rtc), CYCLE_NEVER);
    assert_int_equal(load(RTC_ALARM_STATUS, 0), 1);
}

static void test_sizes(void **state)
{
    (void)state;
    uint64_t value;
    static const unsigned bad[] = {1, 2, 8};
    for (size_t i = 0; i < 3; i++) {
        assert_int_equal(device.load(&rtc, 0, bad[i], 0, &value), STATUS_DENIED);
        assert_int_equal(device.store(&rtc, 0, bad[i], 0, 0), STATUS_DENIED);
    }
    assert_int_equal(load(0x20, 0), 0);
    assert_int_equal(load(MAP_RTC_SIZE - 4, 0), 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup(test_time, setup),
        cmocka_unit_test_setup(test_set_time, setup),
        cmocka_unit_test_setup(test_alarm, setup),
        cmocka_unit_test_setup(test_alarm_is_rounded_up, setup),
        cmocka_unit_test_setup(test_alarm_of_the_past_and_cleared, setup),
        cmocka_unit_test_setup(test_alarm_follows_time, setup),
        cmocka_unit_test_setup(test_far_alarm, setup),
        cmocka_unit_test_setup(test_sizes, setup),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
