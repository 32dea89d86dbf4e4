/* SPDX-License-Identifier: Apache-2.0 */
/* See samples.h. */
#include "observe/samples.h"

#include <stdlib.h>

bool samples_add(struct samples *samples, uint64_t value)
{
    if (samples->count == samples->capacity) {
        size_t capacity = samples->capacity ? samples->capacity * 2 : 256;
        uint64_t *values = realloc(samples->values, capacity * sizeof *values);
        if (!values)
            return false;
        samples->values = values;
        samples->capacity = capacity;
    }
    samples->values[samples->count++] = value;
    return true;
}

static int compare(const void *a, const void *b)
{
    uint64_t x = *(const uint64_t *)a, y = *(const uint64_t *)b;
    return (x > y) - (x < y);
}

/* The smallest sample that at least `percent` of all do not exceed. */
static uint64_t percentile(const struct samples *samples, size_t percent)
{
    size_t rank = (samples->count * percent + 99) / 100;
    return samples->values[rank ? rank - 1 : 0];
}

struct summary samples_summary(struct samples *samples)
{
    if (!samples->count)
        return (struct summary){0};
    qsort(samples->values, samples->count, sizeof *samples->values, compare);
    double sum = 0;
    for (size_t i = 0; i < samples->count; i++)
        sum += (double)samples->values[i];
    return (struct summary){
        .count = samples->count,
        .mean = sum / (double)samples->count,
        .min = samples->values[0],
        .median = percentile(samples, 50),
        .p95 = percentile(samples, 95),
        .p99 = percentile(samples, 99),
        .max = samples->values[samples->count - 1],
    };
}

void samples_clear(struct samples *samples)
{
    free(samples->values);
    *samples = (struct samples){0};
}
