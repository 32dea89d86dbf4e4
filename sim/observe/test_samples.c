/* SPDX-License-Identifier: Apache-2.0 */
/* Percentiles by nearest rank, on sets small enough to count by hand. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "observe/samples.h"

static void counts_exactly(void **state)
{
    (void)state;
    struct samples samples = {0};
    assert_int_equal(samples_summary(&samples).count, 0);
    for (uint64_t i = 0; i < 1000; i++)
        assert_true(samples_add(&samples, (i * 7919) % 1000 + 1)); /* 1 to 1000, shuffled */
    struct summary summary = samples_summary(&samples);
    assert_int_equal(summary.count, 1000);
    assert_true(summary.mean == 500.5);
    assert_int_equal(summary.min, 1);
    assert_int_equal(summary.median, 500);
    assert_int_equal(summary.p95, 950);
    assert_int_equal(summary.p99, 990);
    assert_int_equal(summary.max, 1000);
    samples_clear(&samples);
    for (uint64_t i = 7; i > 0; i--)
        samples_add(&samples, i);
    summary = samples_summary(&samples);
    assert_int_equal(summary.median, 4);
    assert_int_equal(summary.p95, 7);
    samples_clear(&samples);
    samples_add(&samples, 42);
    summary = samples_summary(&samples);
    assert_int_equal(summary.median, 42);
    assert_int_equal(summary.p99, 42);
    samples_clear(&samples);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(counts_exactly)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
