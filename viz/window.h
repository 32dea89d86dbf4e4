/* SPDX-License-Identifier: Apache-2.0 */
/* The window: SDL's events in, frames out. Input is queued by SDL, so a key or click that is pressed and released within one frame
 * counts. */
#ifndef MISSIVE_VIZ_WINDOW_H
#define MISSIVE_VIZ_WINDOW_H

#include "control.h"
#include "layout.h"

struct window;

/* NULL, and one clear line in error (TRACE_ERROR_BYTES). Scene and source stay the caller's. */
struct window *window_open(struct scene *scene, struct source *source, char *error);
void window_close(struct window *window); /* NULL is allowed */

/* Handles what was put in, lets `seconds` of wall time pass, and draws. */
void window_frame(struct window *window, double seconds);
bool window_is_idle(const struct window *window); /* nothing moves until something is put in */
struct control *window_control(struct window *window);
const struct layout *window_layout(const struct window *window);

/* Frames until the user quits. */
void window_run(struct window *window);

#endif
