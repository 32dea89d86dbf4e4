/* SPDX-License-Identifier: Apache-2.0 */
/* Signals: sent, blocked, ignored, or deadly. A handler of the program's own is recorded but not yet called: its signal
 * does what it does by default. Stopping is not modelled: stop signals are ignored. */
#ifndef MISSIVE_GUEST_SIGNAL_H
#define MISSIVE_GUEST_SIGNAL_H

#include <stdbool.h>

#include "kernel/task.h"

/* Makes a signal pending; for the running task, or with process_lock held. */
void signal_raise(struct task *task, unsigned number);

/* The running task did what it must not: one line says so, and it dies of the signal. */
void signal_fault(struct task *task, unsigned number, uint64_t address);

/* No frame is left for the running task's page: one line says so, and it dies of SIGKILL, as of Linux's OOM killer. */
void signal_no_memory(struct task *task);

static inline bool signal_waits(const struct task *task)
{
    return (__atomic_load_n(&task->signals_pending, __ATOMIC_RELAXED) & ~task->signals_blocked) !=
           0;
}

/* Before the return to user mode: acts on what is pending. */
enum progress signal_deliver(struct task *task);

#endif
