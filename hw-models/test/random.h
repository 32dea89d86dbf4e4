/* SPDX-License-Identifier: Apache-2.0 */
/* Random numbers for tests: the same from the same seed on every host. Source: splitmix64 (Steele, Lea, Flood 2014). */
#ifndef MISSIVE_TEST_RANDOM_H
#define MISSIVE_TEST_RANDOM_H

#include <stdbool.h>
#include <stdint.h>

struct random {
    uint64_t state;
};

static inline uint64_t random_word(struct random *random)
{
    uint64_t z = random->state += 0x9E3779B97F4A7C15;
    z = (z ^ z >> 30) * 0xBF58476D1CE4E5B9;
    z = (z ^ z >> 27) * 0x94D049BB133111EB;
    return z ^ z >> 31;
}

/* 0 to count - 1; count is not 0. */
static inline uint64_t random_below(struct random *random, uint64_t count)
{
    return random_word(random) % count;
}

static inline bool random_chance(struct random *random, unsigned permille)
{
    return random_below(random, 1000) < permille;
}

#endif
