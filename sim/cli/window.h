/* SPDX-License-Identifier: Apache-2.0 */
/* The window's process beside a run: `missive-viz`, which creates the channel that the simulator attaches to. */
#ifndef MISSIVE_CLI_WINDOW_H
#define MISSIVE_CLI_WINDOW_H

#include <stdint.h>
#include <sys/types.h>

#include "scenario/problem.h"

struct window_options {
    const char *screenshot_path; /* NULL: an interactive window */
    const char *at_cycle;        /* with screenshot_path; decimal */
};

struct window {
    pid_t pid;
    char channel[64];
};

/* Starts it and waits until the channel is there. */
bool window_open(struct window *window, const struct window_options *options,
                 struct problem *problem);
/* Waits until the user closes it; or, if the run it was to show never began, closes it. False: it has not done what it
 * was to do, and has said why. */
bool window_end(struct window *window, bool shown);
/* Becomes the viewer with these arguments (argv[0] is replaced), for a picture only or a window; returns only if that
 * fails. */
bool window_become(char **arguments, bool picture, struct problem *problem);

/* Whether there is a display to open a window on (SDL_VIDEODRIVER names one, too). */
bool window_has_display(void);

#endif
