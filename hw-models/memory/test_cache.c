/* SPDX-License-Identifier: Apache-2.0 */
/* The tag array against a plain list kept in order of use. */
#include "memory/test_caches.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

static struct cache cache;

static void test_geometry(void **state)
{
    static const struct {
        uint64_t size_bytes;
        uint32_t ways, line_bytes;
        enum status expected;
    } table[] = {
        {16384, 4, 64, STATUS_OK},       {262144, 16, 64, STATUS_OK},
        {64, 1, 64, STATUS_OK},          {3 * 64, 3, 64, STATUS_OK},
        {1024, 16, 64, STATUS_OK},       {0, 1, 64, STATUS_INVALID},
        {1024, 0, 64, STATUS_INVALID},   {1024, 32, 64, STATUS_INVALID},
        {1024, 1, 0, STATUS_INVALID},    {1024, 1, 4, STATUS_INVALID},
        {1024, 1, 48, STATUS_INVALID},   {16384, 1, 8192, STATUS_INVALID},
        {1000, 1, 64, STATUS_INVALID},   {3 * 64, 1, 64, STATUS_INVALID},
        {524288, 4, 64, STATUS_INVALID}, {UINT64_MAX, 4, 64, STATUS_INVALID},
    };
    (void)state;
    for (size_t i = 0; i < sizeof table / sizeof *table; i++)
        assert_int_equal(
            cache_init(&cache, table[i].size_bytes, table[i].ways, table[i].line_bytes),
            table[i].expected);
}

static void test_find_and_states(void **state)
{
    (void)state;
    assert_int_equal(cache_init(&cache, 1024, 2, 64), STATUS_OK);
    assert_null(cache_find(&cache, 0));
    struct cache_line *line = cache_insert(&cache, 0x80000107, MESI_EXCLUSIVE, NULL);
    assert_ptr_equal(cache_find(&cache, 0x80000100), line);
    assert_ptr_equal(cache_find(&cache, 0x8000013F), line);
    assert_null(cache_find(&cache, 0x80000140));
    assert_null(cache_find(&cache, 0x80000100 + 512)); /* the same set */
    assert_int_equal(cache_state(line), MESI_EXCLUSIVE);
    assert_int_equal(cache_address(line), 0x80000100);
    cache_set_state(line, MESI_MODIFIED);
    assert_int_equal(cache_state(cache_find(&cache, 0x80000100)), MESI_MODIFIED);
    cache_invalidate(line);
    assert_null(cache_find(&cache, 0x80000100));
    cache_insert(&cache, 0, MESI_SHARED, NULL); /* address 0 is a line like any other */
    assert_non_null(cache_find(&cache, 0));
    cache_clear(&cache);
    assert_null(cache_find(&cache, 0));
}

#define WAYS 4
#define SETS 4

struct model_line {
    uint64_t address;
    enum mesi state;
};

/* Most recently used first. */
struct model_set {
    struct model_line line[WAYS];
    unsigned count;
};

static unsigned model_find(const struct model_set *set, uint64_t address)
{
    unsigned i = 0;
    while (i < set->count && set->line[i].address != address)
        i++;
    return i;
}

static void model_remove(struct model_set *set, unsigned at)
{
    memmove(&set->line[at], &set->line[at + 1], (--set->count - at) * sizeof set->line[0]);
}

static void model_push(struct model_set *set, struct model_line line)
{
    memmove(&set->line[1], &set->line[0], set->count++ * sizeof set->line[0]);
    set->line[0] = line;
}

static void model_insert(struct model_set *set, uint64_t address, enum mesi new_state)
{
    struct model_line expected = {0, MESI_INVALID};
    struct cache_victim foretold = cache_victim(&cache, address), victim;

    if (set->count == WAYS)
        expected = set->line[--set->count];
    cache_insert(&cache, address, new_state, &victim);
    assert_int_equal(victim.state, expected.state);
    assert_int_equal(foretold.state, expected.state);
    if (expected.state != MESI_INVALID) {
        assert_int_equal(victim.address, expected.address);
        assert_int_equal(foretold.address, expected.address);
    }
    model_push(set, (struct model_line){address, new_state});
}

static void model_step(struct model_set sets[SETS], uint64_t *seed)
{
    uint64_t index = test_random(seed) % (SETS * WAYS * 2), address = MAP_RAM_BASE + index * 64;
    struct model_set *set = &sets[index % SETS];
    unsigned at = model_find(set, address);
    struct cache_line *line = cache_find(&cache, address);

    assert_int_equal(line != NULL, at < set->count);
    if (!line) {
        model_insert(set, address, (enum mesi)(1 + test_random(seed) % 3));
        return;
    }
    assert_int_equal(cache_state(line), set->line[at].state);
    struct model_line kept = set->line[at];
    model_remove(set, at);
    if (test_random(seed) % 8 == 0) {
        cache_invalidate(line);
    } else {
        cache_touch(&cache, line);
        model_push(set, kept);
    }
}

static void test_least_recently_used(void **state)
{
    struct model_set sets[SETS] = {0};
    uint64_t seed = 1;
    (void)state;
    assert_int_equal(cache_init(&cache, SETS * WAYS * 64, WAYS, 64), STATUS_OK);
    for (int i = 0; i < 100000; i++)
        model_step(sets, &seed);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_geometry),
        cmocka_unit_test(test_find_and_states),
        cmocka_unit_test(test_least_recently_used),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
