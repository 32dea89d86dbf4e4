/* SPDX-License-Identifier: Apache-2.0 */
/* System calls about time. The clock is the machine's `time`; the day is the scenario's epoch. */
#include "boot/machine.h"
#include "include/bytes.h"
#include "include/csr.h"
#include "kernel/hart.h"
#include "kernel/syscall.h"
#include "kernel/user.h"
#include "kernel/wait.h"

#define NANOSECONDS 1000000000UL

static struct linux_timespec timespec_of(uint64_t ticks)
{
    uint64_t hz = machine.timebase_hz;
    return (struct linux_timespec){(int64_t)(ticks / hz), (int64_t)(ticks % hz * NANOSECONDS / hz)};
}

static uint64_t cpu_ticks(const struct task *task)
{
    return task->run_ticks + (time_now() - hart_this()->dispatched);
}

/* false: no such clock. */
static bool read_clock(const struct task *task, uint64_t clock, struct linux_timespec *now)
{
    if (clock > CLOCK_MAX || clock == 10)
        return false;
    if (clock == CLOCK_PROCESS_CPUTIME || clock == CLOCK_THREAD_CPUTIME)
        *now = timespec_of(cpu_ticks(task));
    else
        *now = timespec_of(time_now());
    if (clock == CLOCK_REALTIME || clock == CLOCK_REALTIME_COARSE || clock == 8 ||
        clock == CLOCK_MAX)
        now->seconds += (int64_t)machine.epoch_seconds;
    return true;
}

long sys_clock_gettime(struct task *task)
{
    struct linux_timespec now;
    if (!read_clock(task, task_argument(task, 0), &now))
        return -EINVAL;
    return user_write(task->space, task_argument(task, 1), &now, sizeof now) ? 0 : -EFAULT;
}

long sys_clock_getres(struct task *task)
{
    uint64_t address = task_argument(task, 1);
    struct linux_timespec resolution = {0, (int64_t)MAX(NANOSECONDS / machine.timebase_hz, 1)};
    if (task_argument(task, 0) > CLOCK_MAX)
        return -EINVAL;
    if (!address)
        return 0;
    return user_write(task->space, address, &resolution, sizeof resolution) ? 0 : -EFAULT;
}

long sys_gettimeofday(struct task *task)
{
    struct linux_timespec now;
    uint64_t address = task_argument(task, 0);
    read_clock(task, CLOCK_REALTIME, &now);
    now.nanoseconds /= 1000; /* struct timeval has the same shape */
    return !address || user_write(task->space, address, &now, sizeof now) ? 0 : -EFAULT;
}

/* As ticks, rounded up; WAIT_FOR_EVER if that is too far away to matter. false: not a time. */
static bool ticks_of(const struct linux_timespec *time, uint64_t *ticks)
{
    if (time->seconds < 0 || time->nanoseconds < 0 || (uint64_t)time->nanoseconds >= NANOSECONDS)
        return false;
    uint64_t hz = machine.timebase_hz, seconds = (uint64_t)time->seconds;
    *ticks =
        seconds > UINT32_MAX
            ? WAIT_FOR_EVER
            : seconds * hz + ((uint64_t)time->nanoseconds * hz + NANOSECONDS - 1) / NANOSECONDS;
    return true;
}

static long sleep(struct task *task, uint64_t address, bool realtime, bool absolute)
{
    struct linux_timespec time;
    uint64_t ticks, now = time_now();
    if (!user_read(task->space, &time, address, sizeof time))
        return -EFAULT;
    if (realtime && absolute)
        time.seconds = MAX(time.seconds - (int64_t)machine.epoch_seconds, 0);
    if (!ticks_of(&time, &ticks))
        return -EINVAL;
    uint64_t deadline = absolute || ticks == WAIT_FOR_EVER ? ticks : now + ticks;
    if (deadline <= now)
        return 0;
    spinlock_take(&process_lock);
    wait_begin(task, WAIT_SLEEP, 0, deadline, 0);
    spinlock_give(&process_lock);
    return SYSCALL_BLOCKED;
}

long sys_nanosleep(struct task *task)
{
    return sleep(task, task_argument(task, 0), false, false);
}

long sys_clock_nanosleep(struct task *task)
{
    uint64_t clock = task_argument(task, 0);
    if (clock > CLOCK_MAX || clock == CLOCK_THREAD_CPUTIME)
        return -EINVAL;
    return sleep(task, task_argument(task, 2), clock == CLOCK_REALTIME,
                 task_argument(task, 1) & TIMER_ABSTIME);
}

long sys_times(struct task *task)
{
    uint64_t address = task_argument(task, 0),
             per_tick = machine.timebase_hz / CLOCK_TICKS_PER_SECOND;
    uint64_t times[4] = {cpu_ticks(task) / MAX(per_tick, 1)};
    if (address && !user_write(task->space, address, times, sizeof times))
        return -EFAULT;
    return (long)(time_now() / MAX(per_tick, 1));
}

long sys_getrusage(struct task *task)
{
    struct linux_timespec used = timespec_of(cpu_ticks(task));
    uint64_t usage[18] = {(uint64_t)used.seconds, (uint64_t)used.nanoseconds / 1000};
    return user_write(task->space, task_argument(task, 1), usage, sizeof usage) ? 0 : -EFAULT;
}

/* futex(address, operation, value, timeout or count, ...): waiting and waking, for locks of the C library. The key is the physical
 * address, so that shared memory works too. */
static long futex_wait(struct task *task, uint64_t physical, bool absolute)
{
    uint64_t timeout = task_argument(task, 3), ticks, deadline = WAIT_FOR_EVER;
    struct linux_timespec time;
    if (timeout) {
        if (!user_read(task->space, &time, timeout, sizeof time))
            return -EFAULT;
        if (!ticks_of(&time, &ticks))
            return -EINVAL;
        deadline = absolute || ticks == WAIT_FOR_EVER ? ticks : time_now() + ticks;
    }
    spinlock_take(&process_lock);
    bool equal = *(volatile uint32_t *)physical == (uint32_t)task_argument(task, 2);
    if (equal)
        wait_begin(task, WAIT_FUTEX, physical, deadline, -ETIMEDOUT);
    spinlock_give(&process_lock);
    return equal ? SYSCALL_BLOCKED : -EAGAIN;
}

long sys_futex(struct task *task)
{
    uint64_t address = task_argument(task, 0),
             command = task_argument(task, 1) & FUTEX_COMMAND_MASK;
    uint64_t physical = address & 3 ? 0 : space_resolve(task->space, address, PROT_READ);
    if (address & 3)
        return -EINVAL;
    if (!physical)
        return -EFAULT;
    if (command == FUTEX_WAIT || command == FUTEX_WAIT_BITSET)
        return futex_wait(task, physical, command == FUTEX_WAIT_BITSET);
    if (command != FUTEX_WAKE && command != FUTEX_WAKE_BITSET)
        return -ENOSYS;
    spinlock_take(&process_lock);
    unsigned woken = wait_wake(WAIT_FUTEX, physical, (unsigned)task_argument(task, 2), 0);
    spinlock_give(&process_lock);
    return woken;
}
