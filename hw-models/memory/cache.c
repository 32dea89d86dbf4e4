/* SPDX-License-Identifier: Apache-2.0 */
/* The parts of the tag array that are not on the path of a hit. LRU is exact: the victim is an
 * invalid line if there is one, else the line touched longest ago. */
#include "memory/cache.h"

#include <assert.h>
#include <stdbool.h>
#include <string.h>

static bool is_power_of_two(uint64_t n)
{
    return n != 0 && (n & (n - 1)) == 0;
}

enum status cache_init(struct cache *cache, uint64_t size_bytes, uint32_t ways, uint32_t line_bytes)
{
    if (!is_power_of_two(line_bytes) || line_bytes < CACHE_MIN_LINE_BYTES ||
        line_bytes > CACHE_MAX_LINE_BYTES)
        return STATUS_INVALID;
    uint64_t lines = size_bytes / line_bytes;
    if (ways == 0 || lines > CACHE_MAX_LINES || size_bytes % line_bytes != 0 || lines % ways != 0 ||
        !is_power_of_two(lines / ways))
        return STATUS_INVALID;

    cache->line_shift = (uint32_t)__builtin_ctz(line_bytes);
    cache->set_mask = (uint32_t)(lines / ways) - 1;
    cache->ways = ways;
    cache->clock = 0;
    cache->random = 0;
    cache_clear(cache);
    return STATUS_OK;
}

void cache_clear(struct cache *cache)
{
    memset(cache->lines, 0, ((size_t)cache->set_mask + 1) * cache->ways * sizeof cache->lines[0]);
}

static size_t least_recently_used(const struct cache *cache, uint64_t address)
{
    size_t first = cache_set(cache, address);
    size_t oldest = first;

    for (size_t i = first + 1; i < first + cache->ways; i++)
        if (cache->lines[i].used < cache->lines[oldest].used)
            oldest = i;
    return oldest;
}

void cache_replace_at_random(struct cache *cache)
{
    cache->random = 1;
}

/* Of maximal period: x^16 + x^14 + x^13 + x^11 + 1. */
static uint16_t shift(uint16_t state)
{
    uint16_t in = (uint16_t)(state >> 15 ^ state >> 13 ^ state >> 12 ^ state >> 10) & 1;
    return (uint16_t)(state << 1 | in);
}

/* At random, but for a dirty line if there is room: an insertion in the place of a line that was lost must push none out. */
static size_t replaced(const struct cache *cache, uint64_t address)
{
    size_t oldest = least_recently_used(cache, address);
    size_t any = cache_set(cache, address) + cache->random % cache->ways;
    bool room = cache_state(&cache->lines[oldest]) == MESI_INVALID;
    bool dirty = cache_state(&cache->lines[any]) == MESI_MODIFIED;
    return !cache->random || (room && dirty) ? oldest : any;
}

struct cache_victim cache_victim(const struct cache *cache, uint64_t address)
{
    const struct cache_line *line = &cache->lines[replaced(cache, address)];
    return (struct cache_victim){cache_address(line), cache_state(line)};
}

struct cache_line *cache_insert(struct cache *cache, uint64_t address, enum mesi state,
                                struct cache_victim *victim)
{
    assert(!cache_find(cache, address));
    struct cache_line *line = &cache->lines[replaced(cache, address)];

    if (victim)
        *victim = (struct cache_victim){cache_address(line), cache_state(line)};
    line->tag = cache_line_address(cache, address) | (uint64_t)state;
    cache->random = shift(cache->random);
    cache_touch(cache, line);
    return line;
}
