/* SPDX-License-Identifier: Apache-2.0 */
/* The memory's timing: latencies overlap, beats do not; jitter stays in its range and follows its
 * seed. */
#include "memory/dram.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

static const struct dram_config plain = {.latency_cycles = 40, .beat_cycles = 2, .word_bytes = 8};

static void test_limits(void **state)
{
    struct dram dram;
    struct dram_config config = plain;
    (void)state;
    assert_int_equal(dram_init(&dram, &config, NULL), STATUS_OK);
    config.word_bytes = 12;
    assert_int_equal(dram_init(&dram, &config, NULL), STATUS_INVALID);
    config.word_bytes = 0;
    assert_int_equal(dram_init(&dram, &config, NULL), STATUS_INVALID);
    config = plain;
    config.beat_cycles = 0;
    assert_int_equal(dram_init(&dram, &config, NULL), STATUS_INVALID);
}

static void test_beats(void **state)
{
    struct dram dram;
    (void)state;
    dram_init(&dram, &plain, NULL);
    assert_int_equal(dram_beats(&dram, 0, 64), 16);
    assert_int_equal(dram_beats(&dram, 0, 1), 2);
    assert_int_equal(dram_beats(&dram, 7, 1), 2);
    assert_int_equal(dram_beats(&dram, 7, 2), 4);
    assert_int_equal(dram_beats(&dram, 4, 8), 4);
}

static void test_port(void **state)
{
    struct dram dram;
    (void)state;
    dram_init(&dram, &plain, NULL);
    assert_int_equal(dram_read(&dram, 0, 0, 64, 100), 140);  /* beats until 156 */
    assert_int_equal(dram_read(&dram, 1, 64, 64, 104), 156); /* latency overlapped, port busy */
    assert_int_equal(dram_write(&dram, 0, 0, 8, 150), 172);
    assert_int_equal(dram_write(&dram, 0, 0, 8, 200), 200);
    assert_int_equal(dram.counters.busy_cycles, 16 + 16 + 2 + 2);
    assert_int_equal(dram.counters.reads, 2);
    assert_int_equal(dram.counters.read_bytes, 128);
    assert_int_equal(dram.counters.write_bytes, 16);
}

static void no_drain(struct probe *probe)
{
    (void)probe;
    fail();
}

static void test_event(void **state)
{
    struct dram dram;
    struct event events[4];
    struct probe probe = {.events = events, .capacity = 4, .drain = no_drain};
    (void)state;
    dram_init(&dram, &plain, &probe);
    dram_read(&dram, 3, 0x80000040, 64, 7);
    assert_int_equal(probe.count, 1);
    assert_int_equal(events[0].kind, EVENT_memory_access);
    assert_int_equal(events[0].source, EVENT_SOURCE_MEMORY);
    assert_int_equal(events[0].cycle, 47);
    assert_int_equal(events[0].arg[0], 3);
    assert_int_equal(events[0].arg[1], 64);
    assert_int_equal(events[0].arg[2], 0x80000040);
    assert_int_equal(events[0].arg[3], 63);
}

static void test_jitter(void **state)
{
    struct dram_config config = plain;
    struct dram one, same, other;
    unsigned seen[4] = {0}, differs = 0;
    (void)state;
    config.jitter_cycles = 3;
    dram_init(&one, &config, NULL);
    dram_init(&same, &config, NULL);
    config.seed = 2;
    dram_init(&other, &config, NULL);
    for (cycle_t now = 0; now < 1000 * 100; now += 100) {
        cycle_t late = dram_read(&one, 0, 0, 8, now) - now - 40;
        assert_true(late <= 3);
        seen[late]++;
        assert_int_equal(dram_read(&same, 0, 0, 8, now) - now - 40, late);
        differs += dram_read(&other, 0, 0, 8, now) - now - 40 != late;
    }
    for (unsigned i = 0; i < 4; i++)
        assert_in_range(seen[i], 200, 300);
    assert_true(differs > 600);
    assert_int_equal(one.counters.jitter_cycles, seen[1] + 2 * seen[2] + 3 * seen[3]);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_limits), cmocka_unit_test(test_beats),  cmocka_unit_test(test_port),
        cmocka_unit_test(test_event),  cmocka_unit_test(test_jitter),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
