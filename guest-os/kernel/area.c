/* SPDX-License-Identifier: Apache-2.0 */
/* area.h. */
#include "kernel/area.h"

#include "fs/archive.h"
#include "include/bytes.h"
#include "include/linux.h"
#include "kernel/file.h"
#include "kernel/frame.h"
#include "kernel/syscall.h"

#define PROT_ALL (PROT_READ | PROT_WRITE | PROT_EXEC)

struct area *area_find(struct space *space, uint64_t address)
{
    uint64_t low = 0, high = space->area_count;
    while (low < high) {
        uint64_t middle = (low + high) / 2;
        if (address >= space->area[middle].end)
            low = middle + 1;
        else
            high = middle;
    }
    bool found = low < space->area_count && address >= space->area[low].begin;
    return found ? &space->area[low] : 0;
}

static bool user_range(uint64_t begin, uint64_t end)
{
    return begin < end && ((begin >= USER_LOW_BEGIN && end <= USER_LOW_END) ||
                           (begin >= USER_HIGH_BEGIN && end <= USER_HIGH_END));
}

/* Index of the first area that ends after the address. */
static uint64_t position(const struct space *space, uint64_t address)
{
    uint64_t i = 0;
    while (i < space->area_count && space->area[i].end <= address)
        i++;
    return i;
}

static bool is_free(const struct space *space, uint64_t begin, uint64_t end)
{
    uint64_t i = position(space, begin);
    return i == space->area_count || space->area[i].begin >= end;
}

static void remove_at(struct space *space, uint64_t i)
{
    space->area_count--;
    memmove(&space->area[i], &space->area[i + 1], (space->area_count - i) * sizeof space->area[0]);
}

/* Anonymous neighbours with the same rights. */
static void merge_with_next(struct space *space, uint64_t i)
{
    struct area *area = &space->area[i];
    if (i + 1 >= space->area_count || area->end != area[1].begin)
        return;
    if (area->data || area[1].data || area->protection != area[1].protection ||
        area->shared != area[1].shared)
        return;
    area->end = area[1].end;
    remove_at(space, i + 1);
}

bool area_insert(struct space *space, const struct area *area)
{
    if (!user_range(area->begin, area->end) || !is_free(space, area->begin, area->end) ||
        space->area_count == AREA_MAX)
        return false;
    uint64_t i = position(space, area->begin);
    memmove(&space->area[i + 1], &space->area[i], (space->area_count - i) * sizeof space->area[0]);
    space->area[i] = *area;
    space->area_count++;
    merge_with_next(space, i);
    if (i)
        merge_with_next(space, i - 1);
    return true;
}

/* Makes `address` a border of areas. false: too many areas. */
static bool split(struct space *space, uint64_t address)
{
    struct area *area = area_find(space, address);
    if (!area || area->begin == address)
        return true;
    if (space->area_count == AREA_MAX)
        return false;
    uint64_t i = (uint64_t)(area - space->area), offset = address - area->begin;
    memmove(&area[1], area, (space->area_count - i) * sizeof *area);
    space->area_count++;
    area->end = address;
    area[1].begin = address;
    if (area[1].data) {
        area[1].data += MIN(offset, area[1].data_bytes);
        area[1].data_bytes -= MIN(offset, area[1].data_bytes);
        area->data_bytes = MIN(offset, area->data_bytes);
    }
    return true;
}

static long unmap(struct space *space, uint64_t begin, uint64_t end)
{
    if (!split(space, begin) || !split(space, end))
        return -ENOMEM;
    uint64_t i = position(space, begin);
    while (i < space->area_count && space->area[i].begin < end) {
        space_unmap(space, space->area[i].begin, space->area[i].end);
        remove_at(space, i);
    }
    return 0;
}

/* A free place for mmap: below the stack, downwards. 0: none. */
static uint64_t find_place(const struct space *space, uint64_t bytes)
{
    uint64_t end = USER_HIGH_END - USER_STACK_BYTES - USER_STACK_PLACES * PAGE_BYTES;
    for (uint64_t i = space->area_count; i; i--) {
        const struct area *area = &space->area[i - 1];
        if (area->begin >= end)
            continue;
        if (area->end <= end && end - area->end >= bytes)
            break;
        end = area->begin;
        if (end <= USER_HIGH_BEGIN)
            return 0;
    }
    return end - USER_HIGH_BEGIN >= bytes ? end - bytes : 0;
}

/* Shared memory must be there before a fork shares it. */
static bool populate(struct space *space, const struct area *area)
{
    for (uint64_t page = area->begin; page < area->end; page += PAGE_BYTES)
        if (!space_fault(space, page, area->protection & PROT_WRITE ? PROT_WRITE : PROT_READ))
            return false;
    return true;
}

/* The archive's bytes behind a descriptor. */
static long file_data(struct task *task, struct area *area)
{
    uint64_t offset = task_argument(task, 5);
    struct file *file = file_get(task, task_argument(task, 4));
    if (!file)
        return -EBADF;
    if (file->kind != FILE_ARCHIVE || area->shared)
        return -EACCES;
    if (offset & (PAGE_BYTES - 1))
        return -EINVAL;
    if (offset < file->entry.size_bytes) {
        area->data = file->entry.data + offset;
        area->data_bytes = MIN(file->entry.size_bytes - offset, area->end - area->begin);
    }
    return 0;
}

static long choose_place(struct space *space, uint64_t hint, uint64_t bytes, uint64_t flags,
                         struct area *area)
{
    uint64_t begin = hint;
    if (flags & (MAP_FIXED | MAP_FIXED_NOREPLACE)) {
        if (begin & (PAGE_BYTES - 1))
            return -EINVAL;
        if (begin + bytes < begin || !user_range(begin, begin + bytes))
            return -ENOMEM;
        if (!(flags & MAP_FIXED) && !is_free(space, begin, begin + bytes))
            return -EEXIST;
    } else {
        begin = ROUND_DOWN(begin, PAGE_BYTES);
        if (begin + bytes < begin || !user_range(begin, begin + bytes) ||
            !is_free(space, begin, begin + bytes))
            begin = find_place(space, bytes);
        if (!begin)
            return -ENOMEM;
    }
    area->begin = begin;
    area->end = begin + bytes;
    return 0;
}

long sys_mmap(struct task *task)
{
    struct space *space = task->space;
    uint64_t bytes = ROUND_UP(task_argument(task, 1), PAGE_BYTES), flags = task_argument(task, 3);
    uint64_t type = flags & MAP_TYPE;
    if (!task_argument(task, 1) || (type != MAP_SHARED && type != MAP_PRIVATE))
        return -EINVAL;
    if (!bytes || bytes > USER_HIGH_END)
        return -ENOMEM;
    struct area area = {.protection = task_argument(task, 2) & PROT_ALL,
                        .shared = type == MAP_SHARED};
    long error = choose_place(space, task_argument(task, 0), bytes, flags, &area);
    if (!error && !(flags & MAP_ANONYMOUS))
        error = file_data(task, &area);
    if (!error && area.shared && bytes / PAGE_BYTES > frame_free())
        error = -ENOMEM;
    if (!error && (flags & MAP_FIXED))
        error = unmap(space, area.begin, area.end);
    if (error)
        return error;
    if (!area_insert(space, &area))
        return -ENOMEM;
    if (area.shared && area.protection && !populate(space, &area)) {
        unmap(space, area.begin, area.end);
        return -ENOMEM;
    }
    return (long)area.begin;
}

long sys_munmap(struct task *task)
{
    uint64_t begin = task_argument(task, 0), bytes = ROUND_UP(task_argument(task, 1), PAGE_BYTES);
    if ((begin & (PAGE_BYTES - 1)) || !bytes || begin + bytes < begin ||
        begin + bytes > USER_HIGH_END)
        return -EINVAL;
    return unmap(task->space, begin, begin + bytes);
}

static bool covered(struct space *space, uint64_t begin, uint64_t end)
{
    while (begin < end) {
        struct area *area = area_find(space, begin);
        if (!area)
            return false;
        begin = area->end;
    }
    return true;
}

long sys_mprotect(struct task *task)
{
    struct space *space = task->space;
    uint64_t begin = task_argument(task, 0), bytes = ROUND_UP(task_argument(task, 1), PAGE_BYTES);
    uint64_t end = begin + bytes, protection = task_argument(task, 2);
    if ((begin & (PAGE_BYTES - 1)) || (protection & ~(uint64_t)PROT_ALL))
        return -EINVAL;
    if (!task_argument(task, 1))
        return 0;
    if (end <= begin || !covered(space, begin, end))
        return -ENOMEM;
    if (!split(space, begin) || !split(space, end))
        return -ENOMEM;
    for (uint64_t i = position(space, begin); i < space->area_count; i++) {
        struct area *area = &space->area[i];
        if (area->begin >= end)
            break;
        area->protection = protection;
        space_protect(space, area->begin, area->end, area);
    }
    return 0;
}

/* Like Linux, answers with the break as it is now, changed or not. */
long sys_brk(struct task *task)
{
    struct space *space = task->space;
    uint64_t wanted = task_argument(task, 0);
    uint64_t before = ROUND_UP(space->brk_end, PAGE_BYTES), after = ROUND_UP(wanted, PAGE_BYTES);
    if (wanted < space->brk_begin || after < wanted)
        return (long)space->brk_end;
    struct area grown = {.begin = before, .end = after, .protection = PROT_READ | PROT_WRITE};
    if (after > before && !area_insert(space, &grown))
        return (long)space->brk_end;
    if (after < before && unmap(space, after, before))
        return (long)space->brk_end;
    space->brk_end = wanted;
    return (long)wanted;
}
