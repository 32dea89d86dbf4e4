/* SPDX-License-Identifier: Apache-2.0 */
/* What a debugger asks of a hart: to stop before instructions and after accesses, and to look at
 * and change memory as the hart sees it. A hart without points runs as if nothing of this were
 * there; with breakpoints it costs the same cycles up to the stop.
 *
 * Points are at virtual addresses, in whatever address space the hart is. Watchpoints see the
 * hart's own loads, stores and atomics, not its fetches and page walks, nor what other masters
 * write. */
#ifndef MISSIVE_CORE_DEBUG_H
#define MISSIVE_CORE_DEBUG_H

#include "core/hart.h"

#define DEBUG_MAX_BREAKPOINTS 256
#define DEBUG_MAX_WATCHPOINTS 32

struct debug_watch {
    uint64_t address, size_bytes;
    bool read, write; /* which accesses it is after */
};

/* Of the caller; alive as long as a hart has it, and the same for all harts if the caller likes. */
struct debug_points {
    uint64_t breakpoints[DEBUG_MAX_BREAKPOINTS]; /* in any order */
    unsigned breakpoint_count;
    struct debug_watch watches[DEBUG_MAX_WATCHPOINTS];
    unsigned watch_count;
};

/* From now on the hart heeds these points (NULL: none). To be called anew after each change of
 * them. From then on hart_run may return HART_STOPPED: the hart is about to execute a breakpoint,
 * and stays there for as long as that is set. */
void hart_debug(struct hart *hart, const struct debug_points *points);

/* The watchpoint that an access since the last call met, which is forgotten; NULL: none. The caller
 * asks after each instruction (hart_run(hart, hart_now(hart) + 1) executes one). */
const struct debug_watch *hart_debug_watched(struct hart *hart);

/* Instructions and traps so far: grows with each step the hart takes. */
uint64_t hart_debug_steps(const struct hart *hart);

/* The hart was held up to `now`: its clock goes on from there. */
void hart_debug_delay(struct hart *hart, cycle_t now);

/* Memory at the hart's virtual addresses, in its present mode but whatever the permissions; RAM
 * only. Returns how many bytes could be read or written before one that could not. After a write,
 * the caller tells all harts by hart_debug_written, with the same physical address. */
size_t hart_debug_read(const struct hart *hart, uint64_t address, uint8_t *bytes, size_t size);
bool hart_debug_translate(const struct hart *hart, uint64_t address, uint64_t *physical);
void hart_debug_written(struct hart *hart, uint64_t physical);

/* 0 U, 1 S, 3 M. */
unsigned hart_debug_privilege(const struct hart *hart);
bool hart_debug_is_waiting(const struct hart *hart); /* in WFI */

#endif
