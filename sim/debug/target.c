/* SPDX-License-Identifier: Apache-2.0 */
/* See target.h. */
#include "debug/target.h"

#include <string.h>

bool target_read_register(const struct target *target, unsigned hart, uint64_t number,
                          uint64_t *value)
{
    const struct hart *h = target->harts[hart];
    if (number < TARGET_PC)
        *value = hart_x(h, (unsigned)number);
    else if (number == TARGET_PC)
        *value = hart_pc(h);
    else if (number < TARGET_CSR0)
        *value = hart_f(h, (unsigned)number - TARGET_F0);
    else if (number < TARGET_PRIVILEGE)
        return hart_csr_read(h, (unsigned)number - TARGET_CSR0, value) == STATUS_OK;
    else if (number == TARGET_PRIVILEGE)
        *value = hart_debug_privilege(h);
    else
        return false;
    return true;
}

bool target_write_register(struct target *target, unsigned hart, uint64_t number, uint64_t value)
{
    struct hart *h = target->harts[hart];
    if (number < TARGET_PC)
        hart_set_x(h, (unsigned)number, value);
    else if (number == TARGET_PC && value != hart_pc(h)) /* else an access under way may go on */
        hart_set_pc(h, value);
    else if (number >= TARGET_F0 && number < TARGET_CSR0)
        hart_set_f(h, (unsigned)number - TARGET_F0, value);
    else if (number >= TARGET_CSR0 && number < TARGET_PRIVILEGE)
        return hart_csr_write(h, (unsigned)number - TARGET_CSR0, value) == STATUS_OK;
    return number < TARGET_CSR0;
}

size_t target_read_memory(const struct target *target, unsigned hart, uint64_t address,
                          uint8_t *bytes, size_t size)
{
    return hart_debug_read(target->harts[hart], address, bytes, size);
}

bool target_write_memory(struct target *target, unsigned hart, uint64_t address,
                         const uint8_t *bytes, size_t size)
{
    uint64_t physical;
    for (size_t n = 0; n < size; n++)
        if (!hart_debug_translate(target->harts[hart], address + n, &physical))
            return false;
    for (size_t n = 0; n < size; n++) {
        hart_debug_translate(target->harts[hart], address + n, &physical);
        ram_write(target->ram, physical, &bytes[n], 1);
        for (unsigned h = 0; h < target->hart_count; h++)
            hart_debug_written(target->harts[h], physical);
    }
    return true;
}

static void tell_harts(struct target *target)
{
    const struct debug_points *points = &target->points;
    bool none = !points->breakpoint_count && !points->watch_count;
    for (unsigned h = 0; h < target->hart_count; h++)
        hart_debug(target->harts[h], none ? NULL : points);
}

static unsigned find_breakpoint(const struct target *target, bool hardware, uint64_t address)
{
    unsigned n = 0;
    while (n < target->points.breakpoint_count &&
           (target->points.breakpoints[n] != address || target->is_hardware[n] != hardware))
        n++;
    return n;
}

static struct debug_watch watch_of(enum target_point kind, uint64_t address, uint64_t size_bytes)
{
    return (struct debug_watch){address, size_bytes, kind != POINT_WRITE, kind != POINT_READ};
}

static unsigned find_watch(const struct debug_points *points, struct debug_watch wanted)
{
    unsigned n = 0;
    for (; n < points->watch_count; n++) {
        const struct debug_watch *w = &points->watches[n];
        if (w->address == wanted.address && w->size_bytes == wanted.size_bytes &&
            w->read == wanted.read && w->write == wanted.write)
            break;
    }
    return n;
}

static enum target_result set_breakpoint(struct target *target, bool hardware, uint64_t address)
{
    struct debug_points *points = &target->points;
    unsigned n = find_breakpoint(target, hardware, address);
    if (n == DEBUG_MAX_BREAKPOINTS)
        return TARGET_FULL;
    points->breakpoints[n] = address;
    target->is_hardware[n] = hardware;
    points->breakpoint_count += n == points->breakpoint_count;
    return TARGET_OK;
}

static enum target_result set_watch(struct debug_points *points, struct debug_watch watch)
{
    unsigned n = find_watch(points, watch);
    if (watch.size_bytes == 0 || watch.address + (watch.size_bytes - 1) < watch.address)
        return TARGET_INVALID;
    if (n == DEBUG_MAX_WATCHPOINTS)
        return TARGET_FULL;
    points->watches[n] = watch;
    points->watch_count += n == points->watch_count;
    return TARGET_OK;
}

enum target_result target_set_point(struct target *target, enum target_point kind, uint64_t address,
                                    uint64_t size_bytes)
{
    enum target_result result =
        kind < POINT_WRITE ? set_breakpoint(target, kind == POINT_HARDWARE, address)
                           : set_watch(&target->points, watch_of(kind, address, size_bytes));
    tell_harts(target);
    return result;
}

void target_clear_point(struct target *target, enum target_point kind, uint64_t address,
                        uint64_t size_bytes)
{
    struct debug_points *points = &target->points;
    if (kind < POINT_WRITE) {
        unsigned n = find_breakpoint(target, kind == POINT_HARDWARE, address);
        if (n < points->breakpoint_count) {
            unsigned last = --points->breakpoint_count;
            points->breakpoints[n] = points->breakpoints[last];
            target->is_hardware[n] = target->is_hardware[last];
        }
    } else {
        unsigned n = find_watch(points, watch_of(kind, address, size_bytes));
        if (n < points->watch_count)
            points->watches[n] = points->watches[--points->watch_count];
    }
    tell_harts(target);
}

void target_clear_points(struct target *target)
{
    target->points.breakpoint_count = target->points.watch_count = 0;
    tell_harts(target);
}

bool target_breakpoint_at(const struct target *target, uint64_t address, bool *hardware)
{
    for (unsigned n = 0; n < target->points.breakpoint_count; n++)
        if (target->points.breakpoints[n] == address) {
            *hardware = target->is_hardware[n];
            return true;
        }
    return false;
}
