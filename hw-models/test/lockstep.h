/* SPDX-License-Identifier: Apache-2.0 */
/* A platform for tests: harts, coherence and RAM without SystemC, with random service times and interleavings.
 * Harts act in order of their clocks; a request is carried out after a random delay, with a random legal answer
 * (a lonely reader may get its line SHARED). The protocol here is written independently of memory/coherence.
 *
 * With `private_images` each hart sees a RAM of its own, and a line's bytes move only as the protocol moves the
 * line: what a hart does not hold is poisoned, so that a hit on a stale copy or a write without ownership shows as
 * wrong data. Not modelled: a bus (requests overlap freely), devices of its own (outside RAM those of the options answer). */
#ifndef MISSIVE_TEST_LOCKSTEP_H
#define MISSIVE_TEST_LOCKSTEP_H

#include <stddef.h>

#include "core/hart.h"
#include "devices/device.h"
#include "test/random.h"

#define LOCKSTEP_MAX_HARTS 8
#define LOCKSTEP_RECENT 16

struct lockstep_options {
    unsigned hart_count; /* 1 to LOCKSTEP_MAX_HARTS */
    struct hart_config config;
    uint64_t ram_base, ram_bytes;
    uint64_t seed;
    unsigned max_delay_cycles; /* of a request's service */
    unsigned max_slice_cycles; /* of one hart_run; 1 or more */
    unsigned
        disturb_permille; /* how often a step is preceded by a stranger's snoop of a recently used line */
    bool disturb_invalidate; /* ... which may also be an INVALIDATE (breaks reservations) */
    bool private_images;
    const struct device *
        devices; /* the caller's; they raise interrupts themselves, and do nothing else by themselves */
    unsigned device_count;
};

enum lockstep_state { LOCKSTEP_RUNNING, LOCKSTEP_REQUESTING, LOCKSTEP_WAITING };

struct lockstep_hart {
    struct hart *hart;
    struct block_store *blocks;
    struct ram ram; /* what this hart sees; memory itself without private_images */
    enum lockstep_state state;
    cycle_t serve_at;
};

struct lockstep {
    struct lockstep_options options;
    struct random random;
    struct ram memory;
    struct lockstep_hart harts[LOCKSTEP_MAX_HARTS];
    uint64_t shared_begin, shared_end;
    uint64_t recent[LOCKSTEP_RECENT];
    unsigned recent_next;
    const char *error; /* a broken promise of a hart's, seen by the platform; NULL: none */
};

/* A hart_config whose latencies, caches and LR window are drawn; small caches, so that lines are evicted. */
struct hart_config lockstep_random_config(struct random *random);

/* False: out of memory, or a hart refused its configuration. The harts are reset to pc ram_base. */
bool lockstep_init(struct lockstep *platform, const struct lockstep_options *options);
void lockstep_free(struct lockstep *platform);

/* Bytes in memory and in every hart's view of it. */
void lockstep_write(struct lockstep *platform, uint64_t address, const void *bytes, size_t count);
/* From now on [begin, end) is shared data: poisoned wherever it is not held. */
void lockstep_share(struct lockstep *platform, uint64_t begin, uint64_t end);

/* One action of the hart whose turn it is; returns its number, or -1 if all wait for an interrupt (or on error). */
int lockstep_step(struct lockstep *platform);

/* Gathers what modified lines hold into platform->memory, and checks that no line has two owners (error). */
void lockstep_settle(struct lockstep *platform);

/* The state of a line in a hart's L1D. */
enum mesi lockstep_holds(const struct lockstep *platform, unsigned hart, uint64_t address);

/* Call after hart_set_pc or hart_set_interrupt: the hart is asked again. */
void lockstep_wake(struct lockstep *platform, unsigned hart);

#endif
