/* SPDX-License-Identifier: Apache-2.0 */
/* Between formats, and between them and integers, see fpu_soft.h. */
#include "core/fpu_soft.h"

uint64_t soft_convert(struct fpu *fpu, const struct fp_format *from, const struct fp_format *to,
                      uint64_t a, unsigned rm)
{
    struct number x = number_unpack(fpu, from, a);
    return number_pack(fpu, to, &x, rm);
}

/* The magnitude of a finite number below 2^64, rounded to an integer. What is below a half rounds
 * as a quarter does. */
static wide_t integer_part(const struct number *a, unsigned rm, bool *inexact)
{
    wide_t significand = a->exponent < -1 ? 1 : a->significand;
    unsigned count = a->exponent < -1 ? 2 : (unsigned)(127 - a->exponent);

    if (count > 127) { /* [1/2, 1) */
        significand = number_shift(significand, 1);
        count--;
    }
    *inexact = significand & (((wide_t)1 << count) - 1);
    return number_round(significand, count, a->negative, rm);
}

static uint64_t saturated(unsigned width, bool is_signed, bool negative)
{
    if (!is_signed)
        return negative ? 0 : UINT64_MAX; /* of 32 bits: sign-extended */
    uint64_t largest = (UINT64_C(1) << (width - 1)) - 1;
    return negative ? ~largest : largest;
}

static uint64_t largest_magnitude(unsigned width, bool is_signed, bool negative)
{
    if (is_signed)
        return (UINT64_C(1) << (width - 1)) - !negative;
    return negative ? 0 : UINT64_MAX >> (64 - width);
}

uint64_t soft_to_integer(struct fpu *fpu, const struct fp_format *format, uint64_t a, unsigned rm,
                         unsigned width, bool is_signed)
{
    struct number x = number_unpack(fpu, format, a);
    bool negative = x.negative && x.kind != NUMBER_NAN, inexact = false;
    wide_t integer = (wide_t)1 << 64; /* fits nowhere */

    if (x.kind == NUMBER_ZERO)
        return 0;
    if (x.kind == NUMBER_FINITE && x.exponent < 64)
        integer = integer_part(&x, rm, &inexact);
    if (integer > largest_magnitude(width, is_signed, negative)) {
        fpu->flags |= FLAG_NV;
        return saturated(width, is_signed, negative);
    }
    fpu->flags |= inexact ? FLAG_NX : 0;
    uint64_t value = negative ? -(uint64_t)integer : (uint64_t)integer;
    return width == 32 ? (uint64_t)(int64_t)(int32_t)value : value;
}

uint64_t soft_from_integer(struct fpu *fpu, const struct fp_format *format, uint64_t value,
                           bool negative, unsigned rm)
{
    if (value == 0)
        return 0;
    struct number x = {NUMBER_FINITE, negative, 127, negative ? -value : value};
    number_normalize(&x);
    return number_pack(fpu, format, &x, rm);
}
