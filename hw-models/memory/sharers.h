/* SPDX-License-Identifier: Apache-2.0 */
/* A snoop filter: which caches may hold a line, so that only those need be asked. It never forgets a
 * holder; it may name caches that have dropped the line meanwhile, since nobody tells it of a clean
 * line pushed out, until it hears so when they are asked. A model's own economy: it takes no cycles,
 * and changes none.
 *
 * A set of lines that is full is swept by asking all who are named there; if they still hold all its
 * lines, lines that fall into it are no longer told apart: everybody may hold them. */
#ifndef MISSIVE_MEMORY_SHARERS_H
#define MISSIVE_MEMORY_SHARERS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/status.h"
#include "memory/snooper.h"

#define SHARERS_EVERYBODY UINT64_MAX
#define SHARERS_WAYS 7
#define SHARERS_MAX_CACHES 64

struct sharers_set {
    uint64_t line[SHARERS_WAYS];   /* an address, if it has holders */
    uint64_t caches[SHARERS_WAYS]; /* bit n: cache n may hold it */
    uint8_t pinned;                /* ways that are to stay */
    bool full;                     /* there were more: everybody may hold any line */
};

struct sharers { /* plain data but for the links */
    struct sharers_set *sets;
    const struct snooper *snoopers; /* to be asked when a set is full */
    uint64_t set_mask;
    unsigned line_shift;
    uint64_t latest[SHARERS_MAX_CACHES]; /* the line each was given last: perhaps not there yet */
};

/* How many sets it takes for so many caches of so many lines: a power of two. */
size_t sharers_sets(unsigned caches, uint64_t lines_each);

/* `sets` (a power of two of them) and `snoopers` are the caller's. No cache holds a line yet.
 * STATUS_INVALID: their numbers, or a line's size, are no powers of two. */
enum status sharers_init(struct sharers *sharers, struct sharers_set *sets, size_t count,
                         const struct snooper *snoopers, uint64_t line_bytes);

/* Who may hold the line at this address; SHARERS_EVERYBODY includes caches that do not exist. */
uint64_t sharers_of(const struct sharers *sharers, uint64_t line);

/* This cache is about to hold it. */
void sharers_add(struct sharers *sharers, uint64_t line, unsigned cache, cycle_t now);

/* This cache has been asked, and does not hold it. */
void sharers_remove(struct sharers *sharers, uint64_t line, unsigned cache);

/* A holder awaits to be asked again for this line, and must be, whether it still holds it or not;
 * or, `pinned` false, that has happened. */
void sharers_pin(struct sharers *sharers, uint64_t line, bool pinned);

#endif
