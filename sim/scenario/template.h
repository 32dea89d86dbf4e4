/* SPDX-License-Identifier: Apache-2.0 */
/* ${name} in texts, and sums of products of numbers: "${count} * 2 + 1". */
#ifndef MISSIVE_SCENARIO_TEMPLATE_H
#define MISSIVE_SCENARIO_TEMPLATE_H

#include <stdbool.h>
#include <stdint.h>

#include "scenario/arena.h"
#include "scenario/problem.h"

/* What a name stands for; NULL and a problem if it stands for nothing. */
struct template_names {
    void *owner;
    const char *(*value)(void *owner, const char *name, struct problem *problem);
};

/* The text with each ${name} replaced; NULL: problem. "$$" is a dollar sign. */
const char *template_expand(const char *text, const struct template_names *names,
                            struct arena *arena, struct problem *problem);
/* Expands, then calculates. */
bool template_number(const char *text, const struct template_names *names, struct arena *arena,
                     uint64_t *value, struct problem *problem);

#endif
