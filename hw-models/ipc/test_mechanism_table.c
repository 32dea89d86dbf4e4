/* SPDX-License-Identifier: Apache-2.0 */
/* The contract: what mechanism.h promises, asked of every mechanism in the table that has
 * hardware, whatever it is. Requests are random, so most are nonsense to the mechanism; it may
 * refuse them, but must stay alive, inside RAM, and honest. */
#include "ipc/mechanism_table.h"
#include "ipc/test_machine.h"

#include <setjmp.h>
#include <stdarg.h>

#include <cmocka.h>

#define GUARD 256 /* bytes on both sides of RAM that nobody may touch */
#define SMALL_RAM 4096

static struct test_machine m, twin;
static uint64_t seed;

static void test_names(void **state)
{
    (void)state;
    assert_in_range(mechanism_count, 2, 100);
    for (size_t i = 0; i < mechanism_count; i++) {
        assert_ptr_equal(mechanism_find(mechanism_table[i].name), &mechanism_table[i]);
        assert_non_null(mechanism_table[i].model);
        assert_true(strlen(mechanism_table[i].compatible) > 0 &&
                    strlen(mechanism_table[i].doc) > 0);
    }
    assert_null(mechanism_find("smart_bus"));
    assert_null(mechanism_find(""));
    assert_null(mechanism_find("software")->model->init);
    assert_non_null(mechanism_find("smart-bus")->model->init);
}

static void start(struct test_machine *machine, const struct mechanism *mechanism)
{
    assert_int_equal(test_machine_init(machine, mechanism, NULL), STATUS_OK);
    memset(machine->caches.bytes, 0xA5, GUARD);
    memset(machine->caches.bytes + GUARD + SMALL_RAM, 0xA5, GUARD);
    machine->caches.ram.bytes = machine->caches.bytes + GUARD;
    machine->caches.ram.size_bytes = SMALL_RAM;
}

static void check_guards(const struct test_machine *machine)
{
    for (size_t i = 0; i < GUARD; i++) {
        assert_int_equal(machine->caches.bytes[i], 0xA5);
        assert_int_equal(machine->caches.bytes[GUARD + SMALL_RAM + i], 0xA5);
    }
}

/* An operand that is sometimes an address, sometimes small, sometimes anything. */
static uint64_t random_operand(void)
{
    switch (test_random(&seed) % 4) {
    case 0:
        return MAP_RAM_BASE + test_random(&seed) % (SMALL_RAM + 64);
    case 1:
        return MAP_RAM_BASE + test_random(&seed) % (SMALL_RAM / 8) * 8;
    case 2:
        return test_random(&seed) % 4 << 32 | test_random(&seed) % 600;
    default:
        return test_random(&seed) >> test_random(&seed) % 64;
    }
}

static uint64_t random_address(void)
{
    uint64_t offset = test_random(&seed) % 8 ? test_random(&seed) % SMALL_RAM & ~(uint64_t)7
                                             : test_random(&seed) % MAP_MECHANISM_SIZE;
    return MAP_MECHANISM_BASE + test_random(&seed) % 8 * MAP_MECHANISM_WINDOW +
           offset % MAP_MECHANISM_WINDOW;
}

static void random_step(struct test_machine *machine, bool answers[TEST_CACHES])
{
    unsigned master = (unsigned)(test_random(&seed) % TEST_CACHES);

    if (!test_machine_busy(machine, master)) {
        enum request_kind kind = test_random(&seed) % 2 ? REQUEST_LOAD : REQUEST_STORE;
        uint64_t address = random_address(), operand = random_operand();
        test_machine_ask(machine, master, kind, address, operand);
        answers[master] = true;
    }
    test_machine_step(machine);
}

/* Every access is answered in bounded time, whatever it was, and memory outside RAM stays as it
 * was. */
static void survive(const struct mechanism *mechanism)
{
    bool asked[TEST_CACHES] = {false};
    start(&m, mechanism);
    seed = 11;
    for (unsigned i = 0; i < 3000000; i++)
        random_step(&m, asked);
    assert_true(test_machine_settle(&m, 10000000));
    for (unsigned i = 0; i < TEST_CACHES; i++)
        assert_true(!asked[i] || m.master[i].answered);
    assert_true(m.denied > 100);
    check_guards(&m);
}

/* Sizes and kinds that no mechanism has. */
static void refuse(const struct mechanism *mechanism)
{
    static const struct request bad[] = {
        {REQUEST_LOAD, 0, 0, MAP_MECHANISM_BASE, 0, 0},
        {REQUEST_STORE, 0, 255, MAP_MECHANISM_BASE, 0, 0},
        {REQUEST_FETCH, 0, 8, MAP_MECHANISM_BASE, 0, 0},
        {REQUEST_BLOCK_WORD, 0, 8, MAP_MECHANISM_BASE, 0, 0},
        {REQUEST_LOAD, 0, 8, 0, 0, 0},
        {REQUEST_STORE, 0, 8, MAP_MECHANISM_BASE + MAP_MECHANISM_SIZE, 0, 0},
        {REQUEST_STORE, 0, 8, UINT64_MAX, 0, 0},
        {REQUEST_LOAD, UINT16_MAX, 8, MAP_MECHANISM_BASE, 0, 0},
        {REQUEST_STORE, MAP_MAX_HARTS, 8, MAP_MECHANISM_BASE, 0, 0},
    };
    start(&m, mechanism);
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        struct response response;
        struct mechanism_cost cost = {0};
        enum status status = mechanism->access(m.state, &bad[i], 100, &response, &cost);
        assert_true(status == STATUS_DENIED || status == STATUS_NO_TARGET);
        assert_int_equal(response.status, status);
        assert_true(cost.bus_cycles > 0); /* even a refusal takes its time */
    }
    check_guards(&m);
}

/* Nobody wants the bus: a word that is granted all the same is in vain, and harmless. */
static void idle(const struct mechanism *mechanism)
{
    struct request word = {.kind = REQUEST_BLOCK_WORD, .size_bytes = 8};
    struct response response;
    uint16_t master;
    start(&m, mechanism);
    assert_int_equal(mechanism->next_word(m.state, 0), CYCLE_NEVER);
    assert_true(mechanism->word(m.state, 5, &word).bus_cycles > 0);
    assert_int_equal(word.size_bytes, 0);
    assert_false(mechanism->ready(m.state, 5, &master, &response));
    assert_true(mechanism->hardware_state_bits(m.state) > 0);
}

/* State is plain data: a copy taken in the middle goes on exactly as the original does. */
static void snapshot(const struct mechanism *mechanism)
{
    bool asked[TEST_CACHES];
    start(&m, mechanism);
    seed = 23;
    for (unsigned i = 0; i < 20000; i++)
        random_step(&m, asked);
    void *saved = malloc(mechanism->state_bytes);
    assert_non_null(saved);
    memcpy(saved, m.state, mechanism->state_bytes);
    twin = m;
    uint64_t seed_then = seed;
    for (unsigned i = 0; i < 20000; i++)
        random_step(&m, asked);
    uint64_t denied = m.denied, words = m.words;
    static uint8_t bytes[TEST_RAM_BYTES];
    memcpy(bytes, m.caches.bytes, sizeof bytes);

    m = twin; /* at the same place, so that the platform's links still hold */
    memcpy(m.state, saved, mechanism->state_bytes);
    seed = seed_then;
    for (unsigned i = 0; i < 20000; i++)
        random_step(&m, asked);
    assert_int_equal(m.denied, denied);
    assert_int_equal(m.words, words);
    assert_memory_equal(m.caches.bytes, bytes, sizeof bytes);
    free(saved);
}

static void bad_parameters(const struct mechanism *mechanism)
{
    uint64_t values[64];
    assert_in_range(mechanism->parameter_count, 0, 64);
    for (size_t bad = 0; bad < mechanism->parameter_count; bad++) {
        for (size_t i = 0; i < mechanism->parameter_count; i++)
            values[i] = i == bad ? UINT64_MAX : mechanism->parameters[i].value;
        assert_int_equal(test_machine_init(&m, mechanism, values), STATUS_INVALID);
        assert_non_null(strchr(mechanism->parameters[bad].name, '.'));
    }
}

static void for_each(void (*check)(const struct mechanism *mechanism))
{
    unsigned checked = 0;
    for (size_t i = 0; i < mechanism_count; i++)
        if (mechanism_table[i].model->init) {
            check(mechanism_table[i].model);
            checked++;
        }
    assert_true(checked > 0);
    test_machine_free(&m);
}

#define CONTRACT(name)                                                                             \
    static void test_##name(void **state)                                                          \
    {                                                                                              \
        (void)state;                                                                               \
        for_each(name);                                                                            \
    }
CONTRACT(survive)
CONTRACT(refuse)
CONTRACT(idle)
CONTRACT(snapshot)
CONTRACT(bad_parameters)

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_names),    cmocka_unit_test(test_survive),
        cmocka_unit_test(test_refuse),   cmocka_unit_test(test_idle),
        cmocka_unit_test(test_snapshot), cmocka_unit_test(test_bad_parameters),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
