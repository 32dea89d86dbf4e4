/* SPDX-License-Identifier: Apache-2.0 */
/* What a packet of GDB's remote protocol asks for, carried out on a stopped machine. Each hart is a thread, numbered from 1.
 * Knows no socket. */
#ifndef MISSIVE_DEBUG_COMMANDS_H
#define MISSIVE_DEBUG_COMMANDS_H

#include "debug/packet.h"
#include "debug/target.h"
#include "engine/engine.h"

struct commands { /* the target and the orders are set by the caller, all else begins as zeros */
    struct target *target;
    enum engine_order *orders; /* one for each hart */
    unsigned current;          /* the hart whose registers and memory are meant */
    unsigned resumed;          /* the one that `c` and `s` mean */
    bool knows_break_reasons;  /* swbreak and hwbreak in stop replies */
    bool no_acknowledgements;
    struct packet stop; /* the last stop reply */
};

enum commands_result { COMMANDS_REPLY, COMMANDS_RESUME, COMMANDS_DETACH, COMMANDS_KILL };

/* The reply is to be sent, unless the result is RESUME. After RESUME, the orders say who goes. */
enum commands_result commands_do(struct commands *commands, const struct packet *packet,
                                 struct packet *reply);

/* The machine has stopped: makes the stop reply. signal: 5 a hart stopped, 2 on demand. */
void commands_stopped(struct commands *commands, unsigned hart, unsigned signal,
                      const struct debug_watch *watched);

/* `monitor TEXT`: the answer, as text. */
void monitor_do(const struct commands *commands, const char *text, struct packet *answer);

#endif
