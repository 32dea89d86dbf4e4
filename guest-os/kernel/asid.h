/* SPDX-License-Identifier: Apache-2.0 */
/* Address space identifiers, so that a switch needs no flush of translations. Each is given once; when all have been given, a
 * new epoch begins, in which every hart flushes once and every space gets a new one. 0 is the kernel's, and everybody's on
 * a machine without identifiers. */
#ifndef MISSIVE_GUEST_ASID_H
#define MISSIVE_GUEST_ASID_H

#include "kernel/space.h"

void asid_init(void); /* once, with the kernel's tables on: bits that are not there read as 0 */
uint64_t asid_of(struct space *space);
void asid_flush(uint64_t asid); /* this hart's translations of it */

#endif
