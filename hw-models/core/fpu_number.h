/* SPDX-License-Identifier: Apache-2.0 */
/* Floating-point numbers taken apart: formats, unpacking, rounding and packing, in integers only.
 * What lies between is one arithmetic for all formats. Source: IEEE 754-2008; tininess is detected
 * after rounding, as RISC-V wants it. */
#ifndef MISSIVE_CORE_FPU_NUMBER_H
#define MISSIVE_CORE_FPU_NUMBER_H

#include "core/fpu.h"

typedef unsigned __int128 wide_t;

enum rounding {
    ROUND_NEAREST_EVEN,
    ROUND_TO_ZERO,
    ROUND_DOWN,
    ROUND_UP,
    ROUND_NEAREST_AWAY,
};

struct fp_format {
    unsigned fraction_bits;
    int bias;
    uint64_t sign, infinity, hidden,
        quiet_nan; /* bit patterns; hidden: the least normal number's */
};

static const struct fp_format SINGLE = {
    23, 127, UINT64_C(1) << 31, UINT64_C(0xff) << 23, UINT64_C(1) << 23, UINT64_C(0x1ff) << 22};
static const struct fp_format DOUBLE = {
    52, 1023, UINT64_C(1) << 63, UINT64_C(0x7ff) << 52, UINT64_C(1) << 52, UINT64_C(0xfff) << 51};

static inline bool is_nan(const struct fp_format *format, uint64_t bits)
{
    return (bits & ~format->sign) > format->infinity;
}

static inline bool is_signaling(const struct fp_format *format, uint64_t bits)
{
    return is_nan(format, bits) && !(bits & format->hidden >> 1);
}

/* A finite number is significand * 2^(exponent - 127), and its significand's highest bit is set.
 * Unpacked, only the upper half of a significand is used; after a computation the lowest bit also
 * stands for all that was lost below it. The other kinds have neither exponent nor significand. */
struct number {
    enum { NUMBER_ZERO, NUMBER_FINITE, NUMBER_INFINITE, NUMBER_NAN } kind;
    bool negative;
    int exponent;
    wide_t significand;
};

/* value / 2^count, rounded to an integer; count 1 to 127. */
wide_t number_round(wide_t value, unsigned count, bool negative, unsigned rm);

/* Shifts right; what falls off stays visible in the lowest bit. */
static inline wide_t number_shift(wide_t value, unsigned count)
{
    if (count == 0)
        return value;
    if (count > 127)
        return value != 0;
    return value >> count | (value << (128 - count) != 0);
}

/* Shifts the significand, not 0, left until its highest bit is set. */
static inline void number_normalize(struct number *number)
{
    uint64_t high = (uint64_t)(number->significand >> 64);
    int zeros = high ? __builtin_clzll(high) : 64 + __builtin_clzll((uint64_t)number->significand);
    number->significand <<= zeros;
    number->exponent -= zeros;
}

/* A signaling NaN raises NV. */
struct number number_unpack(struct fpu *fpu, const struct fp_format *format, uint64_t bits);

/* Rounds; raises OF, UF and NX. Every NaN becomes the canonical one. */
uint64_t number_pack(struct fpu *fpu, const struct fp_format *format, const struct number *number,
                     unsigned rm);

static inline struct number number_invalid(struct fpu *fpu)
{
    fpu->flags |= FLAG_NV;
    return (struct number){.kind = NUMBER_NAN};
}

#endif
