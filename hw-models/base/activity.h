/* SPDX-License-Identifier: Apache-2.0 */
/* The activities of activity.def as an enumeration. */
#ifndef MISSIVE_BASE_ACTIVITY_H
#define MISSIVE_BASE_ACTIVITY_H

enum activity {
#define ACTIVITY(id, label, doc) ACTIVITY_##id,
#include "base/activity.def"
#undef ACTIVITY
    ACTIVITY_COUNT
};

#endif
