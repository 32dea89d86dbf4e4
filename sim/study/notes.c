/* SPDX-License-Identifier: Apache-2.0 */
/* See notes.h. Where there are round trips, machines are compared by one-way latency, with the rate of messages, in which
 * everything off a message's path counts too, beside it; in a one-way stream, where latency is mostly time in the
 * buffer, by the rate alone. */
#include "study/notes.h"

#include <inttypes.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "study/table.h"

#define SAME 0.005 /* a difference below half a percent is none */
#define FEW 30     /* so many messages tell little of what is usual */

static const char *const activity_names[ACTIVITY_COUNT] = {
#define ACTIVITY(id, label, doc) label,
#include "base/activity.def"
#undef ACTIVITY
};

static bool by_latency(const struct compare *compare)
{
    return compare->rows[0].values[COLUMN_round_trips] > 0;
}

/* How long a message takes on `row`, in units of what it takes on `base`; 0: nothing to compare. */
static double time_ratio(const struct compare *compare, const struct measurement *row,
                         const struct measurement *base)
{
    enum column column = by_latency(compare) ? COLUMN_one_way_mean : COLUMN_messages_per_second;
    double a = row->values[column], b = base->values[column];
    if (!(a > 0) || !(b > 0))
        return 0;
    return by_latency(compare) ? a / b : b / a;
}

static double rate_ratio(const struct measurement *row, const struct measurement *base)
{
    double rate = base->values[COLUMN_messages_per_second];
    return rate > 0 ? row->values[COLUMN_messages_per_second] / rate : 0;
}

static const struct measurement *group_base(const struct compare *compare, size_t row)
{
    while (!table_begins_group(compare, row))
        row--;
    return &compare->rows[row];
}

/* "at message_bytes 8"; nothing if no key has several values. */
static void print_where(FILE *out, const struct compare *compare, const struct measurement *row)
{
    for (size_t i = 0; i < compare->varied_count; i++)
        fprintf(out, "%s %s %s", i ? "," : " at", compare->varied[i].name, row->keys[i]);
}

/* --- what a difference is made of --- */

struct part {
    const char *name;
    double cycles;
};

static int larger_first(const void *a, const void *b)
{
    double x = fabs(((const struct part *)a)->cycles), y = fabs(((const struct part *)b)->cycles);
    return (x < y) - (x > y);
}

/* The largest differences by activity, up to five, as long as they matter: "coprocessor +420, queue -130". */
static void print_parts(FILE *out, const struct measurement *row, const struct measurement *base)
{
    struct part parts[ACTIVITY_COUNT];
    for (unsigned i = 0; i < ACTIVITY_COUNT; i++)
        parts[i] = (struct part){activity_names[i], row->values[COLUMN_LATENCY + i] -
                                                        base->values[COLUMN_LATENCY + i]};
    qsort(parts, ACTIVITY_COUNT, sizeof *parts, larger_first);
    for (unsigned i = 0; i < 5 && fabs(parts[i].cycles) >= 1; i++)
        if (i == 0 || fabs(parts[i].cycles) > 0.1 * fabs(parts[0].cycles))
            fprintf(out, "%s%s %+.0f", i ? ", " : ": ", parts[i].name, parts[i].cycles);
}

static void print_busy(FILE *out, const struct measurement *row)
{
    fprintf(out, ": hosts %.0f %% busy", 100 * row->values[COLUMN_host_busy]);
    if (row->coprocessors)
        fprintf(out, ", coprocessor %.0f %%", 100 * row->values[COLUMN_coprocessor_busy]);
    fprintf(out, ", bus %.0f %%", 100 * row->values[COLUMN_bus_busy]);
}

static void print_slower(FILE *out, const struct compare *compare, const struct measurement *row,
                         const struct measurement *base, const char *bullet)
{
    double ratio = time_ratio(compare, row, base);
    fprintf(out, "%s%s does not pay", bullet, row->label);
    print_where(out, compare, row);
    if (by_latency(compare)) {
        fprintf(out, ": a message takes %.2f times as long as on %s (rate %.2f)", ratio,
                base->label, rate_ratio(row, base));
        print_parts(out, row, base);
    } else {
        fprintf(out, ": %.2f times as many messages a second as on %s", 1 / ratio, base->label);
        print_busy(out, row);
    }
    fputs(".\n", out);
}

/* --- one machine over all groups --- */

/* "0.52 to 0.95", or one number where there is one. */
static void print_range(FILE *out, double low, double high)
{
    if (high - low < 0.01)
        fprintf(out, "%.2f", low);
    else
        fprintf(out, "%.2f to %.2f", low, high);
}

/* How a machine compares with another at some rows: its times and rates, relative to the other's. */
struct range {
    size_t rows;
    double best, worst, low_rate, high_rate;
};

static void range_add(struct range *range, double ratio, double rate)
{
    if (!range->rows++)
        *range = (struct range){1, ratio, ratio, rate, rate};
    range->best = fmin(range->best, ratio);
    range->worst = fmax(range->worst, ratio);
    range->low_rate = fmin(range->low_rate, rate);
    range->high_rate = fmax(range->high_rate, rate);
}

static void print_comparison(FILE *out, const struct compare *compare, const struct range *range,
                             const char *other)
{
    if (!by_latency(compare)) {
        print_range(out, range->low_rate, range->high_rate);
        fprintf(out, " times as many messages a second as on %s", other);
        return;
    }
    fputs("a message takes ", out);
    print_range(out, range->best, range->worst);
    fprintf(out, " times as long as on %s (rate ", other);
    print_range(out, range->low_rate, range->high_rate);
    fputc(')', out);
}

static bool is_first_of_label(const struct compare *compare, size_t row)
{
    for (size_t i = 0; i < row; i++)
        if (!strcmp(compare->rows[i].label, compare->rows[row].label))
            return false;
    return true;
}

enum verdict { SLOWER, NO_DIFFERENCE, FASTER, VERDICTS };

static enum verdict verdict_of(double ratio)
{
    return ratio > 1 + SAME ? SLOWER : ratio < 1 - SAME ? FASTER : NO_DIFFERENCE;
}

/* One sentence for the rows at which the machine pays, or makes no difference. */
static void print_verdict(FILE *out, const struct compare *compare, const char *label,
                          const struct range ranges[VERDICTS], enum verdict verdict,
                          const char *base, const char *bullet)
{
    const struct range *range = &ranges[verdict];
    const char *where = compare->varied_count ? " everywhere" : "";
    if (!range->rows)
        return;
    if (range->rows < ranges[SLOWER].rows + ranges[NO_DIFFERENCE].rows + ranges[FASTER].rows)
        where = verdict == FASTER ? " elsewhere" : " somewhere";
    fprintf(out, "%s%s %s%s: ", bullet, label, verdict == FASTER ? "pays" : "makes no difference",
            where);
    print_comparison(out, compare, range, base);
    fputs(".\n", out);
}

/* Where the machine is slower than the base, one sentence each. */
static void print_machine(FILE *out, const struct compare *compare, const char *label,
                          const char *bullet)
{
    struct range ranges[VERDICTS] = {{0}};
    const struct measurement *base = NULL;
    for (size_t i = 0; i < compare->row_count; i++) {
        const struct measurement *row = &compare->rows[i];
        if (strcmp(row->label, label))
            continue;
        base = group_base(compare, i);
        double ratio = time_ratio(compare, row, base);
        if (!(ratio > 0))
            continue;
        range_add(&ranges[verdict_of(ratio)], ratio, rate_ratio(row, base));
        if (verdict_of(ratio) == SLOWER)
            print_slower(out, compare, row, base, bullet);
    }
    if (!base)
        return;
    print_verdict(out, compare, label, ranges, NO_DIFFERENCE, base->label, bullet);
    print_verdict(out, compare, label, ranges, FASTER, base->label, bullet);
}

/* --- the same number of harts, in software --- */

static bool is_extra(const struct compare *compare, size_t row)
{
    return strcmp(compare->rows[row].label, compare->rows[row].machine) != 0;
}

static void print_same_harts(FILE *out, const struct compare *compare, const char *label,
                             const char *bullet)
{
    size_t ahead = 0;
    const struct measurement *software = NULL;
    struct range range = {0};
    for (size_t i = 0; i < compare->row_count; i++) {
        const struct measurement *row = &compare->rows[i];
        if (is_extra(compare, i))
            software = row;
        if (!software || strcmp(row->label, label))
            continue;
        double ratio = time_ratio(compare, row, software);
        if (row->hosts + row->coprocessors != software->hosts || !(ratio > 0))
            return;
        ahead += verdict_of(ratio) == FASTER;
        range_add(&range, ratio, rate_ratio(row, software));
    }
    if (!range.rows)
        return;
    fprintf(out, "%s%s against as many harts in software: ", bullet, label);
    print_comparison(out, compare, &range, software->label);
    fprintf(out, "; ahead in %zu of %zu.\n", ahead, range.rows);
}

static void print_state(FILE *out, const struct compare *compare, const char *bullet)
{
    for (size_t i = 0; i < compare->row_count; i++) {
        const struct measurement *row = &compare->rows[i];
        if (row->values[COLUMN_hardware_state_bits] > 0 && is_first_of_label(compare, i))
            fprintf(out, "%s%s adds %.0f bits of state to the hardware.\n", bullet, row->label,
                    row->values[COLUMN_hardware_state_bits]);
    }
}

static void print_reconstructions(FILE *out, const struct compare *compare, const char *bullet)
{
    size_t count = 0;
    for (size_t i = 0; i < compare->row_count; i++)
        if (compare->rows[i].reconstruction && is_first_of_label(compare, i))
            fprintf(out, "%s%s", count++ ? ", " : bullet, compare->rows[i].label);
    if (count)
        fprintf(
            out,
            " (*): reconstruction of a machine known from its paper's abstracts; no number here is "
            "the paper's.\n");
}

static void print_few(FILE *out, const struct compare *compare, const char *bullet)
{
    double fewest = INFINITY;
    for (size_t i = 0; i < compare->row_count; i++)
        fewest = fmin(fewest, compare->rows[i].values[COLUMN_messages]);
    if (fewest > 0 && fewest < FEW)
        fprintf(out,
                "%sWarning: only %.0f messages are measured%s: their mean and percentiles say "
                "little of a longer run.\n",
                bullet, fewest, compare->warmup_messages ? "" : ", the first ones among them");
}

static void print_warnings(FILE *out, const struct compare *compare, const char *bullet)
{
    print_few(out, compare, bullet);
    for (size_t i = 0; i < compare->row_count; i++) {
        const struct measurement *row = &compare->rows[i];
        if (!row->complete) {
            fprintf(out, "%sWarning: %s", bullet, row->label);
            print_where(out, compare, row);
            fprintf(out, ": the window is not complete (%.0f messages).\n",
                    row->values[COLUMN_messages]);
        }
        if (*row->complaint) {
            fprintf(out, "%sWarning: %s", bullet, row->label);
            print_where(out, compare, row);
            fprintf(out, ": %s.\n", row->complaint);
        }
    }
}

void notes_print_head(FILE *out, const struct compare *compare)
{
    const struct parameters *parameters = &compare->parameters;
    fprintf(out, "%s: %s\n", scenario_name(compare->scenario), scenario_doc(compare->scenario));
    fprintf(out, "Window: %" PRIu64 " messages of warm-up, then ", compare->warmup_messages);
    if (compare->measure_messages)
        fprintf(out, "%" PRIu64 " measured", compare->measure_messages);
    else
        fputs("all others measured", out);
    fprintf(out, ". Seed %" PRIu64 ", %g MHz, quantum %" PRIu64 " cycles.\n",
            parameters->machine_seed, (double)parameters->machine_clock_hz / 1e6,
            parameters->machine_quantum_cycles);
}

void notes_print(FILE *out, const struct compare *compare, const char *bullet)
{
    for (size_t i = 1; i < compare->row_count; i++)
        if (is_first_of_label(compare, i) && !is_extra(compare, i))
            print_machine(out, compare, compare->rows[i].label, bullet);
    for (size_t i = 1; i < compare->row_count; i++)
        if (is_first_of_label(compare, i) && !is_extra(compare, i))
            print_same_harts(out, compare, compare->rows[i].label, bullet);
    print_state(out, compare, bullet);
    print_reconstructions(out, compare, bullet);
    print_warnings(out, compare, bullet);
}
