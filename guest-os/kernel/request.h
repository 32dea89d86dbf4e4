/* SPDX-License-Identifier: Apache-2.0 */
/* The host part's side of a request to the communication part. */
#ifndef MISSIVE_GUEST_REQUEST_H
#define MISSIVE_GUEST_REQUEST_H

#include "ipc/communication.h"
#include "ipc/pipe.h"
#include "kernel/task.h"

/* Submits the running task's control block, filled in but for what is the communication part's own.
 * PROGRESS_READY: finished, cb.result is valid. PROGRESS_BLOCKED: the task waits; when it is chosen again `resume` is called and
 * finds the result there. */
enum progress request_submit(struct task *task, enum progress (*resume)(struct task *));

/* The same as a system call's end: `resume` is called in both cases, and says what happens next. */
long request_call(struct task *task, enum progress (*resume)(struct task *));

/* For resume: puts the result of the call into place. */
static inline enum progress request_answer(struct task *task, int64_t result)
{
    task->frame.x[REG_A0] = (uint64_t)result;
    return PROGRESS_READY;
}

/* Makes the control block one that moves no data. */
void request_control(struct task *task, enum ipc_control control);
/* Adds a change of a pipe's descriptors to an IPC_ADJUST, up to SEGMENT_MAX. */
void request_adjust(struct task *task, struct pipe *pipe, uint64_t end, int delta);

#endif
