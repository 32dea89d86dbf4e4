/* SPDX-License-Identifier: Apache-2.0 */
/* Random numbers that are the same for the same seed. Not for secrets. Source: splitmix64 (Steele, Lea and Flood,
 * "Fast splittable pseudorandom number generators", OOPSLA 2014). */
#ifndef MISSIVE_GUEST_RANDOM_H
#define MISSIVE_GUEST_RANDOM_H

#include <stdint.h>

static inline uint64_t random_mix(uint64_t state)
{
    state += 0x9e3779b97f4a7c15;
    state = (state ^ (state >> 30)) * 0xbf58476d1ce4e5b9;
    state = (state ^ (state >> 27)) * 0x94d049bb133111eb;
    return state ^ (state >> 31);
}

/* The next number of the machine's one sequence, begun by its seed. */
uint64_t random_next(void);

#endif
