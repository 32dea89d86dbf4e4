/* SPDX-License-Identifier: Apache-2.0 */
/* The rows of reference.csv (it says where they come from), and a model's runs of the same traffic. */
#ifndef MISSIVE_NOC_TEST_REFERENCE_H
#define MISSIVE_NOC_TEST_REFERENCE_H

#include <math.h>
#include <stdio.h>

#include "noc/test_traffic.h"

#define REFERENCE_ROWS 64

struct reference_row {
    char pattern[16];
    unsigned size_flits;
    double rate, packet_latency, network_latency;
    double hops, accepted_rate; /* 0 where the reference is saturated */
    bool saturated;
    bool
        below; /* at most 80% of the rate at which latency is three times that of the lowest rate */
};

static inline void reference_judge(struct reference_row *row, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        double lowest = 0, saturation = INFINITY;
        for (size_t k = 0; k < count; k++) {
            if (strcmp(row[k].pattern, row[i].pattern) || row[k].size_flits != row[i].size_flits)
                continue;
            if (lowest == 0)
                lowest = row[k].packet_latency;
            if (row[k].saturated || row[k].packet_latency > 3 * lowest)
                saturation = fmin(saturation, row[k].rate);
        }
        row[i].below = row[i].rate <= 0.8 * saturation;
    }
}

/* The number of rows read; 0: the file cannot be read or is no such table. */
static inline size_t reference_read(const char *path, struct reference_row row[REFERENCE_ROWS])
{
    FILE *file = fopen(path, "r");
    size_t count = 0;
    char line[400];
    while (file && count < REFERENCE_ROWS && fgets(line, sizeof line, file)) {
        struct reference_row *r = &row[count];
        *r = (struct reference_row){.saturated = strstr(line, "saturated")};
        int fields =
            sscanf(line, "%15[a-z],%u,%lf,%lf,%lf,%lf,%lf", r->pattern, &r->size_flits, &r->rate,
                   &r->packet_latency, &r->network_latency, &r->hops, &r->accepted_rate);
        count += fields == 7 || (fields == 5 && r->saturated);
    }
    if (file)
        fclose(file);
    reference_judge(row, count);
    return count;
}

/* The mesh that was measured. The queues at the sources have no end there; here traffic.h keeps what does not fit. */
static inline struct noc_config reference_config(void)
{
    struct noc_config config;
    noc_config_default(&config);
    config.classes = 1;
    config.width = config.height = 8;
    return config;
}

static inline struct traffic_result reference_run(const struct noc_model *model,
                                                  const struct reference_row *row, cycle_t window)
{
    struct noc_config config = reference_config();
    struct traffic traffic = {row->pattern, row->rate, row->size_flits, 3000, window, 1};
    return traffic_run(model, &config, &traffic);
}

/* In percent of the reference. */
static inline double reference_error(double value, double reference)
{
    return 100 * (value / reference - 1);
}

#endif
