/* SPDX-License-Identifier: Apache-2.0 */
/* Bit manipulation: what each instruction of Zba, Zbb, Zbc and Zbs makes of four pairs of operands,
 * zero, signs and counts beyond the width among them. The results were computed bit by bit from the
 * manual's words, apart from the model. Source: Bit-Manipulation ISA extensions 1.0.0. */
#include "core/harness.h"

#define PAIRS 4

static const uint64_t x11[PAIRS] = {0x8000000000000000, 0xfedcba9876543210, 0xff00120000a0c8, 0x0};
static const uint64_t x12[PAIRS] = {0xffffffffffffff61, 0x123456789abcdef, 0x8000000000000021,
                                    0xffffffffffffffff};

/* Words made by GNU as: x10 from x11 and x12, or from x11 and the highest count (slli.uw: 4). */
static const struct {
    const char *mnemonic;
    uint32_t word;
    uint64_t x10[PAIRS];
} cases[] = {
    {"add.uw",
     0x08c5853b,
     {0xffffffffffffff61, 0x1234567ffffffff, 0x800000000000a0e9, 0xffffffffffffffff}},
    {"sh1add",
     0x20c5a533,
     {0xffffffffffffff61, 0xfedcba987654320f, 0x81fe0024000141b1, 0xffffffffffffffff}},
    {"sh2add",
     0x20c5c533,
     {0xffffffffffffff61, 0xfc962fc962fc962f, 0x83fc004800028341, 0xffffffffffffffff}},
    {"sh3add",
     0x20c5e533,
     {0xffffffffffffff61, 0xf8091a2b3c4d5e6f, 0x87f8009000050661, 0xffffffffffffffff}},
    {"sh1add.uw",
     0x20c5a53b,
     {0xffffffffffffff61, 0x12345687654320f, 0x80000000000141b1, 0xffffffffffffffff}},
    {"sh2add.uw",
     0x20c5c53b,
     {0xffffffffffffff61, 0x123456962fc962f, 0x8000000000028341, 0xffffffffffffffff}},
    {"sh3add.uw",
     0x20c5e53b,
     {0xffffffffffffff61, 0x123456b3c4d5e6f, 0x8000000000050661, 0xffffffffffffffff}},
    {"slli.uw", 0x0845951b, {0x0, 0x765432100, 0xa0c80, 0x0}},
    {"andn", 0x40c5f533, {0x0, 0xfedcba9876543210, 0xff00120000a0c8, 0x0}},
    {"orn", 0x40c5e533, {0x800000000000009e, 0xfedcba9876543210, 0x7fffffffffffffde, 0x0}},
    {"xnor", 0x40c5c533, {0x800000000000009e, 0x0, 0x7f00ffedffff5f16, 0x0}},
    {"clz", 0x60059513, {0x0, 0x0, 0x8, 0x40}},
    {"clzw", 0x6005951b, {0x20, 0x1, 0x10, 0x20}},
    {"ctz", 0x60159513, {0x3f, 0x4, 0x3, 0x40}},
    {"ctzw", 0x6015951b, {0x20, 0x4, 0x3, 0x20}},
    {"cpop", 0x60259513, {0x1, 0x20, 0xf, 0x0}},
    {"cpopw", 0x6025951b, {0x0, 0xc, 0x5, 0x0}},
    {"max", 0x0ac5e533, {0xffffffffffffff61, 0x123456789abcdef, 0xff00120000a0c8, 0x0}},
    {"maxu",
     0x0ac5f533,
     {0xffffffffffffff61, 0xfedcba9876543210, 0x8000000000000021, 0xffffffffffffffff}},
    {"min",
     0x0ac5c533,
     {0x8000000000000000, 0xfedcba9876543210, 0x8000000000000021, 0xffffffffffffffff}},
    {"minu", 0x0ac5d533, {0x8000000000000000, 0x123456789abcdef, 0xff00120000a0c8, 0x0}},
    {"sext.b", 0x60459513, {0x0, 0x10, 0xffffffffffffffc8, 0x0}},
    {"sext.h", 0x60559513, {0x0, 0x3210, 0xffffffffffffa0c8, 0x0}},
    {"zext.h", 0x0805c53b, {0x0, 0x3210, 0xa0c8, 0x0}},
    {"rol", 0x60c59533, {0x100000000, 0x19087f6e5d4c3b2a, 0x1419001fe0024, 0x0}},
    {"rolw", 0x60c5953b, {0x0, 0x19083b2a, 0x14190, 0x0}},
    {"ror", 0x60c5d533, {0x40000000, 0x7530eca86421fdb9, 0x5064007f8009, 0x0}},
    {"rori", 0x63f5d513, {0x1, 0xfdb97530eca86421, 0x1fe002400014190, 0x0}},
    {"roriw", 0x61f5d51b, {0x0, 0xffffffffeca86420, 0x14190, 0x0}},
    {"rorw", 0x60c5d53b, {0x0, 0x6420eca8, 0x5064, 0x0}},
    {"orc.b", 0x2875d513, {0xff00000000000000, 0xffffffffffffffff, 0xff00ff0000ffff, 0x0}},
    {"rev8", 0x6b85d513, {0x80, 0x1032547698badcfe, 0xc8a000001200ff00, 0x0}},
    {"clmul", 0x0ac59533, {0x8000000000000000, 0x40a0789828c810f0, 0x1f1f02520014b9c8, 0x0}},
    {"clmulr", 0x0ac5a533, {0xffffffffffffff61, 0x1c071b0d110a160, 0xff00120000a0c8, 0x0}},
    {"clmulh", 0x0ac5b533, {0x7fffffffffffffb0, 0xe038d8688850b0, 0x7f800900005064, 0x0}},
    {"bclr", 0x48c59533, {0x8000000000000000, 0xfedc3a9876543210, 0xff00100000a0c8, 0x0}},
    {"bclri", 0x4bf59513, {0x0, 0x7edcba9876543210, 0xff00120000a0c8, 0x0}},
    {"bext", 0x48c5d533, {0x0, 0x1, 0x1, 0x0}},
    {"bexti", 0x4bf5d513, {0x1, 0x1, 0x0, 0x0}},
    {"binv",
     0x68c59533,
     {0x8000000200000000, 0xfedc3a9876543210, 0xff00100000a0c8, 0x8000000000000000}},
    {"binvi", 0x6bf59513, {0x0, 0x7edcba9876543210, 0x80ff00120000a0c8, 0x8000000000000000}},
    {"bset",
     0x28c59533,
     {0x8000000200000000, 0xfedcba9876543210, 0xff00120000a0c8, 0x8000000000000000}},
    {"bseti",
     0x2bf59513,
     {0x8000000000000000, 0xfedcba9876543210, 0x80ff00120000a0c8, 0x8000000000000000}},
};

static void test_results(void **state)
{
    const struct hart_config config = default_config();
    struct machine *m = machine_create(&config, NULL, false);
    (void)state;
    for (size_t n = 0; n < sizeof cases / sizeof cases[0]; n++)
        for (unsigned pair = 0; pair < PAIRS; pair++) {
            hart_set_x(m->hart, 11, x11[pair]);
            hart_set_x(m->hart, 12, x12[pair]);
            RUN(m, cases[n].word);
            if (hart_x(m->hart, 10) != cases[n].x10[pair])
                fail_msg("%s, pair %u: 0x%lx, should be 0x%lx", cases[n].mnemonic, pair,
                         (unsigned long)hart_x(m->hart, 10), (unsigned long)cases[n].x10[pair]);
        }
    machine_free(m);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_results),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
