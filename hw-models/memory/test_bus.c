/* SPDX-License-Identifier: Apache-2.0 */
/* The shared bus: who is granted when, and what it accounts for and reports. */
#include "memory/bus.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#define STREAM EVENT_SOURCE_CONTROLLER

static struct bus bus;
static struct event events[1024];
static struct probe probe;

static void overwrite(struct probe *full)
{
    full->count = 0;
}

static int setup(void **state)
{
    const struct bus_config config = {
        .arbitration_cycles = 1, .patience_cycles = 50, .line_bytes = 64};
    (void)state;
    probe = (struct probe){.events = events, .capacity = 1024, .drain = overwrite};
    bus_init(&bus, &config, &probe);
    return 0;
}

static void ask(unsigned master, enum request_kind kind, cycle_t now)
{
    struct request request = {.kind = kind,
                              .master = (uint16_t)master,
                              .size_bytes = 8,
                              .address = 0x80000000 + 64 * master,
                              .cycle = now};
    bus_request(&bus, &request);
}

/* Grants at `now`, holds for `cycles`: the master, or BUS_MAX_MASTERS. */
static unsigned grant(cycle_t now, cycle_t cycles)
{
    struct request request;
    if (!bus_grant(&bus, now, &request))
        return BUS_MAX_MASTERS;
    bus_hold(&bus, now, &request, cycles, 0, ACTIVITY_memory);
    return request.master;
}

static void test_one_request(void **state)
{
    (void)state;
    assert_int_equal(bus_next(&bus), CYCLE_NEVER);
    ask(3, REQUEST_READ, 10);
    assert_int_equal(bus_next(&bus), 11);
    assert_int_equal(grant(10, 5), BUS_MAX_MASTERS); /* still being arbitrated */
    assert_int_equal(grant(11, 5), 3);
    assert_int_equal(bus_next(&bus), CYCLE_NEVER);
    ask(3, REQUEST_READ, 12);
    assert_int_equal(bus_next(&bus), 16); /* held until then */
    assert_int_equal(grant(15, 5), BUS_MAX_MASTERS);
    assert_int_equal(grant(16, 5), 3);
}

static void test_round_robin(void **state)
{
    static const unsigned order[] = {0, 1, 63, 64, 127, 0, 1, 63, 64, 127};
    (void)state;
    for (unsigned i = 0; i < 5; i++)
        ask(order[4 - i], REQUEST_READ, 0);
    for (unsigned i = 0; i < 10; i++) {
        cycle_t now = 1 + 10 * i;
        assert_int_equal(grant(now, 10), order[i]);
        ask(order[i], REQUEST_READ, now + 1);
    }
}

/* Whoever asks again at once does not come before those who wait. */
static void test_fairness(void **state)
{
    uint64_t count[4] = {0};
    (void)state;
    for (unsigned master = 0; master < 4; master++)
        ask(master * 40, REQUEST_READ, 0);
    for (cycle_t now = 1; now < 4001; now++) {
        unsigned master = grant(now, 1);
        assert_true(master < BUS_MAX_MASTERS);
        count[master / 40]++;
        ask(master, REQUEST_READ, now);
    }
    for (unsigned master = 0; master < 4; master++)
        assert_in_range(count[master], 999, 1001);
}

static void test_stream_waits_for_others(void **state)
{
    (void)state;
    ask(STREAM, REQUEST_BLOCK_WORD, 0);
    ask(0, REQUEST_READ, 0);
    ask(1, REQUEST_READ, 0);
    assert_int_equal(grant(1, 20), 0);
    assert_int_equal(grant(21, 20), 1);
    assert_int_equal(grant(41, 2), STREAM);
}

/* Alone, a stream's words follow each other without a gap. */
static void test_stream_without_gaps(void **state)
{
    (void)state;
    ask(STREAM, REQUEST_BLOCK_WORD, 0);
    assert_int_equal(grant(1, 2), STREAM);
    ask(STREAM, REQUEST_BLOCK_WORD, 3);
    assert_int_equal(bus_next(&bus), 3);
    assert_int_equal(grant(3, 2), STREAM);
    ask(STREAM, REQUEST_BLOCK_WORD, 6); /* too late to go on */
    assert_int_equal(bus_next(&bus), 7);
    ask(0, REQUEST_READ, 5);
    assert_int_equal(grant(7, 2), 0);
    ask(0, REQUEST_READ, 9); /* harts are always arbitrated */
    assert_int_equal(grant(9, 2), STREAM);
}

static void test_stream_is_not_starved(void **state)
{
    cycle_t now = 1;
    unsigned streamed = 0;
    (void)state;
    ask(STREAM, REQUEST_BLOCK_WORD, 0);
    ask(0, REQUEST_READ, 0);
    ask(1, REQUEST_READ, 0);
    for (; now < 2001; now += 10) {
        unsigned master = grant(now, 10);
        streamed += master == STREAM;
        ask(master, master == STREAM ? REQUEST_BLOCK_WORD : REQUEST_READ, now);
    }
    assert_in_range(streamed, 20,
                    40); /* about once in 50 to 70 cycles, not once in three tenures */
}

static void test_skew_and_events(void **state)
{
    struct request request;
    (void)state;
    ask(2, REQUEST_READ_EXCLUSIVE, 5);
    assert_true(bus_grant(&bus, 6, &request));
    assert_int_equal(bus_hold(&bus, 6, &request, 10, 30, ACTIVITY_memory), 30);
    assert_int_equal(bus.kind[REQUEST_READ_EXCLUSIVE].busy_cycles, 24);
    assert_int_equal(bus.kind[REQUEST_READ_EXCLUSIVE].skew_cycles, 14);
    assert_int_equal(bus.kind[REQUEST_READ_EXCLUSIVE].wait_cycles, 1);
    static const struct event expected[] = {
        {6, EVENT_bus_tenure, EVENT_SOURCE_BUS, 0, {2, REQUEST_READ_EXCLUSIVE, 0x80000080, 30}},
        {6, EVENT_wait, 2, 0, {ACTIVITY_memory, 0x80000080, 0, 0}},
        {16, EVENT_wait, 2, 0, {ACTIVITY_skew, 0x80000080, 0, 0}},
    };
    assert_int_equal(probe.count, 3);
    assert_memory_equal(events, expected, sizeof expected);
    ask(STREAM, REQUEST_BLOCK_WORD, 30);
    assert_int_equal(grant(31, 2), STREAM);
    assert_int_equal(probe.count, 4); /* the tenure; the controller waits for nothing */
}

static void test_retry(void **state)
{
    struct request request;
    (void)state;
    ask(0, REQUEST_READ, 0);
    assert_true(bus_grant(&bus, 1, &request));
    bus_hold(&bus, 1, &request, 1, 0, ACTIVITY_memory);
    bus_retry(&bus, &request, 40);
    assert_int_equal(bus_next(&bus), 40);
    ask(1, REQUEST_READ, 2);
    assert_int_equal(bus_next(&bus), 3);
    assert_int_equal(grant(3, 7), 1); /* not the one that must wait */
    assert_int_equal(grant(39, 1), BUS_MAX_MASTERS);
    assert_int_equal(grant(40, 9), 0);
    struct bus_counters reads = bus.kind[REQUEST_READ];
    assert_int_equal(reads.retries, 1);
    assert_int_equal(reads.tenures, 3);
    assert_int_equal(reads.bytes, 2 * 64);
    assert_int_equal(reads.wait_cycles, 1 + 1 + 0);
    assert_int_equal(reads.busy_cycles, 1 + 7 + 9);
}

static void test_bytes_and_total(void **state)
{
    static const uint64_t bytes[REQUEST_KIND_COUNT] = {64, 64, 64, 0, 64, 8, 8, 8};
    cycle_t now = 0;
    (void)state;
    for (unsigned kind = 0; kind < REQUEST_KIND_COUNT; kind++, now += 10) {
        ask(kind, (enum request_kind)kind, now);
        assert_int_equal(grant(now + 1, 2), kind);
        assert_int_equal(bus.kind[kind].bytes, bytes[kind]);
        assert_non_null(bus_kind_name((enum request_kind)kind));
    }
    struct bus_counters total = bus_total(&bus);
    assert_int_equal(total.bytes, 4 * 64 + 3 * 8);
    assert_int_equal(total.tenures, REQUEST_KIND_COUNT);
    assert_int_equal(total.busy_cycles, 2 * REQUEST_KIND_COUNT);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup(test_one_request, setup),
        cmocka_unit_test_setup(test_round_robin, setup),
        cmocka_unit_test_setup(test_fairness, setup),
        cmocka_unit_test_setup(test_stream_waits_for_others, setup),
        cmocka_unit_test_setup(test_stream_without_gaps, setup),
        cmocka_unit_test_setup(test_stream_is_not_starved, setup),
        cmocka_unit_test_setup(test_skew_and_events, setup),
        cmocka_unit_test_setup(test_retry, setup),
        cmocka_unit_test_setup(test_bytes_and_total, setup),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
