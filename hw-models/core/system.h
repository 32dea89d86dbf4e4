/* SPDX-License-Identifier: Apache-2.0 */
/* Instructions that change more than registers and memory. Each is called with the hart's clock, pc
 * (the next instruction's) and retired count up to date; false: illegal in the present mode,
 * nothing was changed. */
#ifndef MISSIVE_CORE_SYSTEM_H
#define MISSIVE_CORE_SYSTEM_H

#include "core/hart_state.h"

bool system_csr(struct hart *hart, const struct instruction *instruction, uint64_t operand);
/* Whether the pipeline is emptied behind it. */
bool system_flushes(const struct instruction *instruction);

bool system_fence_i(struct hart *hart);
bool system_sfence_vma(struct hart *hart, const struct instruction *instruction, uint64_t address,
                       uint64_t asid);
bool system_wfi(struct hart *hart);
bool system_may_mret(const struct hart *hart);
bool system_may_sret(const struct hart *hart);

#endif
