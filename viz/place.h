/* SPDX-License-Identifier: Apache-2.0 */
/* Where each message is drawn at rest: in a slot of its carrier's tile. More than fit share the last slot, as a pile. */
#ifndef MISSIVE_VIZ_PLACE_H
#define MISSIVE_VIZ_PLACE_H

#include "layout.h"

#define PLACE_MAX 4096 /* messages looked at, oldest first */

struct token {
    uint64_t number;
    uint64_t bytes;
    enum activity activity;
    struct box box;
    unsigned
        pile; /* of the pile's first: how many it stands for; 1: itself; 0: hidden under the first */
};

/* The messages in flight, in order of their number; returns how many. */
unsigned place_tokens(const struct layout *layout, const struct scene *scene,
                      struct token tokens[PLACE_MAX]);

#endif
