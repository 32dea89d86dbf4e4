/* SPDX-License-Identifier: Apache-2.0 */
/* Values that trouble arithmetic, see operands.h. */
#include "test/differential/operands.h"

uint64_t operand_integer(struct random *random)
{
    static const uint64_t edges[] = {0,
                                     1,
                                     2,
                                     63,
                                     64,
                                     127,
                                     0x7fffffff,
                                     0x80000000,
                                     0xffffffff,
                                     0x7fffffffffffffff,
                                     0x8000000000000000,
                                     ~UINT64_C(0),
                                     0xffffffff80000000,
                                     0x100000000};
    uint64_t any = random_word(random);
    switch (random_below(random, 4)) {
    case 0:
        return edges[random_below(random, sizeof edges / sizeof *edges)];
    case 1:
        return (uint64_t)((int64_t)any >> random_below(random, 64));
    default:
        return any;
    }
}

static uint32_t single_value(struct random *random)
{
    static const uint32_t edges[] = {
        0x00000000, 0x80000000, 0x3f800000, 0xbf800000, 0x7f800000, 0xff800000, 0x7fc00000,
        0xffc00000, 0x7f800001, 0xff812345, 0x7fffffff, 0x00000001, 0x80000001, 0x007fffff,
        0x807fffff, 0x00800000, 0x80800000, 0x7f7fffff, 0xff7fffff, 0x4f000000, 0xcf000000,
        0x4f800000, 0x5f000000, 0xdf000000, 0x5f800000, 0x3f000000, 0x3fc00000, 0x40200000,
        0x33800000, 0x4effffff, 0x4f7fffff, 0xbf7fffff};
    uint64_t any = random_word(random);
    switch (random_below(random, 4)) {
    case 0: /* near one, so that sums round and cancel */
        return (uint32_t)(any & 0x80ffffffu) + 0x3f000000u;
    case 1:
        return (uint32_t)any;
    default:
        return edges[random_below(random, sizeof edges / sizeof *edges)];
    }
}

static uint64_t double_value(struct random *random)
{
    static const uint64_t edges[] = {
        0x0000000000000000, 0x8000000000000000, 0x3ff0000000000000, 0xbff0000000000000,
        0x7ff0000000000000, 0xfff0000000000000, 0x7ff8000000000000, 0xfff8000000000000,
        0x7ff0000000000001, 0xfff0123456789abc, 0x0000000000000001, 0x8000000000000001,
        0x000fffffffffffff, 0x0010000000000000, 0x8010000000000000, 0x7fefffffffffffff,
        0xffefffffffffffff, 0x41dfffffffc00000, 0x41e0000000000000, 0xc1e0000000000000,
        0xc1e0000000200000, 0x41efffffffe00000, 0x41f0000000000000, 0x43e0000000000000,
        0xc3e0000000000000, 0x43f0000000000000, 0x3fe0000000000000, 0x3ff8000000000000,
        0x4004000000000000, 0x47efffffe0000000, 0x47effffff0000000, 0x36a0000000000000,
        0x3690000000000000, 0x380fffffffffffff, 0x3810000000000000, 0xbfefffffffffffff};
    uint64_t any = random_word(random);
    switch (random_below(random, 4)) {
    case 0:
        return (any & 0x801fffffffffffff) + 0x3fe0000000000000;
    case 1:
        return any;
    default:
        return edges[random_below(random, sizeof edges / sizeof *edges)];
    }
}

uint64_t operand_float(struct random *random)
{
    switch (random_below(random, 8)) {
    case 0: /* a single that is not boxed */
        return (random_word(random) << 32) | single_value(random);
    case 1:
    case 2:
    case 3:
        return UINT64_C(0xffffffff00000000) | single_value(random);
    default:
        return double_value(random);
    }
}

uint64_t operand_relative(struct random *random, const uint64_t *values, unsigned count)
{
    uint64_t value = values[random_below(random, count)];
    uint64_t sign = value >> 32 == 0xffffffff ? UINT64_C(1) << 31 : UINT64_C(1) << 63;
    switch (random_below(random, 4)) {
    case 0:
        return value;
    case 1:
        return value + 1;
    case 2:
        return value - 1;
    default:
        return value ^ sign;
    }
}
