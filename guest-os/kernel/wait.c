/* SPDX-License-Identifier: Apache-2.0 */
/* wait.h. */
#include "kernel/wait.h"

#include "include/bytes.h"
#include "ipc/communication.h"
#include "kernel/signal.h"

struct spinlock process_lock;

static struct task *oldest, *newest;

static void set_deadline(struct hart *hart)
{
    hart->deadline = WAIT_FOR_EVER;
    for (struct task *task = oldest; task; task = task->wait_next)
        if (task->cb.host == hart)
            hart->deadline = MIN(hart->deadline, task->wait_deadline);
}

static void finish(struct task *task)
{
    *(task->wait_previous ? &task->wait_previous->wait_next : &oldest) = task->wait_next;
    *(task->wait_next ? &task->wait_next->wait_previous : &newest) = task->wait_previous;
    task->waiting = WAIT_NOT;
    communication_ready(&task->cb);
}

static void begin(struct task *task, enum wait_reason reason, uint64_t key, uint64_t deadline)
{
    task->waiting = reason;
    task->wait_key = key;
    task->wait_deadline = deadline;
    task->wait_next = 0;
    task->wait_previous = newest;
    *(newest ? &newest->wait_next : &oldest) = task;
    newest = task;
    hart_this()->deadline = MIN(hart_this()->deadline, deadline);
    if (signal_waits(task)) /* sent before it waited: nobody will end the wait for it */
        finish(task);
}

void wait_begin(struct task *task, enum wait_reason reason, uint64_t key, uint64_t deadline,
                int64_t late)
{
    task->wait_restarts = 0;
    task->frame.x[REG_A0] = (uint64_t)late;
    begin(task, reason, key, deadline);
}

void wait_retry(struct task *task, enum wait_reason reason, uint64_t key, uint64_t deadline)
{
    task->wait_restarts = 1;
    task->frame.x[REG_PC] -= 4; /* ecall has no compressed form */
    begin(task, reason, key, deadline);
}

void wait_end(struct task *task, int64_t result)
{
    if (!task->wait_restarts)
        task->frame.x[REG_A0] = (uint64_t)result;
    finish(task);
}

unsigned wait_wake(enum wait_reason reason, uint64_t key, unsigned most, int64_t result)
{
    unsigned woken = 0;
    struct task *next;
    for (struct task *task = oldest; task && woken < most; task = next) {
        next = task->wait_next;
        if (task->waiting == reason && task->wait_key == key) {
            wait_end(task, result);
            woken++;
        }
    }
    return woken;
}

void wait_expire(struct hart *hart, uint64_t now)
{
    if (now < hart->deadline)
        return;
    struct task *next;
    spinlock_take(&process_lock);
    for (struct task *task = oldest; task; task = next) {
        next = task->wait_next;
        if (task->cb.host == hart && task->wait_deadline <= now)
            finish(task);
    }
    set_deadline(hart);
    spinlock_give(&process_lock);
}

bool wait_any_deadline(void)
{
    bool any = false;
    spinlock_take(&process_lock);
    for (struct task *task = oldest; task && !any; task = task->wait_next)
        any = task->wait_deadline != WAIT_FOR_EVER;
    spinlock_give(&process_lock);
    return any;
}
