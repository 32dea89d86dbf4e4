/* SPDX-License-Identifier: Apache-2.0 */
/* signal.h, and the system calls about signals. */
#include "kernel/signal.h"

#include "boot/machine.h"
#include "include/bytes.h"
#include "kernel/frame.h"
#include "kernel/print.h"
#include "kernel/process.h"
#include "kernel/request.h"
#include "kernel/syscall.h"
#include "kernel/user.h"
#include "kernel/wait.h"

#define BIT(number) (1UL << ((number)-1))
#define IGNORED_BY_DEFAULT                                                                         \
    (BIT(SIGCHLD) | BIT(SIGCONT) | BIT(SIGSTOP) | BIT(SIGTSTP) | BIT(SIGTTIN) | BIT(SIGTTOU) |     \
     BIT(SIGURG) | BIT(SIGWINCH))
#define NEVER_BLOCKED (BIT(SIGKILL) | BIT(SIGSTOP))

static bool ignored(const struct task *task, unsigned number)
{
    uint64_t handler = task->actions[number - 1].handler;
    return handler == SIG_IGN || (handler == SIG_DFL && (IGNORED_BY_DEFAULT & BIT(number)));
}

void signal_raise(struct task *task, unsigned number)
{
    if (!ignored(task, number))
        __atomic_fetch_or(&task->signals_pending, BIT(number), __ATOMIC_ACQ_REL);
}

static const char *name_of(unsigned number)
{
    switch (number) {
    case SIGILL:
        return "SIGILL";
    case SIGTRAP:
        return "SIGTRAP";
    case SIGBUS:
        return "SIGBUS";
    case SIGSEGV:
        return "SIGSEGV";
    default:
        return "signal";
    }
}

void signal_fault(struct task *task, unsigned number, uint64_t address)
{
    print("%s: process %d killed by %s at pc %x, address %x\n", task->name.text, task->pid,
          name_of(number), task->frame.x[REG_PC], address);
    task->actions[number - 1].handler = SIG_DFL;
    task->signals_blocked &= ~BIT(number);
    signal_raise(task, number);
}

void signal_no_memory(struct task *task)
{
    print("%s: process %d killed by SIGKILL: the machine's %d MiB of memory are full\n",
          task->name.text, task->pid, machine.ram_bytes >> 20);
    signal_raise(task, SIGKILL);
}

enum progress signal_deliver(struct task *task)
{
    uint64_t waiting = task->signals_pending & ~task->signals_blocked;
    unsigned number = waiting & BIT(SIGKILL) ? SIGKILL : lowest_bit(waiting) + 1;
    if (task->actions[number - 1].handler != SIG_DFL)
        print("%s: process %d killed by signal %d: its handler cannot be run here\n",
              task->name.text, task->pid, number);
    return process_exit(task, number);
}

long sys_rt_sigaction(struct task *task)
{
    uint64_t number = task_argument(task, 0), new = task_argument(task, 1),
             old = task_argument(task, 2);
    struct linux_sigaction action;
    if (task_argument(task, 3) != 8 || number < 1 || number > SIGNAL_COUNT)
        return -EINVAL;
    if (new && (number == SIGKILL || number == SIGSTOP))
        return -EINVAL;
    if (new && !user_read(task->space, &action, new, sizeof action))
        return -EFAULT;
    if (old && !user_write(task->space, old, &task->actions[number - 1], sizeof action))
        return -EFAULT;
    if (!new)
        return 0;
    task->actions[number - 1] = action;
    if (ignored(task, (unsigned)number))
        __atomic_fetch_and(&task->signals_pending, ~BIT(number), __ATOMIC_ACQ_REL);
    return 0;
}

long sys_rt_sigprocmask(struct task *task)
{
    uint64_t new = task_argument(task, 1), old = task_argument(task, 2), set;
    uint64_t before = task->signals_blocked;
    if (task_argument(task, 3) != 8)
        return -EINVAL;
    if (new && !user_read(task->space, &set, new, sizeof set))
        return -EFAULT;
    if (new &&task_argument(task, 0) > SIG_SETMASK)
        return -EINVAL;
    if (old && !user_write(task->space, old, &before, sizeof before))
        return -EFAULT;
    if (!new)
        return 0;
    switch (task_argument(task, 0)) {
    case SIG_BLOCK:
        set |= before;
        break;
    case SIG_UNBLOCK:
        set = before & ~set;
        break;
    default:
        break;
    }
    task->signals_blocked = set & ~NEVER_BLOCKED;
    return 0;
}

static enum progress kill_done(struct task *task)
{
    frame_release(task_of(task->cb.victim));
    return request_answer(task, 0);
}

/* A deadly signal ends what the target waits for, or is about to: the host part's waits here and now; a request is the
 * communication part's, and is cancelled by a request. With process_lock held, which it gives. */
static long interrupt_target(struct task *task, struct task *target)
{
    bool waits = target->waiting != WAIT_NOT;
    bool cancel = !waits && target != task;
    if (waits)
        wait_end(target, -EINTR);
    if (cancel) {
        frame_share(target); /* it may be gone before the communication part looks at it */
        ipc->notify(target->cb.host);
    }
    spinlock_give(&process_lock);
    if (!cancel)
        return 0;
    request_control(task, IPC_CANCEL);
    task->cb.victim = &target->cb;
    return request_call(task, kill_done);
}

static long send(struct task *task, uint64_t pid, uint64_t number)
{
    if (number > SIGNAL_COUNT)
        return -EINVAL;
    spinlock_take(&process_lock);
    struct task *target = process_find(pid);
    if (!target) {
        spinlock_give(&process_lock);
        return -ESRCH;
    }
    if (number && !target->zombie)
        signal_raise(target, (unsigned)number);
    if (number && !target->zombie && signal_waits(target))
        return interrupt_target(task, target);
    spinlock_give(&process_lock);
    return 0;
}

long sys_kill(struct task *task)
{
    int64_t pid = (int32_t)task_argument(task, 0);
    if (pid <= 0) /* groups: everybody's is the one process it is sent from */
        pid = (int64_t)task->pid;
    return send(task, (uint64_t)pid, task_argument(task, 1));
}

long sys_tgkill(struct task *task)
{
    return send(task, task_argument(task, 1), task_argument(task, 2));
}

long sys_tkill(struct task *task)
{
    return send(task, task_argument(task, 0), task_argument(task, 1));
}
