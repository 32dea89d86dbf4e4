/* SPDX-License-Identifier: Apache-2.0 */
/* Random masters hammer a few lines over bus and coherence, each running ahead on its hits up to a
 * quantum, as harts do. Checked all the while: one writer or many readers; no hit on a stale copy;
 * no access before what it depends on (a read before the write it sees, a write before a read of
 * what it overwrites). */
#include "memory/bus.h"
#include "memory/coherence.h"
#include "memory/test_caches.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>

#include <cmocka.h>

#define LINES 24 /* more than a cache holds, so that dirty victims leave */
#define MASTERS 5
#define CONTROLLER EVENT_SOURCE_CONTROLLER

enum need { NEED_NOTHING, NEED_READ, NEED_WRITE };

struct master {
    enum need need; /* the access that waits for a transaction */
    uint64_t address;
    bool on_bus;
    struct request granted;
    struct response response; /* due at its cycle */
    bool response_due;
};

static struct test_caches caches;
static struct dram dram;
static struct coherence coherence;
static struct bus bus;
static struct master masters[MASTERS];
static cycle_t last_write[TEST_RAM_LINES], last_read[TEST_RAM_LINES];
static uint64_t seed, accesses, transactions;
static cycle_t quantum;
static struct sharers sharers;
static struct sharers_set sets[8];

/* `filter_sets`: of the snoop filter; 0: none. */
static void setup_machine(uint64_t new_seed, cycle_t new_quantum, size_t filter_sets)
{
    const struct dram_config timing = {20, 3, 1, 8, new_seed};
    const struct coherence_config config = {64, 1, 6};
    const struct coherence_links links = {&caches.ram, &dram, caches.snooper, MASTERS,
                                          filter_sets ? &sharers : NULL};
    const struct bus_config bus_config = {1, 50, 64};

    test_caches_init(&caches, 1024, 2);
    if (filter_sets)
        assert_int_equal(sharers_init(&sharers, sets, filter_sets, caches.snooper, 64), STATUS_OK);
    dram_init(&dram, &timing, NULL);
    assert_int_equal(coherence_init(&coherence, &config, &links), STATUS_OK);
    bus_init(&bus, &bus_config, NULL);
    memset(masters, 0, sizeof masters);
    memset(last_write, 0, sizeof last_write);
    memset(last_read, 0, sizeof last_read);
    seed = new_seed;
    quantum = new_quantum;
    accesses = transactions = 0;
}

static void record_read(uint64_t index, cycle_t at)
{
    assert_true(at >= last_write[index]);
    last_read[index] = cycle_max(last_read[index], at);
    accesses++;
}

static void record_write(uint64_t index, cycle_t at)
{
    assert_true(at >= last_write[index] && at >= last_read[index]);
    last_write[index] = at;
    caches.version[index]++;
    accesses++;
}

/* A hit in a sufficient state, at the master's own clock. */
static void hit(struct test_cache *cache, struct cache_line *line, uint64_t address, bool write)
{
    uint64_t index = test_line_index(address);

    cache_touch(&cache->tags, line);
    assert_int_equal(cache->version[index], caches.version[index]);
    if (!write) {
        record_read(index, cache->clock);
        return;
    }
    assert_true(cache_state(line) >= MESI_EXCLUSIVE);
    cache_set_state(line, MESI_MODIFIED);
    record_write(index, cache->clock);
    cache->version[index] = caches.version[index];
}

static void raise_request(unsigned number, enum request_kind kind, uint64_t address)
{
    struct request request = {.kind = kind,
                              .master = (uint16_t)number,
                              .address = address,
                              .cycle = caches.cache[number].clock};
    masters[number].granted = request;
}

/* The transaction that the waiting access needs next; a dirty victim leaves first. */
static void ask_for_line(unsigned number)
{
    struct master *master = &masters[number];
    struct test_cache *cache = &caches.cache[number];
    struct cache_line *line = cache_find(&cache->tags, master->address);
    struct cache_victim victim = cache_victim(&cache->tags, master->address);

    if (line)
        raise_request(number, REQUEST_UPGRADE, master->address);
    else if (victim.state == MESI_MODIFIED)
        raise_request(number, REQUEST_WRITE_BACK, victim.address);
    else
        raise_request(number, master->need == NEED_WRITE ? REQUEST_READ_EXCLUSIVE : REQUEST_READ,
                      master->address);
}

static bool try_access(unsigned number)
{
    struct master *master = &masters[number];
    struct test_cache *cache = &caches.cache[number];
    struct cache_line *line = cache_find(&cache->tags, master->address);
    bool write = master->need == NEED_WRITE;

    if (!line || (write && cache_state(line) < MESI_EXCLUSIVE))
        return false;
    hit(cache, line, master->address, write);
    if (test_random(&seed) % 16 == 0) { /* as if by LR */
        cache->reserved_line = master->address;
        cache->reserved_until = cache->clock + 30;
    }
    master->need = NEED_NOTHING;
    return true;
}

/* Runs ahead up to the quantum's end, or to the first access that needs the bus. */
static void run_master(unsigned number, cycle_t now)
{
    struct master *master = &masters[number];
    struct test_cache *cache = &caches.cache[number];

    cache->clock = cycle_max(cache->clock, now);
    while (cache->clock < now + quantum) {
        cache->clock += 1 + test_random(&seed) % 3;
        master->need = test_random(&seed) % 3 ? NEED_READ : NEED_WRITE;
        master->address = MAP_RAM_BASE + test_random(&seed) % LINES * TEST_LINE_BYTES;
        if (!try_access(number)) {
            ask_for_line(number);
            return;
        }
    }
}

static void deliver(unsigned number)
{
    struct master *master = &masters[number];
    struct test_cache *cache = &caches.cache[number];
    struct cache_line *line = cache_find(&cache->tags, master->granted.address);

    master->response_due = master->on_bus = false;
    cache->clock = cycle_max(cache->clock, master->response.cycle);
    if (master->granted.kind == REQUEST_WRITE_BACK) {
        if (line)
            cache_invalidate(line);
        ask_for_line(number);
        return;
    }
    if (line)
        cache_set_state(line, master->response.granted);
    else
        test_cache_fill(cache, master->granted.address, master->response.granted);
    assert_true(try_access(number));
}

static void check_single_writer(void)
{
    for (uint64_t address = MAP_RAM_BASE; address < MAP_RAM_BASE + LINES * TEST_LINE_BYTES;
         address += TEST_LINE_BYTES) {
        unsigned copies = 0, owners = 0;
        for (unsigned i = 0; i < MASTERS; i++) {
            enum mesi held = test_cache_state(&caches.cache[i], address);
            copies += held != MESI_INVALID;
            owners += held >= MESI_EXCLUSIVE;
        }
        assert_true(owners == 0 || copies == 1);
    }
}

/* A word of a stream: a master without a cache reads or writes. */
static void stream_word(const struct request *request, cycle_t now)
{
    bool write = test_random(&seed) % 2;
    struct coherence_reach reach =
        coherence_reach(&coherence, CONTROLLER, request->address, write, now);
    cycle_t end = bus_hold(&bus, now, request, 2 + reach.cycles, reach.not_before, ACTIVITY_copy);

    if (write)
        record_write(test_line_index(request->address), end);
    else
        record_read(test_line_index(request->address), end);
}

static void grant(cycle_t now)
{
    struct request request;
    struct response response;
    struct coherence_cost cost;

    if (!bus_grant(&bus, now, &request))
        return;
    transactions++;
    if (request.kind == REQUEST_BLOCK_WORD) {
        stream_word(&request, now);
        return;
    }
    struct master *master = &masters[request.master];
    enum status status = coherence_transact(&coherence, &request, now, &response, &cost);
    cycle_t end = bus_hold(&bus, now, &request, cost.cycles,
                           status == STATUS_FULL ? 0 : cost.not_before, ACTIVITY_memory);
    if (status == STATUS_FULL) {
        bus_retry(&bus, &request, cost.not_before);
        return;
    }
    assert_int_equal(status, STATUS_OK);
    response.cycle = end;
    master->response = response;
    master->response_due = true;
}

static void step(cycle_t now)
{
    for (unsigned i = 0; i < MASTERS; i++)
        if (masters[i].response_due && masters[i].response.cycle == now) {
            deliver(i);
            check_single_writer();
        }
    for (unsigned i = 0; i < MASTERS; i++) {
        struct master *master = &masters[i];
        if (master->need == NEED_NOTHING && caches.cache[i].clock <= now)
            run_master(i, now);
        if (master->need != NEED_NOTHING && !master->on_bus && master->granted.cycle <= now) {
            master->granted.cycle = now;
            master->on_bus = true;
            bus_request(&bus, &master->granted);
        }
    }
    bool stream_waits = bus.waiting[CONTROLLER / 64] >> CONTROLLER % 64 & 1;
    if (!stream_waits && test_random(&seed) % 64 == 0) {
        struct request word = {
            .kind = REQUEST_BLOCK_WORD, .master = CONTROLLER, .size_bytes = 8, .cycle = now};
        word.address = MAP_RAM_BASE + test_random(&seed) % LINES * TEST_LINE_BYTES;
        bus_request(&bus, &word);
    }
    if (bus_next(&bus) <= now)
        grant(now);
}

static void run_filtered(uint64_t with_seed, cycle_t with_quantum, cycle_t cycles,
                         size_t filter_sets)
{
    setup_machine(with_seed, with_quantum, filter_sets);
    for (cycle_t now = 0; now < cycles; now++)
        step(now);
    /* Nobody starves, and the run meant something. */
    assert_true(transactions > cycles / 60);
    assert_true(accesses > transactions / 3);
    assert_true(coherence.counters.lost_upgrades > 0);
    assert_true(coherence.counters.deferrals > 0);
    assert_true(coherence.counters.cache_answers > 0);
    assert_true(coherence.counters.reach_write_backs > 0);
    assert_true(filter_sets != 1 || sets[0].full);
    assert_true(filter_sets != 8 || !sets[0].full);
}

/* A snoop filter of whatever size changes nothing. */
static void run(uint64_t with_seed, cycle_t with_quantum, cycle_t cycles)
{
    run_filtered(with_seed, with_quantum, cycles, 0);
    const uint64_t unfiltered = accesses;
    const struct coherence_counters counters = coherence.counters;
    const uint64_t state = seed;
    for (size_t filter_sets = 1; filter_sets <= sizeof sets / sizeof *sets; filter_sets *= 2) {
        run_filtered(with_seed, with_quantum, cycles, filter_sets);
        assert_int_equal(accesses, unfiltered);
        assert_int_equal(seed, state);
        assert_memory_equal(&coherence.counters, &counters, sizeof counters);
    }
}

static void test_lockstep(void **state)
{
    (void)state;
    run(1, 1, 100000);
}

static void test_default_quantum(void **state)
{
    (void)state;
    for (uint64_t i = 2; i < 8; i++)
        run(i, 20, 100000);
}

static void test_long_quantum(void **state)
{
    (void)state;
    run(9, 1000, 200000);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_lockstep),
        cmocka_unit_test(test_default_quantum),
        cmocka_unit_test(test_long_quantum),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
