/* SPDX-License-Identifier: Apache-2.0 */
/* Words on a surface: set in a box, in the middle of its height, ended by an ellipsis where they do not fit. Rendered strings are
 * cached (bounded). Fonts are Debian's, at fixed paths (fonts.def). */
#ifndef MISSIVE_VIZ_TEXT_H
#define MISSIVE_VIZ_TEXT_H

#include <SDL.h>

#include "layout.h"

enum font {
#define FONT(id, file, package, pixels) FONT_##id,
#include "fonts.def"
#undef FONT
    FONT_COUNT
};

enum text_flags {
    TEXT_LEFT = 0,
    TEXT_RIGHT = 1,
    TEXT_CENTER = 2,
    TEXT_MAY_CUT = 4, /* a name or sentence of any length; without it a cut is our mistake */
};

/* For tests: told of every string drawn. */
struct text_watch {
    void (*drawn)(void *owner, const char *string, struct box ink, enum text_flags flags, bool cut);
    void *owner;
};

struct text;

struct text *
text_create(char *error,
            size_t error_bytes); /* NULL, and one clear line in error: a font is missing */
void text_destroy(struct text *text);
void text_watch(struct text *text, struct text_watch watch);
int text_width(struct text *text, enum font font, const char *string);
/* Returns the width drawn. alpha 0 to 255. */
int text_draw(struct text *text, SDL_Surface *surface, enum font font, uint32_t rgb, unsigned alpha,
              struct box box, unsigned flags, const char *string);

#endif
