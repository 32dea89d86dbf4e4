/* SPDX-License-Identifier: Apache-2.0 */
/* A fuzzer's bytes, taken one number after the other; after the last one comes 0 for ever. */
#ifndef MISSIVE_FUZZ_INPUT_H
#define MISSIVE_FUZZ_INPUT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

struct input {
    const uint8_t *next;
    size_t left;
};

/* The next size_bytes (up to 8) as a little-endian number. */
static inline uint64_t input_number(struct input *input, unsigned size_bytes)
{
    uint64_t number = 0;
    for (unsigned i = 0; i < size_bytes && input->left; i++, input->left--)
        number |= (uint64_t)*input->next++ << 8 * i;
    return number;
}

/* What must hold whatever the input: the fuzzer reports the call stack. */
static inline void must(bool condition)
{
    if (!condition)
        abort();
}

#endif
