/* SPDX-License-Identifier: Apache-2.0 */
/* A spin lock: test and set, then spin reading. Not fair. The kernel runs with interrupts off, so that a holder is
 * never interrupted; hold locks for short. */
#ifndef MISSIVE_GUEST_SPINLOCK_H
#define MISSIVE_GUEST_SPINLOCK_H

#include <stdint.h>

struct spinlock {
    uint32_t held;
};

/* Spins until the lock looks free; its cycles are charged to activity `lock`. */
void spinlock_wait(struct spinlock *lock);

static inline void spinlock_take(struct spinlock *lock)
{
    while (__atomic_exchange_n(&lock->held, 1, __ATOMIC_ACQUIRE))
        spinlock_wait(lock);
}

static inline void spinlock_give(struct spinlock *lock)
{
    /* By hand: gcc 12 makes a swap of an atomic store, which real kernels avoid. */
    __asm__ volatile("fence rw, w\n\tsw zero, %0" : "=m"(lock->held)::"memory");
}

#endif
