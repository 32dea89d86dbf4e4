/* SPDX-License-Identifier: Apache-2.0 */
/* Coherence transaction by transaction: states before and after, cost, skew, deferral, bad
 * requests. */
#include "memory/coherence.h"

#include "memory/test_caches.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>

#include <cmocka.h>

#define LINE (MAP_RAM_BASE + 0x1000)
#define I MESI_INVALID
#define S MESI_SHARED
#define E MESI_EXCLUSIVE
#define M MESI_MODIFIED

static struct test_caches caches;
static struct dram dram;
static struct coherence coherence;

static int setup(void **state)
{
    const struct dram_config timing = {.latency_cycles = 40, .beat_cycles = 1, .word_bytes = 8};
    const struct coherence_config config = {
        .line_bytes = 64, .address_cycles = 2, .answer_cycles = 6};
    const struct coherence_links links = {&caches.ram, &dram, caches.snooper, 3};
    (void)state;
    test_caches_init(&caches, 4096, 4);
    assert_int_equal(dram_init(&dram, &timing, NULL), STATUS_OK);
    assert_int_equal(coherence_init(&coherence, &config, &links), STATUS_OK);
    return 0;
}

static struct request make(enum request_kind kind, unsigned master, uint64_t address)
{
    return (struct request){
        .kind = kind, .master = (uint16_t)master, .size_bytes = 8, .address = address};
}

/* Master 0 makes the request; the three caches' states before and after. */
static const struct {
    enum request_kind kind;
    enum mesi before[3], after[3];
    enum mesi granted;
    cycle_t cycles;
} table[] = {
    /* address 2; from memory 40 + 8 beats; from a cache 6 + 8 beats */
    {REQUEST_READ, {I, I, I}, {I, I, I}, E, 50},
    {REQUEST_READ, {I, S, S}, {I, S, S}, S, 50},
    {REQUEST_READ, {I, E, I}, {I, S, I}, S, 50},
    {REQUEST_READ, {I, I, M}, {I, I, S}, S, 16},
    {REQUEST_READ_EXCLUSIVE, {I, I, I}, {I, I, I}, M, 50},
    {REQUEST_READ_EXCLUSIVE, {I, S, S}, {I, I, I}, M, 50},
    {REQUEST_READ_EXCLUSIVE, {I, E, I}, {I, I, I}, M, 50},
    {REQUEST_READ_EXCLUSIVE, {I, I, M}, {I, I, I}, M, 16},
    {REQUEST_UPGRADE, {S, I, I}, {S, I, I}, M, 2},
    {REQUEST_UPGRADE, {S, S, S}, {S, I, I}, M, 2},
    {REQUEST_UPGRADE, {I, I, I}, {I, I, I}, M, 50}, /* lost, then dropped by its thief */
    {REQUEST_UPGRADE, {I, M, I}, {I, I, I}, M, 16}, /* lost to a writer */
    {REQUEST_WRITE_BACK, {M, I, I}, {M, I, I}, I, 10},
    {REQUEST_FETCH, {I, I, I}, {I, I, I}, S, 50},
    {REQUEST_FETCH, {S, S, I}, {S, S, I}, S, 50},
    {REQUEST_FETCH, {M, I, I}, {S, I, I}, S, 16}, /* its own L1D */
    {REQUEST_FETCH, {I, M, I}, {I, S, I}, S, 16},
    {REQUEST_LOAD, {I, I, I}, {I, I, I}, I, 43},
    {REQUEST_LOAD, {I, M, I}, {I, S, I}, I, 16},
    {REQUEST_STORE, {I, S, S}, {I, I, I}, I, 3},
    {REQUEST_STORE, {S, S, I}, {I, I, I}, I, 3},
    {REQUEST_STORE, {I, I, M}, {I, I, I}, I, 17}, /* the line's other bytes first */
};

static void test_transactions(void **state)
{
    for (size_t row = 0; row < sizeof table / sizeof *table; row++) {
        struct request request = make(table[row].kind, 0, LINE);
        struct response response;
        struct coherence_cost cost;
        setup(state);
        for (unsigned i = 0; i < 3; i++)
            if (table[row].before[i] != I)
                test_cache_fill(&caches.cache[i], LINE, table[row].before[i]);
        assert_int_equal(coherence_transact(&coherence, &request, 1000, &response, &cost),
                         STATUS_OK);
        for (unsigned i = 0; i < 3; i++)
            assert_int_equal(test_cache_state(&caches.cache[i], LINE), table[row].after[i]);
        assert_int_equal(response.status, STATUS_OK);
        assert_int_equal(response.granted, table[row].granted);
        assert_int_equal(cost.cycles, table[row].cycles);
    }
}

static void test_lost_upgrade_is_a_read(void **state)
{
    struct request request = make(REQUEST_UPGRADE, 0, LINE);
    struct response response;
    struct coherence_cost cost;
    (void)state;
    coherence_transact(&coherence, &request, 0, &response, &cost);
    assert_int_equal(request.kind, REQUEST_READ_EXCLUSIVE);
    assert_int_equal(coherence.counters.lost_upgrades, 1);
    request.kind = REQUEST_UPGRADE;
    test_cache_fill(&caches.cache[0], LINE, S);
    coherence_transact(&coherence, &request, 0, &response, &cost);
    assert_int_equal(request.kind, REQUEST_UPGRADE);
}

static void test_words(void **state)
{
    struct response response;
    struct coherence_cost cost;
    (void)state;
    for (unsigned size = 1; size <= 8; size *= 2) {
        struct request store = make(REQUEST_STORE, 9, LINE + 16),
                       load = make(REQUEST_LOAD, 9, LINE + 16);
        memset(ram_at(&caches.ram, LINE), 0xEE, 64);
        store.size_bytes = load.size_bytes = (uint8_t)size;
        store.data = 0x1122334455667788;
        assert_int_equal(coherence_transact(&coherence, &store, 0, &response, &cost), STATUS_OK);
        assert_int_equal(coherence_transact(&coherence, &load, 0, &response, &cost), STATUS_OK);
        assert_int_equal(response.data, 0x1122334455667788 & (UINT64_MAX >> (64 - 8 * size)));
        assert_int_equal(*ram_at(&caches.ram, LINE + 16 + size), 0xEE);
        assert_int_equal(*ram_at(&caches.ram, LINE + 15), 0xEE);
    }
}

/* What takes something from a holder completes no earlier than that holder's clock; a shared copy
 * that stays shared loses nothing. */
static void test_skew(void **state)
{
    static const struct {
        enum request_kind kind;
        enum mesi held;
        cycle_t not_before;
    } rows[] = {
        {REQUEST_READ, M, 1500},           {REQUEST_READ, E, 1500},    {REQUEST_READ, S, 0},
        {REQUEST_READ_EXCLUSIVE, S, 1500}, {REQUEST_UPGRADE, S, 1500}, {REQUEST_STORE, S, 1500},
        {REQUEST_FETCH, M, 1500},          {REQUEST_LOAD, M, 1500},    {REQUEST_WRITE_BACK, I, 0},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct request request = make(rows[i].kind, 0, LINE);
        struct response response;
        struct coherence_cost cost;
        setup(state);
        caches.cache[1].clock = 1500;
        caches.cache[2].clock = 2500; /* holds nothing */
        if (rows[i].held != I)
            test_cache_fill(&caches.cache[1], LINE, rows[i].held);
        coherence_transact(&coherence, &request, 1000, &response, &cost);
        assert_int_equal(cost.not_before, rows[i].not_before);
    }
}

static void test_deferral(void **state)
{
    struct request request = make(REQUEST_READ_EXCLUSIVE, 0, LINE);
    struct response response;
    struct coherence_cost cost;
    (void)state;
    test_cache_fill(&caches.cache[1], LINE, M);
    caches.cache[1].reserved_line = LINE;
    caches.cache[1].reserved_until = 1080;
    assert_int_equal(coherence_transact(&coherence, &request, 1000, &response, &cost), STATUS_FULL);
    assert_int_equal(cost.not_before, 1080);
    assert_int_equal(cost.cycles, 2);
    assert_int_equal(test_cache_state(&caches.cache[1], LINE), M);
    assert_int_equal(dram.counters.reads + dram.counters.writes, 0);
    assert_int_equal(coherence_transact(&coherence, &request, 1080, &response, &cost), STATUS_OK);
    assert_int_equal(test_cache_state(&caches.cache[1], LINE), I);
    assert_int_equal(coherence.counters.deferrals, 1);
}

static void test_reach(void **state)
{
    (void)state;
    test_cache_fill(&caches.cache[0], LINE, S);
    struct coherence_reach reach = coherence_reach(&coherence, 1, LINE + 8, false, 100);
    assert_false(reach.dirty);
    assert_int_equal(reach.cycles, 0);
    assert_int_equal(test_cache_state(&caches.cache[0], LINE), S);
    coherence_reach(&coherence, 1, LINE + 8, true, 100);
    assert_int_equal(test_cache_state(&caches.cache[0], LINE), I);

    test_cache_fill(&caches.cache[1], LINE, M); /* the master's own cache is one of them */
    caches.cache[1].clock = 90;
    caches.cache[1].reserved_line = LINE;
    caches.cache[1].reserved_until = 130;
    reach = coherence_reach(&coherence, 1, LINE + 63, true, 100);
    assert_true(reach.dirty);
    assert_int_equal(reach.cycles, 6 + 8);
    assert_int_equal(reach.not_before, 130);
    assert_int_equal(test_cache_state(&caches.cache[1], LINE), I);
    assert_int_equal(coherence.counters.reach_write_backs, 1);
}

static void test_bad_requests(void **state)
{
    static const struct {
        enum request_kind kind;
        unsigned size_bytes;
        uint64_t address;
        enum status expected;
    } rows[] = {
        {REQUEST_READ, 0, 0, STATUS_NO_TARGET},
        {REQUEST_READ, 0, MAP_RAM_BASE - 64, STATUS_NO_TARGET},
        {REQUEST_FETCH, 0, MAP_RAM_BASE + TEST_RAM_BYTES, STATUS_NO_TARGET},
        {REQUEST_WRITE_BACK, 0, UINT64_MAX - 63, STATUS_NO_TARGET},
        {REQUEST_READ, 0, LINE + 8, STATUS_DENIED},
        {REQUEST_LOAD, 8, LINE + 4, STATUS_DENIED},
        {REQUEST_LOAD, 0, LINE, STATUS_DENIED},
        {REQUEST_LOAD, 3, LINE, STATUS_DENIED},
        {REQUEST_LOAD, 16, LINE, STATUS_DENIED},
        {REQUEST_STORE, 8, MAP_RAM_BASE + TEST_RAM_BYTES, STATUS_NO_TARGET},
        {REQUEST_STORE, 8, MAP_RAM_BASE + TEST_RAM_BYTES - 8, STATUS_OK},
        {REQUEST_BLOCK_WORD, 8, LINE, STATUS_DENIED},
        {(enum request_kind)99, 8, LINE, STATUS_DENIED},
    };
    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct request request = make(rows[i].kind, 0, rows[i].address);
        struct response response;
        struct coherence_cost cost;
        request.size_bytes = (uint8_t)rows[i].size_bytes;
        assert_int_equal(coherence_transact(&coherence, &request, 0, &response, &cost),
                         rows[i].expected);
        assert_int_equal(response.status, rows[i].expected);
        assert_true(cost.cycles > 0);
    }
}

static void test_limits(void **state)
{
    struct coherence_config config = coherence.config;
    (void)state;
    config.line_bytes = 4;
    assert_int_equal(coherence_init(&coherence, &config, &coherence.links), STATUS_INVALID);
    config.line_bytes = 96;
    assert_int_equal(coherence_init(&coherence, &config, &coherence.links), STATUS_INVALID);
    config.line_bytes = 64;
    config.address_cycles = 0;
    assert_int_equal(coherence_init(&coherence, &config, &coherence.links), STATUS_INVALID);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup(test_transactions, setup),
        cmocka_unit_test_setup(test_lost_upgrade_is_a_read, setup),
        cmocka_unit_test_setup(test_words, setup),
        cmocka_unit_test_setup(test_skew, setup),
        cmocka_unit_test_setup(test_deferral, setup),
        cmocka_unit_test_setup(test_reach, setup),
        cmocka_unit_test_setup(test_bad_requests, setup),
        cmocka_unit_test_setup(test_limits, setup),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
