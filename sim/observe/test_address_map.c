/* SPDX-License-Identifier: Apache-2.0 */
/* The address map against a plain array, under random gets and removes with colliding keys. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>

#include "observe/address_map.h"

#define KEYS 300

static uint64_t key_of(unsigned i)
{
    return i < 150 ? (uint64_t)i * 0x1000 : 0x80000000 + (uint64_t)i * 8;
}

static void agrees_with_an_array(void **state)
{
    (void)state;
    struct address_map map = {0};
    uint64_t expected[KEYS] = {0};
    assert_null(address_map_find(&map, 0));
    address_map_remove(&map, 0);
    srand(7);
    for (uint64_t step = 1; step < 200000; step++) {
        unsigned i = (unsigned)rand() % KEYS;
        if (rand() % 3) {
            uint64_t *record = address_map_get(&map, key_of(i), sizeof *record);
            assert_int_equal(*record, expected[i]);
            *record = expected[i] = step;
        } else {
            address_map_remove(&map, key_of(i));
            expected[i] = 0;
        }
        unsigned j = (unsigned)rand() % KEYS;
        uint64_t *record = address_map_find(&map, key_of(j));
        assert_int_equal(record ? *record : 0, expected[j]);
    }
    address_map_clear(&map);
    assert_null(address_map_find(&map, key_of(1)));
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(agrees_with_an_array)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
