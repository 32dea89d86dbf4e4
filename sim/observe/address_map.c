/* SPDX-License-Identifier: Apache-2.0 */
/* See address_map.h. */
#include "observe/address_map.h"

#include <stdlib.h>

static size_t home(const struct address_map *map, uint64_t key)
{
    return (size_t)(key * 0x9E3779B97F4A7C15u >> 32) & (map->capacity - 1);
}

/* The key's slot, or the free one where it belongs. There is always a free one. */
static struct address_slot *locate(const struct address_map *map, uint64_t key)
{
    size_t i = home(map, key);
    while (map->slots[i].value && map->slots[i].key != key)
        i = (i + 1) & (map->capacity - 1);
    return &map->slots[i];
}

void *address_map_find(const struct address_map *map, uint64_t key)
{
    return map->capacity ? locate(map, key)->value : NULL;
}

static int grow(struct address_map *map)
{
    struct address_map larger = {.capacity = map->capacity ? map->capacity * 2 : 16,
                                 .count = map->count};
    larger.slots = calloc(larger.capacity, sizeof *larger.slots);
    if (!larger.slots)
        return 0;
    for (size_t i = 0; i < map->capacity; i++)
        if (map->slots[i].value)
            *locate(&larger, map->slots[i].key) = map->slots[i];
    free(map->slots);
    *map = larger;
    return 1;
}

void *address_map_get(struct address_map *map, uint64_t key, size_t size_bytes)
{
    void *value = address_map_find(map, key);
    if (value)
        return value;
    if (map->count * 2 >= map->capacity && !grow(map))
        return NULL;
    value = calloc(1, size_bytes);
    if (value) {
        *locate(map, key) = (struct address_slot){key, value};
        map->count++;
    }
    return value;
}

void address_map_remove(struct address_map *map, uint64_t key)
{
    struct address_slot *slot = map->capacity ? locate(map, key) : NULL;
    if (!slot || !slot->value)
        return;
    free(slot->value);
    slot->value = NULL;
    map->count--;
    /* What follows may have been pushed on by the removed key: put each in its place again. */
    size_t mask = map->capacity - 1;
    for (size_t i = ((size_t)(slot - map->slots) + 1) & mask; map->slots[i].value;
         i = (i + 1) & mask) {
        struct address_slot moved = map->slots[i];
        map->slots[i].value = NULL;
        *locate(map, moved.key) = moved;
    }
}

void address_map_clear(struct address_map *map)
{
    for (size_t i = 0; i < map->capacity; i++)
        free(map->slots[i].value);
    free(map->slots);
    *map = (struct address_map){0};
}
