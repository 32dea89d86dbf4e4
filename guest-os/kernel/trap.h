/* SPDX-License-Identifier: Apache-2.0 */
/* Entry to the kernel, and what it decides about. */
#ifndef MISSIVE_GUEST_TRAP_H
#define MISSIVE_GUEST_TRAP_H

#include "kernel/task.h"

void trap_entry(void);                         /* trap.S: stvec */
_Noreturn void trap_return(struct task *task); /* trap.S: to user mode */
struct task *trap_handle(struct task *task);   /* from trap.S: the task to return to */
_Noreturn void trap_from_kernel(void);         /* from trap.S: a bug */

#endif
