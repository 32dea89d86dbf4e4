/* SPDX-License-Identifier: Apache-2.0 */
/* For the stub's tests: two harts on a small RAM, without platform or engine. */
#ifndef MISSIVE_DEBUG_TWO_HARTS_H
#define MISSIVE_DEBUG_TWO_HARTS_H

#include <stdlib.h>
#include <string.h>

#include "debug/commands.h"

#define RAM_BASE UINT64_C(0x80000000)
#define RAM_BYTES 65536u
#define HARTS 2

struct two_harts {
    struct ram ram;
    struct hart *harts[HARTS];
    struct block_store *blocks[HARTS];
    struct target target;
    enum engine_order orders[MAP_MAX_HARTS];
    struct commands commands;
};

/* False: the host has no memory. */
static inline bool two_harts_init(struct two_harts *t)
{
    struct hart_config config = {
        .line_bytes = 64,
        .l1i_bytes = 4096,
        .l1i_ways = 2,
        .l1d_bytes = 4096,
        .l1d_ways = 2,
        .l1_enabled = 1,
#define PARAMETER(group, name, standard, min, max, unit, doc, source) .name = (standard),
#include "core/core.def"
#undef PARAMETER
        .cycles_per_tick = 10,
    };
    memset(t, 0, sizeof *t);
    t->ram = (struct ram){calloc(1, RAM_BYTES), RAM_BASE, RAM_BYTES};
    bool made = t->ram.bytes != NULL;
    for (unsigned n = 0; n < HARTS && made; n++) {
        t->harts[n] = calloc(1, hart_size());
        t->blocks[n] = malloc(block_store_size(64));
        if (t->blocks[n])
            block_store_init(t->blocks[n], 64);
        config.id = (uint16_t)n;
        const struct hart_links links = {.ram = &t->ram, .blocks = t->blocks[n]};
        made = t->harts[n] && t->blocks[n] && hart_init(t->harts[n], &config, &links) == STATUS_OK;
    }
    t->target = (struct target){
        .harts = t->harts, .hart_count = HARTS, .ram = &t->ram, .about = "two harts\n"};
    t->commands.target = &t->target;
    t->commands.orders = t->orders;
    return made;
}

static inline void two_harts_free(struct two_harts *t)
{
    for (unsigned n = 0; n < HARTS; n++) {
        free(t->harts[n]);
        free(t->blocks[n]);
    }
    free(t->ram.bytes);
}

#endif
