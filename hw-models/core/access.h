/* SPDX-License-Identifier: Apache-2.0 */
/* Memory accesses of a hart: fetches, loads, stores and atomics, as steps that may each need a
 * request, through TLB and L1. What hits may be answered by the filter instead.
 *
 * A data access that had to wait is carried out inside access_complete, when its line arrives; the
 * instruction is then executed again and takes the result that waits for it. */
#ifndef MISSIVE_CORE_ACCESS_H
#define MISSIVE_CORE_ACCESS_H

#include "core/hart_state.h"

enum atomic {
    ATOMIC_swap,
    ATOMIC_add,
    ATOMIC_xor,
    ATOMIC_and,
    ATOMIC_or,
    ATOMIC_min,
    ATOMIC_max,
    ATOMIC_minu,
    ATOMIC_maxu,
};

/* Begins the data access of the instruction at hart.pc, at hart.now, or takes up its result.
 * ACCESS_DONE: the value is in hart.access.value (zero-extended); time may have passed.
 * ACCESS_REQUESTED: hart.request is filled in. ACCESS_FAULT: trap with access.cause,
 * .fault_address. */
enum access_state access_data(struct hart *hart, enum access_kind kind, enum atomic atomic,
                              uint64_t address, unsigned size_bytes, uint64_t data);

/* The same for the line, or two lines, of the instruction at `pc`. ACCESS_DONE: access.physical[0]
 * is where pc lies, [1] where its second half does if the instruction lies across two lines, else
 * 0. */
enum access_state access_fetch(struct hart *hart, uint64_t pc);

/* Brings the line of a physical address in RAM into L1D, one step of a larger access; a page walk
 * uses it for its entries. ACCESS_DONE: it is there, in a sufficient state. */
enum access_state access_line(struct hart *hart, uint64_t physical, bool exclusive);

/* Records a fault of the access under way; `address` is virtual. Returns ACCESS_FAULT. */
enum access_state access_fault(struct hart *hart, bool page, uint64_t address);

/* The answer to hart.request: goes on with the access under way, up to its end or its next request.
 */
void access_complete(struct hart *hart, const struct response *response);

/* Forgets an access that waits or is done, because the hart goes elsewhere. */
void access_abandon(struct hart *hart);

#endif
