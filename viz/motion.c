/* SPDX-License-Identifier: Apache-2.0 */
/* Exponential easing; a merge of two lists that are both in order of message number. */
#include "motion.h"

#include <math.h>
#include <string.h>

#define EASE_SECONDS 0.09

static struct moving arrive(const struct token *token)
{
    return (struct moving){
        .token = *token, .x = token->box.x, .y = token->box.y, .fade = MOTION_FADE_SECONDS};
}

static double ease(double from, double to, double share)
{
    double next = from + (to - from) * share;
    return fabs(to - next) < 0.5 ? to : next;
}

static void glide(struct moving *moving, const struct token *token, double share)
{
    moving->token = *token;
    moving->x = ease(moving->x, token->box.x, share);
    moving->y = ease(moving->y, token->box.y, share);
}

/* false: it has faded. */
static bool fade(struct moving *moving, double seconds)
{
    moving->ended = true;
    moving->fade -= seconds;
    return moving->fade > 0 && moving->token.pile > 0;
}

void motion_advance(struct motion *motion, const struct token *tokens, unsigned count,
                    double seconds, bool at_rest)
{
    double share = at_rest ? 1 : 1 - exp(-seconds / EASE_SECONDS);
    static struct moving next[2 * PLACE_MAX];
    unsigned made = 0, old = 0, new = 0;
    while ((old < motion->count || new < count) && made < 2 * PLACE_MAX) {
        struct moving *moving = old < motion->count ? &motion->moving[old] : NULL;
        const struct token *token = new < count ? &tokens[new] : NULL;
        if (moving && (!token || moving->token.number < token->number)) {
            if (!at_rest && fade(moving, seconds))
                next[made++] = *moving;
            old++;
        } else if (moving && moving->token.number == token->number) {
            glide(moving, token, share);
            next[made++] = *moving;
            old++;
            new ++;
        } else {
            next[made++] = arrive(token);
            new ++;
        }
    }
    memcpy(motion->moving, next, made * sizeof next[0]);
    motion->count = made;
}

bool motion_is_at_rest(const struct motion *motion)
{
    for (unsigned i = 0; i < motion->count; i++) {
        const struct moving *moving = &motion->moving[i];
        if (moving->ended || moving->x != moving->token.box.x || moving->y != moving->token.box.y)
            return false;
    }
    return true;
}

struct box motion_box(const struct moving *moving)
{
    struct box box = moving->token.box;
    box.x = (int)lround(moving->x);
    box.y = (int)lround(moving->y);
    return box;
}
