/* SPDX-License-Identifier: Apache-2.0 */
/* Memory that is given back all at once. Where the host has none left, the program ends with one
 * line. */
#ifndef MISSIVE_SCENARIO_ARENA_H
#define MISSIVE_SCENARIO_ARENA_H

#include <stddef.h>

struct arena_block;
struct arena {
    struct arena_block *blocks; /* start with {NULL} */
};

void *arena_allocate(struct arena *arena, size_t size_bytes); /* zeroed */
char *arena_copy(struct arena *arena, const char *text);
char *arena_copy_part(struct arena *arena, const char *text, size_t length);
void arena_free(struct arena *arena);

#endif
