/* SPDX-License-Identifier: Apache-2.0 */
/* The colours of activities (palette.def), found by enum activity. */
#ifndef MISSIVE_VIZ_PALETTE_H
#define MISSIVE_VIZ_PALETTE_H

#include <stdbool.h>
#include <stdint.h>

#include "base/activity.h"

struct shade {
    uint32_t rgb; /* 0xRRGGBB */
    bool hatched; /* drawn with diagonal stripes: a wait */
};

struct shade palette_shade(enum activity activity);
const char *palette_label(enum activity activity);

#endif
