/* SPDX-License-Identifier: Apache-2.0 */
/* request.h. */
#include "kernel/request.h"

#include "include/probe.h"

IN(checks) enum progress request_submit(struct task *task, enum progress (*resume)(struct task *))
{
    struct control_block *cb = &task->cb;
    task->resume = resume;
    PROBE(request, cb, cb->op, cb->object, cb->bytes);
    if (!communication_submit(cb))
        return PROGRESS_BLOCKED;
    task->resume = 0;
    return PROGRESS_READY;
}

IN(checks) long request_call(struct task *task, enum progress (*resume)(struct task *))
{
    if (request_submit(task, resume) == PROGRESS_BLOCKED)
        return SYSCALL_BLOCKED;
    return resume(task) == PROGRESS_READY ? SYSCALL_READY : SYSCALL_BLOCKED;
}

void request_control(struct task *task, enum ipc_control control)
{
    struct control_block *cb = &task->cb;
    cb->op = REQUEST_OP_CONTROL;
    cb->control = control;
    cb->object = 0;
    cb->bytes = 0;
    cb->adjustment_count = 0;
}

void request_adjust(struct task *task, struct pipe *pipe, uint64_t end, int delta)
{
    struct control_block *cb = &task->cb;
    cb->adjustment[cb->adjustment_count++] = (struct adjustment){pipe, (int32_t)end, delta};
}
