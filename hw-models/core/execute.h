/* SPDX-License-Identifier: Apache-2.0 */
/* The interpreter: block after block, instruction after instruction, up to a cycle, a request or
 * WFI. */
#ifndef MISSIVE_CORE_EXECUTE_H
#define MISSIVE_CORE_EXECUTE_H

#include "core/hart_state.h"

enum hart_outcome execute(struct hart *hart, cycle_t until);
/* The same of a hart without timing: compiled from the same text. */
enum hart_outcome execute_untimed(struct hart *hart, cycle_t until);

#endif
