/* SPDX-License-Identifier: Apache-2.0 */
/* An event as an English sentence, with the names of tasks, lists and pipes that the scene knows. */
#ifndef MISSIVE_VIZ_NARRATE_H
#define MISSIVE_VIZ_NARRATE_H

#include "scene.h"

struct narration {
    char text[SCENE_SENTENCE];
};

/* For both: event->kind is below EVENT_COUNT. */
struct narration narrate_event(const struct scene *scene, const struct event *event);
bool narrate_is_notable(const struct event *event); /* a step in the life of a message or a task */

struct narration narrate_source(const struct scene *scene,
                                uint64_t source); /* "host 0", "coprocessor", "bus" */
struct narration narrate_task(const struct scene *scene, uint64_t cb); /* "ping (3)" */
struct narration narrate_list(const struct scene *scene, uint64_t address);
struct narration narrate_object(const struct scene *scene, uint64_t address); /* "pipe 1" */
struct narration narrate_place(const struct scene *scene, const struct scene_task *task);
const char *narrate_tenure(uint64_t kind); /* what a bus tenure is for */

#endif
