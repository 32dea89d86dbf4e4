/* SPDX-License-Identifier: Apache-2.0 */
/* Rounding by hand, for what the host cannot do: between integers and floating point with RISC-V's
 * saturation, and to nearest with ties away from zero (RMM). */
#ifndef MISSIVE_CORE_FPU_ROUND_H
#define MISSIVE_CORE_FPU_ROUND_H

#include "core/fpu.h"

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

/* Sign-extended as RISC-V wants it (also of unsigned words). width 32 or 64. */
uint64_t round_to_integer(struct fpu *fpu, const struct fp_format *format, uint64_t bits,
                          unsigned rm, unsigned width, bool is_signed);

/* `value` is a two's complement number if negative. */
uint64_t round_integer(struct fpu *fpu, const struct fp_format *format, uint64_t value,
                       bool negative, unsigned rm);

enum wide {
    WIDE_ADD,
    WIDE_SUBTRACT,
    WIDE_MULTIPLY,
    WIDE_DIVIDE,
    WIDE_FUSED,
    WIDE_ROOT,
    WIDE_CONVERT,
};

/* Computes in a wider format, rounded to odd, and rounds that to nearest, ties away from zero.
 * Needs a long double of at least 64 bits of precision. */
uint64_t round_wide(struct fpu *fpu, const struct fp_format *format, enum wide operation, double a,
                    double b, double c);

#endif
