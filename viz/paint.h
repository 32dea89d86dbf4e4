/* SPDX-License-Identifier: Apache-2.0 */
/* The picture: scene, layout, tokens and the state of the controls, drawn into a surface by SDL without a renderer or a
 * display. The same input gives the same bytes. */
#ifndef MISSIVE_VIZ_PAINT_H
#define MISSIVE_VIZ_PAINT_H

#include "control.h"
#include "motion.h"
#include "text.h"

struct picture {
    const struct scene *scene;
    const struct layout *layout;
    const struct motion *motion;
    const struct control *control;
    const char *toast; /* a passing remark; NULL: none */
};

struct paint {
    SDL_Surface *surface; /* 32 bits, as large as layout->window */
    struct text *text;
};

/* false, and one clear line in error. */
bool paint_open(struct paint *paint, char *error, size_t error_bytes);
void paint_close(struct paint *paint);

/* Draws everything into paint->surface, which is made anew when the layout's size differs. false: out of memory. */
bool paint_picture(struct paint *paint, const struct picture *picture);

/* false, and one clear line in error. */
bool paint_save(const struct paint *paint, const char *path, char *error, size_t error_bytes);

/* The message or hart that is under a point; false: neither. */
bool paint_pick(const struct picture *picture, int x, int y, struct subject *subject);

#endif
