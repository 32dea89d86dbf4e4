/* SPDX-License-Identifier: Apache-2.0 */
/* Shared by the fuzzer and the test of hostile traces: draws a trace file, now and then and at its end. */
#ifndef MISSIVE_VIZ_FUZZ_SCENE_H
#define MISSIVE_VIZ_FUZZ_SCENE_H

#include "paint.h"

/* paint NULL: lays everything out, draws nothing. */
static inline void fuzz_scene_picture(struct paint *paint, const struct scene *scene,
                                      struct control *control)
{
    static struct layout layout;
    static struct motion motion;
    static struct token tokens[PLACE_MAX];
    layout_compute(&layout, scene, LAYOUT_WIDTH, LAYOUT_HEIGHT);
    motion_advance(&motion, tokens, place_tokens(&layout, scene, tokens), 0, true);
    struct picture picture = {
        .scene = scene, .layout = &layout, .motion = &motion, .control = control};
    if (paint && !paint_picture(paint, &picture))
        abort();
}

/* Lays out so many pictures, the last at the end, and draws them if `drawn`. Returns how many events the trace had; 0 if it was refused. */
static inline uint64_t fuzz_scene_draw(const char *path, unsigned pictures, bool drawn)
{
    static struct paint paint;
    char error[TRACE_ERROR_BYTES];
    if (!paint.text && !paint_open(&paint, error, sizeof error))
        abort();
    struct source *source = source_open_trace(path, error);
    if (!source)
        return 0;
    struct scene *scene = scene_create(source_view(source));
    struct control control;
    control_init(&control);
    for (unsigned i = 0; i + 1 < pictures && control.pace != PACE_OVER; i++) {
        control.subject = (struct subject){(enum subject_kind)(i % 3), 0};
        control_command(&control, COMMAND_STEP_DELIVERY);
        control_advance(&control, scene, source, 1, 1);
        fuzz_scene_picture(drawn ? &paint : NULL, scene, &control);
    }
    control_seek(&control, scene, source, CYCLE_NEVER);
    fuzz_scene_picture(drawn ? &paint : NULL, scene, &control);
    uint64_t events = scene->events;
    scene_destroy(scene);
    source_close(source, false);
    return events;
}

#endif
