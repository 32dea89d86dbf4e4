/* SPDX-License-Identifier: Apache-2.0 */
/* Random privileged programs, a step each: the registers and the mode in which it begins, changes to the page tables, and some
 * twenty instructions of which most may trap. What a step does is a function of the seed. */
#ifndef MISSIVE_TEST_PRIVILEGED_STEPS_H
#define MISSIVE_TEST_PRIVILEGED_STEPS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "test/random.h"

struct steps {
    struct random random;
    bool preset_marks; /* every leaf has A and D: Svade and hardware update are the same */
    bool global;       /* leaves may have G; then nothing is left in a TLB from step to step */
    /* In this step. No access then lies across pages or at what is no multiple of 4: QEMU asks PMP
     * for all of what is not translated at once, and for its first and last byte only. */
    bool pmp;
    bool changed_inside; /* the step before may have left stale translations */
    uint8_t *ram;        /* RAM_SIZE bytes, to be filled in */
    uint64_t *next;      /* where the next step's words go */
    uint64_t instructions;
};

/* What lies in RAM before the first step: tables, vectors, data. The program itself is the caller's. */
void steps_begin(struct steps *steps);

/* Appends a step. */
void steps_add(struct steps *steps);

#endif
