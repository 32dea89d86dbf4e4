/* SPDX-License-Identifier: Apache-2.0 */
/* Floating point where RISC-V's rules are its own: boxing, NaNs, saturation, flags, ties away from
 * zero. The differential test against QEMU covers the common ground. */
#include "core/fpu.h"
#include "core/harness.h"

enum { RNE, RTZ, RDN, RUP, RMM };

#define BOX(bits) (UINT64_C(0xffffffff00000000) | (bits))
#define ONE UINT64_C(0x3ff0000000000000)
#define QUIET UINT64_C(0x7ff8000000000000)
#define SIGNALING UINT64_C(0x7ff0000000000001)
#define INFINITY_D UINT64_C(0x7ff0000000000000)
#define QUIET_S UINT64_C(0xffffffff7fc00000)
#define ULP UINT64_C(0x3cb0000000000000) /* 2^-52 */

static void expect(uint64_t got, struct fpu *fpu, uint64_t value, unsigned flags)
{
    assert_int_equal(got, value);
    assert_int_equal(fpu->flags, flags);
    *fpu = (struct fpu){0};
}

#define EXPECT(call, value, flags)                                                                 \
    do {                                                                                           \
        struct fpu f_ = {0}, *fpu = &f_;                                                           \
        expect(call, fpu, value, flags);                                                           \
    } while (0)

static void test_rounding_of_sums(void **state)
{
    static const struct {
        uint64_t addend;
        unsigned rm;
        uint64_t sum; /* of it and 1 */
    } cases[] = {
        {ULP - (UINT64_C(1) << 52), RNE, ONE}, /* half an ulp: a tie */
        {ULP - (UINT64_C(1) << 52), RTZ, ONE},
        {ULP - (UINT64_C(1) << 52), RDN, ONE},
        {ULP - (UINT64_C(1) << 52), RUP, ONE + 1},
        {ULP - (UINT64_C(1) << 52), RMM, ONE + 1},
        {ULP - (UINT64_C(1) << 52) - 1, RMM, ONE}, /* a bit less */
        {ULP - (UINT64_C(1) << 52) + 1, RNE, ONE + 1},
        {ULP + (UINT64_C(1) << 51), RNE, ONE + 2}, /* one and a half */
        {ULP + (UINT64_C(1) << 51), RMM, ONE + 2},
    };
    (void)state;
    for (size_t n = 0; n < sizeof cases / sizeof cases[0]; n++) {
        EXPECT(fpu_fadd_d(fpu, ONE, cases[n].addend, cases[n].rm), cases[n].sum, FLAG_NX);
        uint64_t minus = UINT64_C(1) << 63; /* and mirrored */
        unsigned rm = cases[n].rm == RDN ? RUP : cases[n].rm == RUP ? RDN : cases[n].rm;
        EXPECT(fpu_fadd_d(fpu, ONE | minus, cases[n].addend | minus, rm), cases[n].sum | minus,
               FLAG_NX);
    }
}

static void test_ties_away_from_zero(void **state)
{
    (void)state;
    EXPECT(fpu_fmul_d(fpu, 1, UINT64_C(0x3fe0000000000000), RMM), 1, FLAG_NX | FLAG_UF);
    EXPECT(fpu_fmul_d(fpu, 1, UINT64_C(0x3fe0000000000000), RNE), 0, FLAG_NX | FLAG_UF);
    EXPECT(fpu_fmul_s(fpu, BOX(1), BOX(0x3f000000), RMM), BOX(1), FLAG_NX | FLAG_UF);
    EXPECT(fpu_fmul_d(fpu, INFINITY_D - 1, 2 * ONE, RMM), INFINITY_D, FLAG_OF | FLAG_NX);
    EXPECT(fpu_fdiv_d(fpu, ONE, 0, RMM), INFINITY_D, FLAG_DZ);
    EXPECT(fpu_fdiv_d(fpu, 0, 0, RMM), QUIET, FLAG_NV);
    EXPECT(fpu_fadd_s(fpu, BOX(0x7f800001), BOX(0), RMM), QUIET_S, FLAG_NV);
    EXPECT(fpu_fsqrt_d(fpu, UINT64_C(0x4010000000000000), RMM), UINT64_C(0x4000000000000000), 0);
    EXPECT(fpu_fcvt_s_d(fpu, UINT64_C(0x3ff0000010000000), RMM), BOX(0x3f800001), FLAG_NX);
    EXPECT(fpu_fcvt_s_d(fpu, UINT64_C(0x3ff0000010000000), RNE), BOX(0x3f800000), FLAG_NX);
    EXPECT(fpu_fmadd_d(fpu, ONE, ONE, ULP - (UINT64_C(1) << 52), RMM), ONE + 1, FLAG_NX);
    EXPECT(fpu_fsub_d(fpu, ONE, ONE, RMM), 0, 0);
}

static void test_tininess_is_detected_after_rounding(void **state)
{
    (void)state;
    /* Just below the least normal number, and rounded up to it: tiny only if that would also be so
     * with an unbounded exponent. */
    uint64_t least = UINT64_C(0x0010000000000000);
    EXPECT(fpu_fmul_d(fpu, least, ONE - 1, RUP), least, FLAG_NX | FLAG_UF);
    EXPECT(fpu_fmul_d(fpu, least, ONE - 1, RMM), least, FLAG_NX | FLAG_UF);
    EXPECT(fpu_fmul_d(fpu, least + 1, ONE - 2, RNE), least, FLAG_NX);
    EXPECT(fpu_fmul_d(fpu, least + 1, ONE - 2, RMM), least, FLAG_NX);
    EXPECT(fpu_fmul_d(fpu, least + 1, ONE - 2, RTZ), least - 1, FLAG_NX | FLAG_UF);
    EXPECT(fpu_fmul_d(fpu, least + 1, ONE - 1, RMM), least, FLAG_NX);
}

static void test_nans(void **state)
{
    (void)state;
    EXPECT(fpu_fadd_d(fpu, QUIET | 5, ONE, RNE), QUIET, 0);
    EXPECT(fpu_fadd_d(fpu, SIGNALING, ONE, RNE), QUIET, FLAG_NV);
    EXPECT(fpu_fmadd_d(fpu, INFINITY_D, 0, QUIET, RNE), QUIET, FLAG_NV);
    EXPECT(fpu_fmin_d(fpu, QUIET, ONE), ONE, 0);
    EXPECT(fpu_fmax_d(fpu, ONE, SIGNALING), ONE, FLAG_NV);
    EXPECT(fpu_fmin_d(fpu, QUIET | 5, QUIET | 6), QUIET, 0);
    EXPECT(fpu_fmin_d(fpu, UINT64_C(1) << 63, 0), UINT64_C(1) << 63, 0);
    EXPECT(fpu_fmax_d(fpu, UINT64_C(1) << 63, 0), 0, 0);
    EXPECT(fpu_feq_d(fpu, QUIET, QUIET), 0, 0);
    EXPECT(fpu_feq_d(fpu, SIGNALING, ONE), 0, FLAG_NV);
    EXPECT(fpu_flt_d(fpu, QUIET, ONE), 0, FLAG_NV);
    EXPECT(fpu_fle_d(fpu, UINT64_C(1) << 63, 0), 1, 0);
    EXPECT(fpu_fadd_s(fpu, UINT64_C(0x3f800000), BOX(0x3f800000), RNE), QUIET_S, 0); /* unboxed */
    EXPECT(fpu_fcvt_d_s(fpu, BOX(0x7f800001), RNE), QUIET, FLAG_NV);
    assert_int_equal(fpu_fclass_d(SIGNALING), 1 << 8);
    assert_int_equal(fpu_fclass_d(QUIET), 1 << 9);
    assert_int_equal(fpu_fclass_d(1), 1 << 5);
    assert_int_equal(fpu_fclass_s(BOX(0xff800000)), 1);
}

static void test_conversions_saturate(void **state)
{
    uint64_t minus_one = ONE | UINT64_C(1) << 63, half = UINT64_C(0x3fe0000000000000);
    uint64_t two_63 = UINT64_C(0x43e0000000000000), two_31 = UINT64_C(0x41e0000000000000);
    (void)state;
    EXPECT(fpu_fcvt_w_d(fpu, QUIET, RNE), INT32_MAX, FLAG_NV);
    EXPECT(fpu_fcvt_wu_d(fpu, QUIET, RNE), UINT64_MAX, FLAG_NV);
    EXPECT(fpu_fcvt_wu_d(fpu, minus_one, RNE), 0, FLAG_NV);
    EXPECT(fpu_fcvt_w_d(fpu, two_31, RNE), INT32_MAX, FLAG_NV);
    EXPECT(fpu_fcvt_wu_d(fpu, two_31, RNE), UINT64_C(0xffffffff80000000), 0);
    EXPECT(fpu_fcvt_w_d(fpu, two_31 | UINT64_C(1) << 63, RNE), (uint64_t)INT32_MIN, 0);
    EXPECT(fpu_fcvt_l_d(fpu, two_63, RNE), INT64_MAX, FLAG_NV);
    EXPECT(fpu_fcvt_l_d(fpu, two_63 | UINT64_C(1) << 63, RNE), (uint64_t)INT64_MIN, 0);
    EXPECT(fpu_fcvt_lu_d(fpu, two_63, RNE), UINT64_C(1) << 63, 0);
    EXPECT(fpu_fcvt_lu_d(fpu, INFINITY_D, RNE), UINT64_MAX, FLAG_NV);
    EXPECT(fpu_fcvt_w_d(fpu, half, RNE), 0, FLAG_NX);
    EXPECT(fpu_fcvt_w_d(fpu, half, RMM), 1, FLAG_NX);
    EXPECT(fpu_fcvt_w_d(fpu, half, RUP), 1, FLAG_NX);
    EXPECT(fpu_fcvt_wu_d(fpu, half | UINT64_C(1) << 63, RDN), 0, FLAG_NV);
    EXPECT(fpu_fcvt_wu_d(fpu, half | UINT64_C(1) << 63, RTZ), 0, FLAG_NX);
    EXPECT(fpu_fcvt_l_d(fpu, 1, RUP), 1, FLAG_NX); /* the least number above zero */
    EXPECT(fpu_fcvt_d_lu(fpu, UINT64_MAX, RNE), UINT64_C(0x43f0000000000000), FLAG_NX);
    EXPECT(fpu_fcvt_d_lu(fpu, UINT64_MAX, RTZ), UINT64_C(0x43efffffffffffff), FLAG_NX);
    EXPECT(fpu_fcvt_s_w(fpu, 0x1000001, RNE), BOX(0x4b800000), FLAG_NX);
    EXPECT(fpu_fcvt_s_w(fpu, 0x1000001, RMM), BOX(0x4b800001), FLAG_NX);
    EXPECT(fpu_fcvt_d_l(fpu, (uint64_t)INT64_MIN, RNE), two_63 | UINT64_C(1) << 63, 0);
    EXPECT(fpu_fcvt_d_w(fpu, UINT64_C(0x1234567800000000), RNE), 0, 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_rounding_of_sums),
        cmocka_unit_test(test_ties_away_from_zero),
        cmocka_unit_test(test_tininess_is_detected_after_rounding),
        cmocka_unit_test(test_nans),
        cmocka_unit_test(test_conversions_saturate),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
