/* SPDX-License-Identifier: Apache-2.0 */
/* Processes: fork, exit and wait. Process 1 is the program of the archive's /.exec; when it ends, the machine ends. */
#ifndef MISSIVE_GUEST_PROCESS_H
#define MISSIVE_GUEST_PROCESS_H

#include "kernel/task.h"

/* Makes process 1 and puts it on a computation list. */
void process_first(void);

/* Begins the running task's end; status as wait4 gives it (exit code << 8, or signal). Never PROGRESS_READY. */
enum progress process_exit(struct task *task, uint32_t status);

/* Names the task in the eyes of user and observer: TASK_NAME_BYTES in two words. */
void process_name(struct task *task, uint64_t pid, uint64_t name0, uint64_t name1);

/* The file a path means: "/proc/self/exe" is the task's own program, all others are what they say. */
const char *process_path(const struct task *task, const char *path);

/* With process_lock held: NULL if there is none. */
struct task *process_find(uint64_t pid);
uint64_t process_count(void);

/* The parent of a vfork goes on: its child has a program of its own, or is gone. With process_lock held. */
void process_vfork_end(struct task *child);

#endif
