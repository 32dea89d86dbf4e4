/* SPDX-License-Identifier: Apache-2.0 */
/* process.h. */
#include "kernel/process.h"

#include "boot/machine.h"
#include "include/bytes.h"
#include "include/csr.h"
#include "include/probe.h"
#include "ipc/communication.h"
#include "kernel/exec.h"
#include "kernel/file.h"
#include "kernel/frame.h"
#include "kernel/print.h"
#include "kernel/request.h"
#include "kernel/schedule.h"
#include "kernel/signal.h"
#include "kernel/space.h"
#include "kernel/syscall.h"
#include "kernel/user.h"
#include "kernel/wait.h"

_Static_assert(sizeof(struct task) <= PAGE_BYTES, "a task fits into a frame");

static struct task *tasks; /* all, newest first */
static uint64_t next_pid = 1, count;

struct task *process_find(uint64_t pid)
{
    struct task *task = tasks;
    while (task && task->pid != pid)
        task = task->next;
    return task;
}

const char *process_path(const struct task *task, const char *path)
{
    return text_equal(path, "/proc/self/exe") ? task->path : path;
}

uint64_t process_count(void)
{
    return count;
}

/* Makes the task known, and ready on the allowed host with the fewest. */
static void begin(struct task *task, struct task *parent)
{
    task->cb.host = schedule_place(task->affinity & machine.hosts);
    task->started = time_now();
    spinlock_take(&process_lock);
    task->parent = parent;
    task->pid = next_pid++;
    task->next = tasks;
    tasks = task;
    count++;
    spinlock_give(&process_lock);
}

void process_first(void)
{
    struct task *task = frame_allocate_coloured(sizeof *task);
    if (!task || !(task->descriptors = descriptors_create()))
        panic("no memory for process 1");
    task->affinity = machine.hosts;
    begin(task, 0);
    exec_first(task);
    communication_ready(&task->cb);
}

/* What a child starts with; everything a running parent's frame has but its place in lists and trees. */
static void inherit(struct task *child, const struct task *parent)
{
    child->frame = parent->frame;
    child->frame.x[REG_A0] = 0;
    child->signals_blocked = parent->signals_blocked;
    child->affinity = parent->affinity;
    memcpy(child->fp, parent->fp, sizeof child->fp);
    memcpy(child->path, parent->path, sizeof child->path);
    memcpy(child->actions, parent->actions, sizeof child->actions);
}

static struct task *make_child(struct task *parent, uint64_t flags)
{
    struct task *child = frame_allocate_coloured(sizeof *child);
    if (!child)
        return 0;
    schedule_fp_save(parent);
    inherit(child, parent);
    child->space = flags & CLONE_VM ? parent->space : space_copy(parent->space);
    child->descriptors = child->space ? descriptors_copy(parent->descriptors) : 0;
    if (child->descriptors) {
        if (flags & CLONE_VM)
            __atomic_fetch_add(&child->space->users, 1, __ATOMIC_RELAXED);
        return child;
    }
    if (child->space && !(flags & CLONE_VM))
        space_release(child->space);
    frame_release(child);
    return 0;
}

/* clone(flags, stack, parent's tid, tls, child's tid) */
static void apply_flags(struct task *task, struct task *child, uint64_t flags)
{
    uint32_t pid = (uint32_t)child->pid;
    if (task_argument(task, 1))
        child->frame.x[REG_SP] = task_argument(task, 1);
    if (flags & CLONE_SETTLS)
        child->frame.x[REG_TP] = task_argument(task, 3);
    if (flags & CLONE_PARENT_SETTID)
        user_write(task->space, task_argument(task, 2), &pid, sizeof pid);
    if (flags & CLONE_CHILD_SETTID)
        user_write(child->space, task_argument(task, 4), &pid, sizeof pid);
    if (flags & CLONE_CHILD_CLEARTID)
        child->clear_child_tid = task_argument(task, 4);
}

/* call[0]: the first descriptor whose pipe does not yet know of the child's; call[1]: the child. */
static enum progress fork(struct task *task)
{
    uint64_t flags = task_argument(task, 0);
    struct task *child = (struct task *)task->call[1];
    while (descriptors_count_pipes(task, &task->call[0]))
        if (request_submit(task, fork) == PROGRESS_BLOCKED)
            return PROGRESS_BLOCKED;
    begin(child, task);
    apply_flags(task, child, flags);
    process_name(child, child->pid, task->name.word[0], task->name.word[1]);
    request_answer(task, (int64_t)child->pid);
    if (flags & CLONE_VFORK) {
        spinlock_take(&process_lock);
        child->vfork_parent = task;
        wait_begin(task, WAIT_VFORK, child->pid, WAIT_FOR_EVER, (int64_t)child->pid);
        spinlock_give(&process_lock);
    }
    communication_ready(&child->cb);
    return flags & CLONE_VFORK ? PROGRESS_BLOCKED : PROGRESS_READY;
}

long sys_clone(struct task *task)
{
    uint64_t flags = task_argument(task, 0) & ~(uint64_t)CLONE_SIGNAL_MASK;
    uint64_t known = CLONE_VM | CLONE_VFORK | CLONE_SETTLS | CLONE_PARENT_SETTID |
                     CLONE_CHILD_CLEARTID | CLONE_CHILD_SETTID;
    if ((flags & ~known) || ((flags & CLONE_VM) && !(flags & CLONE_VFORK)))
        return -EINVAL; /* threads: not here */
    struct task *child = make_child(task, flags);
    if (!child)
        return -ENOMEM;
    task->call[0] = 0;
    task->call[1] = (uint64_t)child;
    return fork(task) == PROGRESS_READY ? SYSCALL_READY : SYSCALL_BLOCKED;
}

OBSERVED void process_name(struct task *task, uint64_t pid, uint64_t name0, uint64_t name1)
{
    PROBE(task, task, pid, name0, name1);
    (void)pid;
    task->name.word[0] = name0;
    task->name.word[1] = name1;
}

void process_vfork_end(struct task *child)
{
    struct task *parent = child->vfork_parent;
    child->vfork_parent = 0;
    if (parent && parent->waiting == WAIT_VFORK)
        wait_end(parent, (int64_t)child->pid);
}

static void unlink(struct task *task)
{
    struct task **at = &tasks;
    while (*at != task)
        at = &(*at)->next;
    *at = task->next;
    count--;
    frame_release(task);
}

static unsigned machine_status(uint32_t status)
{
    return status & 0x7f ? 128 + (status & 0x7f) : status >> 8;
}

/* Children go to process 1. */
static void orphan(struct task *parent)
{
    struct task *first = process_find(1);
    for (struct task *task = tasks; task; task = task->next)
        if (task->parent == parent) {
            task->parent = first;
            task->vfork_parent = 0;
            if (task->zombie)
                wait_wake(WAIT_CHILD, 1, 1, 0);
        }
}

static void tell_parent(struct task *task)
{
    struct task *parent = task->parent;
    signal_raise(parent, SIGCHLD);
    if (parent->actions[SIGCHLD - 1].handler == SIG_IGN)
        unlink(task);
    wait_wake(WAIT_CHILD, parent->pid, 1, 0);
}

/* The task as others see it ends here; what is left of it is for wait4. */
OBSERVED static void release_memory(struct task *task, uint64_t pid)
{
    PROBE(task_end, task, pid);
    (void)pid;
    struct space *space = task->space;
    uint32_t zero = 0;
    if (task->clear_child_tid && space->users > 1)
        user_write(space, task->clear_child_tid, &zero, sizeof zero);
    frame_release(task->descriptors);
    schedule_forget(task);
    task->space = 0;
    space_release(space);
}

/* Descriptors first: their pipes may need the communication part, and then this is called again. */
static enum progress exit(struct task *task)
{
    if (descriptors_close(task, 0, DESCRIPTOR_MAX, 0, exit) == PROGRESS_BLOCKED)
        return PROGRESS_BLOCKED;
    if (task->pid == 1) {
        syscall_report();
        machine_end(machine_status(task->exit_status));
    }
    release_memory(task, task->pid);
    spinlock_take(&process_lock);
    process_vfork_end(task);
    orphan(task);
    task->zombie = 1;
    tell_parent(task);
    spinlock_give(&process_lock);
    return PROGRESS_BLOCKED;
}

enum progress process_exit(struct task *task, uint32_t status)
{
    task->exit_status = status;
    return exit(task);
}

long sys_exit(struct task *task)
{
    process_exit(task, (task_argument(task, 0) & 0xff) << 8);
    return SYSCALL_BLOCKED;
}

static bool matches(const struct task *child, const struct task *parent, int64_t pid)
{
    return child->parent == parent && (pid <= 0 || child->pid == (uint64_t)pid);
}

/* wait4(pid, status, options, rusage) */
long sys_wait4(struct task *task)
{
    int64_t pid = (int32_t)task_argument(task, 0);
    uint64_t address = task_argument(task, 1), usage = task_argument(task, 3), zeros[18] = {0};
    bool any = false;
    if (task_argument(task, 2) & ~(uint64_t)(WNOHANG | 2 | 8 | 0xe0000000))
        return -EINVAL;
    spinlock_take(&process_lock);
    struct task *child = tasks;
    while (child && !(matches(child, task, pid) && child->zombie)) {
        any |= matches(child, task, pid);
        child = child->next;
    }
    long result = child ? (long)child->pid : any ? 0 : -ECHILD;
    if (!result && !(task_argument(task, 2) & WNOHANG)) {
        wait_retry(task, WAIT_CHILD, task->pid, WAIT_FOR_EVER);
        result = SYSCALL_BLOCKED;
    }
    uint32_t status = child ? child->exit_status : 0;
    if (child)
        unlink(child);
    spinlock_give(&process_lock);
    if (result <= 0)
        return result;
    if ((address && !user_write(task->space, address, &status, sizeof status)) ||
        (usage && !user_write(task->space, usage, zeros, sizeof zeros)))
        return -EFAULT;
    return result;
}
