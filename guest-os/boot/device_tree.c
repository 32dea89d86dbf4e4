/* SPDX-License-Identifier: Apache-2.0 */
/* device_tree.h. */
#include "boot/device_tree.h"

#include "include/bytes.h"

#define MAGIC 0xd00dfeed
#define TOKEN_BEGIN_NODE 1
#define TOKEN_END_NODE 2
#define TOKEN_PROPERTY 3
#define TOKEN_NOP 4

struct walk {
    const uint8_t *structure, *end;
    const char *strings;
    uint32_t strings_bytes;
    unsigned depth;
    bool open; /* the node's own properties are being read */
    const char *path[DEVICE_TREE_DEPTH];
};

static uint32_t big_endian(const uint8_t *at)
{
    return (uint32_t)at[0] << 24 | (uint32_t)at[1] << 16 | (uint32_t)at[2] << 8 | at[3];
}

static const char *name_of(const struct walk *walk)
{
    return walk->depth && walk->depth <= DEVICE_TREE_DEPTH ? walk->path[walk->depth - 1] : "";
}

static bool begin_node(struct walk *walk)
{
    const uint8_t *name = walk->structure, *at = name;
    while (at < walk->end && *at)
        at++;
    if (at == walk->end)
        return false;
    if (walk->depth < DEVICE_TREE_DEPTH)
        walk->path[walk->depth] = (const char *)name;
    walk->depth++;
    walk->structure = name + ROUND_UP((uint64_t)(at - name) + 1, 4);
    return walk->structure <= walk->end;
}

static bool property(struct walk *walk, device_tree_visit visit)
{
    if (walk->end - walk->structure < 8)
        return false;
    uint32_t size = big_endian(walk->structure), name = big_endian(walk->structure + 4);
    const uint8_t *value = walk->structure + 8;
    if (size > (uint64_t)(walk->end - value) || name >= walk->strings_bytes)
        return false;
    struct device_tree_property found = {name_of(walk), walk->strings + name, value, size};
    visit(&found);
    walk->structure = value + ROUND_UP(size, 4);
    return walk->structure <= walk->end;
}

bool device_tree_walk(const void *tree, device_tree_visit visit, void (*node_done)(void),
                      uint64_t *size_bytes)
{
    const uint8_t *header = tree;
    if (!tree || ((uint64_t)tree & 7) || big_endian(header) != MAGIC)
        return false;
    uint32_t total = big_endian(header + 4), structure = big_endian(header + 8);
    uint32_t strings = big_endian(header + 12);
    if (structure >= total || strings >= total)
        return false;
    struct walk walk = {header + structure,
                        header + total,
                        (const char *)header + strings,
                        total - strings,
                        0,
                        false,
                        {0}};
    *size_bytes = total;
    while (walk.end - walk.structure >= 4) {
        uint32_t token = big_endian(walk.structure);
        walk.structure += 4;
        if (token == TOKEN_PROPERTY && property(&walk, visit))
            continue;
        if (token == TOKEN_NOP)
            continue;
        if (walk.open)
            node_done();
        walk.open = token == TOKEN_BEGIN_NODE;
        if (walk.open && begin_node(&walk))
            continue;
        if (token != TOKEN_END_NODE || !walk.depth)
            return false;
        if (--walk.depth == 0)
            return true;
    }
    return false;
}

uint64_t device_tree_number(const struct device_tree_property *property, uint32_t offset,
                            unsigned bytes)
{
    if (offset + bytes > property->size_bytes)
        return 0;
    uint64_t high = big_endian(property->value + offset);
    return bytes == 4 ? high : high << 32 | big_endian(property->value + offset + 4);
}

bool device_tree_lists(const struct device_tree_property *property, const char *text)
{
    const char *at = (const char *)property->value, *end = at + property->size_bytes;
    if (!property->size_bytes || end[-1])
        return false;
    for (; at < end; at += strlen(at) + 1)
        if (text_equal(at, text))
            return true;
    return false;
}
