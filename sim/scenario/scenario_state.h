/* SPDX-License-Identifier: Apache-2.0 */
/* Inside a scenario: shared by scenario.c (reads the file), key.c (keys and their values) and
 * plan.c (makes one run of it), and by nobody else. */
#ifndef MISSIVE_SCENARIO_SCENARIO_STATE_H
#define MISSIVE_SCENARIO_SCENARIO_STATE_H

#include "scenario/arena.h"
#include "scenario/scenario.h"
#include "scenario/template.h"
#include "scenario/yaml_file.h"

#define SCENARIO_MAX_SETTINGS 64

struct placed_text {
    const char *text;
    const char *place; /* path:line:column */
};

/* A parameter's value, a template. */
struct setting {
    const struct parameter *parameter;
    struct placed_text value;
};

struct scenario {
    struct arena arena;
    const char *path, *name, *doc, *machine;
    struct placed_text program, warmup, measure;
    struct placed_text arguments[SCENARIO_MAX_ARGUMENTS];
    size_t argument_count;
    struct scenario_key keys[SCENARIO_MAX_KEYS];
    size_t key_count;
    struct setting overrides[SCENARIO_MAX_SETTINGS];
    size_t override_count;
};

/* The text of a node, copied, with its place; .text is NULL if it is none. */
struct placed_text scenario_text(struct scenario *scenario, struct yaml_file *file,
                                 yaml_node_t *node, const char *what);

/* One line of the file's `keys`. */
bool scenario_read_key(struct yaml_file *file, yaml_node_t *key, yaml_node_t *value,
                       void *scenario);
struct scenario_key *scenario_find_key(struct scenario *scenario, const char *name);

#endif
