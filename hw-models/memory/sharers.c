/* SPDX-License-Identifier: Apache-2.0 */
/* See sharers.h. */
#include "memory/sharers.h"

#include <string.h>

#define SPACE 2 /* times the lines that all caches hold, because of those dropped meanwhile */

static bool is_power_of_two(uint64_t n)
{
    return n != 0 && (n & (n - 1)) == 0;
}

size_t sharers_sets(unsigned caches, uint64_t lines_each)
{
    size_t sets = 1;
    while (sets * SHARERS_WAYS < caches * lines_each * SPACE)
        sets *= 2;
    return sets;
}

enum status sharers_init(struct sharers *sharers, struct sharers_set *sets, size_t count,
                         const struct snooper *snoopers, uint64_t line_bytes)
{
    if (!is_power_of_two(count) || !is_power_of_two(line_bytes))
        return STATUS_INVALID;
    memset(sets, 0, count * sizeof *sets);
    *sharers = (struct sharers){.sets = sets,
                                .snoopers = snoopers,
                                .set_mask = count - 1,
                                .line_shift = (unsigned)__builtin_ctzll(line_bytes)};
    memset(sharers->latest, 0xFF, sizeof sharers->latest);
    return STATUS_OK;
}

/* Harts' memories are often a power of two apart: the upper bits take part. */
static struct sharers_set *set_of(const struct sharers *sharers, uint64_t line)
{
    uint64_t number = line >> sharers->line_shift;
    return &sharers->sets[(number ^ number >> 9 ^ number >> 18) & sharers->set_mask];
}

static unsigned way_of(const struct sharers_set *set, uint64_t line)
{
    unsigned way = 0;
    while (way < SHARERS_WAYS && (set->line[way] != line || set->caches[way] == 0))
        way++;
    return way;
}

uint64_t sharers_of(const struct sharers *sharers, uint64_t line)
{
    const struct sharers_set *set = set_of(sharers, line);
    unsigned way = way_of(set, line);

    if (set->full)
        return SHARERS_EVERYBODY;
    return way < SHARERS_WAYS ? set->caches[way] : 0;
}

static unsigned free_way(const struct sharers_set *set)
{
    unsigned way = 0;
    while (way < SHARERS_WAYS && set->caches[way] != 0)
        way++;
    return way;
}

static void forget(const struct sharers *sharers, struct sharers_set *set, unsigned way,
                   unsigned cache)
{
    if (sharers->latest[cache] != set->line[way])
        set->caches[way] &= ~(UINT64_C(1) << cache);
}

static void sweep(const struct sharers *sharers, struct sharers_set *set, cycle_t now)
{
    for (unsigned way = 0; way < SHARERS_WAYS; way++) {
        uint64_t left = set->pinned >> way & 1 ? 0 : set->caches[way];
        for (; left; left &= left - 1) {
            unsigned cache = (unsigned)__builtin_ctzll(left);
            const struct snooper *snooper = &sharers->snoopers[cache];
            if (snooper->snoop(snooper->cache, set->line[way], SNOOP_PEEK, now).was == MESI_INVALID)
                forget(sharers, set, way, cache);
        }
    }
}

void sharers_add(struct sharers *sharers, uint64_t line, unsigned cache, cycle_t now)
{
    struct sharers_set *set = set_of(sharers, line);
    unsigned way = way_of(set, line);

    sharers->latest[cache] = line;
    if (set->full)
        return;
    if (way == SHARERS_WAYS) {
        way = free_way(set);
        if (way == SHARERS_WAYS) {
            sweep(sharers, set, now);
            way = free_way(set);
        }
        if (way == SHARERS_WAYS) {
            set->full = true;
            return;
        }
        set->line[way] = line;
    }
    set->caches[way] |= UINT64_C(1) << cache;
}

void sharers_remove(struct sharers *sharers, uint64_t line, unsigned cache)
{
    struct sharers_set *set = set_of(sharers, line);
    unsigned way = way_of(set, line);

    if (way < SHARERS_WAYS && !(set->pinned >> way & 1))
        forget(sharers, set, way, cache);
}

void sharers_pin(struct sharers *sharers, uint64_t line, bool pinned)
{
    struct sharers_set *set = set_of(sharers, line);
    unsigned way = pinned || set->pinned ? way_of(set, line) : SHARERS_WAYS;

    if (way < SHARERS_WAYS)
        set->pinned = (uint8_t)((set->pinned & ~(1u << way)) | (unsigned)pinned << way);
}
