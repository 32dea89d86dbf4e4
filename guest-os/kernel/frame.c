/* SPDX-License-Identifier: Apache-2.0 */
/* frame.h. Frames never used are handed out in order of address but for the permutation; released ones go to a free
 * list, last in first out. So memory nobody needs is never touched. */
#include "kernel/frame.h"

#include <stdbool.h>

#include "boot/layout.h"
#include "boot/machine.h"
#include "include/bytes.h"
#include "include/random.h"
#include "include/spinlock.h"
#include "ipc/control_block.h"
#include "kernel/print.h"

#define GROUP_FRAMES 16
#define COLOUR_STEP 5 /* cache lines between the first of one structure and of the next */

static struct {
    struct spinlock lock;
    void *free;           /* released frames, linked by their first word */
    uint64_t next, total; /* frames below `next` have been handed out or were not ours */
    uint64_t in_use;
    uint32_t *shares; /* by frame number */
} frames;

extern char kernel_end[];

static bool overlaps(uint64_t begin, uint64_t end, uint64_t other_begin, uint64_t other_end)
{
    return begin < other_end && other_begin < end;
}

static bool reserved(uint64_t begin, uint64_t end)
{
    return overlaps(begin, end, machine.ram_base, (uint64_t)kernel_end) ||
           overlaps(begin, end, machine.archive, machine.archive_end) ||
           overlaps(begin, end, machine.device_tree, machine.device_tree_end) ||
           overlaps(begin, end, (uint64_t)frames.shares, (uint64_t)(frames.shares + frames.total));
}

void frame_init(void)
{
    uint64_t ram_end = machine.ram_base + machine.ram_bytes, place = (uint64_t)kernel_end;
    uint64_t total = machine.ram_bytes / PAGE_BYTES;
    while (place < ram_end && reserved(place, place + total * sizeof(uint32_t)))
        place += PAGE_BYTES;
    if (place + total * sizeof(uint32_t) > ram_end)
        panic("no room for the kernel in %d bytes of memory", machine.ram_bytes);
    frames.shares = (uint32_t *)place;
    frames.total = total;
}

static inline uint32_t *shares_of(const void *frame)
{
    return &frames.shares[((uint64_t)frame - machine.ram_base) / PAGE_BYTES];
}

/* A bijection of each group of frames, from the seed. */
static uint64_t permuted(uint64_t number)
{
    uint64_t group = number / GROUP_FRAMES;
    return number ^ (random_mix(machine.seed + group) % GROUP_FRAMES);
}

static void *fresh(void)
{
    while (frames.next < ROUND_UP(frames.total, GROUP_FRAMES)) {
        uint64_t number = permuted(frames.next++), begin = machine.ram_base + number * PAGE_BYTES;
        if (number < frames.total && !reserved(begin, begin + PAGE_BYTES))
            return (void *)begin;
    }
    return 0;
}

void *frame_allocate(void)
{
    spinlock_take(&frames.lock);
    void *frame = frames.free;
    if (frame)
        frames.free = *(void **)frame;
    else
        frame = fresh();
    if (frame) {
        frames.in_use++;
        *shares_of(frame) = 1;
    }
    spinlock_give(&frames.lock);
    return frame;
}

void *frame_allocate_zeroed(void)
{
    void *frame = frame_allocate();
    if (frame)
        memset(frame, 0, PAGE_BYTES);
    return frame;
}

void *frame_allocate_coloured(uint64_t size_bytes)
{
    static uint64_t count;
    uint8_t *frame = frame_allocate_zeroed();
    uint64_t colours = (PAGE_BYTES - size_bytes) / CACHE_LINE_BYTES + 1;
    uint64_t number = __atomic_fetch_add(&count, 1, __ATOMIC_RELAXED);
    return frame ? frame + number * COLOUR_STEP % colours * CACHE_LINE_BYTES : 0;
}

void frame_share(void *frame)
{
    __atomic_fetch_add(shares_of(frame), 1, __ATOMIC_RELAXED);
}

void frame_release(void *frame)
{
    if (__atomic_sub_fetch(shares_of(frame), 1, __ATOMIC_ACQ_REL))
        return;
    frame = (void *)ROUND_DOWN((uint64_t)frame, PAGE_BYTES);
    spinlock_take(&frames.lock);
    *(void **)frame = frames.free;
    frames.free = frame;
    frames.in_use--;
    spinlock_give(&frames.lock);
}

uint32_t frame_shares(const void *frame)
{
    return __atomic_load_n(shares_of(frame), __ATOMIC_ACQUIRE);
}

uint64_t frame_total(void)
{
    return frames.total;
}

uint64_t frame_free(void)
{
    return frames.total - frames.in_use;
}
