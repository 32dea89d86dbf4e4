/* SPDX-License-Identifier: Apache-2.0 */
/* For tests: a few caches as the interconnect sees them, without harts. Every line of RAM has a
 * version that grows with each write, and every copy remembers the version it holds, so that a hit
 * on a stale copy is caught. */
#ifndef MISSIVE_MEMORY_TEST_CACHES_H
#define MISSIVE_MEMORY_TEST_CACHES_H

#include <string.h>

#include "base/memory_map.h"
#include "memory/cache.h"
#include "memory/ram.h"
#include "memory/snooper.h"

#define TEST_CACHES 8
#define TEST_LINE_BYTES 64
#define TEST_RAM_BYTES (64 * 1024)
#define TEST_RAM_LINES (TEST_RAM_BYTES / TEST_LINE_BYTES)

struct test_caches;

struct test_cache {
    struct test_caches *all;
    struct cache tags;
    uint64_t version[TEST_RAM_LINES]; /* of the copy, if there is one */
    cycle_t clock;                    /* the holder's local clock */
    uint64_t reserved_line;           /* LR's line; its window is open before reserved_until */
    cycle_t reserved_until;
};

struct test_caches {
    struct test_cache cache[TEST_CACHES];
    struct snooper snooper[TEST_CACHES];
    uint64_t version[TEST_RAM_LINES];
    uint8_t bytes[TEST_RAM_BYTES];
    struct ram ram;
};

static inline uint64_t test_line_index(uint64_t address)
{
    return (address - MAP_RAM_BASE) / TEST_LINE_BYTES;
}

static inline struct snoop_result test_cache_snoop(void *self, uint64_t line_address,
                                                   enum snoop_kind kind, cycle_t now)
{
    struct test_cache *cache = self;
    struct cache_line *line = cache_find(&cache->tags, line_address);

    if (!line)
        return (struct snoop_result){0};
    struct snoop_result result = {cache_state(line), cache->clock, 0};
    if (kind == SNOOP_PEEK)
        return result;
    if (line_address == cache->reserved_line && now < cache->reserved_until) {
        result.defer_until = cache->reserved_until;
        return result;
    }
    cache_set_state(line, kind == SNOOP_READ ? MESI_SHARED : MESI_INVALID);
    return result;
}

static inline void test_caches_init(struct test_caches *caches, uint64_t cache_bytes, uint32_t ways)
{
    memset(caches, 0, sizeof *caches);
    caches->ram = (struct ram){caches->bytes, MAP_RAM_BASE, TEST_RAM_BYTES};
    for (unsigned i = 0; i < TEST_CACHES; i++) {
        struct test_cache *cache = &caches->cache[i];
        cache->all = caches;
        cache_init(&cache->tags, cache_bytes, ways, TEST_LINE_BYTES);
        caches->snooper[i] = (struct snooper){cache, test_cache_snoop};
    }
}

/* Puts a line into a cache as a completed request would; it must not be there. */
static inline void test_cache_fill(struct test_cache *cache, uint64_t address, enum mesi state)
{
    uint64_t index = test_line_index(address);

    cache_insert(&cache->tags, address, state, NULL);
    cache->version[index] = cache->all->version[index];
}

static inline enum mesi test_cache_state(struct test_cache *cache, uint64_t address)
{
    struct cache_line *line = cache_find(&cache->tags, address);
    return line ? cache_state(line) : MESI_INVALID;
}

/* SplitMix64, for reproducible randomness. */
static inline uint64_t test_random(uint64_t *state)
{
    uint64_t z = *state += 0x9E3779B97F4A7C15;
    z = (z ^ z >> 30) * 0xBF58476D1CE4E5B9;
    z = (z ^ z >> 27) * 0x94D049BB133111EB;
    return z ^ z >> 31;
}

#endif
