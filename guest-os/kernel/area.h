/* SPDX-License-Identifier: Apache-2.0 */
/* The areas of an address space, and the system calls that change them: brk, mmap, munmap, mprotect. At most AREA_MAX
 * areas (Linux: 65530); more is ENOMEM. Neighbours that agree are one area. */
#ifndef MISSIVE_GUEST_AREA_H
#define MISSIVE_GUEST_AREA_H

#include "kernel/space.h"

struct area *area_find(struct space *space, uint64_t address); /* NULL: none there */

/* A new area where none is; false if it overlaps one, is not user space, or there are too many. */
bool area_insert(struct space *space, const struct area *area);

#endif
