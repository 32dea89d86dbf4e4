/* SPDX-License-Identifier: Apache-2.0 */
/* The shared memory between a running simulator and its window (struct live_channel). The window
 * creates it and holds a lock on its first byte; the simulator attaches by name and locks the
 * second. A lock ends with its process however it ends, so neither side waits for a dead one. The
 * simulator never loses an event: it waits while the ring is full. */
#ifndef MISSIVE_OBSERVE_LIVE_H
#define MISSIVE_OBSERVE_LIVE_H

#include <stdbool.h>
#include <stddef.h>

#include "observe/trace.h"

struct live;

/* The window's side. The name is that of shm_open: "/missive-1234". */

/* NULL, and one clear line in error (TRACE_ERROR_BYTES). Nothing is granted yet. */
struct live *live_create(const char *name, char *error);
/* The head, once the simulator has written it; NULL before. */
const struct machine_view *live_view(const struct live *live);
/* Takes up to `capacity` events out of the ring, in order; the number taken. */
size_t live_read(struct live *live, struct event *events, size_t capacity);
/* The simulator may run until here; a grant is never taken back. */
void live_grant(struct live *live, cycle_t cycle);
/* The simulator has ended, by itself or by dying; what is in the ring can still be read. */
bool live_ended(const struct live *live);

/* The simulator's side. */

/* NULL, and one clear line in error: there is no such channel, or it is no channel. */
struct live *live_attach(const char *name, const struct machine_view *view, char *error);
void live_event(void *live, const struct event *event); /* a fold's functions */
void live_reached(void *live, cycle_t now);
/* Waits until the window grants a cycle beyond `now`, or has gone; returns what is granted
 * (CYCLE_NEVER then). */
cycle_t live_wait(struct live *live, cycle_t now);

/* Both sides. */

/* All events before this cycle are in the ring. */
cycle_t live_reached_cycle(const struct live *live);
/* Tells the other side, unmaps and frees; the creator removes the name. NULL is allowed. */
void live_close(struct live *live);

#endif
