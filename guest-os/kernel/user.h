/* SPDX-License-Identifier: Apache-2.0 */
/* Reading and writing a task's memory. A bad address is an answer (false, -EFAULT), never a fault of the kernel. */
#ifndef MISSIVE_GUEST_USER_H
#define MISSIVE_GUEST_USER_H

#include "kernel/space.h"
#include "kernel/task.h"

bool user_read(struct space *space, void *to, uint64_t address, uint64_t bytes);
bool user_write(struct space *space, uint64_t address, const void *from, uint64_t bytes);

/* Copies a string with its NUL, at most size_bytes: its length, -EFAULT, or -ENAMETOOLONG. */
int64_t user_string(struct space *space, char *to, uint64_t address, uint64_t size_bytes);

#endif
