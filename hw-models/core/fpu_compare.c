/* SPDX-License-Identifier: Apache-2.0 */
/* Comparisons and classes, see fpu_soft.h. */
#include "core/fpu_soft.h"

/* Sign, exponent and fraction as an integer that is ordered as the numbers are, but for -0 < +0. */
static int64_t ordered(const struct fp_format *format, uint64_t bits)
{
    uint64_t magnitude = bits & ~format->sign;
    return bits & format->sign ? -(int64_t)magnitude - 1 : (int64_t)magnitude;
}

static void raise_if_signaling(struct fpu *fpu, const struct fp_format *format, uint64_t a,
                               uint64_t b)
{
    if (is_signaling(format, a) || is_signaling(format, b))
        fpu->flags |= FLAG_NV;
}

uint64_t soft_choose(struct fpu *fpu, const struct fp_format *format, uint64_t a, uint64_t b,
                     bool larger)
{
    raise_if_signaling(fpu, format, a, b);
    if (is_nan(format, a))
        return is_nan(format, b) ? format->quiet_nan : b;
    if (is_nan(format, b))
        return a;
    return (ordered(format, a) < ordered(format, b)) == larger ? b : a;
}

static bool both_zero(const struct fp_format *format, uint64_t a, uint64_t b)
{
    return ((a | b) & ~format->sign) == 0;
}

bool soft_is_equal(struct fpu *fpu, const struct fp_format *format, uint64_t a, uint64_t b)
{
    raise_if_signaling(fpu, format, a, b);
    if (is_nan(format, a) || is_nan(format, b))
        return false;
    return a == b || both_zero(format, a, b);
}

bool soft_is_less(struct fpu *fpu, const struct fp_format *format, uint64_t a, uint64_t b,
                  bool or_equal)
{
    if (is_nan(format, a) || is_nan(format, b)) {
        fpu->flags |= FLAG_NV;
        return false;
    }
    if (a == b || both_zero(format, a, b))
        return or_equal;
    return ordered(format, a) < ordered(format, b);
}

uint64_t soft_classify(const struct fp_format *format, uint64_t a)
{
    bool negative = a & format->sign;
    uint64_t magnitude = a & ~format->sign;
    unsigned class_of_positive = magnitude == 0                 ? 4
                                 : magnitude < format->hidden   ? 5
                                 : magnitude < format->infinity ? 6
                                                                : 7;
    if (is_nan(format, a))
        return is_signaling(format, a) ? 1 << 8 : 1 << 9;
    return UINT64_C(1) << (negative ? 7 - class_of_positive : class_of_positive);
}
