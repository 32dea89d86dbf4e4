/* SPDX-License-Identifier: Apache-2.0 */
/* What is measured in a run: the messages delivered in the measurement window, and what the resources did meanwhile.
 *
 * The window skips the first view.warmup_messages deliveries and takes the next view.measure_messages (0: all
 * that follow). It begins at the delivery before its first (without warm-up: when the first message is sent) and ends at its
 * last delivery.
 *
 * A round trip is the time from the entry of a task's send call to the return of its next receive call; it is measured at
 * tasks whose first IPC call is a send (who only answers would measure the other side's thinking), and counts
 * if it ends within the window. */
#ifndef MISSIVE_OBSERVE_STATISTICS_H
#define MISSIVE_OBSERVE_STATISTICS_H

#include "observe/messages.h"
#include "observe/occupancy.h"
#include "observe/samples.h"

struct statistics_results {
    bool began, complete;        /* complete: all messages the window asks for were delivered */
    cycle_t begin, end;          /* of the window */
    uint64_t delivered, dropped; /* in the whole run */
    uint64_t bytes;              /* of the messages measured */
    struct summary one_way, round_trip;
    cycle_t charged[ACTIVITY_COUNT];   /* sums over the messages measured */
    struct occupancy_totals occupancy; /* of the window alone; its `until` is the window's length */
};

struct statistics;

/* `messages` and `occupancy` must live as long, and be given each event before and after this fold. NULL: out of memory
 * (or no listener of messages is free). */
struct statistics *statistics_create(const struct machine_view *view, struct messages *messages,
                                     struct occupancy *occupancy);
void statistics_destroy(struct statistics *statistics);
void statistics_event(void *statistics, const struct event *event); /* a fold's function */

/* Up to now. */
void statistics_results(struct statistics *statistics, struct statistics_results *results);

#endif
