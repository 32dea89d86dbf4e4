/* SPDX-License-Identifier: Apache-2.0 */
/* Replacing a task's program by an ELF file of the archive. */
#ifndef MISSIVE_GUEST_EXEC_H
#define MISSIVE_GUEST_EXEC_H

#include "kernel/task.h"

/* Gives process 1 the program, arguments and environment that /.exec names; panics if that cannot be. */
void exec_first(struct task *task);

#endif
