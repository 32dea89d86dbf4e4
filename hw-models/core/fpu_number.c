/* SPDX-License-Identifier: Apache-2.0 */
#include "core/fpu_number.h"

wide_t number_round(wide_t value, unsigned count, bool negative, unsigned rm)
{
    wide_t quotient = value >> count;
    wide_t rest = value & (((wide_t)1 << count) - 1);
    wide_t half = (wide_t)1 << (count - 1);

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

struct number number_unpack(struct fpu *fpu, const struct fp_format *format, uint64_t bits)
{
    uint64_t magnitude = bits & ~format->sign;
    struct number number = {.kind = NUMBER_FINITE, .negative = bits & format->sign};

    if (magnitude >= format->infinity) {
        if (is_signaling(format, bits))
            fpu->flags |= FLAG_NV;
        number.kind = magnitude == format->infinity ? NUMBER_INFINITE : NUMBER_NAN;
    } else if (magnitude >= format->hidden) {
        uint64_t significand = format->hidden | (magnitude & (format->hidden - 1));
        number.exponent = (int)(magnitude >> format->fraction_bits) - format->bias;
        number.significand = (wide_t)significand << (127 - format->fraction_bits);
    } else if (magnitude) {
        number.exponent = 1 - format->bias;
        number.significand = (wide_t)magnitude << (127 - format->fraction_bits);
        number_normalize(&number);
    } else {
        number.kind = NUMBER_ZERO;
    }
    return number;
}

/* The bits without the sign. */
static uint64_t pack_finite(struct fpu *fpu, const struct fp_format *format,
                            const struct number *number, unsigned rm)
{
    unsigned drop = 127 - format->fraction_bits;
    int biased = number->exponent + format->bias;
    bool negative = number->negative;
    wide_t significand = number->significand;
    uint64_t rounded = (uint64_t)number_round(significand, drop, negative, rm);
    bool tiny = false;

    if (biased < 1) { /* subnormal, and tiny unless rounding at full precision carried */
        tiny = biased + (int)(rounded >> (format->fraction_bits + 1)) < 1;
        significand = number_shift(significand, (unsigned)(1 - biased));
        rounded = (uint64_t)number_round(significand, drop, negative, rm);
        biased = 1;
    }
    if (significand & (((wide_t)1 << drop) - 1))
        fpu->flags |= FLAG_NX | (tiny ? FLAG_UF : 0);

    /* The hidden bit, and a carry out of the fraction, count one up in the exponent. */
    uint64_t magnitude = rounded + ((uint64_t)(biased - 1) << format->fraction_bits);
    if (magnitude < format->infinity)
        return magnitude;
    fpu->flags |= FLAG_OF | FLAG_NX;
    bool to_largest = rm == ROUND_TO_ZERO || rm == (negative ? ROUND_UP : ROUND_DOWN);
    return to_largest ? format->infinity - 1 : format->infinity;
}

uint64_t number_pack(struct fpu *fpu, const struct fp_format *format, const struct number *number,
                     unsigned rm)
{
    uint64_t sign = number->negative ? format->sign : 0;
    switch (number->kind) {
    case NUMBER_ZERO:
        return sign;
    case NUMBER_FINITE:
        return sign | pack_finite(fpu, format, number, rm);
    case NUMBER_INFINITE:
        return sign | format->infinity;
    case NUMBER_NAN:
        break;
    }
    return format->quiet_nan;
}
