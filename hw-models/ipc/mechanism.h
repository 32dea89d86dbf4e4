/* SPDX-License-Identifier: Apache-2.0 */
/* The promise every message mechanism keeps towards the platform. A mechanism answers uncached loads and
 * stores to its windows (MAP_MECHANISM_BASE), may work on memory by itself as a bus master, and keeps its
 * caller's caches coherent while it does. This file names no member; mechanisms.def does.
 *
 * Time: access() is called with the bus granted to the requesting master at `now`; it returns how long the transaction holds
 * the bus. Work that streams in the background asks for the bus one word at a time: wants_bus() tells the
 * arbiter, and word() is called at each grant and says how long the tenure is. */
#ifndef MISSIVE_IPC_MECHANISM_H
#define MISSIVE_IPC_MECHANISM_H

#include "base/activity.h"
#include "base/probe.h"
#include "base/request.h"
#include "memory/ram.h"
#include "memory/snooper.h"

struct mechanism_links { /* all owned by the platform */
    struct ram *ram;
    const struct snooper *snoopers; /* one for each hart, in order */
    unsigned snooper_count;
    uint32_t line_bytes;
    uint32_t bus_word_bytes;
    struct probe *probe;
};

/* What a transaction or a word's tenure cost. */
struct mechanism_cost {
    cycle_t bus_cycles; /* the tenure's length from `now`, address and data phases included */
    cycle_t not_before; /* a snooped holder's clock (skew), or 0 */
    enum activity wait; /* why the master stands meanwhile: queue, copy or memory */
};

struct mechanism {
    const char *name;
    size_t state_bytes; /* the caller provides this much for `state` */
    enum status (*init)(void *state, const void *parameters, const struct mechanism_links *links);
    /* STATUS_OK: response is filled in (its cycle is set by the bus). STATUS_PENDING: the master waits; ready()
     * will name it. STATUS_DENIED or NO_TARGET: an access fault. */
    enum status (*access)(void *state, const struct request *request, cycle_t now, struct response *response,
                          struct mechanism_cost *cost);
    bool (*wants_bus)(const void *state, cycle_t now);
    struct mechanism_cost (*word)(void *state, cycle_t now);
    /* A master whose PENDING access can be answered now: true, with its number and response. Ask until false. */
    bool (*ready)(void *state, cycle_t now, uint16_t *master, struct response *response);
    uint64_t (*hardware_state_bits)(const void *state); /* for the fairness column of tables */
};

#endif
