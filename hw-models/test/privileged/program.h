/* SPDX-License-Identifier: Apache-2.0 */
/* A step's instructions. */
#ifndef MISSIVE_TEST_PRIVILEGED_PROGRAM_H
#define MISSIVE_TEST_PRIVILEGED_PROGRAM_H

#include "test/privileged/tables.h"

/* Draws a program, pokes it to its place, and sets the registers it writes from. wakes: a wfi would not sleep. */
void program_write(struct steps *steps, uint64_t *words, const struct place *place, bool wakes);

#endif
