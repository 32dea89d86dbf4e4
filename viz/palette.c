/* SPDX-License-Identifier: Apache-2.0 */
/* The colours of activities: see palette.def. */
#include "palette.h"

static const struct shade SHADES[ACTIVITY_COUNT] = {
#define PALETTE(id, rgb, hatched) [ACTIVITY_##id] = {rgb, hatched},
#include "palette.def"
#undef PALETTE
};

static const char *const LABELS[ACTIVITY_COUNT] = {
#define ACTIVITY(id, label, doc) label,
#include "base/activity.def"
#undef ACTIVITY
};

struct shade palette_shade(enum activity activity)
{
    return SHADES[(unsigned)activity < ACTIVITY_COUNT ? activity : ACTIVITY_none];
}

const char *palette_label(enum activity activity)
{
    return LABELS[(unsigned)activity < ACTIVITY_COUNT ? activity : ACTIVITY_none];
}
