/* SPDX-License-Identifier: Apache-2.0 */
/* The flat RAM all masters share. Caches hold tags and states only, so that a byte lives here
 * alone: execution is functionally sequentially consistent. The memory belongs to the caller (the
 * platform maps it, so that untouched pages cost the host nothing). */
#ifndef MISSIVE_MEMORY_RAM_H
#define MISSIVE_MEMORY_RAM_H

#include <stdbool.h>
#include <stdint.h>

struct ram {
    uint8_t *bytes;
    uint64_t base; /* physical address of bytes[0]; page-aligned */
    uint64_t size_bytes;
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

#endif
