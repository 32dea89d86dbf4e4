/* SPDX-License-Identifier: Apache-2.0 */
/* What passes between the differential test and its peer under qemu-riscv64: one struct trial in, one struct outcome out.
 * Plain data, little endian, the same layout on both sides. */
#ifndef MISSIVE_TEST_RECORD_H
#define MISSIVE_TEST_RECORD_H

#include <stdint.h>

/* Where code and data lie, on both sides. Two pages each; the interesting addresses are about the boundary. */
#define CODE_ADDRESS 0xa0010000ul
#define DATA_ADDRESS 0xa0020000ul
#define REGION_BYTES 8192
#define TRIAL_CODE_BYTES 1024

enum stop { STOP_BREAKPOINT, STOP_ILLEGAL, STOP_SEGMENT, STOP_BUS, STOP_OTHER };

struct machine_state {
    uint64_t x[32]; /* x[0] is the pc */
    uint64_t f[32];
    uint64_t fcsr;
    uint64_t stop; /* enum stop; of an outcome */
};

struct trial {
    struct machine_state state;
    uint64_t code_bytes; /* the code lies at the pc */
    uint8_t code[TRIAL_CODE_BYTES];
    uint8_t data[REGION_BYTES];
};

struct outcome {
    struct machine_state state;
    uint8_t data[REGION_BYTES];
};

#endif
