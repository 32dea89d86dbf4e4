/* SPDX-License-Identifier: Apache-2.0 */
/* The counters that software reads and writes: mcycle, minstret and mhpmcounter3..31 (Zicntr,
 * Zihpm), each by its number (the low five bits of its CSR's), and mcountinhibit. They count nothing
 * themselves: each is an offset to what the hart counts anyway. Does not model: overflow interrupts
 * (Sscofpmf). Source: privileged specification 20211203, chapters 3.1.10 to 3.1.12. */
#ifndef MISSIVE_CORE_COUNTERS_H
#define MISSIVE_CORE_COUNTERS_H

#include "core/hart_state.h"

uint64_t counter_read(const struct hart *hart, unsigned number);
void counter_write(struct hart *hart, unsigned number, uint64_t value);

/* The running instruction has written this counter: it does not count itself. */
void counter_skip_own(struct hart *hart, unsigned number);

/* What the counter counts from now on: a number of hpm_events.def, or none. */
void counter_select(struct hart *hart, unsigned number, uint64_t event);

/* Which counters stand still, a bit for each. */
void counter_inhibit(struct hart *hart, uint64_t numbers);

#endif
