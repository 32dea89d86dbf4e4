/* SPDX-License-Identifier: Apache-2.0 */
/* What a hart reports of the code it runs: the activity, and the annotation points. Nothing here
 * changes the hart's state or time, except to remember what was last reported. */
#ifndef MISSIVE_CORE_OBSERVE_H
#define MISSIVE_CORE_OBSERVE_H

#include "core/hart_state.h"

/* `activity` as hart.activity, which it differs from. */
void observe_activity(struct hart *hart, cycle_t now, uint16_t activity);

/* The annotation points of hart.pc, from number `first` on. */
void observe_points(struct hart *hart, unsigned first);

#endif
