/* SPDX-License-Identifier: Apache-2.0 */
/* MESI by snooping: carries out a transaction the bus has granted, and says what it costs. All
 * caches (the snoopers, one for each hart) see every transaction on RAM.
 *
 *   FETCH           dirty copies are written back; the reader is not tracked (software uses
 * fence.i) READ            EXCLUSIVE if no other cache has the line, else SHARED READ_EXCLUSIVE
 * MODIFIED; all other copies are dropped UPGRADE         the same without data, or READ_EXCLUSIVE
 * if the requester's copy was lost while it waited WRITE_BACK      a dirty line to memory LOAD,
 * STORE     of RAM without a cache: word accesses that snoop like READ and READ_EXCLUSIVE
 *
 * A tenure is: the address phase; then the first beat from the memory or, later or sooner, from a
 * cache that holds the line MODIFIED (memory takes the data in the same beats); then the other
 * beats. Masters that are no cache (a device, a message mechanism) use coherence_reach. Not
 * modelled: an owner's state that defers the write-back (MOESI). */
#ifndef MISSIVE_MEMORY_COHERENCE_H
#define MISSIVE_MEMORY_COHERENCE_H

#include "base/request.h"
#include "memory/dram.h"
#include "memory/ram.h"
#include "memory/sharers.h"

struct coherence_config {
    uint64_t line_bytes;
    uint64_t address_cycles; /* the address phase, snoops included */
    uint64_t answer_cycles;  /* from there to the first beat from another cache */
};

struct coherence_links { /* all owned by the caller */
    struct ram *ram;
    struct dram *dram;
    const struct snooper *snoopers; /* one for each hart, in order: master number is index */
    unsigned snooper_count;         /* at most SHARERS_MAX_CACHES */
    struct sharers *sharers; /* of these snoopers, who are caches with reservations for lines they
                                hold; NULL: all are asked */
};

struct coherence_counters {
#define COUNTER(id, unit, doc) uint64_t id;
#include "memory/coherence_counters.def"
#undef COUNTER
};

struct coherence {
    struct coherence_config config;
    struct coherence_links links;
    struct coherence_counters counters;
};

struct coherence_cost {
    cycle_t cycles;     /* the tenure's length */
    cycle_t not_before; /* the clock of the holder furthest ahead (skew), or 0; after STATUS_FULL:
                           when to ask again */
};

/* STATUS_INVALID: line_bytes is no power of two or less than a word of the memory, or the address
 * phase takes no time. */
enum status coherence_init(struct coherence *coherence, const struct coherence_config *config,
                           const struct coherence_links *links);

/* Carries out a request of a kind listed above, granted at `now`. Fills in response (but its cycle)
 * and cost. STATUS_FULL: a holder's LR window defers it; no data moved, the tenure of cost->cycles
 * was in vain, ask again at cost->not_before. STATUS_NO_TARGET: the address is not in RAM.
 * STATUS_DENIED: wrong size or alignment, or a kind that is not listed above. The status is also in
 * response, as the hart is to see it. */
enum status coherence_transact(struct coherence *coherence, struct request *request, cycle_t now,
                               struct response *response, struct coherence_cost *cost);

/* What a master without a cache must wait for before it may read or write the line of `address`. */
struct coherence_reach {
    bool dirty;         /* a cache held it MODIFIED and has written it back, */
    cycle_t cycles;     /* which took this long (else 0) */
    cycle_t not_before; /* as in struct coherence_cost */
};

/* Makes all caches give up what they must (to a reader their ownership, to a writer their copies)
 * within a tenure the caller holds. A LR window is waited out, not honoured: the SC may fail.
 * `address` is in RAM. Moves no data and reads no memory: that is the caller's, see dram.h and
 * ram.h. */
struct coherence_reach coherence_reach(struct coherence *coherence, unsigned master,
                                       uint64_t address, bool write, cycle_t now);

#endif
