/* SPDX-License-Identifier: Apache-2.0 */
/* A map from guest addresses to the observer's own records. Open addressing, linear probing. The guest chooses the keys:
 * any value is allowed, 0 included. */
#ifndef MISSIVE_OBSERVE_ADDRESS_MAP_H
#define MISSIVE_OBSERVE_ADDRESS_MAP_H

#include <stddef.h>
#include <stdint.h>

struct address_map {
    struct address_slot {
        uint64_t key;
        void *value; /* NULL: the slot is free */
    } * slots;
    size_t capacity; /* 0 or a power of two */
    size_t count;
};

/* The key's record; NULL if it has none. */
void *address_map_find(const struct address_map *map, uint64_t key);
/* The key's record; where it has none, `size_bytes` of zeros (malloc'ed) become it. NULL: out of memory. */
void *address_map_get(struct address_map *map, uint64_t key, size_t size_bytes);
/* Takes the key out and frees its record, if it has one. */
void address_map_remove(struct address_map *map, uint64_t key);
/* Frees all records and the map's own memory. */
void address_map_clear(struct address_map *map);

#endif
