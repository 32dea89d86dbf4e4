/* SPDX-License-Identifier: Apache-2.0 */
/* Traps and interrupts: entry, delegation, return. Source: privileged specification 20211203. */
#ifndef MISSIVE_CORE_TRAP_H
#define MISSIVE_CORE_TRAP_H

#include "core/hart_state.h"

/* Takes a synchronous exception of the instruction at hart.pc, at hart.now; moves pc to the
 * handler. */
void trap_take(struct hart *hart, uint64_t cause, uint64_t value);

/* Whether an interrupt is pending and enabled in the present mode. */
bool trap_interrupt_ready(const struct hart *hart);
/* Takes the one of highest priority; hart.pc is the instruction that will follow. */
void trap_interrupt(struct hart *hart);

/* mret and sret: privilege and pc as before the trap. */
void trap_return_machine(struct hart *hart);
void trap_return_supervisor(struct hart *hart);

#endif
