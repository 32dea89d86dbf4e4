/* SPDX-License-Identifier: Apache-2.0 */
/* See debug.h. A breakpoint is an operation in a decoded block, put there when the block is decoded
 * (block.c); a watchpoint is looked for where an access is done (access.c), and keeps the filter
 * empty. */
#include "core/debug.h"

#include "core/block.h"
#include "core/filter.h"
#include "core/lines.h"
#include "core/mmu.h"
#include "core/watch.h"

void hart_debug(struct hart *hart, const struct debug_points *points)
{
    hart->links.points = points;
    hart->watched = NULL;
    block_store_drop(hart->links.blocks);
    filter_flush(hart);
}

void watch_access(struct hart *hart)
{
    const struct debug_points *points = hart->links.points;
    const struct access *a = &hart->access;
    bool failed = a->kind == ACCESS_SC && a->value;
    bool reads = a->kind == ACCESS_LOAD || a->kind == ACCESS_LR || a->kind == ACCESS_AMO;
    bool writes =
        !failed && (a->kind == ACCESS_STORE || a->kind == ACCESS_SC || a->kind == ACCESS_AMO);

    for (unsigned n = 0; n < points->watch_count; n++) {
        const struct debug_watch *watch = &points->watches[n];
        bool meets = a->address - watch->address < watch->size_bytes ||
                     watch->address - a->address < a->size_bytes;
        if (meets && ((reads && watch->read) || (writes && watch->write)))
            hart->watched = watch;
    }
}

const struct debug_watch *hart_debug_watched(struct hart *hart)
{
    const struct debug_watch *watched = hart->watched;
    hart->watched = NULL;
    return watched;
}

uint64_t hart_debug_steps(const struct hart *hart)
{
    return hart->retired + hart->counters.traps + hart->counters.interrupts;
}

void hart_debug_delay(struct hart *hart, cycle_t now)
{
    if (now <= hart->now)
        return;
    hart_stall(hart, STALL_sleep, now - hart->now);
    hart_charge(hart);
}

bool hart_debug_translate(const struct hart *hart, uint64_t address, uint64_t *physical)
{
    return mmu_locate(hart, address, physical) && ram_holds(hart->links.ram, *physical, 1);
}

size_t hart_debug_read(const struct hart *hart, uint64_t address, uint8_t *bytes, size_t size)
{
    uint64_t physical = 0;
    for (size_t n = 0; n < size; n++) {
        bool new_page = n == 0 || (address + n) % PAGE_BYTES == 0;
        if (new_page && !hart_debug_translate(hart, address + n, &physical))
            return n;
        bytes[n] = *ram_at(hart->links.ram, physical++);
    }
    return size;
}

void hart_debug_written(struct hart *hart, uint64_t physical)
{
    hart->links.blocks->epoch++; /* code is compared with memory before its next use */
    if (lines_reserved(hart, physical))
        lines_end_reservation(hart);
}

unsigned hart_debug_privilege(const struct hart *hart)
{
    return hart->privilege;
}

bool hart_debug_is_waiting(const struct hart *hart)
{
    return hart->waiting;
}
