/* SPDX-License-Identifier: Apache-2.0 */
/* The memory's timing: a fixed latency, and one data port. Requests are answered in order and their
 * latencies overlap; only the data beats occupy the port. A read's latency is lengthened by a
 * jitter drawn from a seed. Writes are posted: they cost their beats. Not modelled: banks, rows,
 * refresh, read-write turnaround. Source: the AXI memory of the Rocket measurements; the jitter
 * stands for what real memories vary. */
#ifndef MISSIVE_MEMORY_DRAM_H
#define MISSIVE_MEMORY_DRAM_H

#include "base/probe.h"
#include "base/status.h"

struct dram_config {
    uint64_t latency_cycles; /* from the request to the first beat */
    uint64_t jitter_cycles;  /* each read takes 0 up to this many more */
    uint64_t beat_cycles;    /* one beat of word_bytes */
    uint64_t word_bytes;     /* a power of two */
    uint64_t seed;           /* draws the jitter */
};

struct dram_counters {
#define COUNTER(id, unit, doc) uint64_t id;
#include "memory/dram_counters.def"
#undef COUNTER
};

struct dram {
    struct dram_config config;
    struct probe *probe; /* may be NULL */
    uint64_t random;     /* the jitter generator's state */
    cycle_t port_free;
    struct dram_counters counters;
};

/* STATUS_INVALID: word_bytes is no power of two or a beat takes no time. */
enum status dram_init(struct dram *dram, const struct dram_config *config, struct probe *probe);

/* How many cycles `bytes` from `address` occupy the port, aligned words at a time. */
cycle_t dram_beats(const struct dram *dram, uint64_t address, uint64_t bytes);

/* A request that reaches the memory at `now`. Both return the cycle of the first beat; the last one
 * ends dram_beats() later. Report memory_access for `master`. */
cycle_t dram_read(struct dram *dram, unsigned master, uint64_t address, uint64_t bytes,
                  cycle_t now);
cycle_t dram_write(struct dram *dram, unsigned master, uint64_t address, uint64_t bytes,
                   cycle_t now);

#endif
