/* SPDX-License-Identifier: Apache-2.0 */
/* The flat RAM all masters share. Caches hold tags and states only, so that a byte lives here
 * alone: execution is functionally sequentially consistent. The memory belongs to the caller (the
 * platform maps it, so that untouched pages cost the host nothing). Whoever writes uses ram_write,
 * or says ram_wrote, so that harts hear of it that have decoded what was there (code_lines.h). */
#ifndef MISSIVE_MEMORY_RAM_H
#define MISSIVE_MEMORY_RAM_H

#include <stdbool.h>
#include <stdint.h>

#include "memory/code_lines.h"

struct ram {
    uint8_t *bytes;
    uint64_t base; /* physical address of bytes[0]; page-aligned */
    uint64_t size_bytes;
    struct code_lines *code; /* NULL: new code is seen after a fence.i alone */
};

static inline bool ram_holds(const struct ram *ram, uint64_t address, uint64_t size_bytes)
{
    uint64_t offset = address - ram->base;
    return offset < ram->size_bytes && size_bytes <= ram->size_bytes - offset;
}

static inline uint8_t *ram_at(const struct ram *ram, uint64_t address)
{
    return ram->bytes + (address - ram->base);
}

/* After a write to bytes that RAM holds: whether somebody had decoded code there. */
static inline bool ram_wrote(const struct ram *ram, uint64_t address, uint64_t size_bytes)
{
    return ram->code && code_lines_wrote(ram->code, address - ram->base, size_bytes);
}

/* Writes bytes that RAM holds. */
static inline void ram_write(const struct ram *ram, uint64_t address, const void *bytes,
                             uint64_t size_bytes)
{
    __builtin_memcpy(ram_at(ram, address), bytes, size_bytes);
    ram_wrote(ram, address, size_bytes);
}

#endif
