/* SPDX-License-Identifier: Apache-2.0 */
/* HTIF: what a program stores in tohost, and what then has happened. */
#include "devices/htif.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

#define BASE UINT64_C(0x80000000)
#define TOHOST (BASE + 64)
#define FROMHOST (BASE + 128)
#define WORDS (BASE + 192)
#define TEXT (BASE + 512)

static uint8_t bytes[4096];
static struct ram ram = {bytes, BASE, sizeof bytes};
static struct finisher finisher;
static struct htif htif;
static char printed[64];
static unsigned printed_count;
static int input;

static void put(void *owner, uint8_t byte)
{
    (void)owner;
    printed[printed_count++] = (char)byte;
}

static int get(void *owner)
{
    (void)owner;
    int byte = input;
    input = CHARACTER_NONE;
    return byte;
}

static void poke(uint64_t address, uint64_t value)
{
    memcpy(ram_at(&ram, address), &value, sizeof value);
}

static uint64_t peek(uint64_t address)
{
    uint64_t value;
    memcpy(&value, ram_at(&ram, address), sizeof value);
    return value;
}

static int begin(void **state)
{
    (void)state;
    const struct htif_links links = {&ram, NULL, &finisher, {NULL, put, get}};
    memset(bytes, 0, sizeof bytes);
    memset(printed, 0, sizeof printed);
    printed_count = 0;
    input = CHARACTER_NONE;
    finisher_init(&finisher);
    htif_init(&htif, TOHOST, FROMHOST, &links);
    return 0;
}

static void serve(uint64_t value)
{
    poke(TOHOST, value);
    assert_true(htif_asked(&htif));
    htif_serve(&htif, 7);
    assert_int_equal(peek(TOHOST), 0);
}

static void ends(void **state)
{
    (void)state;
    static const struct {
        uint64_t value;
        enum finisher_outcome outcome;
        unsigned code;
    } table[] = {
        {1, FINISHER_PASSED, 0},
        {5, FINISHER_FAILED, 2},
        {1337 << 1 | 1, FINISHER_FAILED, 1337},
        {(UINT64_C(1) << 48) - 1, FINISHER_FAILED, UINT32_MAX},
        {UINT64_C(2) << 56 | 1, FINISHER_RUNNING, 0},
    };
    for (size_t i = 0; i < sizeof table / sizeof *table; i++) {
        begin(NULL);
        assert_false(htif_asked(&htif));
        serve(table[i].value);
        assert_int_equal(finisher.outcome, table[i].outcome);
        assert_int_equal(finisher.code, table[i].code);
        assert_int_equal(finisher.ended, table[i].outcome == FINISHER_RUNNING ? 0 : 7);
    }
}

static void prints_and_reads(void **state)
{
    (void)state;
    serve(UINT64_C(0x0101) << 48 | 'x');
    serve(UINT64_C(0x0101) << 48 | 'y');
    assert_string_equal(printed, "xy");
    serve(UINT64_C(0x0100) << 48);
    assert_int_equal(peek(FROMHOST), 0);
    assert_true(htif_asked(&htif));
    input = 'q';
    poke(FROMHOST, 1); /* not taken yet: the byte has to wait */
    htif_serve(&htif, 8);
    assert_int_equal(peek(FROMHOST), 1);
    poke(FROMHOST, 0);
    htif_serve(&htif, 9);
    assert_int_equal(peek(FROMHOST), UINT64_C(1) << 56 | 'q');
    assert_false(htif_asked(&htif));
    serve(UINT64_C(0x0100) << 48);
    input = CHARACTER_END;
    poke(FROMHOST, 0);
    htif_serve(&htif, 10);
    assert_false(htif_asked(&htif));
}

static int64_t call(uint64_t number, uint64_t a, uint64_t b, uint64_t c)
{
    const uint64_t words[4] = {number, a, b, c};
    memcpy(ram_at(&ram, WORDS), words, sizeof words);
    poke(FROMHOST, 0);
    serve(WORDS);
    assert_int_equal(peek(FROMHOST), 1);
    return (int64_t)peek(WORDS);
}

static void calls(void **state)
{
    (void)state;
    memcpy(ram_at(&ram, TEXT), "hello", 5);
    assert_int_equal(call(64, 1, TEXT, 5), 5);
    assert_string_equal(printed, "hello");
    assert_int_equal(call(64, 2, BASE + sizeof bytes - 1, 1), 1);
    assert_int_equal(call(64, 3, TEXT, 5), -9);
    assert_int_equal(call(64, 1, BASE + sizeof bytes - 1, 2), -14);
    assert_int_equal(call(64, 1, TEXT, UINT64_MAX), -14);
    assert_int_equal(call(63, 0, TEXT, 5), -38);
    assert_int_equal(printed_count, 6);
    const uint64_t leave[2] = {93, 3};
    memcpy(ram_at(&ram, WORDS), leave, sizeof leave);
    serve(WORDS);
    assert_int_equal(finisher.code, 3);
}

static void outlives_hostile_addresses(void **state)
{
    (void)state;
    static const uint64_t values[] = {BASE - 8, BASE + sizeof bytes - 8, BASE + 2, 2,
                                      (UINT64_C(1) << 48) - 2};
    for (size_t i = 0; i < sizeof values / sizeof *values; i++) {
        begin(NULL);
        serve(values[i]);
        assert_int_equal(finisher.outcome, FINISHER_FAILED);
        assert_int_equal(finisher.code, 1);
        assert_int_equal(peek(FROMHOST), 0);
    }
    assert_true(htif_can_be(&ram, BASE + sizeof bytes - 8));
    assert_false(htif_can_be(&ram, BASE + sizeof bytes - 4));
    assert_false(htif_can_be(&ram, BASE + 4));
    assert_false(htif_can_be(&ram, 0));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup(ends, begin),
        cmocka_unit_test_setup(prints_and_reads, begin),
        cmocka_unit_test_setup(calls, begin),
        cmocka_unit_test_setup(outlives_hostile_addresses, begin),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
