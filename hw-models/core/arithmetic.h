/* SPDX-License-Identifier: Apache-2.0 */
/* What integer instructions compute where a word of C does not say it: high products, division with
 * its special cases, rotations, carry-less products. For execute.c and its table. Source: The RISC-V
 * Instruction Set Manual I (20191213), chapter 7; Bit-Manipulation ISA extensions 1.0.0. */
#ifndef MISSIVE_CORE_ARITHMETIC_H
#define MISSIVE_CORE_ARITHMETIC_H

#include <stdint.h>

static inline uint64_t multiply_high(int64_t a, int64_t b)
{
    return (uint64_t)((__int128)a * b >> 64);
}

static inline uint64_t multiply_high_mixed(int64_t a, uint64_t b)
{
    return (uint64_t)((__int128)a * (__int128)b >> 64);
}

static inline uint64_t multiply_high_unsigned(uint64_t a, uint64_t b)
{
    return (uint64_t)((unsigned __int128)a * b >> 64);
}

static inline uint64_t divide(int64_t a, int64_t b)
{
    if (b == 0)
        return UINT64_MAX;
    return b == -1 ? -(uint64_t)a : (uint64_t)(a / b);
}

static inline uint64_t remainder_of(int64_t a, int64_t b)
{
    if (b == 0)
        return (uint64_t)a;
    return b == -1 ? 0 : (uint64_t)(a % b);
}

static inline uint64_t rotate_right(uint64_t value, uint64_t count)
{
    return value >> (count & 63) | value << (-count & 63);
}

static inline uint32_t rotate_right_word(uint32_t value, uint64_t count)
{
    return value >> (count & 31) | value << (-count & 31);
}

/* Each byte that is not zero becomes 0xff: its bits are gathered in its lowest one. */
static inline uint64_t or_combine_bytes(uint64_t value)
{
    value |= value >> 4 & UINT64_C(0x0f0f0f0f0f0f0f0f);
    value |= value >> 2 & UINT64_C(0x0303030303030303);
    value |= value >> 1 & UINT64_C(0x0101010101010101);
    return (value & UINT64_C(0x0101010101010101)) * 0xff;
}

static inline unsigned __int128 carryless_multiply(uint64_t a, uint64_t b)
{
    unsigned __int128 product = 0;
    for (; b; b &= b - 1)
        product ^= (unsigned __int128)a << __builtin_ctzll(b);
    return product;
}

#endif
