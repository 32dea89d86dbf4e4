/* SPDX-License-Identifier: Apache-2.0 */
/* See fpu.h. Only add, subtract, multiply, divide, square root, fused multiply-add and the
 * conversion from double to single compute with the host's floating point; all else works on bits.
 * Operands pass through volatile variables, because compilers move floating-point operations across
 * the calls that set the rounding mode.
 *
 * Clearing the host's flags is slow, so that they are left to accrue and collected when somebody
 * asks. */
#include "core/fpu.h"

#include <fenv.h>
#include <math.h>
#include <string.h>

#include "core/fpu_round.h"

void fpu_collect_live(struct fpu *fpu)
{
    int raised = fetestexcept(FE_ALL_EXCEPT);
    fpu->flags |=
        (uint8_t)((raised & FE_INEXACT ? FLAG_NX : 0) | (raised & FE_UNDERFLOW ? FLAG_UF : 0) |
                  (raised & FE_OVERFLOW ? FLAG_OF : 0) | (raised & FE_DIVBYZERO ? FLAG_DZ : 0) |
                  (raised & FE_INVALID ? FLAG_NV : 0));
    fpu->live = false;
}

static void begin(struct fpu *fpu, unsigned rm)
{
    static const int modes[] = {FE_TONEAREST, FE_TOWARDZERO, FE_DOWNWARD, FE_UPWARD};
    if (!fpu->live)
        feclearexcept(FE_ALL_EXCEPT);
    fpu->live = true;
    if (rm != ROUND_NEAREST_EVEN)
        fesetround(modes[rm]);
}

static void end(unsigned rm)
{
    if (rm != ROUND_NEAREST_EVEN)
        fesetround(FE_TONEAREST);
}

static uint64_t in_d(uint64_t value)
{
    return value;
}

static uint64_t out_d(uint64_t bits)
{
    return bits;
}

/* A single that is not boxed counts as the canonical NaN. */
static uint64_t in_s(uint64_t value)
{
    return value >> 32 == 0xffffffff ? (uint32_t)value : SINGLE.quiet_nan;
}

static uint64_t out_s(uint64_t bits)
{
    return bits | UINT64_C(0xffffffff) << 32;
}

static double real_d(uint64_t bits)
{
    double value;
    memcpy(&value, &bits, sizeof value);
    return value;
}

static uint64_t bits_d(double value)
{
    uint64_t bits;
    memcpy(&bits, &value, sizeof bits);
    return is_nan(&DOUBLE, bits) ? DOUBLE.quiet_nan : bits;
}

static float real_s(uint64_t bits)
{
    uint32_t low = (uint32_t)bits;
    float value;
    memcpy(&value, &low, sizeof value);
    return value;
}

static uint64_t bits_s(float value)
{
    uint32_t bits;
    memcpy(&bits, &value, sizeof bits);
    return is_nan(&SINGLE, bits) ? SINGLE.quiet_nan : bits;
}

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

static uint64_t choose(struct fpu *fpu, const struct fp_format *format, uint64_t a, uint64_t b,
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

static uint64_t is_equal(struct fpu *fpu, const struct fp_format *format, uint64_t a, uint64_t b)
{
    raise_if_signaling(fpu, format, a, b);
    if (is_nan(format, a) || is_nan(format, b))
        return 0;
    return a == b || both_zero(format, a, b);
}

static uint64_t is_less(struct fpu *fpu, const struct fp_format *format, uint64_t a, uint64_t b,
                        bool or_equal)
{
    if (is_nan(format, a) || is_nan(format, b)) {
        fpu->flags |= FLAG_NV;
        return 0;
    }
    if (a == b || both_zero(format, a, b))
        return or_equal;
    return ordered(format, a) < ordered(format, b);
}

static uint64_t classify(const struct fp_format *format, uint64_t bits)
{
    bool negative = bits & format->sign;
    uint64_t magnitude = bits & ~format->sign;
    unsigned class_of_positive = magnitude == 0                 ? 4
                                 : magnitude < format->hidden   ? 5
                                 : magnitude < format->infinity ? 6
                                                                : 7;
    if (is_nan(format, bits))
        return is_signaling(format, bits) ? 1 << 8 : 1 << 9;
    return UINT64_C(1) << (negative ? 7 - class_of_positive : class_of_positive);
}

/* The standard leaves it open whether infinity times zero plus a quiet NaN is invalid; RISC-V says
 * it is. */
static void check_product(struct fpu *fpu, const struct fp_format *format, uint64_t a, uint64_t b)
{
    uint64_t x = a & ~format->sign, y = b & ~format->sign;
    if ((x == format->infinity && y == 0) || (y == format->infinity && x == 0))
        fpu->flags |= FLAG_NV;
}

#define BINARY(name, t, type, FORMAT, operation, wide)                                             \
    uint64_t fpu_##name##_##t(struct fpu *fpu, uint64_t a, uint64_t b, unsigned rm)                \
    {                                                                                              \
        volatile type x = real_##t(in_##t(a)), y = real_##t(in_##t(b)), result;                    \
        if (rm == ROUND_NEAREST_AWAY) {                                                            \
            raise_if_signaling(fpu, &FORMAT, in_##t(a), in_##t(b));                                \
            return out_##t(round_wide(fpu, &FORMAT, wide, x, y, 0));                               \
        }                                                                                          \
        begin(fpu, rm);                                                                            \
        result = x operation y;                                                                    \
        end(rm);                                                                                   \
        return out_##t(bits_##t(result));                                                          \
    }

#define FUSED(name, t, type, FORMAT, fused, product_sign, addend_sign)                             \
    uint64_t fpu_##name##_##t(struct fpu *fpu, uint64_t a, uint64_t b, uint64_t c, unsigned rm)    \
    {                                                                                              \
        uint64_t multiplicand = in_##t(a) ^ (product_sign), addend = in_##t(c) ^ (addend_sign);    \
        volatile type x = real_##t(multiplicand), y = real_##t(in_##t(b)), z = real_##t(addend);   \
        volatile type result;                                                                      \
        check_product(fpu, &FORMAT, multiplicand, in_##t(b));                                      \
        if (rm == ROUND_NEAREST_AWAY) {                                                            \
            raise_if_signaling(fpu, &FORMAT, in_##t(a), in_##t(b));                                \
            raise_if_signaling(fpu, &FORMAT, in_##t(c), in_##t(c));                                \
            return out_##t(round_wide(fpu, &FORMAT, WIDE_FUSED, x, y, z));                         \
        }                                                                                          \
        begin(fpu, rm);                                                                            \
        result = fused(x, y, z);                                                                   \
        end(rm);                                                                                   \
        return out_##t(bits_##t(result));                                                          \
    }

#define TO_INTEGER(name, t, FORMAT, width, is_signed)                                              \
    uint64_t fpu_fcvt_##name##_##t(struct fpu *fpu, uint64_t a, unsigned rm)                       \
    {                                                                                              \
        return round_to_integer(fpu, &FORMAT, in_##t(a), rm, width, is_signed);                    \
    }

#define FROM_INTEGER(name, t, FORMAT, value, negative)                                             \
    uint64_t fpu_fcvt_##t##_##name(struct fpu *fpu, uint64_t x, unsigned rm)                       \
    {                                                                                              \
        return out_##t(round_integer(fpu, &FORMAT, value, negative, rm));                          \
    }

#define OPERATIONS(t, type, FORMAT, root, fused)                                                   \
    BINARY(fadd, t, type, FORMAT, +, WIDE_ADD)                                                     \
    BINARY(fsub, t, type, FORMAT, -, WIDE_SUBTRACT)                                                \
    BINARY(fmul, t, type, FORMAT, *, WIDE_MULTIPLY)                                                \
    BINARY(fdiv, t, type, FORMAT, /, WIDE_DIVIDE)                                                  \
    FUSED(fmadd, t, type, FORMAT, fused, 0, 0)                                                     \
    FUSED(fmsub, t, type, FORMAT, fused, 0, FORMAT.sign)                                           \
    FUSED(fnmsub, t, type, FORMAT, fused, FORMAT.sign, 0)                                          \
    FUSED(fnmadd, t, type, FORMAT, fused, FORMAT.sign, FORMAT.sign)                                \
    uint64_t fpu_fsqrt_##t(struct fpu *fpu, uint64_t a, unsigned rm)                               \
    {                                                                                              \
        volatile type x = real_##t(in_##t(a)), result;                                             \
        if (rm == ROUND_NEAREST_AWAY) {                                                            \
            raise_if_signaling(fpu, &FORMAT, in_##t(a), in_##t(a));                                \
            return out_##t(round_wide(fpu, &FORMAT, WIDE_ROOT, x, 0, 0));                          \
        }                                                                                          \
        begin(fpu, rm);                                                                            \
        result = root(x);                                                                          \
        end(rm);                                                                                   \
        return out_##t(bits_##t(result));                                                          \
    }                                                                                              \
    uint64_t fpu_fsgnj_##t(uint64_t a, uint64_t b)                                                 \
    {                                                                                              \
        return out_##t((in_##t(a) & ~FORMAT.sign) | (in_##t(b) & FORMAT.sign));                    \
    }                                                                                              \
    uint64_t fpu_fsgnjn_##t(uint64_t a, uint64_t b)                                                \
    {                                                                                              \
        return out_##t((in_##t(a) & ~FORMAT.sign) | (~in_##t(b) & FORMAT.sign));                   \
    }                                                                                              \
    uint64_t fpu_fsgnjx_##t(uint64_t a, uint64_t b)                                                \
    {                                                                                              \
        return out_##t(in_##t(a) ^ (in_##t(b) & FORMAT.sign));                                     \
    }                                                                                              \
    uint64_t fpu_fmin_##t(struct fpu *fpu, uint64_t a, uint64_t b)                                 \
    {                                                                                              \
        return out_##t(choose(fpu, &FORMAT, in_##t(a), in_##t(b), false));                         \
    }                                                                                              \
    uint64_t fpu_fmax_##t(struct fpu *fpu, uint64_t a, uint64_t b)                                 \
    {                                                                                              \
        return out_##t(choose(fpu, &FORMAT, in_##t(a), in_##t(b), true));                          \
    }                                                                                              \
    uint64_t fpu_fle_##t(struct fpu *fpu, uint64_t a, uint64_t b)                                  \
    {                                                                                              \
        return is_less(fpu, &FORMAT, in_##t(a), in_##t(b), true);                                  \
    }                                                                                              \
    uint64_t fpu_flt_##t(struct fpu *fpu, uint64_t a, uint64_t b)                                  \
    {                                                                                              \
        return is_less(fpu, &FORMAT, in_##t(a), in_##t(b), false);                                 \
    }                                                                                              \
    uint64_t fpu_feq_##t(struct fpu *fpu, uint64_t a, uint64_t b)                                  \
    {                                                                                              \
        return is_equal(fpu, &FORMAT, in_##t(a), in_##t(b));                                       \
    }                                                                                              \
    TO_INTEGER(w, t, FORMAT, 32, true)                                                             \
    TO_INTEGER(wu, t, FORMAT, 32, false)                                                           \
    TO_INTEGER(l, t, FORMAT, 64, true)                                                             \
    TO_INTEGER(lu, t, FORMAT, 64, false)                                                           \
    FROM_INTEGER(w, t, FORMAT, (uint64_t)(int64_t)(int32_t)x, (int32_t)x < 0)                      \
    FROM_INTEGER(wu, t, FORMAT, (uint32_t)x, false)                                                \
    FROM_INTEGER(l, t, FORMAT, x, (int64_t)x < 0)                                                  \
    FROM_INTEGER(lu, t, FORMAT, x, false)                                                          \
    uint64_t fpu_fclass_##t(uint64_t a)                                                            \
    {                                                                                              \
        return classify(&FORMAT, in_##t(a));                                                       \
    }

OPERATIONS(s, float, SINGLE, sqrtf, fmaf)
OPERATIONS(d, double, DOUBLE, sqrt, fma)

uint64_t fpu_fcvt_s_d(struct fpu *fpu, uint64_t a, unsigned rm)
{
    volatile double x = real_d(a);
    volatile float result;
    if (rm == ROUND_NEAREST_AWAY)
        return out_s(round_wide(fpu, &SINGLE, WIDE_CONVERT, x, 0, 0));
    begin(fpu, rm);
    result = (float)x;
    end(rm);
    return out_s(bits_s(result));
}

/* Exact. */
uint64_t fpu_fcvt_d_s(struct fpu *fpu, uint64_t a, unsigned rm)
{
    uint64_t bits = in_s(a);
    (void)rm;
    raise_if_signaling(fpu, &SINGLE, bits, 0);
    if (is_nan(&SINGLE, bits))
        return DOUBLE.quiet_nan;
    return bits_d((double)real_s(bits));
}
