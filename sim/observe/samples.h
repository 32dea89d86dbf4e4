/* SPDX-License-Identifier: Apache-2.0 */
/* A set of measured numbers, all kept, so that its percentiles are exact. */
#ifndef MISSIVE_OBSERVE_SAMPLES_H
#define MISSIVE_OBSERVE_SAMPLES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct samples {
    uint64_t *values; /* malloc'ed */
    size_t count, capacity;
};

struct summary {
    size_t count;
    double mean;
    uint64_t min, median, p95, p99, max; /* nearest rank: each is one of the samples */
};

bool samples_add(struct samples *samples, uint64_t value); /* false: out of memory */
struct summary samples_summary(struct samples *samples);   /* sorts; all zero if there are none */
void samples_clear(struct samples *samples);

#endif
