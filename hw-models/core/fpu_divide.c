/* SPDX-License-Identifier: Apache-2.0 */
/* Quotients and square roots, see fpu_soft.h: 63 bits or more, and whether there is a remainder. */
#include "core/fpu_soft.h"

/* The operands' significands x and y are in [2^63, 2^64), so the quotient of x * 2^63 is in
 * (2^62, 2^64). */
static struct number quotient_of_finite(const struct number *a, const struct number *b)
{
    wide_t x = a->significand >> 1;
    uint64_t y = (uint64_t)(b->significand >> 64);
    struct number result = {NUMBER_FINITE, a->negative != b->negative, a->exponent - b->exponent,
                            0};
    result.significand = (x / y) << 64 | (x % y != 0);
    number_normalize(&result);
    return result;
}

static struct number quotient(struct fpu *fpu, const struct number *a, const struct number *b)
{
    struct number result = {.negative = a->negative != b->negative};
    if (a->kind == NUMBER_FINITE && b->kind == NUMBER_FINITE)
        return quotient_of_finite(a, b);
    if (a->kind == NUMBER_NAN || b->kind == NUMBER_NAN)
        return (struct number){.kind = NUMBER_NAN};
    if (a->kind == b->kind) /* 0 / 0, infinity / infinity */
        return number_invalid(fpu);
    if (b->kind == NUMBER_ZERO && a->kind == NUMBER_FINITE)
        fpu->flags |= FLAG_DZ;
    result.kind =
        a->kind == NUMBER_INFINITE || b->kind == NUMBER_ZERO ? NUMBER_INFINITE : NUMBER_ZERO;
    return result;
}

/* The largest integer whose square is not above `value`, digit by digit. */
static uint64_t root_of_integer(wide_t value, bool *exact)
{
    wide_t root = 0, rest = value;
    for (wide_t digit = (wide_t)1 << 126; digit; digit >>= 2) {
        bool fits = rest >= root + digit;
        rest -= fits ? root + digit : 0;
        root = (root >> 1) + (fits ? digit : 0);
    }
    *exact = rest == 0;
    return (uint64_t)root;
}

/* Of significand * 2^(exponent - 127), where the power must become even: the significand has room
 * to be halved. The root of [2^126, 2^128) is in [2^63, 2^64). */
static struct number root_of_finite(const struct number *a)
{
    bool halve = !(a->exponent & 1), exact;
    struct number result = {.kind = NUMBER_FINITE};
    result.exponent = (a->exponent - !halve) / 2;
    result.significand = (wide_t)root_of_integer(a->significand >> halve, &exact) << 64;
    result.significand |= !exact;
    return result;
}

uint64_t soft_divide(struct fpu *fpu, const struct fp_format *format, uint64_t a, uint64_t b,
                     unsigned rm)
{
    struct number x = number_unpack(fpu, format, a), y = number_unpack(fpu, format, b);
    struct number result = quotient(fpu, &x, &y);
    return number_pack(fpu, format, &result, rm);
}

uint64_t soft_root(struct fpu *fpu, const struct fp_format *format, uint64_t a, unsigned rm)
{
    struct number x = number_unpack(fpu, format, a);
    struct number result = x; /* also of both zeros */
    if (x.negative && (x.kind == NUMBER_FINITE || x.kind == NUMBER_INFINITE))
        result = number_invalid(fpu);
    else if (x.kind == NUMBER_FINITE)
        result = root_of_finite(&x);
    return number_pack(fpu, format, &result, rm);
}
