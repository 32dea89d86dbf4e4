/* SPDX-License-Identifier: Apache-2.0 */
/* A walk over 1 MiB, word by word: a scaled sum of two thirds into the other. 43690 words a round. */
#include "kernel.h"

#define WORDS (1024 * 1024 / 8 / 3)

void work_prepare(uint8_t *memory)
{
    uint64_t *a = (uint64_t *)memory, *b = a + WORDS;

    for (uint64_t i = 0; i < WORDS; i++) {
        a[i] = i * 7 + 1;
        b[i] = i * i;
    }
}

uint64_t work_round(uint8_t *memory)
{
    const uint64_t *a = (const uint64_t *)memory, *b = a + WORDS;
    uint64_t *c = (uint64_t *)memory + 2 * WORDS, sum = 0;

    for (uint64_t i = 0; i < WORDS; i++)
        c[i] = a[i] + 3 * b[i];
    for (uint64_t i = 0; i < WORDS; i += 64)
        sum = sum * 31 + c[i];
    return sum;
}
