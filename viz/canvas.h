/* SPDX-License-Identifier: Apache-2.0 */
/* Shapes on a 32-bit surface, in integers only, so that the same picture has the same bytes everywhere. Clips to the surface. */
#ifndef MISSIVE_VIZ_CANVAS_H
#define MISSIVE_VIZ_CANVAS_H

#include <SDL.h>

#include "layout.h"
#include "palette.h"

#define CANVAS_OPAQUE 255

void canvas_fill(SDL_Surface *surface, struct box box, uint32_t rgb, unsigned alpha);
void canvas_round(SDL_Surface *surface, struct box box, int radius, uint32_t rgb, unsigned alpha);
/* A rounded box with a border of one pixel. */
void canvas_card(SDL_Surface *surface, struct box box, int radius, uint32_t rgb, uint32_t border);
/* An activity's colour, plain or hatched. The stripes keep their place on the surface, whatever the box. */
void canvas_shade(SDL_Surface *surface, struct box box, struct shade shade);

#endif
