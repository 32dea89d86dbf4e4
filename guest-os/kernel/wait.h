/* SPDX-License-Identifier: Apache-2.0 */
/* Tasks that wait for something other than IPC: time, a child, a futex, input. One list of all of them, under
 * process_lock, which also guards the tree of processes. Rarely used, so that one lock and one list do. */
#ifndef MISSIVE_GUEST_WAIT_H
#define MISSIVE_GUEST_WAIT_H

#include "include/spinlock.h"
#include "kernel/hart.h"
#include "kernel/task.h"

#define WAIT_FOR_EVER UINT64_MAX

extern struct spinlock process_lock;

/* With process_lock held, but for the last two.
 * The running task waits for `reason` and `key`, up to `deadline` (ticks of `time`). When the time is over its call returns
 * `late`. */
void wait_begin(struct task *task, enum wait_reason reason, uint64_t key, uint64_t deadline,
                int64_t late);
/* As wait_begin, but the task makes its system call again when it is woken or the time is over. */
void wait_retry(struct task *task, enum wait_reason reason, uint64_t key, uint64_t deadline);
/* Ends one task's wait; result is its call's, unless it retries. */
void wait_end(struct task *task, int64_t result);
/* Ends the wait of up to `most` tasks with this reason and key, the oldest first; returns how many. */
unsigned wait_wake(enum wait_reason reason, uint64_t key, unsigned most, int64_t result);

/* Ends waits on this hart whose deadline is over. */
void wait_expire(struct hart *hart, uint64_t now);
/* Whether any wait will end by itself. */
bool wait_any_deadline(void);

#endif
