/* SPDX-License-Identifier: Apache-2.0 */
/* Watchpoints, for the files of this folder; see debug.h. */
#ifndef MISSIVE_CORE_WATCH_H
#define MISSIVE_CORE_WATCH_H

#include "core/debug.h"
#include "core/hart_state.h"

/* Some access is watched: then all must come through access_data, none through the filter. */
static inline bool watch_is_on(const struct hart *hart)
{
    return hart->links.points && hart->links.points->watch_count;
}

/* hart.access is done: remembers the watchpoint it met. */
void watch_access(struct hart *hart);

#endif
