/* SPDX-License-Identifier: Apache-2.0 */
/* The smart bus's tagged blocks against memcpy: every alignment and length, many at once, waiting,
 * refusal, snoops, cost. */
#include "ipc/mechanism_table.h"
#include "ipc/smart_bus_regs.h"
#include "ipc/test_machine.h"

#include <setjmp.h>
#include <stdarg.h>

#include <cmocka.h>

#define FROM (MAP_RAM_BASE + 0x1000)
#define TO (MAP_RAM_BASE + 0x2000)

static struct test_machine m;

static int setup(void **state)
{
    uint64_t seed = 1;
    (void)state;
    if (test_machine_init(&m, mechanism_find("smart-bus")->model, NULL) != STATUS_OK)
        return 1;
    for (size_t i = 0; i < TEST_RAM_BYTES; i++)
        m.caches.bytes[i] = (uint8_t)test_random(&seed);
    return 0;
}

static int teardown(void **state)
{
    (void)state;
    test_machine_free(&m);
    return 0;
}

static uint64_t window(uint64_t which, uint64_t place)
{
    return MAP_MECHANISM_BASE + which + ((place - MAP_RAM_BASE) & ~(uint64_t)7);
}

static enum status block(unsigned master, uint64_t which, unsigned tag, uint64_t place,
                         uint64_t bytes)
{
    uint64_t data = SMART_BLOCK(tag, bytes, place);
    return test_machine_do(&m, master, REQUEST_STORE, window(which, place), &data);
}

static uint64_t wait_for(unsigned master, unsigned tag)
{
    uint64_t refused = 99;
    assert_int_equal(test_machine_do(&m, master, REQUEST_LOAD,
                                     window(SMART_BLOCK_WAIT, MAP_RAM_BASE + 8 * tag), &refused),
                     STATUS_OK);
    return refused;
}

static void copy(unsigned master, unsigned tag, uint64_t to, uint64_t from, uint64_t bytes)
{
    assert_int_equal(block(master, SMART_BLOCK_READ, tag, from, bytes), STATUS_OK);
    assert_int_equal(block(master, SMART_BLOCK_WRITE, tag, to, bytes), STATUS_OK);
}

static void check_copy(uint64_t to_offset, uint64_t from_offset, uint64_t bytes)
{
    uint8_t expected[2048];
    uint8_t *around = ram_at(&m.caches.ram, TO - 512);

    memcpy(expected, around, sizeof expected);
    memcpy(expected + 512 + to_offset, ram_at(&m.caches.ram, FROM + from_offset), bytes);
    copy(0, 0, TO + to_offset, FROM + from_offset, bytes);
    assert_int_equal(wait_for(0, 0), 0);
    assert_memory_equal(around, expected, sizeof expected); /* these bytes and no others */
}

static void test_every_alignment(void **state)
{
    static const uint64_t lengths[] = {0, 1, 2, 7, 8, 9, 15, 16, 63, 64, 65, 100, 511, 512};
    (void)state;
    for (uint64_t to = 0; to < 8; to++)
        for (uint64_t from = 0; from < 8; from++)
            for (size_t i = 0; i < sizeof lengths / sizeof *lengths; i++)
                check_copy(to + 56, from + 60, lengths[i]);
}

static void test_every_length(void **state)
{
    (void)state;
    for (uint64_t bytes = 0; bytes <= SMART_BLOCK_BYTES; bytes++)
        check_copy(bytes % 67, bytes % 71, bytes);
}

static void test_ends_of_ram(void **state)
{
    uint64_t end = MAP_RAM_BASE + TEST_RAM_BYTES;
    (void)state;
    copy(0, 0, end - 13, MAP_RAM_BASE, 13);
    copy(0, 1, MAP_RAM_BASE + 100, end - 511, 511);
    assert_int_equal(wait_for(0, 0) + wait_for(0, 1), 0);
    assert_memory_equal(ram_at(&m.caches.ram, end - 13), m.caches.bytes, 13);
}

/* Eight masters, four tags each, unequal lengths, all under way together. */
static void test_many_at_once(void **state)
{
    static uint8_t expected[TEST_RAM_BYTES];
    (void)state;
    memcpy(expected, m.caches.bytes, sizeof expected);
    for (unsigned i = 0; i < TEST_CACHES * SMART_TAGS; i++) {
        uint64_t bytes = 1 + 97 * i % SMART_BLOCK_BYTES, from = 0x1000 + 520 * i + i % 8,
                 to = 0x8000 + 520 * i + i % 5;
        memcpy(expected + to, expected + from, bytes);
        copy(i % TEST_CACHES, i / TEST_CACHES, MAP_RAM_BASE + to, MAP_RAM_BASE + from, bytes);
    }
    for (unsigned i = 0; i < TEST_CACHES * SMART_TAGS; i++)
        assert_int_equal(wait_for(i % TEST_CACHES, i / TEST_CACHES), 0);
    assert_memory_equal(m.caches.bytes, expected, sizeof expected);
    assert_int_equal(m.mechanism->next_word(m.state, m.now), CYCLE_NEVER);
}

static cycle_t find_event(enum event_kind kind, unsigned source, bool write)
{
    for (size_t i = 0; i < m.probe.count; i++)
        if (m.events[i].kind == kind && m.events[i].source == source && m.events[i].arg[3] == write)
            return m.events[i].cycle;
    fail();
    return 0;
}

/* Two equal copies begun together end together: neither waits for the whole of the other. */
static void test_words_take_turns(void **state)
{
    (void)state;
    copy(0, 0, TO, FROM, 512);
    copy(1, 0, TO + 1024, FROM + 1024, 512);
    assert_true(test_machine_settle(&m, 10000));
    cycle_t one = find_event(EVENT_smart_block_done, 0, true),
            two = find_event(EVENT_smart_block_done, 1, true);
    assert_in_range(two - one, 0, 64);
    assert_true(find_event(EVENT_smart_block, 1, false) <
                find_event(EVENT_smart_block_done, 0, false));
}

/* 512 bytes are 64 words of a cycle each way and 8 address phases each way; memory is read ahead, at 40 cycles for two
 * lines. */
static void test_throughput(void **state)
{
    (void)state;
    copy(0, 0, TO, FROM, 512);
    assert_true(test_machine_settle(&m, 10000));
    cycle_t took =
        find_event(EVENT_smart_block_done, 0, true) - find_event(EVENT_smart_block, 0, false);
    assert_in_range(took, 2 * (64 + 8), 2 * (64 + 8) + 4 * 41);
    assert_int_equal(m.bus.kind[REQUEST_BLOCK_WORD].bytes, 1024);
    assert_int_equal(m.bus.kind[REQUEST_BLOCK_WORD].tenures, 128);
}

static void test_events(void **state)
{
    (void)state;
    copy(2, 3, TO + 1, FROM + 2, 5);
    assert_true(test_machine_settle(&m, 1000));
    static const struct {
        enum event_kind kind;
        uint64_t address;
        bool write;
    } expected[] = {
        {EVENT_smart_block, FROM + 2, false},
        {EVENT_smart_block, TO + 1, true},
        {EVENT_smart_block_done, FROM + 2, false},
        {EVENT_smart_block_done, TO + 1, true},
    };
    assert_int_equal(m.probe.count, 4);
    for (unsigned i = 0; i < 4; i++) {
        assert_int_equal(m.events[i].kind, expected[i].kind);
        assert_int_equal(m.events[i].source, 2);
        assert_int_equal(m.events[i].arg[0], expected[i].address);
        assert_int_equal(m.events[i].arg[1], 5);
        assert_int_equal(m.events[i].arg[2], 3);
        assert_int_equal(m.events[i].arg[3], expected[i].write);
        assert_true(i == 0 || m.events[i].cycle >= m.events[i - 1].cycle);
    }
}

static void test_wait_without_block(void **state)
{
    (void)state;
    assert_int_equal(wait_for(0, 0), 0);
    assert_int_equal(m.master[0].response.cycle - m.master[0].asked,
                     1 + 2); /* arbitration, address, data */
}

/* A store to a busy tag stands until the tag is free, and then counts. */
static void test_busy_tag(void **state)
{
    uint64_t data = SMART_BLOCK(0, 64, FROM + 1024);
    (void)state;
    copy(0, 0, TO, FROM, 512);
    test_machine_ask(&m, 0, REQUEST_STORE, window(SMART_BLOCK_READ, FROM + 1024), data);
    for (unsigned i = 0; i < 60; i++)
        test_machine_step(&m);
    assert_true(test_machine_busy(&m, 0));
    assert_true(test_machine_settle(&m, TEST_PATIENCE));
    assert_false(test_machine_busy(&m, 0));
    assert_memory_equal(ram_at(&m.caches.ram, TO), ram_at(&m.caches.ram, FROM),
                        512); /* the first copy is whole */
    assert_true(m.master[0].response.cycle >= find_event(EVENT_smart_block_done, 0, true));
    assert_int_equal(block(0, SMART_BLOCK_WRITE, 0, TO, 64), STATUS_OK);
    assert_int_equal(wait_for(0, 0), 0);
    assert_memory_equal(ram_at(&m.caches.ram, TO), ram_at(&m.caches.ram, FROM + 1024), 64);
}

static void test_one_read_two_writes(void **state)
{
    (void)state;
    copy(0, 1, TO, FROM, 100);
    assert_int_equal(block(0, SMART_BLOCK_WRITE, 1, TO + 200, 100), STATUS_OK);
    assert_int_equal(wait_for(0, 1), 0);
    assert_memory_equal(ram_at(&m.caches.ram, TO), ram_at(&m.caches.ram, FROM), 100);
    assert_memory_equal(ram_at(&m.caches.ram, TO + 200), ram_at(&m.caches.ram, FROM), 100);
}

/* A write longer than its read would give away what was in the buffer before. */
static void test_refused(void **state)
{
    uint8_t before[64];
    (void)state;
    memcpy(before, ram_at(&m.caches.ram, TO), sizeof before);
    assert_int_equal(block(0, SMART_BLOCK_WRITE, 0, TO, 8), STATUS_OK); /* nothing was read */
    assert_int_equal(wait_for(0, 0), 1);
    assert_int_equal(wait_for(0, 0), 0); /* said once */
    assert_int_equal(block(0, SMART_BLOCK_READ, 0, FROM, 8), STATUS_OK);
    assert_int_equal(block(0, SMART_BLOCK_WRITE, 0, TO, 9), STATUS_OK);
    assert_int_equal(wait_for(0, 0), 1);
    assert_int_equal(block(1, SMART_BLOCK_WRITE, 0, TO, 8),
                     STATUS_OK); /* another's buffer is another's */
    assert_int_equal(wait_for(1, 0), 1);
    assert_memory_equal(before, ram_at(&m.caches.ram, TO), sizeof before);
}

static void test_bad_operands(void **state)
{
    static const struct {
        uint64_t which, place, data;
    } table[] = {
        {SMART_BLOCK_READ, FROM, SMART_BLOCK(4, 8, 0)},
        {SMART_BLOCK_READ, FROM, SMART_BLOCK(0xFFFF, 8, 0)},
        {SMART_BLOCK_READ, FROM, SMART_BLOCK(0, 513, 0)},
        {SMART_BLOCK_WRITE, FROM, SMART_BLOCK(0, 0xFFFFFFFF, 0)},
        {SMART_BLOCK_READ, FROM, (uint64_t)8 << 48 | 8},
        {SMART_BLOCK_READ, FROM, UINT64_MAX},
        {SMART_BLOCK_READ, MAP_RAM_BASE + TEST_RAM_BYTES - 8, SMART_BLOCK(0, 9, 0)},
        {SMART_BLOCK_READ, MAP_RAM_BASE + TEST_RAM_BYTES - 8, SMART_BLOCK(0, 8, 1)},
        {SMART_BLOCK_WRITE, MAP_RAM_BASE + TEST_RAM_BYTES, SMART_BLOCK(0, 1, 0)},
        {SMART_BLOCK_WRITE, MAP_RAM_BASE + MAP_MECHANISM_WINDOW - 8, SMART_BLOCK(0, 512, 7)},
    };
    uint64_t data = 0;
    (void)state;
    for (size_t i = 0; i < sizeof table / sizeof *table; i++) {
        data = table[i].data;
        assert_int_equal(
            test_machine_do(&m, 0, REQUEST_STORE, window(table[i].which, table[i].place), &data),
            STATUS_DENIED);
    }
    assert_int_equal(test_machine_do(&m, 0, REQUEST_LOAD,
                                     window(SMART_BLOCK_WAIT, MAP_RAM_BASE + 8 * SMART_TAGS),
                                     &data),
                     STATUS_DENIED);
    assert_int_equal(test_machine_do(&m, 0, REQUEST_LOAD, window(SMART_BLOCK_READ, FROM), &data),
                     STATUS_DENIED);
    assert_int_equal(m.words, 0);
}

/* A reader finds dirty copies, a writer leaves no copies behind; only where its words are. */
static void test_snoops(void **state)
{
    (void)state;
    test_cache_fill(&m.caches.cache[1], FROM, MESI_MODIFIED);
    test_cache_fill(&m.caches.cache[2], FROM + 64, MESI_EXCLUSIVE);
    test_cache_fill(&m.caches.cache[0], TO, MESI_SHARED); /* the master's own */
    test_cache_fill(&m.caches.cache[3], TO, MESI_SHARED);
    test_cache_fill(&m.caches.cache[4], TO + 64, MESI_MODIFIED);
    test_cache_fill(&m.caches.cache[5], TO + 128, MESI_MODIFIED);
    copy(0, 0, TO + 8, FROM + 8, 120);
    assert_int_equal(wait_for(0, 0), 0);
    assert_int_equal(test_cache_state(&m.caches.cache[1], FROM), MESI_SHARED);
    assert_int_equal(test_cache_state(&m.caches.cache[2], FROM + 64), MESI_SHARED);
    assert_int_equal(test_cache_state(&m.caches.cache[0], TO), MESI_INVALID);
    assert_int_equal(test_cache_state(&m.caches.cache[3], TO), MESI_INVALID);
    assert_int_equal(test_cache_state(&m.caches.cache[4], TO + 64), MESI_INVALID);
    assert_int_equal(test_cache_state(&m.caches.cache[5], TO + 128), MESI_MODIFIED);
    assert_int_equal(m.coherence.counters.reach_write_backs, 2);
}

/* A copy that somebody takes again in the middle of a block is taken back by the next word. */
static void test_snoops_every_word(void **state)
{
    (void)state;
    copy(0, 0, TO, FROM, 64);
    while (m.words < 10)
        test_machine_step(&m);
    if (test_cache_state(&m.caches.cache[1], TO) == MESI_INVALID)
        test_cache_fill(&m.caches.cache[1], TO, MESI_SHARED);
    assert_int_equal(wait_for(0, 0), 0);
    assert_int_equal(test_cache_state(&m.caches.cache[1], TO), MESI_INVALID);
}

/* Harts that keep the bus busy slow a stream down, but do not stop it. */
static void test_stream_under_load(void **state)
{
    (void)state;
    copy(0, 0, TO, FROM, 256);
    cycle_t limit = m.now + 64 * 300;
    while (m.mechanism->next_word(m.state, m.now) != CYCLE_NEVER && m.now < limit) {
        for (unsigned i = 1; i < TEST_CACHES; i++)
            if (!test_machine_busy(&m, i))
                test_machine_ask(&m, i, REQUEST_LOAD, window(SMART_FIRST, MAP_RAM_BASE), 0);
        memset(m.caches.bytes, 0, 8); /* the list they look at is empty */
        test_machine_step(&m);
    }
    assert_int_equal(m.mechanism->next_word(m.state, m.now), CYCLE_NEVER);
    assert_memory_equal(ram_at(&m.caches.ram, TO), ram_at(&m.caches.ram, FROM), 256);
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)
    const struct CMUnitTest tests[] = {
        TEST(test_every_alignment),
        TEST(test_every_length),
        TEST(test_ends_of_ram),
        TEST(test_many_at_once),
        TEST(test_words_take_turns),
        TEST(test_throughput),
        TEST(test_events),
        TEST(test_wait_without_block),
        TEST(test_busy_tag),
        TEST(test_one_read_two_writes),
        TEST(test_refused),
        TEST(test_bad_operands),
        TEST(test_snoops),
        TEST(test_snoops_every_word),
        TEST(test_stream_under_load),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
