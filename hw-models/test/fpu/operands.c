/* SPDX-License-Identifier: Apache-2.0 */
/* See operands.h. Numbers are put together from an exponent, which is near what another operand's
 * makes interesting, and a fraction with few bits set or few clear: those are the ones whose
 * results lie on or beside a tie or a border. */
#include "test/fpu/operands.h"

#include "core/fpu.h"

struct layout {
    unsigned fraction_bits, bias;
};
static const struct layout layouts[] = {[KIND_S] = {23, 127}, [KIND_D] = {52, 1023}};

static unsigned top_of(enum kind kind)
{
    return 2 * layouts[kind].bias + 1;
}

static uint64_t mask_of(enum kind kind)
{
    return (UINT64_C(1) << layouts[kind].fraction_bits) - 1;
}

static uint64_t sign_of(enum kind kind)
{
    return kind == KIND_S ? UINT64_C(1) << 31 : UINT64_C(1) << 63;
}

static uint64_t assemble(enum kind kind, bool negative, uint64_t exponent, uint64_t fraction)
{
    uint64_t bits = exponent << layouts[kind].fraction_bits | (fraction & mask_of(kind));
    uint64_t box = kind == KIND_S ? UINT64_C(0xffffffff00000000) : 0;
    return box | (negative ? sign_of(kind) : 0) | bits;
}

static unsigned exponent_of(enum kind kind, uint64_t bits)
{
    return (unsigned)(bits >> layouts[kind].fraction_bits) & top_of(kind);
}

/* Every edge exponent with every edge fraction and either sign. */
enum { EDGE_EXPONENTS = 9, EDGE_FRACTIONS = 5 };

static uint64_t edge_of_float(enum kind kind, unsigned n)
{
    unsigned bias = layouts[kind].bias, bits = layouts[kind].fraction_bits, top = top_of(kind);
    const unsigned exponents[EDGE_EXPONENTS] = {0,        1,           bias - bits, bias - 1, bias,
                                                bias + 1, bias + bits, top - 1,     top};
    uint64_t half = UINT64_C(1) << (bits - 1), all = mask_of(kind);
    const uint64_t fractions[EDGE_FRACTIONS] = {0, 1, half, half - 1, all};
    return assemble(kind, n & 1, exponents[n / 2 % EDGE_EXPONENTS],
                    fractions[n / 2 / EDGE_EXPONENTS]);
}

/* Around every power of two, of either sign. */
static uint64_t edge_of_integer(unsigned n)
{
    uint64_t value = (UINT64_C(1) << n / 6) + (uint64_t)((int)(n / 2 % 3) - 1);
    return n & 1 ? -value : value;
}

unsigned operands_edge_count(enum kind kind)
{
    return kind == KIND_X ? 6 * 64 : 2 * EDGE_EXPONENTS * EDGE_FRACTIONS;
}

uint64_t operands_edge(enum kind kind, unsigned n)
{
    return kind == KIND_X ? edge_of_integer(n) : edge_of_float(kind, n);
}

static uint64_t draw_fraction(struct random *random)
{
    uint64_t any = random_word(random);
    switch (random_below(random, 5)) {
    case 0:
        return any;
    case 1: /* few bits at either end */
        return any & 3;
    case 2:
        return -(any & 3) - 1;
    case 3: /* one run of bits */
        return ((UINT64_C(1) << any % 53) - 1) << random_below(random, 53);
    default: /* two bits */
        return UINT64_C(1) << random_below(random, 53) | UINT64_C(1) << random_below(random, 53);
    }
}

static unsigned clamp(enum kind kind, int exponent)
{
    int largest = (int)top_of(kind) - 1;
    return (unsigned)(exponent < 0 ? 0 : exponent > largest ? largest : exponent);
}

/* Of a number that `other`, raised to the power of `sense`, takes near `target`. */
static unsigned exponent_near(struct random *random, enum kind kind, int target, int sense,
                              unsigned other)
{
    int bits = (int)layouts[kind].fraction_bits, bias = (int)layouts[kind].bias;
    int spread = (int)random_below(random, 5) - 2;
    if (random_chance(random, 300))
        spread = (int)random_below(random, 2 * (unsigned)bits + 8) - bits - 4;
    return clamp(kind, target + spread + sense * (bias - (int)other));
}

static unsigned draw_exponent(struct random *random, enum kind kind, unsigned other)
{
    int top = (int)top_of(kind), bias = (int)layouts[kind].bias;
    int senses[] = {1, -1, 0};
    int targets[] = {0,         0,         bias,        top - 1,     (int)other,
                     bias + 31, bias + 63, -150 + bias, -126 + bias, 127 + bias};
    int target = targets[random_below(random, 10)], sense = senses[random_below(random, 3)];
    return exponent_near(random, kind, target, sense, other);
}

static uint64_t draw_float(struct random *random, enum kind kind, uint64_t other)
{
    bool negative = random_chance(random, 500);
    unsigned exponent;
    switch (random_below(random, 16)) {
    case 0:
        return kind == KIND_S ? UINT64_C(0xffffffff00000000) | random_word(random) >> 32
                              : random_word(random);
    case 1:
        return random_word(random); /* a single that is not boxed */
    case 2:
    case 3:
        return operands_edge(kind, (unsigned)random_below(random, operands_edge_count(kind)));
    case 4: /* nearly the other, so that they cancel */
        return (other ^ sign_of(kind)) + random_below(random, 5) - 2;
    default:
        exponent = draw_exponent(random, kind, exponent_of(kind, other));
        return assemble(kind, negative, exponent, draw_fraction(random));
    }
}

/* A double beside a single or beside the middle of two. */
static uint64_t near_single(struct random *random)
{
    uint64_t exponent = random_chance(random, 500) ? 1023 - 150 + random_below(random, 30)
                                                   : 1023 - 30 + random_below(random, 160);
    uint64_t fraction = (draw_fraction(random) << 28) + random_below(random, 5) - 2;
    return assemble(KIND_D, random_chance(random, 500), exponent, fraction);
}

static uint64_t multiply(enum kind kind, uint64_t a, uint64_t b)
{
    struct fpu fpu = {0};
    return kind == KIND_S ? fpu_fmul_s(&fpu, a, b, 0) : fpu_fmul_d(&fpu, a, b, 0);
}

/* Makes the sum, the quotient or the root come out nearly even: the third is about -a * b, or the
 * first the product of the others or a square. The model itself multiplies: if it is wrong, the
 * operands are as good. */
static void relate(struct random *random, enum kind kind, uint64_t operands[3])
{
    uint64_t beside = random_below(random, 5) - 2;
    switch (random_below(random, 3)) {
    case 0:
        operands[2] = (multiply(kind, operands[0], operands[1]) ^ sign_of(kind)) + beside;
        break;
    case 1:
        operands[0] = multiply(kind, operands[1], operands[2]) + beside;
        break;
    default:
        operands[0] = multiply(kind, operands[1], operands[1]) + beside;
    }
}

static uint64_t draw_integer(struct random *random)
{
    if (random_chance(random, 300))
        return operands_edge(KIND_X, (unsigned)random_below(random, operands_edge_count(KIND_X)));
    uint64_t any = random_word(random), fraction = draw_fraction(random);
    return (uint64_t)((int64_t)any >> (fraction & 63)) + (fraction << random_below(random, 12));
}

void operands_draw(struct random *random, enum kind kind, uint64_t operands[3])
{
    if (kind == KIND_X) {
        operands[0] = draw_integer(random);
        operands[1] = operands[2] = 0;
        return;
    }
    operands[0] = draw_float(random, kind, assemble(kind, false, layouts[kind].bias, 0));
    operands[1] = draw_float(random, kind, operands[0]);
    operands[2] = draw_float(random, kind, operands[random_below(random, 2)]);
    if (kind == KIND_D && random_chance(random, 100))
        operands[0] = near_single(random);
    else if (random_chance(random, 200))
        relate(random, kind, operands);
}
