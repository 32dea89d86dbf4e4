/* SPDX-License-Identifier: Apache-2.0 */
/* The snoop filter alone: it names every holder, forgets who has dropped a line, and gives up where it
 * has no room. (That it changes nothing is test_coherence_random's.) */
#include "memory/sharers.h"

#include "memory/test_caches.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>

#include <cmocka.h>

#define LINE(n) (MAP_RAM_BASE + (uint64_t)(n)*TEST_LINE_BYTES)

static struct test_caches caches;
static struct sharers sharers;
static struct sharers_set sets[4];

static int setup(void **state)
{
    (void)state;
    test_caches_init(&caches, 1024, 2);
    assert_int_equal(sharers_init(&sharers, sets, 1, caches.snooper, TEST_LINE_BYTES), STATUS_OK);
    return 0;
}

static void give(unsigned cache, uint64_t line)
{
    sharers_add(&sharers, line, cache, 0);
    test_cache_fill(&caches.cache[cache], line, MESI_SHARED);
}

static void test_names_holders(void **state)
{
    (void)state;
    assert_int_equal(sharers_of(&sharers, LINE(0)), 0);
    give(0, LINE(0));
    give(2, LINE(0));
    give(1, LINE(1));
    assert_int_equal(sharers_of(&sharers, LINE(0)), 5);
    assert_int_equal(sharers_of(&sharers, LINE(1)), 2);
    assert_int_equal(sharers_of(&sharers, LINE(2)), 0);
}

/* Between the grant and the line's arrival a cache that is asked denies it. */
static void test_keeps_what_is_on_its_way(void **state)
{
    (void)state;
    sharers_add(&sharers, LINE(0), 0, 0);
    sharers_remove(&sharers, LINE(0), 0);
    assert_int_equal(sharers_of(&sharers, LINE(0)), 1);
    sharers_add(&sharers, LINE(1), 0, 0);
    sharers_remove(&sharers, LINE(0), 0);
    assert_int_equal(sharers_of(&sharers, LINE(0)), 0);
}

static void test_sweeps_a_full_set(void **state)
{
    (void)state;
    for (unsigned n = 0; n < SHARERS_WAYS; n++)
        sharers_add(&sharers, LINE(n), 0, 0); /* never arrived: all dropped but the last */
    sharers_pin(&sharers, LINE(3), true);
    give(0, LINE(20));
    assert_false(sets[0].full);
    for (unsigned n = 0; n < SHARERS_WAYS; n++)
        assert_int_equal(sharers_of(&sharers, LINE(n)), n == 3);
    assert_int_equal(sharers_of(&sharers, LINE(20)), 1);
    sharers_pin(&sharers, LINE(3), false);
    sharers_remove(&sharers, LINE(3), 0);
    assert_int_equal(sharers_of(&sharers, LINE(3)), 0);
}

static void test_gives_up_when_all_are_held(void **state)
{
    (void)state;
    for (unsigned n = 0; n < SHARERS_WAYS; n++)
        give(n % 3, LINE(n));
    assert_int_equal(sharers_of(&sharers, LINE(0)), 1);
    give(0, LINE(SHARERS_WAYS));
    for (unsigned n = 0; n <= SHARERS_WAYS; n++)
        assert_true(sharers_of(&sharers, LINE(n)) == SHARERS_EVERYBODY);
}

static void test_sizes(void **state)
{
    (void)state;
    assert_int_equal(sharers_init(&sharers, sets, 3, caches.snooper, 64), STATUS_INVALID);
    assert_int_equal(sharers_init(&sharers, sets, 4, caches.snooper, 48), STATUS_INVALID);
    assert_true(sharers_sets(64, 256) * SHARERS_WAYS >= UINT64_C(64) * 256);
    assert_int_equal(sharers_sets(2, 0), 1);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup(test_names_holders, setup),
        cmocka_unit_test_setup(test_keeps_what_is_on_its_way, setup),
        cmocka_unit_test_setup(test_sweeps_a_full_set, setup),
        cmocka_unit_test_setup(test_gives_up_when_all_are_held, setup),
        cmocka_unit_test_setup(test_sizes, setup),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
