/* SPDX-License-Identifier: Apache-2.0 */
/* The time that software reads: the platform's cycles in ticks of the timebase, plus an offset in ticks
 * that a store to mtime makes; modulo 2^64. */
#ifndef MISSIVE_BASE_TICKS_H
#define MISSIVE_BASE_TICKS_H

#include "base/cycle.h"

/* When the time is at least `compare`: 0 if it is at `now`, CYCLE_NEVER if no cycle counter gets
 * there before the time overflows. */
static inline cycle_t ticks_reach(uint64_t compare, uint64_t offset_ticks, uint64_t cycles_per_tick,
                                  cycle_t now)
{
    uint64_t tick = compare - offset_ticks;
    cycle_t cycle;
    if (offset_ticks != 0) { /* else no division is needed: this is asked often */
        const uint64_t now_tick = now / cycles_per_tick;
        if (now_tick + offset_ticks >= compare)
            return 0;
        if (tick < now_tick)
            return CYCLE_NEVER;
    }
    return __builtin_mul_overflow(tick, cycles_per_tick, &cycle) ? CYCLE_NEVER : cycle;
}

#endif
