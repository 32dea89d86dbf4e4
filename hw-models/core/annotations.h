/* SPDX-License-Identifier: Apache-2.0 */
/* What is known about addresses of the guest kernel's code, taken from the ELF's sections and its
 * unloaded probe section: the hart marks instructions with it when it decodes them, so that
 * observing costs the guest nothing. Applies to M- and S-mode code only; U-mode code is
 * ACTIVITY_work. Both arrays are sorted by address and belong to the platform. */
#ifndef MISSIVE_CORE_ANNOTATIONS_H
#define MISSIVE_CORE_ANNOTATIONS_H

#include <stddef.h>
#include <stdint.h>

enum operand_kind { OPERAND_CONSTANT, OPERAND_REGISTER, OPERAND_MEMORY };

/* Where a probe's argument lives when pc is about to execute: a constant, x[reg], or the 8 bytes at
 * x[reg] + value. */
struct probe_operand {
    enum operand_kind kind;
    uint8_t reg;
    int64_t value;
};

struct probe_point {
    uint64_t pc;
    uint16_t event; /* enum event_kind */
    uint8_t operand_count;
    struct probe_operand operand[4];
};

struct activity_range {
    uint64_t begin, end; /* [begin, end) */
    uint16_t activity;   /* enum activity */
};

struct annotations {
    const struct probe_point *points; /* several may share a pc: emitted in order */
    size_t point_count;
    const struct activity_range *ranges; /* disjoint; elsewhere ACTIVITY_other */
    size_t range_count;
};

#endif
