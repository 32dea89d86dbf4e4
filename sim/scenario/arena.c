/* SPDX-License-Identifier: Apache-2.0 */
/* A list of blocks of the host's memory, one for each allocation: simple, and a scenario needs few.
 */
#include "scenario/arena.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct arena_block {
    struct arena_block *next;
    max_align_t bytes[];
};

void *arena_allocate(struct arena *arena, size_t size_bytes)
{
    struct arena_block *block = calloc(1, sizeof *block + size_bytes);
    if (!block) {
        fputs("missive: the host has no memory left\n", stderr);
        exit(2);
    }
    block->next = arena->blocks;
    arena->blocks = block;
    return block->bytes;
}

char *arena_copy_part(struct arena *arena, const char *text, size_t length)
{
    char *copy = arena_allocate(arena, length + 1);
    memcpy(copy, text, length);
    return copy;
}

char *arena_copy(struct arena *arena, const char *text)
{
    return arena_copy_part(arena, text, strlen(text));
}

void arena_free(struct arena *arena)
{
    while (arena->blocks) {
        struct arena_block *next = arena->blocks->next;
        free(arena->blocks);
        arena->blocks = next;
    }
}
