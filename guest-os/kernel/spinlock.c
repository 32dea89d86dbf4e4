/* SPDX-License-Identifier: Apache-2.0 */
/* spinlock.h: the waiting, out of line so that it is charged to its own activity. */
#include "include/spinlock.h"
#include "include/probe.h"

IN(lock) void spinlock_wait(struct spinlock *lock)
{
    while (__atomic_load_n(&lock->held, __ATOMIC_RELAXED))
        ;
}
