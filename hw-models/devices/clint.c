/* SPDX-License-Identifier: Apache-2.0 */
/* See clint.h. A comparison is settled when its register is stored to and when time reaches it, so
 * that nothing needs to be done in between. */
#include "devices/clint.h"

#include <assert.h>
#include <string.h>

#define MIP_MSIP 3
#define MIP_MTIP 7

void clint_init(struct clint *clint, unsigned hart_count, uint64_t cycles_per_tick,
                struct interrupt_port port)
{
    assert(hart_count <= MAP_MAX_HARTS && cycles_per_tick > 0);
    memset(clint, 0, sizeof *clint);
    clint->port = port;
    clint->hart_count = hart_count;
    clint->cycles_per_tick = cycles_per_tick;
    clint->next_cycle = CYCLE_NEVER;
    for (unsigned hart = 0; hart < MAP_MAX_HARTS; hart++)
        clint->mtimecmp[hart] = UINT64_MAX;
}

/* The first cycle of a tick; CYCLE_NEVER if no cycle counter reaches it. */
static cycle_t cycle_of_tick(const struct clint *clint, uint64_t tick)
{
    return tick > CYCLE_NEVER / clint->cycles_per_tick ? CYCLE_NEVER
                                                       : tick * clint->cycles_per_tick;
}

static void settle(struct clint *clint, cycle_t now)
{
    clint->next_cycle = CYCLE_NEVER;
    for (unsigned hart = 0; hart < clint->hart_count; hart++) {
        cycle_t due = cycle_of_tick(clint, clint->mtimecmp[hart]);
        bool level = due <= now;
        if (level != clint->mtip[hart]) {
            clint->mtip[hart] = level;
            clint->port.set(clint->port.owner, hart, MIP_MTIP, level, now);
        }
        if (!level)
            clint->next_cycle = cycle_min(clint->next_cycle, due);
    }
}

/* A 64-bit register is reached whole or by halves; `shift` is the half's. */
static uint64_t part(uint64_t value, uint64_t shift, unsigned size_bytes)
{
    return size_bytes == 8 ? value : (value >> shift) & UINT32_MAX;
}

static bool is_mtimecmp(uint64_t offset)
{
    return offset >= CLINT_MTIMECMP(0) && offset < CLINT_MTIMECMP(CLINT_REGISTER_HARTS);
}

static bool size_fits(uint64_t offset, unsigned size_bytes)
{
    return size_bytes == 4 || (size_bytes == 8 && offset >= CLINT_MTIMECMP(0));
}

static enum status clint_load(void *self, uint64_t offset, unsigned size_bytes, cycle_t now,
                              uint64_t *value)
{
    struct clint *clint = self;
    uint64_t shift = 8 * (offset & 4);

    if (!size_fits(offset, size_bytes))
        return STATUS_DENIED;
    *value = 0;
    if (is_mtimecmp(offset)) {
        uint64_t hart = (offset - CLINT_MTIMECMP(0)) / 8;
        if (hart < clint->hart_count)
            *value = part(clint->mtimecmp[hart], shift, size_bytes);
    } else if ((offset & ~(uint64_t)7) == CLINT_MTIME) {
        *value = part(now / clint->cycles_per_tick, shift, size_bytes);
    } else if (offset < CLINT_MSIP(clint->hart_count)) {
        *value = clint->msip[offset / 4];
    }
    return STATUS_OK;
}

static enum status clint_store(void *self, uint64_t offset, unsigned size_bytes, cycle_t now,
                               uint64_t value)
{
    struct clint *clint = self;
    uint64_t shift = 8 * (offset & 4);

    if (!size_fits(offset, size_bytes))
        return STATUS_DENIED;
    if (is_mtimecmp(offset)) {
        uint64_t hart = (offset - CLINT_MTIMECMP(0)) / 8;
        if (hart >= clint->hart_count)
            return STATUS_OK;
        uint64_t mask = part(UINT64_MAX, 0, size_bytes) << shift;
        clint->mtimecmp[hart] = (clint->mtimecmp[hart] & ~mask) | ((value << shift) & mask);
        settle(clint, now);
    } else if (offset < CLINT_MSIP(clint->hart_count)) {
        clint->msip[offset / 4] = value & 1;
        clint->port.set(clint->port.owner, (unsigned)offset / 4, MIP_MSIP, value & 1, now);
    }
    return STATUS_OK;
}

static cycle_t clint_next_event(const void *self)
{
    return ((const struct clint *)self)->next_cycle;
}

static void clint_advance(void *self, cycle_t now)
{
    settle(self, now);
}

struct device clint_device(struct clint *clint)
{
    return (struct device){
        .name = "clint",
        .base = MAP_CLINT_BASE,
        .size_bytes = MAP_CLINT_SIZE,
        .self = clint,
        .load = clint_load,
        .store = clint_store,
        .next_event = clint_next_event,
        .advance = clint_advance,
    };
}
