/* SPDX-License-Identifier: Apache-2.0 */
/* A set-associative array of tags with MESI states and true LRU or random replacement. Data are not here:
 * they live in the flat RAM. Plain data without pointers: copy the struct to snapshot it. Whoever
 * owns the cache (a hart) decides what a hit, a miss and a snoop mean; this file only keeps the
 * lines.
 *
 * A line pointer returned here is valid until the next cache_insert into the same set. */
#ifndef MISSIVE_MEMORY_CACHE_H
#define MISSIVE_MEMORY_CACHE_H

#include <stddef.h>
#include <stdint.h>

#include "base/request.h"
#include "base/status.h"

#define CACHE_MAX_LINES 4096 /* 256 KiB of 64-byte lines */
#define CACHE_MIN_LINE_BYTES 8
#define CACHE_MAX_LINE_BYTES 4096

struct cache_line {
    uint64_t tag;  /* the line's address; the low two bits, which it leaves free, hold enum mesi */
    uint64_t used; /* cache.clock at the last touch; 0 while invalid */
};

struct cache {
    uint64_t clock; /* counts touches */
    uint32_t line_shift;
    uint32_t set_mask;
    uint32_t ways;
    uint16_t random; /* not 0: state of a shift register that chooses what to replace */
    struct cache_line lines[CACHE_MAX_LINES]; /* set after set */
};

/* What an insertion pushes out: state MESI_INVALID if nothing. */
struct cache_victim {
    uint64_t address;
    enum mesi state;
};

/* An empty cache. STATUS_INVALID: line_bytes is no power of two from CACHE_MIN_LINE_BYTES to
 * CACHE_MAX_LINE_BYTES, there are more than CACHE_MAX_LINES lines, or the number of sets is no
 * power of two (that of ways need not be one). */
enum status cache_init(struct cache *cache, uint64_t size_bytes, uint32_t ways,
                       uint32_t line_bytes);

/* From now on it replaces any way, an invalid one or not, by a 16-bit linear feedback shift register that moves with each
 * insertion, as Rocket's caches do; not the least recently used one. */
void cache_replace_at_random(struct cache *cache);

/* What cache_insert(address) would push out now. Changes nothing. */
struct cache_victim cache_victim(const struct cache *cache, uint64_t address);

/* Puts the line of `address`, which must not be present, in the place of the least recently used
 * one, or any one, and touches it. `victim` may be NULL. */
struct cache_line *cache_insert(struct cache *cache, uint64_t address, enum mesi state,
                                struct cache_victim *victim);

/* Drops every line, dirty or not. */
void cache_clear(struct cache *cache);

static inline uint64_t cache_line_address(const struct cache *cache, uint64_t address)
{
    return address >> cache->line_shift << cache->line_shift;
}

/* The first way of the set that `address` falls into. */
static inline size_t cache_set(const struct cache *cache, uint64_t address)
{
    return (size_t)((address >> cache->line_shift) & cache->set_mask) * cache->ways;
}

/* The valid line that holds `address` (any byte of it), or NULL. Does not count as a use. */
static inline struct cache_line *cache_find(struct cache *cache, uint64_t address)
{
    struct cache_line *line = &cache->lines[cache_set(cache, address)];
    uint64_t wanted = cache_line_address(cache, address);

    for (uint32_t way = 0; way < cache->ways; way++, line++)
        if ((line->tag ^ wanted) - 1 < 3) /* same address, state not 0 */
            return line;
    return NULL;
}

/* Makes a line the most recently used of its set. */
static inline void cache_touch(struct cache *cache, struct cache_line *line)
{
    line->used = ++cache->clock;
}

static inline enum mesi cache_state(const struct cache_line *line)
{
    return (enum mesi)(line->tag & 3);
}

static inline uint64_t cache_address(const struct cache_line *line)
{
    return line->tag & ~(uint64_t)3;
}

/* MESI_INVALID drops the line. */
static inline void cache_set_state(struct cache_line *line, enum mesi state)
{
    line->tag = cache_address(line) | (uint64_t)state;
    if (state == MESI_INVALID)
        line->used = 0;
}

static inline void cache_invalidate(struct cache_line *line)
{
    cache_set_state(line, MESI_INVALID);
}

#endif
