/* SPDX-License-Identifier: Apache-2.0 */
/* The mesh models against reference.csv, row by row, and their speed. bench/noc runs it.
 * usage: bench_noc REFERENCE.csv [WINDOW-CYCLES [MODEL...]]; standard output: a table; file descriptor 3, if open: a line of
 * CSV for each model (model, mean and worst error up to 80% of saturation, flit-hops a second at 0.2 flits a node and cycle). */
#include <stdlib.h>
#include <time.h>
#include <unistd.h>

#include "noc/test_reference.h"

#define SPEED_RUNS 5

static double seconds(void)
{
    struct timespec now;
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &now);
    return (double)now.tv_sec + (double)now.tv_nsec * 1e-9;
}

static int compare(const void *a, const void *b)
{
    double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

/* Millions of flit-hops a host second under uniform traffic, the median; making the traffic is counted too. */
static double speed(const struct noc_model *model, unsigned size_flits, double rate)
{
    double millions[SPEED_RUNS];
    for (unsigned i = 0; i < SPEED_RUNS; i++) {
        struct noc_config config = reference_config();
        struct traffic traffic = {"uniform", rate, size_flits, 0, 100000, i + 1};
        double begin = seconds();
        struct traffic_result result = traffic_run(model, &config, &traffic);
        millions[i] = (double)result.flit_hops / (seconds() - begin) / 1e6;
    }
    qsort(millions, SPEED_RUNS, sizeof *millions, compare);
    return millions[SPEED_RUNS / 2];
}

static void print_row(const struct reference_row *row, const struct traffic_result *result)
{
    printf("%-9s %2u %5.2f ", row->pattern, row->size_flits, row->rate);
    if (result->saturated) {
        printf("%8.2f saturated%s\n", row->packet_latency,
               row->saturated ? ", as the reference" : "");
        return;
    }
    printf("%8.2f %8.2f %6.1f%% %8.2f %8.2f %6.1f%% ", row->packet_latency, result->packet_latency,
           reference_error(result->packet_latency, row->packet_latency), row->network_latency,
           result->network_latency, reference_error(result->network_latency, row->network_latency));
    if (row->saturated)
        printf("%24s %.4f  reference saturated\n", "", result->accepted_rate);
    else
        printf("%6.3f %6.3f  %.4f %.4f%s\n", row->hops, result->hops, row->accepted_rate,
               result->accepted_rate, row->below ? "" : "  above 80% of saturation");
}

static void validate(const struct noc_entry *entry, const struct reference_row *row, size_t count,
                     cycle_t window)
{
    double sum = 0, worst = 0;
    unsigned judged = 0;
    printf("%s: %s\n", entry->name, entry->doc);
    printf("%-9s %2s %5s %8s %8s %7s %8s %8s %7s %6s %6s  %s\n", "traffic", "sz", "rate", "packet",
           "here", "error", "network", "here", "error", "hops", "here", "accepted, here");
    for (size_t i = 0; i < count; i++) {
        struct traffic_result result = reference_run(entry->model, &row[i], window);
        print_row(&row[i], &result);
        if (!row[i].below)
            continue;
        double error = result.saturated
                           ? INFINITY
                           : fabs(reference_error(result.packet_latency, row[i].packet_latency));
        judged++;
        sum += error;
        worst = fmax(worst, error);
    }
    double one = speed(entry->model, 1, 0.2), five = speed(entry->model, 5, 0.2);
    printf("up to 80%% of saturation: mean error %.2f%%, worst %.2f%% (%u rows)\n", sum / judged,
           worst, judged);
    printf("uniform at 0.2 flits a node and cycle: %.1f M flit-hops/s (packets of 1), %.1f (of 5); "
           "at 0.01: %.1f, %.1f\n\n",
           one, five, speed(entry->model, 1, 0.01), speed(entry->model, 5, 0.01));
    dprintf(3, "%s,%.2f,%.2f,%.1f,%.1f\n", entry->name, sum / judged, worst, one, five);
}

int main(int argc, char **argv)
{
    struct reference_row row[REFERENCE_ROWS];
    size_t count = argc > 1 ? reference_read(argv[1], row) : 0;
    if (!count) {
        fprintf(stderr,
                "bench_noc: %s: no table of reference figures; usage: bench_noc REFERENCE.csv "
                "[WINDOW-CYCLES [MODEL...]]\n",
                argc > 1 ? argv[1] : "no file");
        return 2;
    }
    cycle_t window = argc > 2 ? strtoull(argv[2], NULL, 10) : 20000;
    for (size_t i = 0; i < noc_count; i++) {
        bool wanted = argc <= 3;
        for (int k = 3; k < argc; k++)
            wanted |= !strcmp(argv[k], noc_table[i].name);
        if (wanted)
            validate(&noc_table[i], row, count, window);
    }
    return 0;
}
