/* SPDX-License-Identifier: Apache-2.0 */
/* Tokens glide from carrier to carrier. Only the drawing knows of this: at rest a token lies in its slot (place.h), and a
 * picture taken without a window is always at rest. */
#ifndef MISSIVE_VIZ_MOTION_H
#define MISSIVE_VIZ_MOTION_H

#include "place.h"

#define MOTION_FADE_SECONDS 0.35

struct moving {
    struct token token; /* token.box: the slot it goes to */
    double x, y;        /* where it is */
    double fade;        /* seconds left of an ended message; MOTION_FADE_SECONDS while in flight */
    bool ended;
};

struct motion {
    unsigned count;
    struct moving moving[2 * PLACE_MAX];
};

/* Moves on by `seconds` of wall time towards these tokens (in order of number); `at_rest`: all at once, nothing fades. */
void motion_advance(struct motion *motion, const struct token *tokens, unsigned count,
                    double seconds, bool at_rest);
bool motion_is_at_rest(const struct motion *motion);
struct box motion_box(const struct moving *moving);

#endif
