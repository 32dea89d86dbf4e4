/* SPDX-License-Identifier: Apache-2.0 */
/* Numbers as people read them: 1,234,567; 64 KiB; 1.235 ms. Results are NUL-terminated and fit FORMAT_MAX. */
#ifndef MISSIVE_VIZ_FORMAT_H
#define MISSIVE_VIZ_FORMAT_H

#include <stdint.h>

#include "base/cycle.h"

#define FORMAT_MAX 32

struct formatted {
    char text[FORMAT_MAX];
};

struct formatted format_count(uint64_t count);
struct formatted format_short(uint64_t count); /* exact below 10 million, then 12.35 M */
struct formatted format_bytes(uint64_t bytes); /* exact below 10,000 B, then binary units */
struct formatted format_time(cycle_t cycles, uint64_t clock_hz); /* clock_hz 0: unknown, "-" */
struct formatted format_percent(uint64_t part, uint64_t whole);  /* whole 0: "-" */
struct formatted format_clock(uint64_t clock_hz);

#endif
