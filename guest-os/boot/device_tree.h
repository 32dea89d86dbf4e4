/* SPDX-License-Identifier: Apache-2.0 */
/* A reader of flattened device trees (Devicetree Specification 0.4, chapter 5): one walk, one call for each property. It checks
 * bounds, so that a damaged tree ends the walk instead of the kernel. */
#ifndef MISSIVE_GUEST_DEVICE_TREE_H
#define MISSIVE_GUEST_DEVICE_TREE_H

#include <stdbool.h>
#include <stdint.h>

#define DEVICE_TREE_DEPTH 8

struct device_tree_property {
    const char *node; /* name of the node, with its unit address */
    const char *name;
    const uint8_t *value;
    uint32_t size_bytes;
};

typedef void (*device_tree_visit)(const struct device_tree_property *property);

/* Calls visit for each property, and node_done when a node's own properties have all been seen. false: not a sound tree.
 * *size_bytes: of the whole tree. */
bool device_tree_walk(const void *tree, device_tree_visit visit, void (*node_done)(void),
                      uint64_t *size_bytes);

/* Big-endian number of 4 or 8 bytes at `offset` of the property; 0 if it does not reach so far. */
uint64_t device_tree_number(const struct device_tree_property *property, uint32_t offset,
                            unsigned bytes);

/* Whether the property, a list of strings, has this one. */
bool device_tree_lists(const struct device_tree_property *property, const char *text);

#endif
