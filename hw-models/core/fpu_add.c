/* SPDX-License-Identifier: Apache-2.0 */
/* Sums, products and both in one, see fpu_soft.h. A product of two significands is exact in 128
 * bits, so that a fused multiply-add is a sum whose first operand happens to be wide. */
#include "core/fpu_soft.h"

/* One bit is given up for the carry: no operand uses its lowest 22. */
static struct number add_magnitudes(const struct number *large, const struct number *small)
{
    unsigned distance = (unsigned)(large->exponent - small->exponent);
    struct number sum = *large;
    sum.significand = (large->significand >> 1) + number_shift(small->significand, distance + 1);
    sum.exponent++;
    number_normalize(&sum);
    return sum;
}

/* Bits get lost only where the exponents differ by more than 22, and then the difference loses at
 * most one leading bit: the lowest bit stays far below the place of rounding. It is set whenever
 * something got lost, because the larger operand's is clear. */
static struct number subtract_magnitudes(const struct number *large, const struct number *small)
{
    unsigned distance = (unsigned)(large->exponent - small->exponent);
    struct number difference = *large;
    difference.significand -= number_shift(small->significand, distance);
    number_normalize(&difference);
    return difference;
}

static struct number sum_of_finite(const struct number *a, const struct number *b, unsigned rm)
{
    bool smaller =
        a->exponent != b->exponent ? a->exponent < b->exponent : a->significand < b->significand;
    const struct number *large = smaller ? b : a, *small = smaller ? a : b;

    if (a->negative == b->negative)
        return add_magnitudes(large, small);
    if (a->exponent == b->exponent && a->significand == b->significand)
        return (struct number){.kind = NUMBER_ZERO, .negative = rm == ROUND_DOWN};
    return subtract_magnitudes(large, small);
}

static struct number sum(struct fpu *fpu, const struct number *a, const struct number *b,
                         unsigned rm)
{
    if (a->kind == NUMBER_FINITE && b->kind == NUMBER_FINITE)
        return sum_of_finite(a, b, rm);
    if (a->kind == NUMBER_NAN || b->kind == NUMBER_NAN)
        return (struct number){.kind = NUMBER_NAN};
    if (a->kind == NUMBER_INFINITE && b->kind == NUMBER_INFINITE && a->negative != b->negative)
        return number_invalid(fpu);
    if (a->kind == NUMBER_ZERO && b->kind == NUMBER_ZERO && a->negative != b->negative)
        return (struct number){.kind = NUMBER_ZERO, .negative = rm == ROUND_DOWN};
    return a->kind == NUMBER_INFINITE || b->kind == NUMBER_ZERO ? *a : *b;
}

static struct number product(struct fpu *fpu, const struct number *a, const struct number *b)
{
    struct number result = {.kind = NUMBER_FINITE, .negative = a->negative != b->negative};
    if (a->kind == NUMBER_FINITE && b->kind == NUMBER_FINITE) {
        result.exponent = a->exponent + b->exponent + 1;
        result.significand =
            (wide_t)(uint64_t)(a->significand >> 64) * (uint64_t)(b->significand >> 64);
        number_normalize(&result);
        return result;
    }
    bool zero = a->kind == NUMBER_ZERO || b->kind == NUMBER_ZERO;
    bool infinite = a->kind == NUMBER_INFINITE || b->kind == NUMBER_INFINITE;
    if (zero && infinite)
        return number_invalid(fpu);
    result.kind = zero ? NUMBER_ZERO : NUMBER_INFINITE;
    if (a->kind == NUMBER_NAN || b->kind == NUMBER_NAN)
        result.kind = NUMBER_NAN;
    return result;
}

uint64_t soft_add(struct fpu *fpu, const struct fp_format *format, uint64_t a, uint64_t b,
                  unsigned rm)
{
    struct number x = number_unpack(fpu, format, a), y = number_unpack(fpu, format, b);
    struct number result = sum(fpu, &x, &y, rm);
    return number_pack(fpu, format, &result, rm);
}

uint64_t soft_multiply(struct fpu *fpu, const struct fp_format *format, uint64_t a, uint64_t b,
                       unsigned rm)
{
    struct number x = number_unpack(fpu, format, a), y = number_unpack(fpu, format, b);
    struct number result = product(fpu, &x, &y);
    return number_pack(fpu, format, &result, rm);
}

uint64_t soft_fuse(struct fpu *fpu, const struct fp_format *format, uint64_t a, uint64_t b,
                   uint64_t c, unsigned rm)
{
    struct number x = number_unpack(fpu, format, a), y = number_unpack(fpu, format, b);
    struct number z = number_unpack(fpu, format, c);
    struct number xy = product(fpu, &x, &y);
    struct number result = sum(fpu, &xy, &z, rm);
    return number_pack(fpu, format, &result, rm);
}
