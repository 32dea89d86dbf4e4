/* SPDX-License-Identifier: Apache-2.0 */
/* What F and D must give, told by MPFR: the result is computed exactly, or so far that no more
 * digits matter, and rounded to the format by MPFR's rounding to an integer. Shares no code with
 * the model. MPFR knows no signaling NaNs and no flags of RISC-V; those are told from the
 * operands' bits and from the exact result. */
#ifndef MISSIVE_TEST_FPU_REFERENCE_H
#define MISSIVE_TEST_FPU_REFERENCE_H

#include <stdbool.h>
#include <stdint.h>

enum kind { KIND_S, KIND_D, KIND_X };

enum reference {
    REFERENCE_ADD,
    REFERENCE_SUBTRACT,
    REFERENCE_MULTIPLY,
    REFERENCE_DIVIDE,
    REFERENCE_ROOT,
    REFERENCE_MADD,
    REFERENCE_MSUB,
    REFERENCE_NMSUB,
    REFERENCE_NMADD,
    REFERENCE_SIGN_COPY,
    REFERENCE_SIGN_INVERT,
    REFERENCE_SIGN_MULTIPLY,
    REFERENCE_MINIMUM,
    REFERENCE_MAXIMUM,
    REFERENCE_LESS_OR_EQUAL,
    REFERENCE_LESS,
    REFERENCE_EQUAL,
    REFERENCE_CLASSIFY,
    REFERENCE_TO_W,
    REFERENCE_TO_WU,
    REFERENCE_TO_L,
    REFERENCE_TO_LU,
    REFERENCE_FROM_W,
    REFERENCE_FROM_WU,
    REFERENCE_FROM_L,
    REFERENCE_FROM_LU,
    REFERENCE_CONVERT,
};

struct outcome {
    uint64_t value; /* of the register */
    unsigned flags; /* fflags */
};

void reference_init(void);
void reference_free(void);

/* operands: registers, the first `count` of three. rm: 0 to 4. */
struct outcome reference_compute(enum reference what, enum kind from, enum kind to,
                                 const uint64_t *operands, unsigned count, unsigned rm);

#endif
