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
    __atomic_store_n(&lock->held, 0, __ATOMIC_RELEASE);
}

#endif
