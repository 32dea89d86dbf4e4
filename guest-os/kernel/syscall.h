/* SPDX-License-Identifier: Apache-2.0 */
/* System calls: Linux's numbers, arguments and answers for riscv64. sys_<name> returns a value, a negative errno, SYSCALL_READY or
 * SYSCALL_BLOCKED. */
#ifndef MISSIVE_GUEST_SYSCALL_H
#define MISSIVE_GUEST_SYSCALL_H

#include "kernel/task.h"

#define SYSCALL(number, name) long sys_##name(struct task *task);
#include "kernel/syscalls.def"
#undef SYSCALL

/* Carries out the call in the task's frame and moves its pc on. */
enum progress syscall_dispatch(struct task *task);

/* With trace-enosys: one line of the numbers that were asked for and are not there. */
void syscall_report(void);

#endif
