/* SPDX-License-Identifier: Apache-2.0 */
/* Between the files of paint: shorthands for text and the parts of the picture. */
#ifndef MISSIVE_VIZ_PAINT_PARTS_H
#define MISSIVE_VIZ_PAINT_PARTS_H

#include "canvas.h"
#include "paint.h"
#include "theme.h"

enum { RADIUS_PANEL = 8, RADIUS_TILE = 6, RADIUS_CHIP = 4, SWATCH = 12 };

void paint_machine(struct paint *paint, const struct picture *picture); /* harts, bus, memory */
void paint_memory(struct paint *paint, const struct picture *picture);
void paint_tokens(struct paint *paint, const struct picture *picture);
void paint_feed(struct paint *paint, const struct picture *picture);
void paint_sidebar(struct paint *paint, const struct picture *picture);
void paint_header(struct paint *paint, const struct picture *picture);
void paint_footer(struct paint *paint, const struct picture *picture);
void paint_help(struct paint *paint, const struct picture *picture);
void paint_toast(struct paint *paint, const struct picture *picture);

/* One line of text in a box; returns the width drawn. */
int paint_text(struct paint *paint, enum font font, uint32_t rgb, struct box box, unsigned flags,
               const char *string);
__attribute__((format(printf, 6, 7))) int paint_textf(struct paint *paint, enum font font,
                                                      uint32_t rgb, struct box box, unsigned flags,
                                                      const char *format, ...);
void paint_panel(struct paint *paint, struct box box);
void paint_swatch(struct paint *paint, int x, int y, enum activity activity);

/* The upper `height` pixels of a box, taken off it; the same from the left. */
struct box box_take_top(struct box *rest, int height);
struct box box_take_left(struct box *rest, int width);
struct box box_take_right(struct box *rest, int width);

#endif
