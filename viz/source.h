/* SPDX-License-Identifier: Apache-2.0 */
/* Where events come from: a trace file, or a running simulator by shared memory (observe/live.h). Both look the same: the next event
 * up to a cycle, or why there is none. Hands on only events that the folds may see: known kind, cycle not falling. */
#ifndef MISSIVE_VIZ_SOURCE_H
#define MISSIVE_VIZ_SOURCE_H

#include <sys/types.h>

#include "observe/live.h"
#include "observe/trace.h"

struct source;

enum source_result {
    SOURCE_EVENT,   /* here it is */
    SOURCE_QUIET,   /* there is none up to the limit, and none will come */
    SOURCE_WAITING, /* the simulator has not got there yet */
    SOURCE_ENDED,   /* there is none at all any more */
    SOURCE_BROKEN,  /* the stream makes no sense from here on: source_problem() says why */
};

/* NULL, and one clear line in error (TRACE_ERROR_BYTES). */
struct source *source_open_trace(const char *path, char *error);

/* Creates the channel, starts `command` (NULL-terminated; NULL: somebody else starts the simulator) and waits until the simulator
 * has attached, at most wait_seconds. */
struct source *source_open_live(const char *name, char *const command[], unsigned wait_seconds,
                                char *error);

const struct machine_view *source_view(const struct source *source);
enum source_result source_next(struct source *source, cycle_t limit, struct event *event);
const char *source_problem(const struct source *source);

/* Lets the simulator run until this cycle; `source_grant_ahead` until so far beyond where it is now. Nothing to a trace. */
void source_grant(struct source *source, cycle_t cycle);
void source_grant_ahead(struct source *source, cycle_t cycles);

/* All events before this cycle are known. CYCLE_NEVER for a trace. */
cycle_t source_reached(const struct source *source);

/* Closes; a simulator that source_open_live started runs on to its end and is waited for if `wait`. Its exit status, else 0. */
int source_close(struct source *source, bool wait);

#endif
