/* SPDX-License-Identifier: Apache-2.0 */
/* F and D on the host's floating point, with RISC-V's rules on top: NaN boxing, the canonical NaN,
 * saturating conversions, minimum and maximum of 2019, accrued flags. Values are raw register
 * contents; `rm` is a static rounding mode 0 to 4 (RNE, RTZ, RDN, RUP, RMM). Relies on a host that
 * is IEEE 754 and detects tininess after rounding, as x86-64 does. Source: ISA manual I, chapters
 * 11 and 12. */
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
    uint8_t flags; /* fflags, complete after fpu_collect */
    uint8_t frm;
    bool live; /* the host's flags hold some that are not in `flags` yet */
};

void fpu_collect_live(struct fpu *fpu);

/* Must be called before `flags` is read or written, and before the host computes with floating
 * point for itself. */
static inline void fpu_collect(struct fpu *fpu)
{
    if (fpu->live)
        fpu_collect_live(fpu);
}

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
