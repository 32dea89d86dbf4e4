/* SPDX-License-Identifier: Apache-2.0 */
/* System calls that ask about the process and the machine, and those about where a process runs. There is one user,
 * root, and one group of processes. */
#include "boot/machine.h"
#include "include/bytes.h"
#include "include/csr.h"
#include "include/random.h"
#include "kernel/file.h"
#include "kernel/frame.h"
#include "kernel/hart.h"
#include "kernel/process.h"
#include "kernel/schedule.h"
#include "kernel/syscall.h"
#include "kernel/user.h"
#include "kernel/wait.h"

#define LINK_BYTES 256
#define RANDOM_CHUNK 64

long sys_getpid(struct task *task)
{
    return (long)task->pid;
}

long sys_gettid(struct task *task)
{
    return (long)task->pid;
}

long sys_getppid(struct task *task)
{
    spinlock_take(&process_lock);
    long pid = task->parent ? (long)task->parent->pid : 0;
    spinlock_give(&process_lock);
    return pid;
}

long sys_getpgid(struct task *task)
{
    (void)task;
    return 1;
}

long sys_getuid(struct task *task)
{
    (void)task;
    return 0;
}

long sys_geteuid(struct task *task)
{
    return sys_getuid(task);
}

long sys_getgid(struct task *task)
{
    return sys_getuid(task);
}

long sys_getegid(struct task *task)
{
    return sys_getuid(task);
}

long sys_set_tid_address(struct task *task)
{
    task->clear_child_tid = task_argument(task, 0);
    return (long)task->pid;
}

/* There are no threads to be robust against. */
long sys_set_robust_list(struct task *task)
{
    return task_argument(task, 1) == 24 ? 0 : -EINVAL;
}

long sys_madvise(struct task *task)
{
    (void)task;
    return 0;
}

long sys_riscv_flush_icache(struct task *task)
{
    task->space->stale_harts |= ~(1UL << hart_this()->id);
    __asm__ volatile("fence.i" ::: "memory");
    return 0;
}

long sys_getcwd(struct task *task)
{
    if (task_argument(task, 1) < 2)
        return -34; /* ERANGE */
    return user_write(task->space, task_argument(task, 0), "/", 2) ? 2 : -EFAULT;
}

/* The one link there is. */
long sys_readlinkat(struct task *task)
{
    char path[LINK_BYTES];
    struct archive_entry entry;
    int64_t length = user_string(task->space, path, task_argument(task, 1), sizeof path);
    if (length < 0)
        return (long)length;
    if (process_path(task, path) == path)
        return archive_find(path, &entry) ? -EINVAL : -ENOENT;
    if ((int64_t)task_argument(task, 3) <= 0)
        return -EINVAL;
    uint64_t bytes = MIN(strlen(task->path), task_argument(task, 3));
    return user_write(task->space, task_argument(task, 2), task->path, bytes) ? (long)bytes
                                                                              : -EFAULT;
}

long sys_uname(struct task *task)
{
    struct linux_utsname names = {.system = "Linux",
                                  .node = "missive",
                                  .release = "6.1.0-missive",
                                  .version = "#1 SMP",
                                  .machine = "riscv64",
                                  .domain = "(none)"};
    return user_write(task->space, task_argument(task, 0), &names, sizeof names) ? 0 : -EFAULT;
}

long sys_sysinfo(struct task *task)
{
    struct linux_sysinfo information = {.uptime = (int64_t)(time_now() / machine.timebase_hz),
                                        .total_ram = frame_total() * PAGE_BYTES,
                                        .free_ram = frame_free() * PAGE_BYTES,
                                        .processes = (uint16_t)process_count(),
                                        .unit = 1};
    bool written =
        user_write(task->space, task_argument(task, 0), &information, sizeof information);
    return written ? 0 : -EFAULT;
}

/* prlimit64(pid, resource, new, old): limits are what they are. */
static long limit(struct task *task, uint64_t resource, uint64_t address)
{
    uint64_t value = resource == RLIMIT_STACK    ? USER_STACK_BYTES
                     : resource == RLIMIT_NOFILE ? DESCRIPTOR_MAX
                                                 : RLIM_INFINITY;
    uint64_t pair[2] = {value, value};
    if (resource >= RLIM_NLIMITS)
        return -EINVAL;
    return !address || user_write(task->space, address, pair, sizeof pair) ? 0 : -EFAULT;
}

long sys_prlimit64(struct task *task)
{
    uint64_t pid = task_argument(task, 0);
    if (pid && pid != task->pid)
        return -ESRCH;
    if (task_argument(task, 2))
        return -EPERM;
    return limit(task, task_argument(task, 1), task_argument(task, 3));
}

long sys_getrlimit(struct task *task)
{
    return limit(task, task_argument(task, 0), task_argument(task, 1));
}

uint64_t random_next(void)
{
    static uint64_t count;
    return random_mix(machine.seed + __atomic_fetch_add(&count, 1, __ATOMIC_RELAXED));
}

long sys_getrandom(struct task *task)
{
    uint64_t address = task_argument(task, 0), bytes = task_argument(task, 1), done = 0;
    if (task_argument(task, 2) & ~7UL)
        return -EINVAL;
    while (done < bytes) {
        uint64_t words[RANDOM_CHUNK / 8], piece = MIN(bytes - done, RANDOM_CHUNK);
        for (unsigned i = 0; i < LENGTH(words); i++)
            words[i] = random_next();
        if (!user_write(task->space, address + done, words, piece))
            return done ? (long)done : -EFAULT;
        done += piece;
    }
    return (long)done;
}

long sys_sched_yield(struct task *task)
{
    task->frame.x[REG_A0] = 0;
    schedule_yield(task);
    return SYSCALL_BLOCKED;
}

/* With process_lock held; pid 0 is the caller. */
static struct task *target_of(struct task *task, uint64_t pid)
{
    return pid ? process_find(pid) : task;
}

/* A task that must move does so when its host next chooses it: at once if it is the caller. */
long sys_sched_setaffinity(struct task *task)
{
    uint64_t mask = 0;
    if (!user_read(task->space, &mask, task_argument(task, 2), MIN(task_argument(task, 1), 8)))
        return -EFAULT;
    mask &= machine.hosts;
    if (!mask)
        return -EINVAL;
    spinlock_take(&process_lock);
    struct task *target = target_of(task, task_argument(task, 0));
    if (target)
        target->affinity = mask;
    spinlock_give(&process_lock);
    if (!target)
        return -ESRCH;
    return target == task && !(mask & (1UL << hart_this()->id)) ? sys_sched_yield(task) : 0;
}

long sys_sched_getaffinity(struct task *task)
{
    uint64_t mask = 0, bytes = task_argument(task, 1);
    if (bytes < sizeof mask || bytes % 8)
        return -EINVAL;
    spinlock_take(&process_lock);
    struct task *target = target_of(task, task_argument(task, 0));
    if (target)
        mask = target->affinity & machine.hosts;
    spinlock_give(&process_lock);
    if (!target)
        return -ESRCH;
    return user_write(task->space, task_argument(task, 2), &mask, sizeof mask) ? (long)sizeof mask
                                                                               : -EFAULT;
}

long sys_getcpu(struct task *task)
{
    uint32_t cpu = (uint32_t)hart_this()->id, node = 0;
    if (task_argument(task, 0) &&
        !user_write(task->space, task_argument(task, 0), &cpu, sizeof cpu))
        return -EFAULT;
    if (task_argument(task, 1) &&
        !user_write(task->space, task_argument(task, 1), &node, sizeof node))
        return -EFAULT;
    return 0;
}

long sys_exit_group(struct task *task)
{
    return sys_exit(task);
}

long sys_faccessat2(struct task *task)
{
    return sys_faccessat(task);
}
