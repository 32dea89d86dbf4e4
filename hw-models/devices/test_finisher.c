/* SPDX-License-Identifier: Apache-2.0 */
/* The finisher: a table of stores and what they mean. */
#include "devices/finisher.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

static void test_stores(void **state)
{
    static const struct {
        uint64_t offset;
        unsigned size_bytes;
        uint64_t value;
        enum status status;
        enum finisher_outcome outcome;
        unsigned code;
    } table[] = {
        {0, 4, 0x5555, STATUS_OK, FINISHER_PASSED, 0},
        {0, 4, 0x00015555, STATUS_OK, FINISHER_PASSED, 0},
        {0, 4, 0x3333, STATUS_OK, FINISHER_FAILED, 0},
        {0, 4, 0x002A3333, STATUS_OK, FINISHER_FAILED, 42},
        {0, 4, 0x01FF3333, STATUS_OK, FINISHER_FAILED, 0x1FF},
        {0, 4, 0xFFFF3333, STATUS_OK, FINISHER_FAILED, 0xFFFF},
        {0, 4, 0x7777, STATUS_OK, FINISHER_RESETS, 0},
        {0, 2, 0x5555, STATUS_OK, FINISHER_PASSED, 0},
        {0, 4, 0, STATUS_OK, FINISHER_RUNNING, 0},
        {0, 4, 0x5556, STATUS_OK, FINISHER_RUNNING, 0},
        {4, 4, 0x5555, STATUS_OK, FINISHER_RUNNING, 0},
        {0, 1, 0x55, STATUS_DENIED, FINISHER_RUNNING, 0},
        {0, 8, 0x5555, STATUS_DENIED, FINISHER_RUNNING, 0},
    };
    (void)state;
    for (size_t i = 0; i < sizeof table / sizeof *table; i++) {
        struct finisher finisher;
        finisher_init(&finisher);
        struct device device = finisher_device(&finisher);
        assert_int_equal(
            device.store(device.self, table[i].offset, table[i].size_bytes, 77, table[i].value),
            table[i].status);
        assert_int_equal(finisher.outcome, table[i].outcome);
        assert_int_equal(finisher.code, table[i].code);
    }
}

static void test_first_store_counts(void **state)
{
    struct finisher finisher;
    uint64_t value = 1;
    (void)state;
    finisher_init(&finisher);
    struct device device = finisher_device(&finisher);
    device.store(device.self, 0, 4, 5, 0x00073333);
    device.store(device.self, 0, 4, 6, 0x5555);
    assert_int_equal(finisher.outcome, FINISHER_FAILED);
    assert_int_equal(finisher.code, 7);
    assert_int_equal(finisher.ended, 5);
    assert_int_equal(device.load(device.self, 0, 4, 7, &value), STATUS_OK);
    assert_int_equal(value, 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_stores),
        cmocka_unit_test(test_first_store_counts),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
