/* SPDX-License-Identifier: Apache-2.0 */
/* Reading YAML by tables of fields, so that every mistake has its file, line and column. One
 * document a file; aliases are followed as libyaml resolves them, never copied. */
#ifndef MISSIVE_SCENARIO_YAML_FILE_H
#define MISSIVE_SCENARIO_YAML_FILE_H

#include <stdbool.h>
#include <stddef.h>
#include <yaml.h>

#include "scenario/problem.h"

struct yaml_file {
    const char *path; /* for messages */
    struct problem *problem;
    yaml_document_t document;
};

/* How a known field's value is read into its owner. */
struct yaml_field {
    const char *name;
    bool required;
    bool (*read)(struct yaml_file *file, yaml_node_t *value, void *owner);
};
/* One pair of a mapping whose keys the user names. */
typedef bool (*yaml_pair_read)(struct yaml_file *file, yaml_node_t *key, yaml_node_t *value,
                               void *owner);

/* Unless it fails, yaml_file_close is owed. */
bool yaml_file_parse(struct yaml_file *file, const char *path, const char *text, size_t size_bytes,
                     struct problem *problem);
void yaml_file_close(struct yaml_file *file);
yaml_node_t *yaml_file_root(struct yaml_file *file);

/* "path:line:column: text" into file->problem; returns false. */
bool yaml_file_problem(struct yaml_file *file, const yaml_node_t *node, const char *format, ...)
    __attribute__((format(printf, 3, 4)));

/* The same with the text that stands in file->problem already. */
bool yaml_file_at(struct yaml_file *file, const yaml_node_t *node);

/* A scalar's text, NULL (and a problem) if the node is none. Valid up to yaml_file_close. */
const char *yaml_file_text(struct yaml_file *file, yaml_node_t *node, const char *what);
bool yaml_file_fields(struct yaml_file *file, yaml_node_t *mapping, const char *what,
                      const struct yaml_field *fields, size_t count, void *owner);
bool yaml_file_pairs(struct yaml_file *file, yaml_node_t *mapping, const char *what,
                     yaml_pair_read read, void *owner);
/* Calls read for each element of a list; a single scalar counts as a list of one. */
bool yaml_file_items(struct yaml_file *file, yaml_node_t *list, const char *what,
                     bool (*read)(struct yaml_file *file, yaml_node_t *item, void *owner),
                     void *owner);

#endif
