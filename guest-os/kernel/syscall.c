/* SPDX-License-Identifier: Apache-2.0 */
/* syscall.h: the table, made from syscalls.def. */
#include "kernel/syscall.h"

#include "boot/machine.h"
#include "include/bytes.h"
#include "include/probe.h"
#include "kernel/print.h"

#define SYSCALL_LIMIT 512

static long (*const calls[SYSCALL_LIMIT])(struct task *) = {
#define SYSCALL(number, name) [number] = sys_##name,
#include "kernel/syscalls.def"
#undef SYSCALL
};

static uint64_t missing[SYSCALL_LIMIT / 64];

static long no_call(uint64_t number)
{
    if (number < SYSCALL_LIMIT)
        __atomic_fetch_or(&missing[number / 64], 1UL << number % 64, __ATOMIC_RELAXED);
    return -ENOSYS;
}

IN(trap) enum progress syscall_dispatch(struct task *task)
{
    uint64_t number = task->frame.x[REG_A7];
    task->frame.x[REG_PC] += 4;
    bool known = number < SYSCALL_LIMIT && calls[number];
    long result = known ? calls[number](task) : no_call(number);
    if (result == SYSCALL_BLOCKED)
        return PROGRESS_BLOCKED;
    if (result != SYSCALL_READY)
        task->frame.x[REG_A0] = (uint64_t)result;
    return PROGRESS_READY;
}

void syscall_report(void)
{
    if (!machine.trace_enosys)
        return;
    print("system calls that are not there:");
    for (uint64_t i = 0; i < SYSCALL_LIMIT; i++)
        if (missing[i / 64] & 1UL << i % 64)
            print(" %d", i);
    print("\n");
}
