/* SPDX-License-Identifier: Apache-2.0 */
/* See fpu.h. Boxing, and the choice between the integer arithmetic of fpu_soft.h and the host's.
 *
 * The host computes where this proves it equal: rounding is to nearest even, NX is already set, and
 * the result is finite and above the least normal number in magnitude. IEEE 754 leaves the value no
 * freedom. Such a result has no NaN or infinity among its operands and no zero divisor or negative
 * radicand, so neither NV nor DZ; overflow to nearest gives infinity, so no OF; and a result that
 * is not rounded down to the least normal number or below was not tiny, so no UF. What remains is
 * NX, and a set flag stays set. Needs the host's floating point as a program finds it: to nearest,
 * traps masked, subnormals neither flushed nor taken for zero. */
#include "core/fpu.h"

#include <assert.h>
#include <float.h>
#include <math.h>
#include <string.h>

#include "core/fpu_soft.h"

static_assert(FLT_EVAL_METHOD == 0 && FLT_MANT_DIG == 24 && DBL_MANT_DIG == 53,
              "the host must round to the formats of F and D");

typedef float real_s_t;
typedef double real_d_t;

static inline uint64_t in_d(uint64_t value)
{
    return value;
}

static inline uint64_t out_d(uint64_t bits)
{
    return bits;
}

/* A single that is not boxed counts as the canonical NaN. */
static inline uint64_t in_s(uint64_t value)
{
    return value >> 32 == 0xffffffff ? (uint32_t)value : SINGLE.quiet_nan;
}

static inline uint64_t out_s(uint64_t bits)
{
    return bits | UINT64_C(0xffffffff) << 32;
}

static inline double real_d(uint64_t bits)
{
    double value;
    memcpy(&value, &bits, sizeof value);
    return value;
}

static inline uint64_t bits_d(double value)
{
    uint64_t bits;
    memcpy(&bits, &value, sizeof bits);
    return bits;
}

static inline float real_s(uint64_t bits)
{
    uint32_t low = (uint32_t)bits;
    float value;
    memcpy(&value, &low, sizeof value);
    return value;
}

static inline uint64_t bits_s(float value)
{
    uint32_t bits;
    memcpy(&bits, &value, sizeof bits);
    return bits;
}

/* See above: all that may go wrong shows in the result. */
static inline bool is_safe(const struct fp_format *format, uint64_t result)
{
    uint64_t magnitude = result & ~format->sign;
    return magnitude > format->hidden && magnitude < format->infinity;
}

/* Returns the host's result if it is right. */
#define TRY_HOST(t, FORMAT, expression)                                                            \
    do {                                                                                           \
        if (rm == ROUND_NEAREST_EVEN && fpu->flags & FLAG_NX) {                                    \
            uint64_t result_ = bits_##t(expression);                                               \
            if (__builtin_expect(is_safe(&FORMAT, result_), 1))                                    \
                return out_##t(result_);                                                           \
        }                                                                                          \
    } while (0)

#define BINARY(name, t, FORMAT, operation, soft, sign)                                             \
    uint64_t fpu_##name##_##t(struct fpu *fpu, uint64_t a, uint64_t b, unsigned rm)                \
    {                                                                                              \
        TRY_HOST(t, FORMAT, real_##t(in_##t(a)) operation real_##t(in_##t(b)));                    \
        return out_##t(soft(fpu, &FORMAT, in_##t(a), in_##t(b) ^ (sign), rm));                     \
    }

#define FUSED(name, t, FORMAT, fused, product_sign, addend_sign)                                   \
    uint64_t fpu_##name##_##t(struct fpu *fpu, uint64_t a, uint64_t b, uint64_t c, unsigned rm)    \
    {                                                                                              \
        uint64_t x = in_##t(a) ^ (product_sign), y = in_##t(b), z = in_##t(c) ^ (addend_sign);     \
        TRY_HOST(t, FORMAT, fused(real_##t(x), real_##t(y), real_##t(z)));                         \
        return out_##t(soft_fuse(fpu, &FORMAT, x, y, z, rm));                                      \
    }

#define SIGN(name, t, FORMAT, sign_of_result)                                                      \
    uint64_t fpu_##name##_##t(uint64_t a, uint64_t b)                                              \
    {                                                                                              \
        uint64_t x = in_##t(a), y = in_##t(b);                                                     \
        return out_##t((x & ~FORMAT.sign) | ((sign_of_result)&FORMAT.sign));                       \
    }

#define CHOOSE(name, t, FORMAT, larger)                                                            \
    uint64_t fpu_##name##_##t(struct fpu *fpu, uint64_t a, uint64_t b)                             \
    {                                                                                              \
        return out_##t(soft_choose(fpu, &FORMAT, in_##t(a), in_##t(b), larger));                   \
    }

#define COMPARE(name, t, comparison)                                                               \
    uint64_t fpu_##name##_##t(struct fpu *fpu, uint64_t a, uint64_t b)                             \
    {                                                                                              \
        uint64_t x = in_##t(a), y = in_##t(b);                                                     \
        return comparison;                                                                         \
    }

#define TO_INTEGER(name, t, FORMAT, width, is_signed)                                              \
    uint64_t fpu_fcvt_##name##_##t(struct fpu *fpu, uint64_t a, unsigned rm)                       \
    {                                                                                              \
        return soft_to_integer(fpu, &FORMAT, in_##t(a), rm, width, is_signed);                     \
    }

#define FROM_INTEGER(name, t, FORMAT, type, negative)                                              \
    uint64_t fpu_fcvt_##t##_##name(struct fpu *fpu, uint64_t x, unsigned rm)                       \
    {                                                                                              \
        type integer = (type)x;                                                                    \
        TRY_HOST(t, FORMAT, (real_##t##_t)integer);                                                \
        return out_##t(soft_from_integer(fpu, &FORMAT, (uint64_t)integer, negative, rm));          \
    }

#define OPERATIONS(t, FORMAT, root, fused)                                                         \
    BINARY(fadd, t, FORMAT, +, soft_add, 0)                                                        \
    BINARY(fsub, t, FORMAT, -, soft_add, FORMAT.sign)                                              \
    BINARY(fmul, t, FORMAT, *, soft_multiply, 0)                                                   \
    BINARY(fdiv, t, FORMAT, /, soft_divide, 0)                                                     \
    FUSED(fmadd, t, FORMAT, fused, 0, 0)                                                           \
    FUSED(fmsub, t, FORMAT, fused, 0, FORMAT.sign)                                                 \
    FUSED(fnmsub, t, FORMAT, fused, FORMAT.sign, 0)                                                \
    FUSED(fnmadd, t, FORMAT, fused, FORMAT.sign, FORMAT.sign)                                      \
    uint64_t fpu_fsqrt_##t(struct fpu *fpu, uint64_t a, unsigned rm)                               \
    {                                                                                              \
        TRY_HOST(t, FORMAT, root(real_##t(in_##t(a))));                                            \
        return out_##t(soft_root(fpu, &FORMAT, in_##t(a), rm));                                    \
    }                                                                                              \
    SIGN(fsgnj, t, FORMAT, y)                                                                      \
    SIGN(fsgnjn, t, FORMAT, ~y)                                                                    \
    SIGN(fsgnjx, t, FORMAT, x ^ y)                                                                 \
    CHOOSE(fmin, t, FORMAT, false)                                                                 \
    CHOOSE(fmax, t, FORMAT, true)                                                                  \
    COMPARE(fle, t, soft_is_less(fpu, &FORMAT, x, y, true))                                        \
    COMPARE(flt, t, soft_is_less(fpu, &FORMAT, x, y, false))                                       \
    COMPARE(feq, t, soft_is_equal(fpu, &FORMAT, x, y))                                             \
    TO_INTEGER(w, t, FORMAT, 32, true)                                                             \
    TO_INTEGER(wu, t, FORMAT, 32, false)                                                           \
    TO_INTEGER(l, t, FORMAT, 64, true)                                                             \
    TO_INTEGER(lu, t, FORMAT, 64, false)                                                           \
    FROM_INTEGER(w, t, FORMAT, int32_t, integer < 0)                                               \
    FROM_INTEGER(wu, t, FORMAT, uint32_t, false)                                                   \
    FROM_INTEGER(l, t, FORMAT, int64_t, integer < 0)                                               \
    FROM_INTEGER(lu, t, FORMAT, uint64_t, false)                                                   \
    uint64_t fpu_fclass_##t(uint64_t a)                                                            \
    {                                                                                              \
        return soft_classify(&FORMAT, in_##t(a));                                                  \
    }

OPERATIONS(s, SINGLE, sqrtf, fmaf)
OPERATIONS(d, DOUBLE, sqrt, fma)

uint64_t fpu_fcvt_s_d(struct fpu *fpu, uint64_t a, unsigned rm)
{
    TRY_HOST(s, SINGLE, (float)real_d(a));
    return out_s(soft_convert(fpu, &DOUBLE, &SINGLE, a, rm));
}

/* Exact, so that a number needs neither rm nor flags. */
uint64_t fpu_fcvt_d_s(struct fpu *fpu, uint64_t a, unsigned rm)
{
    uint64_t result = bits_d((double)real_s(in_s(a)));
    return is_safe(&DOUBLE, result) ? result : soft_convert(fpu, &SINGLE, &DOUBLE, in_s(a), rm);
}
