/* SPDX-License-Identifier: Apache-2.0 */
/* The promise every message mechanism keeps towards the platform. A mechanism answers uncached
 * loads and stores to its windows (MAP_MECHANISM_BASE), may work on memory by itself as a bus
 * master, and keeps its caller's caches coherent while it does. This file names no member;
 * mechanisms.def does.
 *
 * Time: access() is called with the bus granted to the requesting master at `now`; it returns how
 * long the transaction holds the bus. Work that streams in the background asks for the bus one word
 * at a time: next_word() tells from which cycle on (ask after every access() and word()), the
 * platform then raises a REQUEST_BLOCK_WORD of master EVENT_SOURCE_CONTROLLER on the bus, and
 * word() is called at its grant and says how long the tenure is. */
#ifndef MISSIVE_IPC_MECHANISM_H
#define MISSIVE_IPC_MECHANISM_H

#include <stddef.h>

#include "base/activity.h"
#include "base/probe.h"
#include "base/request.h"
#include "memory/coherence.h"

struct mechanism_links {         /* all owned by the platform */
    struct coherence *coherence; /* with RAM, memory timing and the harts' caches behind it */
    struct probe *probe;         /* may be NULL */
};

/* What a transaction or a word's tenure cost. */
struct mechanism_cost {
    cycle_t bus_cycles; /* the tenure's length from `now`, address and data phases included */
    cycle_t not_before; /* a snooped holder's clock (skew), or 0 */
    enum activity wait; /* why the master stands meanwhile: queue, copy or memory */
};

struct mechanism_parameter {
    const char *name; /* group.name, as in the table of parameters */
    uint64_t value;   /* the default */
};

struct mechanism {
    size_t
        state_bytes; /* the caller provides this much for `state`: plain data, copied to snapshot */
    const struct mechanism_parameter *parameters;
    size_t parameter_count;
    /* `values`: one for each parameter; NULL: the defaults. STATUS_INVALID: one is out of range.
     * A mechanism without hardware has no init: there is nothing to attach. */
    enum status (*init)(void *state, const uint64_t *values, const struct mechanism_links *links);
    /* STATUS_OK: response is filled in (its cycle is set by the bus). STATUS_PENDING: the master
     * waits; ready() will name it. STATUS_DENIED or NO_TARGET: an access fault. The cost is filled
     * in always. */
    enum status (*access)(void *state, const struct request *request, cycle_t now,
                          struct response *response, struct mechanism_cost *cost);
    /* The cycle from which on the next word could move, which may lie before `now`; CYCLE_NEVER:
     * none waits. */
    cycle_t (*next_word)(const void *state, cycle_t now);
    /* Moves it. Fills in address and size_bytes of the granted request, for the bus's account. No
     * word could move any more: size_bytes is 0, the tenure is in vain. */
    struct mechanism_cost (*word)(void *state, cycle_t now, struct request *request);
    /* A master whose PENDING access is answered: true, with its number and response (its cycle, at
     * or after now, included). Ask after every word() until false. */
    bool (*ready)(void *state, cycle_t now, uint16_t *master, struct response *response);
    uint64_t (*hardware_state_bits)(const void *state); /* for the fairness column of tables */
};

#endif
