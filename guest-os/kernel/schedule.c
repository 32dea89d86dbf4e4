/* SPDX-License-Identifier: Apache-2.0 */
/* schedule.h. FP registers are saved when a task that changed them leaves the hart, and loaded when it first uses
 * them again. */
#include "kernel/schedule.h"

#include "boot/machine.h"
#include "include/bytes.h"
#include "include/csr.h"
#include "include/probe.h"
#include "ipc/communication.h"
#include "kernel/print.h"
#include "kernel/process.h"
#include "kernel/signal.h"
#include "kernel/space.h"
#include "kernel/wait.h"

void fp_store(uint64_t *registers);
void fp_load(const uint64_t *registers);

IN(schedule) void schedule_fp_save(struct task *task)
{
    if ((csr_read(sstatus) & SSTATUS_FS) != SSTATUS_FS_DIRTY)
        return;
    fp_store(task->fp);
    csr_clear(sstatus, SSTATUS_FS);
    csr_set(sstatus, SSTATUS_FS_CLEAN);
}

IN(schedule) bool schedule_fp_enable(struct task *task)
{
    if (csr_read(sstatus) & SSTATUS_FS)
        return false;
    csr_set(sstatus, SSTATUS_FS_CLEAN);
    fp_load(task->fp);
    csr_clear(sstatus, SSTATUS_FS);
    csr_set(sstatus, SSTATUS_FS_CLEAN);
    task->fp_hart = hart_this();
    hart_this()->fp_owner = task;
    return true;
}

void schedule_fp_drop(void)
{
    hart_this()->fp_owner = 0;
    csr_clear(sstatus, SSTATUS_FS);
}

PART(schedule) static void fp_switch(struct hart *hart, struct task *task)
{
    bool here = hart->fp_owner == task && task->fp_hart == hart;
    if (here != !!(csr_read(sstatus) & SSTATUS_FS)) {
        if (here)
            csr_set(sstatus, SSTATUS_FS_CLEAN);
        else
            csr_clear(sstatus, SSTATUS_FS);
    }
}

/* The task that ran until now leaves the hart. */
PART(schedule) static void leave(struct hart *hart, uint64_t now)
{
    struct task *task = hart->current;
    if (!task)
        return;
    task->run_ticks += now - hart->dispatched;
    schedule_fp_save(task);
    hart->current = 0;
}

IN(schedule) void schedule_forget(struct task *task)
{
    struct hart *hart = hart_this();
    leave(hart, time_now());
    __atomic_fetch_sub(&hart->tasks, 1, __ATOMIC_RELAXED);
    space_activate(0);
    task->fp_hart = 0;
}

IN(schedule) struct hart *schedule_place(uint64_t hosts)
{
    struct hart *best = 0;
    for (uint64_t left = hosts; left; left &= left - 1) {
        struct hart *hart = &harts[lowest_bit(left)];
        if (!best || hart->tasks < best->tasks)
            best = hart;
    }
    __atomic_fetch_add(&best->tasks, 1, __ATOMIC_RELAXED);
    return best;
}

/* How often the harts but this one have slept, plus one; 0 if one of them is awake. */
PART(schedule) static uint64_t others_asleep(void)
{
    uint64_t sleeps = 1;
    for (uint64_t left = machine.hosts | machine.coprocessors; left; left &= left - 1) {
        struct hart *hart = &harts[lowest_bit(left)];
        if (hart == hart_this())
            continue;
        if (!__atomic_load_n(&hart->idle, __ATOMIC_ACQUIRE))
            return 0;
        sleeps += __atomic_load_n(&hart->sleeps, __ATOMIC_ACQUIRE);
    }
    return sleeps;
}

/* A look at the list between two looks at the others: if those slept all the while, this hart's list is empty and no
 * wait ends by itself, then nothing will ever happen again. */
PART(schedule) static struct control_block *first_or_dead(struct hart *hart)
{
    uint64_t sleeps = hart->id == BOOT_HART ? others_asleep() : 0;
    struct control_block *cb = ipc->first(&hart->computation);
    if (!cb && sleeps && !wait_any_deadline() && others_asleep() == sleeps)
        panic("deadlock: all processes (%d) wait, and nothing will wake them", process_count());
    return cb;
}

PART(schedule) static uint64_t next_look(struct hart *hart)
{
    uint64_t look = hart->id == BOOT_HART ? time_now() + machine.slice_ticks : UINT64_MAX;
    return MIN(look, hart->deadline);
}

/* Sleeps until there is a task. `idle` is set before the last look at the list, so that whoever puts one there after that
 * look sees it and rings. */
IN(schedule) static struct control_block *idle(struct hart *hart)
{
    struct control_block *cb;
    space_activate(0);
    PROBE(run, 0);
    do {
        csr_write(CSR_STIMECMP, next_look(hart));
        __atomic_store_n(&hart->idle, 1, __ATOMIC_RELAXED);
        fence_all();
        cb = ipc->first(&hart->computation);
        if (!cb)
            hart_sleep();
        __atomic_store_n(&hart->idle, 0, __ATOMIC_RELAXED);
        csr_clear(sip, SIP_SOFTWARE);
        if (!cb) {
            hart->sleeps++;
            wait_expire(hart, time_now());
            cb = first_or_dead(hart);
        }
    } while (!cb);
    return cb;
}

PART(schedule) static void arm(struct hart *hart, uint64_t now)
{
    hart->dispatched = now;
    hart->slice_end = now + machine.slice_ticks;
    csr_write(CSR_STIMECMP, MIN(hart->slice_end, hart->deadline));
}

/* The running task may no longer be here. */
PART(schedule) static enum progress migrate(struct task *task)
{
    schedule_forget(task);
    task->cb.host = schedule_place(task->affinity & machine.hosts);
    communication_ready(&task->cb);
    return PROGRESS_BLOCKED;
}

/* What the kernel still has to do for the task before it is in user mode again. */
PART(schedule) static enum progress go_on(struct task *task)
{
    enum progress (*resume)(struct task *) = task->resume;
    if (resume) {
        task->resume = 0;
        if (resume(task) == PROGRESS_BLOCKED)
            return PROGRESS_BLOCKED;
    }
    if (signal_waits(task))
        return signal_deliver(task);
    return task->affinity & (1UL << hart_this()->id) ? PROGRESS_READY : migrate(task);
}

IN(schedule) struct task *schedule(void)
{
    struct hart *hart = hart_this();
    for (;;) {
        leave(hart, time_now());
        struct control_block *cb = ipc->first(&hart->computation);
        if (!cb)
            cb = idle(hart);
        PROBE(run, cb);
        struct task *task = task_of(cb);
        hart->current = task;
        space_activate(task->space);
        fp_switch(hart, task);
        arm(hart, time_now());
        if (go_on(task) == PROGRESS_READY)
            return task;
    }
}

IN(schedule) enum progress schedule_yield(struct task *task)
{
    leave(hart_this(), time_now());
    ipc->enqueue(&hart_this()->computation, &task->cb);
    return PROGRESS_BLOCKED;
}

IN(schedule) enum progress schedule_tick(struct task *task)
{
    struct hart *hart = hart_this();
    uint64_t now = time_now();
    if (now >= hart->deadline)
        wait_expire(hart, now);
    if (now >= hart->slice_end)
        return schedule_yield(task);
    csr_write(CSR_STIMECMP, MIN(hart->slice_end, hart->deadline));
    return PROGRESS_READY;
}
