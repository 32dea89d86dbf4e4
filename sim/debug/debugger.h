/* SPDX-License-Identifier: Apache-2.0 */
/* A GDB remote stub: a TCP port of this host alone (127.0.0.1), at which one debugger at a time may hold the machine. The run
 * begins when a debugger has come and lets it; if it goes (detach, lost connection), the machine runs on, and another may
 * come. A debugger's user decides when things happen: a run that was stopped is not the run that was not. */
#ifndef MISSIVE_DEBUG_DEBUGGER_H
#define MISSIVE_DEBUG_DEBUGGER_H

#include "engine/engine.h"
#include "scenario/problem.h"

struct debugger;

/* Listens at `port` (0: any that is free) and says so on stderr. The platform must live on. NULL: `problem` says why. */
struct debugger *debugger_create(struct platform *platform, uint16_t port, struct problem *problem);
void debugger_destroy(struct debugger *debugger); /* NULL is allowed */

/* For engine_options; owned by the debugger. NULL gives NULL. */
struct engine_debugger *debugger_hook(struct debugger *debugger);

/* The run is over: tells whoever is connected. NULL is allowed. */
void debugger_finish(struct debugger *debugger, const struct engine_outcome *outcome);

#endif
