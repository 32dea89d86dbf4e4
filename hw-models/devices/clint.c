/* SPDX-License-Identifier: Apache-2.0 */
/* See clint.h. A comparison is settled when its register is stored to and when time reaches it, so
 * that nothing needs to be done in between. */
#include "devices/clint.h"

#include <assert.h>
#include <string.h>

#include "base/ticks.h"

#define MIP_MSIP 3
#define MIP_MTIP 7

void clint_init(struct clint *clint, unsigned hart_count, uint64_t cycles_per_tick,
                struct interrupt_port port, struct time_port time)
{
    assert(hart_count <= MAP_MAX_HARTS && cycles_per_tick > 0);
    memset(clint, 0, sizeof *clint);
    clint->port = port;
    clint->time = time;
    clint->hart_count = hart_count;
    clint->cycles_per_tick = cycles_per_tick;
    clint->next_cycle = CYCLE_NEVER;
    for (unsigned hart = 0; hart < MAP_MAX_HARTS; hart++)
        clint->mtimecmp[hart] = UINT64_MAX;
}

static uint64_t time_at(const struct clint *clint, cycle_t now)
{
    return now / clint->cycles_per_tick + clint->offset_ticks;
}

/* When mtime is 0 again, if that is ahead. */
static cycle_t overflow_cycle(const struct clint *clint, cycle_t now)
{
    cycle_t due;
    const uint64_t tick = 0 - clint->offset_ticks;
    if (__builtin_mul_overflow(tick, (cycle_t)clint->cycles_per_tick, &due) || due <= now)
        return CYCLE_NEVER;
    return due;
}

static void settle(struct clint *clint, cycle_t now)
{
    clint->next_cycle = CYCLE_NEVER;
    for (unsigned hart = 0; hart < clint->hart_count; hart++) {
        const cycle_t due =
            ticks_reach(clint->mtimecmp[hart], clint->offset_ticks, clint->cycles_per_tick, now);
        const bool level = due <= now;
        if (level != clint->mtip[hart]) {
            clint->mtip[hart] = level;
            clint->port.set(clint->port.owner, hart, MIP_MTIP, level, now);
        }
        clint->next_cycle = cycle_min(clint->next_cycle, level ? overflow_cycle(clint, now) : due);
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
        *value = part(time_at(clint, now), shift, size_bytes);
    } else if (offset < CLINT_MSIP(clint->hart_count)) {
        *value = clint->msip[offset / 4];
    }
    return STATUS_OK;
}

/* A 64-bit register after a store of the whole or of a half. */
static uint64_t stored(uint64_t old, uint64_t value, uint64_t shift, unsigned size_bytes)
{
    const uint64_t mask = part(UINT64_MAX, 0, size_bytes) << shift;
    return (old & ~mask) | ((value << shift) & mask);
}

static void set_mtime(struct clint *clint, uint64_t value, cycle_t now)
{
    clint->offset_ticks += value - time_at(clint, now);
    if (clint->time.set)
        clint->time.set(clint->time.owner, clint->offset_ticks, now);
    settle(clint, now);
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
        clint->mtimecmp[hart] = stored(clint->mtimecmp[hart], value, shift, size_bytes);
        settle(clint, now);
    } else if ((offset & ~(uint64_t)7) == CLINT_MTIME) {
        set_mtime(clint, stored(time_at(clint, now), value, shift, size_bytes), now);
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
