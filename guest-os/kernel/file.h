/* SPDX-License-Identifier: Apache-2.0 */
/* Open files and descriptors. A file here is only what descriptors share (offset, flags); pipes belong to the
 * communication part, which counts their descriptors by requests. */
#ifndef MISSIVE_GUEST_FILE_H
#define MISSIVE_GUEST_FILE_H

#include "fs/archive.h"
#include "kernel/console.h"
#include "kernel/task.h"

#define DESCRIPTOR_MAX 256

enum file_kind { FILE_CONSOLE, FILE_ARCHIVE, FILE_NULL, FILE_ZERO, FILE_PIPE };

struct file {
    uint32_t kind; /* enum file_kind */
    uint32_t references;
    uint64_t flags; /* O_ACCMODE, O_NONBLOCK */
    uint64_t offset;
    union {
        struct archive_entry entry;
        enum console console;
        struct {
            struct pipe *pipe;
            uint64_t end; /* enum pipe_end */
        };
        struct file *next_free;
    };
};

struct descriptors { /* in one page frame */
    struct file *file[DESCRIPTOR_MAX];
    uint8_t close_on_exec[DESCRIPTOR_MAX];
    uint32_t used; /* none is open from here on */
};

/* A file of this kind with one reference; NULL: no memory. */
struct file *file_create(enum file_kind kind, uint64_t flags);
void file_release(struct file *file);

/* The file behind a descriptor, or NULL. */
static inline struct file *file_get(const struct task *task, uint64_t descriptor)
{
    return descriptor < DESCRIPTOR_MAX ? task->descriptors->file[descriptor] : 0;
}

/* The lowest free descriptor from `from` on, or -EMFILE. */
int descriptor_free(const struct task *task, uint64_t from);
void descriptor_set(struct task *task, unsigned descriptor, struct file *file, bool close_on_exec);

/* Process 1's: console on 0, 1 and 2. NULL: no memory. */
struct descriptors *descriptors_create(void);

/* Begins to close each descriptor in [first, end) that `doomed` (NULL: all) chooses. Pipes may need the communication part:
 * PROGRESS_BLOCKED means `resume` will be called when it has answered, and must call this again. */
enum progress descriptors_close(struct task *task, unsigned first, unsigned end,
                                bool (*doomed)(const struct descriptors *, unsigned),
                                enum progress (*resume)(struct task *));
bool descriptor_closes_on_exec(const struct descriptors *descriptors, unsigned descriptor);

/* A copy for a child, once the communication part has counted the pipes' new descriptors. */
struct descriptors *descriptors_copy(const struct descriptors *from);
/* Fills the control block with one more descriptor for each pipe in [*first, DESCRIPTOR_MAX); moves *first on. */
unsigned descriptors_count_pipes(struct task *task, uint64_t *first);

#endif
