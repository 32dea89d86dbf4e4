/* SPDX-License-Identifier: Apache-2.0 */
/* The lines a hart holds: what L1D and L1I have, ask for, get and give up, and the reservation of
 * LR. Functions that bring something return ACCESS_DONE when it is there, else they have filled in
 * hart.request: call them again when that is answered. */
#ifndef MISSIVE_CORE_LINES_H
#define MISSIVE_CORE_LINES_H

#include "core/hart_state.h"

/* The line of a physical address in RAM, in a state that allows reading, or writing. */
enum access_state lines_into_l1d(struct hart *hart, uint64_t physical, bool exclusive);
enum access_state lines_into_l1i(struct hart *hart, uint64_t physical);

/* One transaction past the caches. DONE: what was loaded is in access.granted_data. */
enum access_state lines_uncached(struct hart *hart, uint64_t physical, unsigned size_bytes,
                                 bool store, uint64_t data);

/* Without L1 a word (8 bytes, aligned) stands for the line: the hart moves the bytes itself when
 * the answer has come, so that an atomic is one transaction. */
enum access_state lines_word(struct hart *hart, uint64_t physical, bool store);

/* LR's reservation is of a line. */
void lines_reserve(struct hart *hart, uint64_t physical);
bool lines_reserved(const struct hart *hart, uint64_t physical);
void lines_end_reservation(struct hart *hart);

/* What a good answer to hart.request means for the caches. */
void lines_answer(struct hart *hart, const struct response *response);

/* Another master's access, see hart_snoop. */
struct snoop_result lines_snoop(struct hart *hart, uint64_t line_address, enum snoop_kind kind,
                                cycle_t now);

#endif
