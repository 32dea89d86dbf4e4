/* SPDX-License-Identifier: Apache-2.0 */
/* See reference.h. */
#include "test/fpu/reference.h"

#include <mpfr.h>
#include <string.h>

enum { NX = 1, UF = 2, OF = 4, DZ = 8, NV = 16 };
enum { RNE, RTZ, RDN, RUP, RMM };
enum { OPERAND_BITS = 64, EXACT_BITS = 4400, LONG_BITS = 200 };

/* Precision, quantum of subnormals, exponent beyond the largest number: in powers of two. */
static const struct {
    int precision, quantum, top;
} limits[] = {[KIND_S] = {24, -149, 128}, [KIND_D] = {53, -1074, 1024}};

/* A product of doubles reaches from 2^-2148 to 2^2048, and a sum may fill all between. */
static mpfr_t operand[3], exact, product, longer, scaled, rounded, bounded;

void reference_init(void)
{
    for (unsigned n = 0; n < 3; n++)
        mpfr_init2(operand[n], OPERAND_BITS);
    mpfr_inits2(EXACT_BITS, exact, scaled, (mpfr_ptr)0);
    mpfr_inits2(LONG_BITS, product, longer, rounded, bounded, (mpfr_ptr)0);
}

void reference_free(void)
{
    for (unsigned n = 0; n < 3; n++)
        mpfr_clear(operand[n]);
    mpfr_clears(exact, product, longer, scaled, rounded, bounded, (mpfr_ptr)0);
    mpfr_free_cache();
}

static bool is_boxed(uint64_t bits)
{
    return bits >> 32 == 0xffffffff;
}

static bool is_signaling(enum kind kind, uint64_t bits)
{
    if (kind == KIND_S)
        return is_boxed(bits) && (bits & 0x7fc00000) == 0x7f800000 && (bits & 0x3fffff);
    return (bits & 0x7ff8000000000000) == 0x7ff0000000000000 && (bits & 0x7ffffffffffff);
}

static void load(mpfr_t to, enum kind kind, uint64_t bits)
{
    uint32_t low = is_boxed(bits) ? (uint32_t)bits : 0x7fc00000;
    float single;
    double number;
    memcpy(&single, &low, sizeof single);
    memcpy(&number, &bits, sizeof number);
    if (kind == KIND_S)
        mpfr_set_flt(to, single, MPFR_RNDN);
    else if (kind == KIND_D)
        mpfr_set_d(to, number, MPFR_RNDN);
}

static uint64_t store(enum kind kind, mpfr_t from)
{
    double number = mpfr_get_d(from, MPFR_RNDN);
    float single = mpfr_get_flt(from, MPFR_RNDN);
    uint64_t bits;
    uint32_t low;
    memcpy(&bits, &number, sizeof bits);
    memcpy(&low, &single, sizeof low);
    if (mpfr_nan_p(from)) {
        bits = 0x7ff8000000000000;
        low = 0x7fc00000;
    }
    return kind == KIND_S ? 0xffffffff00000000 | low : bits;
}

static void round_to_integer(mpfr_t to, mpfr_t from, unsigned rm)
{
    static const mpfr_rnd_t modes[] = {MPFR_RNDN, MPFR_RNDZ, MPFR_RNDD, MPFR_RNDU};
    if (rm == RMM)
        mpfr_round(to, from);
    else
        mpfr_rint(to, from, modes[rm]);
}

/* `exact` to a multiple of 2^quantum. */
static void round_to_quantum(mpfr_t to, long quantum, unsigned rm)
{
    mpfr_mul_2si(scaled, exact, -quantum, MPFR_RNDN);
    round_to_integer(to, scaled, rm);
    mpfr_mul_2si(to, to, quantum, MPFR_RNDN);
}

static bool overflows_to_infinity(unsigned rm, bool negative)
{
    return rm == RNE || rm == RMM || rm == (negative ? RDN : RUP);
}

/* `exact` in the format. */
static struct outcome finish(enum kind to, unsigned rm, unsigned flags)
{
    if (!mpfr_regular_p(exact))
        return (struct outcome){store(to, exact), flags};

    long quantum = mpfr_get_exp(exact) - limits[to].precision;
    long least = limits[to].quantum > quantum ? limits[to].quantum : quantum;
    bool negative = mpfr_signbit(exact);
    round_to_quantum(rounded, quantum, rm); /* as if exponents were unbounded */
    round_to_quantum(bounded, least, rm);
    bool inexact = mpfr_cmp(bounded, exact) != 0;

    if (mpfr_cmpabs(rounded, (mpfr_set_ui_2exp(longer, 1, limits[to].top, MPFR_RNDN), longer)) >=
        0) {
        flags |= OF | NX;
        mpfr_set_inf(bounded, negative ? -1 : 1);
        if (!overflows_to_infinity(rm, negative)) {
            mpfr_set_ui_2exp(bounded, 1, limits[to].precision, MPFR_RNDN);
            mpfr_sub_ui(bounded, bounded, 1, MPFR_RNDN);
            mpfr_mul_2si(bounded, bounded, limits[to].top - limits[to].precision, MPFR_RNDN);
            mpfr_setsign(bounded, bounded, negative, MPFR_RNDN);
        }
    } else if (inexact) {
        long least_normal = limits[to].quantum + limits[to].precision - 1;
        mpfr_set_ui_2exp(longer, 1, least_normal, MPFR_RNDN);
        flags |= NX | (mpfr_cmpabs(rounded, longer) < 0 ? UF : 0);
    }
    return (struct outcome){store(to, bounded), flags};
}

/* `longer` was rounded towards zero: what is missing lies far below any place of rounding. */
static void take_longer(int missing)
{
    mpfr_set(exact, longer, MPFR_RNDN);
    if (missing && mpfr_sgn(exact) > 0)
        mpfr_nextabove(exact);
    else if (missing)
        mpfr_nextbelow(exact);
}

/* (-1)^negate a * b + (-1)^subtract c */
static unsigned fuse(bool negate, bool subtract, mpfr_rnd_t zero_sign)
{
    mpfr_mul(product, operand[0], operand[1], MPFR_RNDN);
    bool invalid = mpfr_nan_p(product) && !mpfr_nan_p(operand[0]) && !mpfr_nan_p(operand[1]);
    if (negate)
        mpfr_neg(product, product, MPFR_RNDN);
    if (subtract)
        mpfr_neg(operand[2], operand[2], MPFR_RNDN);
    mpfr_add(exact, product, operand[2], zero_sign);
    return invalid ? NV : 0;
}

/* To `exact`; returns the flags of an infinite or invalid result. Rounding only decides the sign
 * of a sum that is 0. */
static unsigned compute(enum reference what, unsigned rm)
{
    mpfr_rnd_t zero_sign = rm == RDN ? MPFR_RNDD : MPFR_RNDN;
    switch (what) {
    case REFERENCE_ADD:
        mpfr_add(exact, operand[0], operand[1], zero_sign);
        return 0;
    case REFERENCE_SUBTRACT:
        mpfr_sub(exact, operand[0], operand[1], zero_sign);
        return 0;
    case REFERENCE_MULTIPLY:
        mpfr_mul(exact, operand[0], operand[1], MPFR_RNDN);
        return 0;
    case REFERENCE_DIVIDE:
        take_longer(mpfr_div(longer, operand[0], operand[1], MPFR_RNDZ));
        return mpfr_zero_p(operand[1]) && mpfr_regular_p(operand[0]) ? DZ : 0;
    case REFERENCE_ROOT:
        take_longer(mpfr_sqrt(longer, operand[0], MPFR_RNDZ));
        return 0;
    case REFERENCE_MADD:
        return fuse(false, false, zero_sign);
    case REFERENCE_MSUB:
        return fuse(false, true, zero_sign);
    case REFERENCE_NMSUB:
        return fuse(true, false, zero_sign);
    case REFERENCE_NMADD:
        return fuse(true, true, zero_sign);
    case REFERENCE_MINIMUM:
        mpfr_min(exact, operand[0], operand[1], MPFR_RNDN);
        return 0;
    case REFERENCE_MAXIMUM:
        mpfr_max(exact, operand[0], operand[1], MPFR_RNDN);
        return 0;
    default: /* a conversion */
        mpfr_set(exact, operand[0], MPFR_RNDN);
        return 0;
    }
}

static struct outcome to_integer(enum reference what, unsigned rm)
{
    bool negative = mpfr_signbit(operand[0]) && !mpfr_nan_p(operand[0]), fits;
    uint64_t value, limit;

    round_to_integer(rounded, operand[0], rm);
    switch (what) {
    case REFERENCE_TO_W:
        fits = mpfr_fits_sint_p(rounded, MPFR_RNDN);
        limit = negative ? (uint64_t)INT32_MIN : INT32_MAX;
        break;
    case REFERENCE_TO_WU:
        fits = mpfr_fits_uint_p(rounded, MPFR_RNDN);
        limit = negative ? 0 : UINT64_MAX;
        break;
    case REFERENCE_TO_L:
        fits = mpfr_fits_slong_p(rounded, MPFR_RNDN);
        limit = negative ? (uint64_t)INT64_MIN : INT64_MAX;
        break;
    default:
        fits = mpfr_fits_ulong_p(rounded, MPFR_RNDN);
        limit = negative ? 0 : UINT64_MAX;
    }
    if (!fits || mpfr_nan_p(rounded))
        return (struct outcome){limit, NV};
    value = mpfr_sgn(rounded) < 0 ? (uint64_t)mpfr_get_si(rounded, MPFR_RNDN)
                                  : mpfr_get_ui(rounded, MPFR_RNDN);
    if (what == REFERENCE_TO_WU)
        value = (uint64_t)(int32_t)value;
    return (struct outcome){value, mpfr_equal_p(rounded, operand[0]) ? 0 : NX};
}

static void from_integer(enum reference what, uint64_t value)
{
    if (what == REFERENCE_FROM_W)
        mpfr_set_si(operand[0], (int32_t)value, MPFR_RNDN);
    else if (what == REFERENCE_FROM_WU)
        mpfr_set_ui(operand[0], (uint32_t)value, MPFR_RNDN);
    else if (what == REFERENCE_FROM_L)
        mpfr_set_si(operand[0], (int64_t)value, MPFR_RNDN);
    else
        mpfr_set_ui(operand[0], value, MPFR_RNDN);
}

static struct outcome compare(enum reference what, bool signaling)
{
    bool nan = mpfr_unordered_p(operand[0], operand[1]);
    if (what == REFERENCE_EQUAL)
        return (struct outcome){mpfr_equal_p(operand[0], operand[1]) != 0, signaling ? NV : 0};
    bool holds = what == REFERENCE_LESS ? mpfr_less_p(operand[0], operand[1])
                                        : mpfr_lessequal_p(operand[0], operand[1]);
    return (struct outcome){holds, nan ? NV : 0};
}

/* NaNs keep their payload, so that this is about bits. */
static struct outcome inject(enum reference what, enum kind kind, const uint64_t *operands)
{
    uint64_t sign = kind == KIND_S ? UINT64_C(1) << 31 : UINT64_C(1) << 63, bits[2];
    for (unsigned n = 0; n < 2; n++)
        bits[n] = kind == KIND_S && !is_boxed(operands[n]) ? 0xffffffff7fc00000 : operands[n];
    bool negative = bits[1] & sign;
    if (what == REFERENCE_SIGN_INVERT)
        negative = !negative;
    if (what == REFERENCE_SIGN_MULTIPLY)
        negative = negative != ((bits[0] & sign) != 0);
    return (struct outcome){(bits[0] | sign) ^ (negative ? 0 : sign), 0};
}

static struct outcome classify(enum kind kind, uint64_t bits)
{
    bool negative = mpfr_signbit(operand[0]);
    unsigned class;
    mpfr_set_ui_2exp(longer, 1, limits[kind].quantum + limits[kind].precision - 1, MPFR_RNDN);
    if (mpfr_nan_p(operand[0]))
        return (struct outcome){is_signaling(kind, bits) ? 0x100 : 0x200, 0};
    if (mpfr_inf_p(operand[0]))
        class = negative ? 0 : 7;
    else if (mpfr_zero_p(operand[0]))
        class = negative ? 3 : 4;
    else if (mpfr_cmpabs(operand[0], longer) < 0)
        class = negative ? 2 : 5;
    else
        class = negative ? 1 : 6;
    return (struct outcome){UINT64_C(1) << class, 0};
}

struct outcome reference_compute(enum reference what, enum kind from, enum kind to,
                                 const uint64_t *operands, unsigned count, unsigned rm)
{
    bool signaling = false, nan = false;
    for (unsigned n = 0; n < count && from != KIND_X; n++) {
        load(operand[n], from, operands[n]);
        signaling |= is_signaling(from, operands[n]);
        nan |= mpfr_nan_p(operand[n]) != 0;
    }
    if (from == KIND_X)
        from_integer(what, operands[0]);
    if (what >= REFERENCE_SIGN_COPY && what <= REFERENCE_SIGN_MULTIPLY)
        return inject(what, from, operands);
    if (what == REFERENCE_CLASSIFY)
        return classify(from, operands[0]);
    if (what >= REFERENCE_LESS_OR_EQUAL && what <= REFERENCE_EQUAL)
        return compare(what, signaling);
    if (what >= REFERENCE_TO_W && what <= REFERENCE_TO_LU)
        return to_integer(what, rm);

    unsigned flags = compute(what, rm);
    bool invalid = signaling || (mpfr_nan_p(exact) && !nan);
    return finish(to, rm, flags | (invalid ? NV : 0));
}
