/* SPDX-License-Identifier: Apache-2.0 */
#include "core/fpu_round.h"

#include <assert.h>
#include <fenv.h>
#include <float.h>
#include <math.h>
#include <string.h>

static_assert(LDBL_MANT_DIG >= 64, "round_wide needs two bits more than a double has");

/* Shifts right; what falls off stays visible in the lowest bit. */
static uint64_t shift_jam(uint64_t value, unsigned count)
{
    if (count == 0)
        return value;
    if (count > 63)
        return value != 0;
    return value >> count | (value << (64 - count) != 0);
}

/* value / 2^count, rounded; count 1 to 63. */
static uint64_t round_shift(uint64_t value, unsigned count, bool negative, unsigned rm)
{
    uint64_t quotient = value >> count;
    uint64_t rest = value & ((UINT64_C(1) << count) - 1);
    uint64_t half = UINT64_C(1) << (count - 1);

    switch (rm) {
    case ROUND_NEAREST_EVEN:
        return quotient + (rest > half || (rest == half && (quotient & 1)));
    case ROUND_NEAREST_AWAY:
        return quotient + (rest >= half);
    case ROUND_DOWN:
        return quotient + (negative && rest);
    case ROUND_UP:
        return quotient + (!negative && rest);
    default:
        return quotient;
    }
}

/* The integer part of fraction * 2^shift, rounded; false: it has more than 64 bits. */
static bool scale(uint64_t fraction, int shift, bool negative, unsigned rm, uint64_t *result,
                  bool *inexact)
{
    if (shift >= 0) {
        *inexact = false;
        *result = shift < 64 ? fraction << shift : 0;
        return fraction == 0 || (shift < 64 && *result >> shift == fraction);
    }
    uint64_t jammed = shift < -62 ? fraction != 0 : fraction;
    unsigned count = shift < -62 ? 63 : (unsigned)-shift;
    *inexact = jammed & ((UINT64_C(1) << count) - 1);
    *result = round_shift(jammed, count, negative, rm);
    return true;
}

static uint64_t saturated(unsigned width, bool is_signed, bool negative)
{
    if (!is_signed)
        return negative ? 0 : UINT64_MAX; /* of 32 bits: sign-extended */
    uint64_t largest = (UINT64_C(1) << (width - 1)) - 1;
    return negative ? ~largest : largest;
}

uint64_t round_to_integer(struct fpu *fpu, const struct fp_format *format, uint64_t bits,
                          unsigned rm, unsigned width, bool is_signed)
{
    bool negative = (bits & format->sign) && !is_nan(format, bits);
    uint64_t magnitude = bits & ~format->sign;
    int exponent = (int)(magnitude >> format->fraction_bits);
    uint64_t fraction = magnitude & (format->hidden - 1);
    bool inexact = false;
    uint64_t integer = 0;

    fraction |= exponent ? format->hidden : 0;
    int shift = (exponent ? exponent : 1) - format->bias - (int)format->fraction_bits;
    bool fits =
        magnitude < format->infinity && scale(fraction, shift, negative, rm, &integer, &inexact);
    uint64_t limit = saturated(width, is_signed, negative);
    uint64_t largest = is_signed    ? (negative ? -limit : limit)
                       : negative   ? 0
                       : width < 64 ? UINT32_MAX
                                    : UINT64_MAX;
    if (!fits || integer > largest) {
        fpu->flags |= FLAG_NV;
        return limit;
    }
    fpu->flags |= inexact ? FLAG_NX : 0;
    uint64_t value = negative ? -integer : integer;
    return width == 32 ? (uint64_t)(int64_t)(int32_t)value : value;
}

/* significand * 2^(exponent - 63), whose highest bit is set and whose lowest stands for all below
 * it. */
static uint64_t pack(struct fpu *fpu, const struct fp_format *format, bool negative, int exponent,
                     uint64_t significand, unsigned rm)
{
    unsigned drop = 63 - format->fraction_bits;
    uint64_t sign = negative ? format->sign : 0;
    int biased = exponent + format->bias;
    uint64_t normal = round_shift(significand, drop, negative, rm);
    bool tiny = biased + (int)(normal >> (format->fraction_bits + 1)) < 1;

    if (biased < 1) {
        significand = shift_jam(significand, (unsigned)(1 - biased));
        biased = 0;
        normal = round_shift(significand, drop, negative, rm);
    }
    bool inexact = significand & ((UINT64_C(1) << drop) - 1);
    fpu->flags |= (inexact ? FLAG_NX : 0) | (inexact && tiny ? FLAG_UF : 0);

    /* The hidden bit, and a carry out of the fraction, count one up in the exponent. */
    uint64_t magnitude = normal + ((uint64_t)(biased ? biased - 1 : 0) << format->fraction_bits);
    if (magnitude < format->infinity)
        return sign | magnitude;
    fpu->flags |= FLAG_OF | FLAG_NX;
    bool to_largest = rm == ROUND_TO_ZERO || rm == (negative ? ROUND_UP : ROUND_DOWN);
    return sign | (to_largest ? format->infinity - 1 : format->infinity);
}

uint64_t round_integer(struct fpu *fpu, const struct fp_format *format, uint64_t value,
                       bool negative, unsigned rm)
{
    uint64_t magnitude = negative ? -value : value;
    if (magnitude == 0)
        return 0;
    int zeros = __builtin_clzll(magnitude);
    return pack(fpu, format, negative, 63 - zeros, magnitude << zeros, rm);
}

static long double compute(enum wide operation, volatile long double a, volatile long double b,
                           volatile long double c)
{
    switch (operation) {
    case WIDE_ADD:
        return a + b;
    case WIDE_SUBTRACT:
        return a - b;
    case WIDE_MULTIPLY:
        return a * b;
    case WIDE_DIVIDE:
        return a / b;
    case WIDE_FUSED:
        return fmal(a, b, c);
    case WIDE_ROOT:
        return sqrtl(a);
    case WIDE_CONVERT:
        break;
    }
    return a;
}

uint64_t round_wide(struct fpu *fpu, const struct fp_format *format, enum wide operation, double a,
                    double b, double c)
{
    fpu_collect(fpu);
    feclearexcept(FE_ALL_EXCEPT);
    fesetround(FE_TOWARDZERO);
    volatile long double wide = compute(operation, a, b, c);
    fesetround(FE_TONEAREST);
    int raised = fetestexcept(FE_INVALID | FE_DIVBYZERO | FE_INEXACT);
    fpu->flags |= (raised & FE_INVALID ? FLAG_NV : 0) | (raised & FE_DIVBYZERO ? FLAG_DZ : 0);

    if (isnan(wide))
        return format->quiet_nan;
    uint64_t sign = signbit(wide) ? format->sign : 0;
    if (isinf(wide))
        return sign | format->infinity;
    if (wide == 0)
        return sign;
    int exponent;
    long double significand = frexpl(fabsl(wide), &exponent);
    uint64_t bits = (uint64_t)ldexpl(significand, 64) | (raised & FE_INEXACT ? 1 : 0);
    return pack(fpu, format, sign != 0, exponent - 1, bits, ROUND_NEAREST_AWAY);
}
