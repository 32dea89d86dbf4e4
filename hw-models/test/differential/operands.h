/* SPDX-License-Identifier: Apache-2.0 */
/* Values for registers and memory that trouble arithmetic: limits, zeros, infinities, NaNs of both kinds, subnormals, ties,
 * the edges of conversions, singles that are not boxed; and, among them, any bits at all. */
#ifndef MISSIVE_TEST_OPERANDS_H
#define MISSIVE_TEST_OPERANDS_H

#include "test/random.h"

uint64_t operand_integer(struct random *random);
/* A double, a boxed single, or a single that is not boxed. */
uint64_t operand_float(struct random *random);
/* Like one of the `count` values before it: the same, of the other sign, or its neighbour. */
uint64_t operand_relative(struct random *random, const uint64_t *values, unsigned count);

#endif
