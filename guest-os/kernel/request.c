/* SPDX-License-Identifier: Apache-2.0 */
/* request.h. */
#include "kernel/request.h"

#include "include/probe.h"

IN(checks) enum progress request_submit(struct task *task, enum progress (*resume)(struct task *))
{
    task->resume = resume;
    task->in_request = 1;
    if (!communication_submit(&task->cb))
        return PROGRESS_BLOCKED;
    task->resume = 0;
    task->in_request = 0;
    return PROGRESS_READY;
}

long request_call(struct task *task, enum progress (*resume)(struct task *))
{
    if (request_submit(task, resume) == PROGRESS_BLOCKED)
        return SYSCALL_BLOCKED;
    return resume(task) == PROGRESS_READY ? SYSCALL_READY : SYSCALL_BLOCKED;
}

enum progress request_answer(struct task *task, int64_t result)
{
    task->frame.x[REG_A0] = (uint64_t)result;
    return PROGRESS_READY;
}

void request_adjust_begin(struct task *task)
{
    task->cb.op = IPC_ADJUST;
    task->cb.segment_count = 0;
    task->cb.bytes_after = 0;
}

void request_adjust_add(struct task *task, struct pipe *pipe, uint64_t end, int delta)
{
    task->cb.adjustment[task->cb.segment_count++] = (struct adjustment){pipe, (int32_t)end, delta};
}
