/* SPDX-License-Identifier: Apache-2.0 */
/* How time passes: pause, run at a speed, run to the next something. Turns commands and wall time into grants to the
 * source and events into the scene. Knows no SDL. */
#ifndef MISSIVE_VIZ_CONTROL_H
#define MISSIVE_VIZ_CONTROL_H

#include "scene.h"
#include "source.h"

enum command {
    COMMAND_NONE,
    COMMAND_PAUSE,
    COMMAND_STEP_EVENT,
    COMMAND_STEP_HAND_OVER,
    COMMAND_STEP_DELIVERY,
    COMMAND_FASTER,
    COMMAND_SLOWER,
    COMMAND_SCREENSHOT,
    COMMAND_HELP,
    COMMAND_LEAVE,
    COMMAND_QUIT,
};

enum subject_kind { SUBJECT_LATEST, SUBJECT_MESSAGE, SUBJECT_HART };

struct subject {
    enum subject_kind kind;
    uint64_t number; /* message number or hart number */
};

enum pace {
    PACE_PAUSED,
    PACE_RUNNING,
    PACE_TO_EVENT,     /* then pause */
    PACE_TO_HAND_OVER, /* then pause */
    PACE_TO_DELIVERY,  /* then pause */
    PACE_TO_FIRST,     /* message, then run: what comes before is the kernel's start */
    PACE_OVER,         /* no event will come any more */
};

struct control {
    enum pace pace;
    unsigned speed; /* index: control_speed() */
    double due;     /* cycles that wall time has allowed and the scene has not made yet */
    bool help, quit, screenshot; /* screenshot: asked for; whoever takes it clears it */
    struct subject subject;
    char problem[TRACE_ERROR_BYTES]; /* the stream broke; "" if not */
};

void control_init(struct control *control);
void control_command(struct control *control, enum command command);
uint64_t control_speed(const struct control *control); /* cycles a second; 0: as fast as possible */
const char *control_pace_name(const struct control *control);

/* Lets `seconds` of wall time pass, working for about budget_seconds at most. */
void control_advance(struct control *control, struct scene *scene, struct source *source,
                     double seconds, double budget_seconds);

/* Brings the scene to the end of this cycle (CYCLE_NEVER: of the run), however long it takes. */
void control_seek(struct control *control, struct scene *scene, struct source *source,
                  cycle_t cycle);

#endif
