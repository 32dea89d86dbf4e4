/* SPDX-License-Identifier: Apache-2.0 */
/* Which task a host runs: the first of its computation list, for a slice of time; then the next. Tasks do not
 * move by themselves: a new one goes to the allowed host with the fewest, and stays unless its affinity forbids. */
#ifndef MISSIVE_GUEST_SCHEDULE_H
#define MISSIVE_GUEST_SCHEDULE_H

#include "kernel/hart.h"
#include "kernel/task.h"

/* The next task that can return to user mode; sleeps while there is none. The task that ran until now must be on
 * a list, blocked, or gone. */
struct task *schedule(void);

/* The timer's interrupt: wakes whose time has come; ends the running task's slice. */
enum progress schedule_tick(struct task *task);

/* Puts the running task behind those that are ready. */
enum progress schedule_yield(struct task *task);

/* First use of floating point since the task was chosen: loads its registers. false: it had them. */
bool schedule_fp_enable(struct task *task);
/* Brings the running task's FP registers to memory, for fork. */
void schedule_fp_save(struct task *task);
/* The running task has a new program: it has not used floating point yet. */
void schedule_fp_drop(void);
/* The running task is gone or goes elsewhere: the hart forgets it, and its address space. */
void schedule_forget(struct task *task);

/* The host for a new or moving task among those in the mask (which has one); counts it there. */
struct hart *schedule_place(uint64_t hosts);

#endif
