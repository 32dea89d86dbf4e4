/* SPDX-License-Identifier: Apache-2.0 */
/* Simulated time. One cycle_t counts platform cycles since reset; the engine maps one cycle to one
 * nanosecond of SystemC time, whatever the scenario's clock_hz says a cycle lasts. */
#ifndef MISSIVE_BASE_CYCLE_H
#define MISSIVE_BASE_CYCLE_H

#include <stdint.h>

typedef uint64_t cycle_t;

#define CYCLE_NEVER UINT64_MAX

static inline cycle_t cycle_max(cycle_t a, cycle_t b)
{
    return a > b ? a : b;
}

static inline cycle_t cycle_min(cycle_t a, cycle_t b)
{
    return a < b ? a : b;
}

#endif
