/* SPDX-License-Identifier: Apache-2.0 */
/* Operands that make arithmetic round, cancel, overflow and go below the normal numbers. */
#ifndef MISSIVE_TEST_FPU_OPERANDS_H
#define MISSIVE_TEST_FPU_OPERANDS_H

#include "test/fpu/reference.h"
#include "test/random.h"

/* The edges of a kind, 0 to operands_edge_count(kind) - 1, as register contents. */
unsigned operands_edge_count(enum kind kind);
uint64_t operands_edge(enum kind kind, unsigned n);

/* Draws three operands that have to do with each other. */
void operands_draw(struct random *random, enum kind kind, uint64_t operands[3]);

#endif
