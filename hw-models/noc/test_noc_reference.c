/* SPDX-License-Identifier: Apache-2.0 */
/* The models against rows of reference.csv (bench/noc takes them all): latencies, hops and accepted rate below 80% of
 * saturation. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

#include "noc/test_reference.h"

static struct reference_row rows[REFERENCE_ROWS];
static size_t count;

static int read_rows(void **unused)
{
    (void)unused;
    count = reference_read(NOC_REFERENCE, rows);
    return count == 54 ? 0 : -1;
}

static void demand(const struct reference_row *row, const char *what, double value,
                   double reference, double percent)
{
    double error = reference_error(value, reference);
    if (!(fabs(error) <= percent))
        fail_msg("%s, packets of %u flits at %.2f: %s %.2f, reference %.2f (%+.1f%%)", row->pattern,
                 row->size_flits, row->rate, what, value, reference, error);
}

static void compare(const char *name, double percent, double highest_rate)
{
    const struct noc_model *model = noc_find(name)->model;
    unsigned compared = 0;
    for (size_t i = 0; i < count; i++) {
        const struct reference_row *row = &rows[i];
        if (!row->below || row->rate < 0.1 || row->rate > highest_rate)
            continue;
        struct traffic_result result = reference_run(model, row, 4000);
        assert_false(result.saturated);
        demand(row, "packet latency", result.packet_latency, row->packet_latency, percent);
        demand(row, "network latency", result.network_latency, row->network_latency, percent);
        demand(row, "hops", result.hops, row->hops, 2);
        demand(row, "accepted rate", result.accepted_rate, row->accepted_rate, 3);
        compared++;
    }
    assert_true(compared >= 20);
}

static void flits_agree(void **unused)
{
    (void)unused;
    compare("flit", 3, 0.4);
}

static void packets_agree(void **unused)
{
    (void)unused;
    compare("packet", 8, 0.35);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(flits_agree),
                                       cmocka_unit_test(packets_agree)};
    return cmocka_run_group_tests(tests, read_rows, NULL);
}
