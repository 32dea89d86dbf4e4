/* SPDX-License-Identifier: Apache-2.0 */
/* file.h: the tables behind descriptors. */
#include "kernel/file.h"

#include "include/bytes.h"
#include "include/spinlock.h"
#include "kernel/frame.h"
#include "kernel/request.h"

static struct {
    struct spinlock lock;
    struct file *free;
} pool;

static bool pool_grow(void)
{
    struct file *files = frame_allocate();
    if (!files)
        return false;
    for (unsigned i = 0; i < PAGE_BYTES / sizeof *files; i++) {
        files[i].next_free = pool.free;
        pool.free = &files[i];
    }
    return true;
}

struct file *file_create(enum file_kind kind, uint64_t flags)
{
    struct file *file = 0;
    spinlock_take(&pool.lock);
    if (pool.free || pool_grow()) {
        file = pool.free;
        pool.free = file->next_free;
    }
    spinlock_give(&pool.lock);
    if (file)
        *file = (struct file){.kind = kind, .references = 1, .flags = flags};
    return file;
}

void file_release(struct file *file)
{
    if (__atomic_sub_fetch(&file->references, 1, __ATOMIC_ACQ_REL))
        return;
    spinlock_take(&pool.lock);
    file->next_free = pool.free;
    pool.free = file;
    spinlock_give(&pool.lock);
}

int descriptor_free(const struct task *task, uint64_t from)
{
    for (uint64_t i = from; i < DESCRIPTOR_MAX; i++)
        if (!task->descriptors->file[i])
            return (int)i;
    return -EMFILE;
}

void descriptor_set(struct task *task, unsigned descriptor, struct file *file, bool close_on_exec)
{
    struct descriptors *descriptors = task->descriptors;
    descriptors->file[descriptor] = file;
    descriptors->close_on_exec[descriptor] = close_on_exec;
    descriptors->used = MAX(descriptors->used, descriptor + 1);
}

struct descriptors *descriptors_create(void)
{
    struct descriptors *descriptors = frame_allocate_coloured(sizeof *descriptors);
    static const struct {
        enum console console;
        uint64_t flags;
    } standard[] = {{CONSOLE_MAIN, O_RDWR}, {CONSOLE_MAIN, O_RDWR}, {CONSOLE_ERROR, O_RDWR}};
    for (unsigned i = 0; descriptors && i < LENGTH(standard); i++) {
        struct file *file = file_create(FILE_CONSOLE, standard[i].flags);
        if (!file)
            return 0;
        file->console = standard[i].console;
        descriptors->file[i] = file;
        descriptors->used = i + 1;
    }
    return descriptors;
}

bool descriptor_closes_on_exec(const struct descriptors *descriptors, unsigned descriptor)
{
    return descriptors->close_on_exec[descriptor];
}

enum progress descriptors_close(struct task *task, unsigned first, unsigned end,
                                bool (*doomed)(const struct descriptors *, unsigned),
                                enum progress (*resume)(struct task *))
{
    struct descriptors *descriptors = task->descriptors;
    end = MIN(end, descriptors->used);
    do {
        request_control(task, IPC_ADJUST);
        for (; first < end && task->cb.adjustment_count < SEGMENT_MAX; first++) {
            struct file *file = descriptors->file[first];
            if (!file || (doomed && !doomed(descriptors, first)))
                continue;
            descriptors->file[first] = 0;
            if (file->kind == FILE_PIPE)
                request_adjust(task, file->pipe, file->end, -1);
            file_release(file);
        }
        if (task->cb.adjustment_count && request_submit(task, resume) == PROGRESS_BLOCKED)
            return PROGRESS_BLOCKED;
    } while (first < end);
    return PROGRESS_READY;
}

unsigned descriptors_count_pipes(struct task *task, uint64_t *first)
{
    struct descriptors *descriptors = task->descriptors;
    request_control(task, IPC_ADJUST);
    for (; *first < descriptors->used && task->cb.adjustment_count < SEGMENT_MAX; ++*first) {
        struct file *file = descriptors->file[*first];
        if (file && file->kind == FILE_PIPE)
            request_adjust(task, file->pipe, file->end, 1);
    }
    return task->cb.adjustment_count;
}

struct descriptors *descriptors_copy(const struct descriptors *from)
{
    struct descriptors *to = frame_allocate_coloured(sizeof *to);
    if (!to)
        return 0;
    to->used = from->used;
    for (unsigned i = 0; i < from->used; i++) {
        to->file[i] = from->file[i];
        to->close_on_exec[i] = from->close_on_exec[i];
        if (to->file[i])
            __atomic_fetch_add(&to->file[i]->references, 1, __ATOMIC_RELAXED);
    }
    return to;
}
