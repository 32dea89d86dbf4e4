/* SPDX-License-Identifier: Apache-2.0 */
/* The occupancy ledger: each cycle of each hart, of the bus and of the memory port belongs to one owner, and goes to one
 * column: a hart's are the activities, the bus's the kinds of request, the memory has one. Per resource the ledger
 * adds up to the elapsed cycles. What happens off a message's path shows here only.
 *
 * A hart works for a message while it carries one and is in the kernel; the entry of a send call counts, though the
 * message is known only once the call is accepted. The bus and the memory belong to whom their master works for when it is
 * granted; the mechanism's own transfers, to whom the hart worked for that began the last of them. Bytes moved: a line for what
 * moves lines, a word for a block's tenure, 8 for an uncached access (the events do not tell its size). */
#ifndef MISSIVE_OBSERVE_OCCUPANCY_H
#define MISSIVE_OBSERVE_OCCUPANCY_H

#include <stdbool.h>
#include <stddef.h>

#include "base/request.h"
#include "observe/messages.h"

/* OWNER(id): in the order of tables. */
#define OCCUPANCY_OWNERS OWNER(message) OWNER(kernel) OWNER(user) OWNER(idle)
enum owner {
#define OWNER(id) OWNER_##id,
    OCCUPANCY_OWNERS
#undef OWNER
        OWNER_COUNT
};

struct occupancy_ledger {
    cycle_t cycles[OWNER_COUNT][ACTIVITY_COUNT]; /* [owner][column] */
    cycle_t sleep, stall;                        /* of a hart: in WFI; waiting for a request */
};

struct occupancy_totals {
    cycle_t until; /* the ledgers say what happened before this cycle */
    struct occupancy_ledger bus, memory;
    uint64_t bus_requests, bus_bytes;
    uint64_t bus_words; /* of tagged blocks: tenures that nobody asked for one by one */
    struct occupancy_ledger harts[MAP_MAX_HARTS]; /* of them, view.hart_count */
};

struct occupancy;

/* `messages` must live as long, and be given each event first. NULL: out of memory. */
struct occupancy *occupancy_create(const struct machine_view *view,
                                   const struct messages *messages);
void occupancy_destroy(struct occupancy *occupancy);
void occupancy_event(void *occupancy, const struct event *event); /* a fold's function */

/* The ledgers up to `now`, which is not before the last event. Differences of two readings are the ledgers of the time between,
 * if the first was followed by occupancy_cut: what happened before a cut is not claimed for a send call that is known only after it. */
void occupancy_read(struct occupancy *occupancy, cycle_t now, struct occupancy_totals *totals);
void occupancy_cut(struct occupancy *occupancy);

cycle_t occupancy_sum(const struct occupancy_ledger *ledger);
cycle_t occupancy_of_owner(const struct occupancy_ledger *ledger, enum owner owner);

/* What the models counted by themselves, at the end of a run. */
struct occupancy_counters {
    struct {
        uint64_t user_cycles, supervisor_cycles, machine_cycles, sleep_cycles, stall_cycles;
    } harts[MAP_MAX_HARTS];
    uint64_t bus_busy_cycles, bus_tenures, bus_words, memory_busy_cycles;
};

#define OCCUPANCY_ERROR_BYTES 160
/* false, and one clear line in error: the first number in which ledger and models disagree. To be called
 * after the last event; brings each hart's ledger up to that hart's own clock. */
bool occupancy_check(struct occupancy *occupancy, const struct occupancy_counters *counters,
                     char *error);

#endif
