/* SPDX-License-Identifier: Apache-2.0 */
/* The smart memory's lists: what each operation does, costs and reports; all masters on one list
 * at once; lists that somebody has corrupted. */
#include "ipc/mechanism_table.h"
#include "ipc/smart_bus.h"
#include "ipc/test_machine.h"

#include <setjmp.h>
#include <stdarg.h>

#include <cmocka.h>

#define LIST MAP_RAM_BASE
#define ELEMENT(n) (MAP_RAM_BASE + 0x1000 + 64 * (uint64_t)(n))
#define ELEMENTS 64

static struct test_machine m;

static const struct mechanism *smart_bus(void)
{
    return mechanism_find("smart-bus")->model;
}

static int setup(void **state)
{
    (void)state;
    return test_machine_init(&m, smart_bus(), NULL) != STATUS_OK;
}

static int teardown(void **state)
{
    (void)state;
    test_machine_free(&m);
    return 0;
}

static uint64_t window(uint64_t which, uint64_t place)
{
    return MAP_MECHANISM_BASE + which + (place - MAP_RAM_BASE);
}

static enum status enqueue(unsigned master, uint64_t list, uint64_t elem)
{
    return test_machine_do(&m, master, REQUEST_STORE, window(SMART_ENQUEUE, list), &elem);
}

static uint64_t first(unsigned master, uint64_t list)
{
    uint64_t elem = 0xBAD;
    assert_int_equal(test_machine_do(&m, master, REQUEST_LOAD, window(SMART_FIRST, list), &elem),
                     STATUS_OK);
    return elem;
}

static uint64_t dequeue(unsigned master, uint64_t list, uint64_t elem)
{
    uint64_t found = elem;
    assert_int_equal(
        test_machine_do(&m, master, REQUEST_STORE, window(SMART_DEQUEUE, list), &found), STATUS_OK);
    assert_int_equal(test_machine_do(&m, master, REQUEST_LOAD, window(SMART_DEQUEUE, list), &found),
                     STATUS_OK);
    return found;
}

static void poke(uint64_t address, uint64_t value)
{
    memcpy(ram_at(&m.caches.ram, address), &value, sizeof value);
}

static uint64_t peek(uint64_t address)
{
    uint64_t value;
    memcpy(&value, ram_at(&m.caches.ram, address), sizeof value);
    return value;
}

static void test_first_in_first_out(void **state)
{
    (void)state;
    assert_int_equal(first(0, LIST), 0);
    for (unsigned i = 0; i < 5; i++)
        assert_int_equal(enqueue(i % 3, LIST, ELEMENT(i)), STATUS_OK);
    assert_int_equal(peek(LIST), ELEMENT(4));
    assert_int_equal(peek(ELEMENT(4)), ELEMENT(0)); /* a circle */
    for (unsigned i = 0; i < 5; i++)
        assert_int_equal(first(i % 2, LIST), ELEMENT(i));
    assert_int_equal(first(0, LIST), 0);
    assert_int_equal(peek(LIST), 0);
}

static void test_dequeue_anywhere(void **state)
{
    for (unsigned victim = 0; victim < 4; victim++) {
        setup(state);
        for (unsigned i = 0; i < 4; i++)
            enqueue(0, LIST, ELEMENT(i));
        assert_int_equal(dequeue(1, LIST, ELEMENT(victim)), 1);
        assert_int_equal(dequeue(1, LIST, ELEMENT(victim)), 0);
        enqueue(0, LIST, ELEMENT(4));
        for (unsigned i = 0; i < 5; i++)
            if (i != victim)
                assert_int_equal(first(0, LIST), ELEMENT(i));
        assert_int_equal(first(0, LIST), 0);
    }
    assert_int_equal(dequeue(0, LIST, ELEMENT(0)), 0); /* empty */
    enqueue(0, LIST, ELEMENT(0));
    assert_int_equal(dequeue(0, LIST, ELEMENT(0)), 1); /* the only one */
    assert_int_equal(peek(LIST), 0);
}

/* The answer belongs to the master that asked, and is given once. */
static void test_found_is_per_master(void **state)
{
    uint64_t elem = ELEMENT(0), found = 0;
    (void)state;
    enqueue(0, LIST, ELEMENT(0));
    test_machine_do(&m, 2, REQUEST_STORE, window(SMART_DEQUEUE, LIST), &elem);
    assert_int_equal(dequeue(1, LIST, ELEMENT(1)), 0);
    test_machine_do(&m, 2, REQUEST_LOAD, window(SMART_DEQUEUE, LIST), &found);
    assert_int_equal(found, 1);
    test_machine_do(&m, 2, REQUEST_LOAD, window(SMART_DEQUEUE, LIST), &found);
    assert_int_equal(found, 0);
}

/* A plain queue that performs the same operations in the order in which the bus granted them. */
static struct {
    uint64_t elem[ELEMENTS];
    unsigned count;
} model;

static void model_remove(unsigned at)
{
    memmove(&model.elem[at], &model.elem[at + 1], (--model.count - at) * sizeof model.elem[0]);
}

static unsigned model_find(uint64_t elem)
{
    unsigned i = 0;
    while (i < model.count && model.elem[i] != elem)
        i++;
    return i;
}

enum hammer_op { OP_ENQUEUE, OP_FIRST, OP_DEQUEUE, OP_FOUND };

struct hammer {
    enum hammer_op op;
    uint64_t elem;     /* asked for */
    uint64_t expected; /* by a load */
    bool granted;
    uint64_t held[ELEMENTS]; /* elements this master may enqueue */
    unsigned held_count;
};

static struct hammer hammers[TEST_CACHES];
static uint64_t seed, done[4];

/* Called when the bus grants: what the queue would do. */
static void model_perform(struct hammer *h)
{
    unsigned at = model_find(h->elem);

    if (h->op == OP_ENQUEUE) {
        model.elem[model.count++] = h->elem;
    } else if (h->op == OP_FIRST) {
        h->expected = model.count ? model.elem[0] : 0;
        if (model.count)
            model_remove(0);
    } else if (h->op == OP_DEQUEUE) {
        h->expected = at < model.count;
        if (at < model.count)
            model_remove(at);
    }
}

static enum status spied_access(void *state, const struct request *request, cycle_t now,
                                struct response *response, struct mechanism_cost *cost)
{
    model_perform(&hammers[request->master]);
    return smart_bus()->access(state, request, now, response, cost);
}

static void hammer_ask(unsigned master, struct hammer *h, enum hammer_op op, uint64_t elem)
{
    static const uint64_t windows[] = {SMART_ENQUEUE, SMART_FIRST, SMART_DEQUEUE, SMART_DEQUEUE};

    h->op = op;
    h->elem = elem;
    done[op]++;
    test_machine_ask(&m, master,
                     op == OP_ENQUEUE || op == OP_DEQUEUE ? REQUEST_STORE : REQUEST_LOAD,
                     window(windows[op], LIST), elem);
}

static void hammer_next(unsigned master, struct hammer *h)
{
    uint64_t choice = test_random(&seed) % 8;

    if (h->op == OP_DEQUEUE) { /* learn what it did */
        hammer_ask(master, h, OP_FOUND, h->elem);
    } else if (choice < 4 && h->held_count) {
        hammer_ask(master, h, OP_ENQUEUE, h->held[--h->held_count]);
    } else if (choice < 7) {
        hammer_ask(master, h, OP_FIRST, 0);
    } else {
        hammer_ask(master, h, OP_DEQUEUE, ELEMENT(test_random(&seed) % ELEMENTS));
    }
}

static void hammer_check(unsigned master, struct hammer *h)
{
    struct response response = m.master[master].response;

    assert_int_equal(response.status, STATUS_OK);
    if (h->op == OP_FIRST || h->op == OP_FOUND)
        assert_int_equal(response.data, h->expected);
    if (h->op == OP_FIRST && response.data)
        h->held[h->held_count++] = response.data;
    if (h->op == OP_FOUND && response.data)
        h->held[h->held_count++] = h->elem;
}

static void check_nothing_lost(void)
{
    unsigned seen[ELEMENTS] = {0}, total = 0;

    for (unsigned i = 0; i < TEST_CACHES; i++)
        for (unsigned j = 0; j < hammers[i].held_count; j++)
            seen[(hammers[i].held[j] - ELEMENT(0)) / 64]++;
    for (uint64_t elem; (elem = first(0, LIST)) != 0; total++)
        seen[(elem - ELEMENT(0)) / 64]++;
    for (unsigned i = 0; i < ELEMENTS; i++)
        assert_int_equal(seen[i], 1);
    assert_int_equal(total, model.count);
}

static void dirty_some_copy(void)
{
    struct test_cache *cache = &m.caches.cache[test_random(&seed) % TEST_CACHES];
    uint64_t address = test_random(&seed) % 3 ? ELEMENT(test_random(&seed) % ELEMENTS) : LIST;

    cache->clock = m.now + test_random(&seed) % 20;
    if (!coherence_reach(&m.coherence, 0, address, true, m.now).dirty)
        test_cache_fill(cache, address, MESI_MODIFIED);
}

static void test_hammer(void **state)
{
    struct mechanism spied = *smart_bus();
    (void)state;
    memset(hammers, 0, sizeof hammers);
    memset(done, 0, sizeof done);
    model.count = 0;
    seed = 42;
    spied.access = spied_access;
    m.mechanism = &spied;
    for (unsigned i = 0; i < ELEMENTS; i++)
        hammers[i % TEST_CACHES].held[i / TEST_CACHES] = ELEMENT(i);
    for (unsigned i = 0; i < TEST_CACHES; i++) {
        hammers[i].held_count = ELEMENTS / TEST_CACHES;
        hammer_next(i, &hammers[i]);
    }
    while (m.now < 2000000) {
        test_machine_step(&m);
        unsigned i = (unsigned)(test_random(&seed) % TEST_CACHES);
        if (!test_machine_busy(&m, i)) {
            hammer_check(i, &hammers[i]);
            hammer_next(i, &hammers[i]);
        }
        if (test_random(&seed) % 64 == 0)
            dirty_some_copy();
    }
    assert_true(test_machine_settle(&m, 100000));
    for (unsigned i = 0; i < TEST_CACHES; i++) {
        hammer_check(i, &hammers[i]);
        if (hammers[i].op == OP_DEQUEUE)
            hammer_next(i, &hammers[i]);
        assert_true(test_machine_settle(&m, 100000));
        if (hammers[i].op == OP_FOUND)
            hammer_check(i, &hammers[i]);
    }
    m.mechanism = smart_bus();
    for (unsigned op = 0; op < 4; op++)
        assert_true(done[op] > 1000);
    check_nothing_lost();
}

static cycle_t cost_of(unsigned master, enum request_kind kind, uint64_t address, uint64_t data)
{
    struct request request = {kind, (uint16_t)master, 8, address, data, m.now};
    struct response response;
    struct mechanism_cost cost;

    m.now += 1000;
    assert_int_equal(smart_bus()->access(m.state, &request, m.now, &response, &cost), STATUS_OK);
    assert_int_equal(cost.wait, ACTIVITY_queue);
    return cost.bus_cycles;
}

/* Address 1, data 1, controller 4; memory 40 and a beat for each line that is not at hand. */
static void test_cost(void **state)
{
    (void)state;
    assert_int_equal(cost_of(0, REQUEST_STORE, window(SMART_ENQUEUE, LIST), ELEMENT(0)), 6 + 41);
    assert_int_equal(cost_of(0, REQUEST_STORE, window(SMART_ENQUEUE, LIST), ELEMENT(1)), 6 + 41);
    assert_int_equal(cost_of(0, REQUEST_LOAD, window(SMART_FIRST, LIST), 0), 6 + 41);
    assert_int_equal(cost_of(0, REQUEST_STORE, window(SMART_ENQUEUE, LIST), ELEMENT(0)), 6);
    assert_int_equal(cost_of(0, REQUEST_LOAD, window(SMART_FIRST, LIST), 0), 6);
    assert_int_equal(cost_of(0, REQUEST_LOAD, window(SMART_FIRST, LIST), 0), 6);
    test_cache_fill(&m.caches.cache[3], ELEMENT(9),
                    MESI_MODIFIED); /* write-back: answer 6, 8 beats */
    assert_int_equal(cost_of(0, REQUEST_STORE, window(SMART_ENQUEUE, LIST), ELEMENT(9)), 6 + 14);
    assert_int_equal(test_cache_state(&m.caches.cache[3], ELEMENT(9)), MESI_INVALID);
}

/* The parameters mean what they say: k cycles more are k cycles more for each operation. */
static void test_parameters(void **state)
{
    const struct mechanism *model_used = smart_bus();
    uint64_t values[16];
    (void)state;
    assert_in_range(model_used->parameter_count, 3, 16);
    for (size_t i = 0; i < model_used->parameter_count; i++)
        values[i] = model_used->parameters[i].value;
    assert_string_equal(model_used->parameters[0].name, "smart_bus.enqueue_cycles");
    values[0] += 100;
    values[1] += 200;
    values[2] += 300;
    assert_int_equal(test_machine_init(&m, model_used, values), STATUS_OK);
    assert_int_equal(cost_of(0, REQUEST_STORE, window(SMART_ENQUEUE, LIST), ELEMENT(0)), 106 + 41);
    assert_int_equal(cost_of(0, REQUEST_STORE, window(SMART_ENQUEUE, LIST), ELEMENT(1)), 106 + 41);
    assert_int_equal(cost_of(0, REQUEST_STORE, window(SMART_DEQUEUE, LIST), ELEMENT(1)),
                     2 + 2 * 304 + 41);
    assert_int_equal(cost_of(0, REQUEST_LOAD, window(SMART_FIRST, LIST), 0), 206);
    values[3] = 0; /* no buffer: every read goes to memory */
    assert_int_equal(test_machine_init(&m, model_used, values), STATUS_OK);
    assert_int_equal(cost_of(0, REQUEST_STORE, window(SMART_ENQUEUE, LIST), ELEMENT(0)), 106 + 41);
    assert_int_equal(cost_of(0, REQUEST_LOAD, window(SMART_FIRST, LIST), 0), 206 + 2 * 41);
    values[3] = 65;
    assert_int_equal(test_machine_init(&m, model_used, values), STATUS_INVALID);
}

static void test_skew(void **state)
{
    struct request request = {REQUEST_STORE, 0, 8, window(SMART_ENQUEUE, LIST), ELEMENT(0), 0};
    struct response response;
    struct mechanism_cost cost;
    (void)state;
    test_cache_fill(&m.caches.cache[2], LIST, MESI_SHARED);
    m.caches.cache[2].clock = 5000;
    smart_bus()->access(m.state, &request, 100, &response, &cost);
    assert_int_equal(cost.not_before, 5000);
    assert_int_equal(m.probe.count, 1); /* it takes effect when it ends */
    assert_int_equal(m.events[0].cycle, 5000);
}

static void test_events(void **state)
{
    (void)state;
    enqueue(3, LIST, ELEMENT(7));
    cycle_t answered = m.master[3].response.cycle;
    first(4, LIST);
    first(5, LIST);
    dequeue(6, LIST, ELEMENT(1));
    const struct event expected[] = {
        {answered, EVENT_smart_enqueue, 3, 0, {LIST, ELEMENT(7), 0, 0}},
        {m.events[1].cycle, EVENT_smart_first, 4, 0, {LIST, ELEMENT(7), 0, 0}},
        {m.events[2].cycle, EVENT_smart_first, 5, 0, {LIST, 0, 0, 0}},
        {m.events[3].cycle, EVENT_smart_dequeue, 6, 0, {LIST, ELEMENT(1), 0, 0}},
    };
    assert_int_equal(m.probe.count, 4);
    assert_memory_equal(m.events, expected, sizeof expected);
}

static void expect_refused(enum request_kind kind, uint64_t which, uint64_t place, uint64_t data)
{
    uint8_t before[TEST_RAM_BYTES];
    memcpy(before, m.caches.bytes, sizeof before);
    assert_int_equal(test_machine_do(&m, 0, kind, window(which, place), &data), STATUS_DENIED);
    assert_memory_equal(before, m.caches.bytes, sizeof before);
}

static void test_bad_operands(void **state)
{
    static const uint64_t bad[] = {0,
                                   8,
                                   MAP_RAM_BASE - 8,
                                   MAP_RAM_BASE + TEST_RAM_BYTES,
                                   MAP_RAM_BASE + 4,
                                   UINT64_MAX,
                                   UINT64_MAX - 7};
    (void)state;
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        expect_refused(REQUEST_STORE, SMART_ENQUEUE, LIST, bad[i]);
        expect_refused(REQUEST_STORE, SMART_DEQUEUE, LIST, bad[i]);
    }
    expect_refused(REQUEST_STORE, SMART_ENQUEUE, MAP_RAM_BASE + TEST_RAM_BYTES, ELEMENT(0));
    expect_refused(REQUEST_LOAD, SMART_FIRST, MAP_RAM_BASE + TEST_RAM_BYTES, 0);
    expect_refused(REQUEST_LOAD, SMART_DEQUEUE, MAP_RAM_BASE + TEST_RAM_BYTES, 0);
    expect_refused(REQUEST_LOAD, SMART_ENQUEUE, LIST, 0);
    expect_refused(REQUEST_STORE, SMART_FIRST, LIST, 0);
    expect_refused(REQUEST_STORE, SMART_BLOCK_WAIT, LIST, 0);
    expect_refused(REQUEST_LOAD, SMART_WINDOW(6), LIST, 0);
    expect_refused(REQUEST_LOAD, SMART_WINDOW(7), LIST, 0);
}

/* Lists nobody built: the operation is refused and changes nothing. */
static void test_corrupted_lists(void **state)
{
    static const struct {
        uint64_t last, link0, link1;  /* the list, and the links of elements 0 and 1 */
        bool enqueue, first, dequeue; /* refused? (dequeue looks for element 1) */
    } table[] = {
        {1, 0, 0, true, true, true},
        {UINT64_MAX, 0, 0, true, true, true},
        {MAP_RAM_BASE + TEST_RAM_BYTES, 0, 0, true, true, true},
        {ELEMENT(0), 0, 0, true, true, true},                    /* a link to nowhere */
        {ELEMENT(0), ELEMENT(1), 0, false, true, true},          /* one further */
        {ELEMENT(0), ELEMENT(1), 3, false, true, true},          /* misaligned */
        {ELEMENT(0), ELEMENT(2), ELEMENT(0), false, true, true}, /* element 2's link is 0 */
    };
    for (size_t i = 0; i < sizeof table / sizeof *table; i++) {
        setup(state);
        poke(LIST, table[i].last);
        poke(ELEMENT(0), table[i].link0);
        poke(ELEMENT(1), table[i].link1);
        if (table[i].enqueue)
            expect_refused(REQUEST_STORE, SMART_ENQUEUE, LIST, ELEMENT(5));
        if (table[i].first)
            expect_refused(REQUEST_LOAD, SMART_FIRST, LIST, 0);
        if (table[i].dequeue)
            expect_refused(REQUEST_STORE, SMART_DEQUEUE, LIST, ELEMENT(1));
    }
}

/* A circle that does not come back to where it began must not hang the controller. */
static void test_endless_walk(void **state)
{
    (void)state;
    poke(LIST, ELEMENT(0));
    poke(ELEMENT(0), ELEMENT(1));
    poke(ELEMENT(1), ELEMENT(2));
    poke(ELEMENT(2), ELEMENT(1));
    expect_refused(REQUEST_STORE, SMART_DEQUEUE, LIST, ELEMENT(9));
}

/* Random words as lists, and lists that overlap elements: nothing outside RAM is touched
 * (sanitizers watch), nothing hangs. */
static void test_garbage(void **state)
{
    static const uint64_t windows[] = {SMART_ENQUEUE, SMART_FIRST, SMART_DEQUEUE};
    uint64_t refused = 0;
    (void)state;
    seed = 7;
    for (unsigned round = 0; round < 20000; round++) {
        uint64_t place = MAP_RAM_BASE + test_random(&seed) % 64 * 8,
                 which = windows[test_random(&seed) % 3];
        uint64_t data = MAP_RAM_BASE + test_random(&seed) % 64 * 8;
        struct request request = {which == SMART_FIRST ? REQUEST_LOAD : REQUEST_STORE,
                                  0,
                                  8,
                                  window(which, place),
                                  data,
                                  0};
        struct response response;
        struct mechanism_cost cost;
        if (test_random(&seed) % 8 == 0)
            poke(MAP_RAM_BASE + test_random(&seed) % 64 * 8,
                 test_random(&seed) >> test_random(&seed) % 64);
        refused += smart_bus()->access(m.state, &request, round, &response, &cost) != STATUS_OK;
    }
    assert_in_range(refused, 100, 19900);
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)
    const struct CMUnitTest tests[] = {
        TEST(test_first_in_first_out),
        TEST(test_dequeue_anywhere),
        TEST(test_found_is_per_master),
        TEST(test_hammer),
        TEST(test_cost),
        TEST(test_parameters),
        TEST(test_skew),
        TEST(test_events),
        TEST(test_bad_operands),
        TEST(test_corrupted_lists),
        TEST(test_endless_walk),
        TEST(test_garbage),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
