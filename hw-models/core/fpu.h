/* SPDX-License-Identifier: Apache-2.0 */
/* F and D with RISC-V's rules: NaN boxing, the canonical NaN, saturating conversions, minimum and
 * maximum of 2019, accrued flags. Values are raw register contents; `rm` is a static rounding mode
 * 0 to 4 (RNE, RTZ, RDN, RUP, RMM). Value and flags do not depend on the host. Source: ISA manual
 * I, chapters 11 and 12. */
#ifndef MISSIVE_CORE_FPU_H
#define MISSIVE_CORE_FPU_H

#include <stdbool.h>
#include <stdint.h>

#define FLAG_NX 1
#define FLAG_UF 2
#define FLAG_OF 4
#define FLAG_DZ 8
#define FLAG_NV 16

struct fpu {
    uint8_t flags; /* fflags */
    uint8_t frm;
};

#define FPU_FORMATS(DO) DO(s) DO(d)
#define FPU_DECLARE(t)                                                                             \
    uint64_t fpu_fadd_##t(struct fpu *fpu, uint64_t a, uint64_t b, unsigned rm);                   \
    uint64_t fpu_fsub_##t(struct fpu *fpu, uint64_t a, uint64_t b, unsigned rm);                   \
    uint64_t fpu_fmul_##t(struct fpu *fpu, uint64_t a, uint64_t b, unsigned rm);                   \
    uint64_t fpu_fdiv_##t(struct fpu *fpu, uint64_t a, uint64_t b, unsigned rm);                   \
    uint64_t fpu_fsqrt_##t(struct fpu *fpu, uint64_t a, unsigned rm);                              \
    uint64_t fpu_fmadd_##t(struct fpu *fpu, uint64_t a, uint64_t b, uint64_t c, unsigned rm);      \
    uint64_t fpu_fmsub_##t(struct fpu *fpu, uint64_t a, uint64_t b, uint64_t c, unsigned rm);      \
    uint64_t fpu_fnmsub_##t(struct fpu *fpu, uint64_t a, uint64_t b, uint64_t c, unsigned rm);     \
    uint64_t fpu_fnmadd_##t(struct fpu *fpu, uint64_t a, uint64_t b, uint64_t c, unsigned rm);     \
    uint64_t fpu_fsgnj_##t(uint64_t a, uint64_t b);                                                \
    uint64_t fpu_fsgnjn_##t(uint64_t a, uint64_t b);                                               \
    uint64_t fpu_fsgnjx_##t(uint64_t a, uint64_t b);                                               \
    uint64_t fpu_fmin_##t(struct fpu *fpu, uint64_t a, uint64_t b);                                \
    uint64_t fpu_fmax_##t(struct fpu *fpu, uint64_t a, uint64_t b);                                \
    uint64_t fpu_fle_##t(struct fpu *fpu, uint64_t a, uint64_t b);                                 \
    uint64_t fpu_flt_##t(struct fpu *fpu, uint64_t a, uint64_t b);                                 \
    uint64_t fpu_feq_##t(struct fpu *fpu, uint64_t a, uint64_t b);                                 \
    uint64_t fpu_fcvt_w_##t(struct fpu *fpu, uint64_t a, unsigned rm);                             \
    uint64_t fpu_fcvt_wu_##t(struct fpu *fpu, uint64_t a, unsigned rm);                            \
    uint64_t fpu_fcvt_l_##t(struct fpu *fpu, uint64_t a, unsigned rm);                             \
    uint64_t fpu_fcvt_lu_##t(struct fpu *fpu, uint64_t a, unsigned rm);                            \
    uint64_t fpu_fcvt_##t##_w(struct fpu *fpu, uint64_t x, unsigned rm);                           \
    uint64_t fpu_fcvt_##t##_wu(struct fpu *fpu, uint64_t x, unsigned rm);                          \
    uint64_t fpu_fcvt_##t##_l(struct fpu *fpu, uint64_t x, unsigned rm);                           \
    uint64_t fpu_fcvt_##t##_lu(struct fpu *fpu, uint64_t x, unsigned rm);                          \
    uint64_t fpu_fclass_##t(uint64_t a);
FPU_FORMATS(FPU_DECLARE)
#undef FPU_DECLARE

uint64_t fpu_fcvt_s_d(struct fpu *fpu, uint64_t a, unsigned rm);
uint64_t fpu_fcvt_d_s(struct fpu *fpu, uint64_t a, unsigned rm);

#endif
