/* SPDX-License-Identifier: Apache-2.0 */
/* IEEE 754 arithmetic in integers, for every rounding mode and with all flags; the same on every
 * host. Operands and results are bit patterns of `format`, not boxed; NaN results are canonical.
 * rm: enum rounding. Flags are or-ed into fpu->flags. */
#ifndef MISSIVE_CORE_FPU_SOFT_H
#define MISSIVE_CORE_FPU_SOFT_H

#include "core/fpu_number.h"

uint64_t soft_add(struct fpu *fpu, const struct fp_format *format, uint64_t a, uint64_t b,
                  unsigned rm);
uint64_t soft_multiply(struct fpu *fpu, const struct fp_format *format, uint64_t a, uint64_t b,
                       unsigned rm);
/* a * b + c, rounded once. Infinity times zero raises NV even if c is a quiet NaN: the standard
 * leaves that open, RISC-V does not. */
uint64_t soft_fuse(struct fpu *fpu, const struct fp_format *format, uint64_t a, uint64_t b,
                   uint64_t c, unsigned rm);
uint64_t soft_divide(struct fpu *fpu, const struct fp_format *format, uint64_t a, uint64_t b,
                     unsigned rm);
uint64_t soft_root(struct fpu *fpu, const struct fp_format *format, uint64_t a, unsigned rm);

uint64_t soft_convert(struct fpu *fpu, const struct fp_format *from, const struct fp_format *to,
                      uint64_t a, unsigned rm);
/* Saturates with NV. Sign-extended as RISC-V wants it (also of unsigned words). width 32 or 64. */
uint64_t soft_to_integer(struct fpu *fpu, const struct fp_format *format, uint64_t a, unsigned rm,
                         unsigned width, bool is_signed);
/* `value` is a two's complement number if negative. */
uint64_t soft_from_integer(struct fpu *fpu, const struct fp_format *format, uint64_t value,
                           bool negative, unsigned rm);

/* minimumNumber and maximumNumber of 2019: a NaN loses, and -0 < +0. */
uint64_t soft_choose(struct fpu *fpu, const struct fp_format *format, uint64_t a, uint64_t b,
                     bool larger);
/* Quiet: only a signaling NaN raises NV. */
bool soft_is_equal(struct fpu *fpu, const struct fp_format *format, uint64_t a, uint64_t b);
/* Signaling: every NaN raises NV. */
bool soft_is_less(struct fpu *fpu, const struct fp_format *format, uint64_t a, uint64_t b,
                  bool or_equal);
/* The ten classes of fclass, one bit. */
uint64_t soft_classify(const struct fp_format *format, uint64_t a);

#endif
