/* SPDX-License-Identifier: Apache-2.0 */
/* The conventional shared bus: a request line for each master, an arbiter, one tenure at a time. It
 * decides who is granted and when, keeps the accounts and reports tenures; what a transaction does
 * is its caller's business.
 *
 * Arbitration is round robin and overlaps a tenure under way. Requests of kind REQUEST_BLOCK_WORD
 * (a background stream) are granted only when no other is ready, unless they have waited for
 * patience_cycles; then they take their turn. A stream that asks for its next word by the end of
 * the last one's tenure goes on without being arbitrated anew.
 *
 * Use, at a cycle `now`, after all responses due at `now` were delivered and all requests of `now`
 * were made:
 *
 *   if (bus_next(bus) == now && bus_grant(bus, now, &request))
 *       carry it out;  response.cycle = bus_hold(bus, now, &request, cycles, not_before, wait);
 *       and if it was deferred: bus_retry(bus, &request, later).
 *
 * A response is delivered at its cycle, the tenure's end, before anything else is granted. */
#ifndef MISSIVE_MEMORY_BUS_H
#define MISSIVE_MEMORY_BUS_H

#include "base/activity.h"
#include "base/probe.h"
#include "base/request.h"

#define BUS_MAX_MASTERS 128 /* harts are 0 to 63; see enum event_source for the others */

struct bus_config {
    uint64_t arbitration_cycles; /* from a request to its earliest grant */
    uint64_t patience_cycles;    /* how long a background stream may be passed over */
    uint64_t line_bytes;         /* for the account of bytes */
};

struct bus_counters {
#define COUNTER(id, unit, doc) uint64_t id;
#include "memory/bus_counters.def"
#undef COUNTER
};

struct bus {
    struct bus_config config;
    struct probe *probe; /* may be NULL */
    cycle_t free_at;
    unsigned last;                             /* the master granted last */
    uint64_t waiting[BUS_MAX_MASTERS / 64];    /* a bit for each master */
    uint64_t background[BUS_MAX_MASTERS / 64]; /* of these, streams */
    struct request request[BUS_MAX_MASTERS];
    cycle_t since[BUS_MAX_MASTERS]; /* waiting from this cycle on */
    cycle_t ready[BUS_MAX_MASTERS]; /* not granted before this cycle */
    struct bus_counters kind[REQUEST_KIND_COUNT];
};

void bus_init(struct bus *bus, const struct bus_config *config, struct probe *probe);

/* Raises request->master's line (< BUS_MAX_MASTERS, at most one request each) at request->cycle.
 * Copies the request. */
void bus_request(struct bus *bus, const struct request *request);

/* Raises it again for a request that was granted and deferred: not granted before `at`. */
void bus_retry(struct bus *bus, const struct request *request, cycle_t at);

/* Takes a master's request back, if it has one. */
void bus_cancel(struct bus *bus, unsigned master);

/* The cycle at which the next grant is possible if nothing more is requested; CYCLE_NEVER: nobody
 * waits. It may lie before the caller's now, if the caller comes late. */
cycle_t bus_next(const struct bus *bus);

/* Grants the bus, if it is free and somebody is ready: true, and *request is whose. bus_hold must
 * follow. */
bool bus_grant(struct bus *bus, cycle_t now, struct request *request);

/* Holds the bus for the granted request: `cycles` (at least 1) from `now`, and on to not_before if
 * that is later (skew). Reports bus_tenure and, for a hart, what it waits for: `wait`, then skew.
 * Returns the end of the tenure. */
cycle_t bus_hold(struct bus *bus, cycle_t now, const struct request *request, cycle_t cycles,
                 cycle_t not_before, enum activity wait);

/* All kinds summed up. */
struct bus_counters bus_total(const struct bus *bus);

const char *bus_kind_name(enum request_kind kind);

#endif
