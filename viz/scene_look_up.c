/* SPDX-License-Identifier: Apache-2.0 */
/* What the window asks of a scene. The tables are short, so they are searched from end to end. */
#include "scene.h"

#include <string.h>

const struct scene_task *scene_task(const struct scene *scene, uint64_t cb)
{
    for (unsigned i = 0; cb != 0 && i < SCENE_TASKS; i++)
        if (scene->tasks[i].exists && scene->tasks[i].cb == cb)
            return &scene->tasks[i];
    return NULL;
}

const struct scene_list *scene_list(const struct scene *scene, uint64_t address)
{
    for (unsigned i = 0; i < SCENE_LISTS; i++)
        if (scene->lists[i].exists && scene->lists[i].address == address)
            return &scene->lists[i];
    return NULL;
}

const struct scene_object *scene_object(const struct scene *scene, uint64_t address)
{
    for (unsigned i = 0; i < SCENE_OBJECTS; i++)
        if (scene->objects[i].exists && scene->objects[i].address == address)
            return &scene->objects[i];
    return NULL;
}

const struct message *scene_message(const struct scene *scene, uint64_t number)
{
    size_t in_flight = messages_in_flight(scene->messages);
    for (size_t i = 0; i < in_flight; i++)
        if (messages_at(scene->messages, i)->number == number)
            return messages_at(scene->messages, i);
    uint64_t kept = scene->ended_count < SCENE_ENDED ? scene->ended_count : SCENE_ENDED;
    for (uint64_t i = 0; i < kept; i++)
        if (scene->ended[i].number == number)
            return &scene->ended[i];
    return NULL;
}

uint64_t scene_newest(const struct scene *scene)
{
    size_t in_flight = messages_in_flight(scene->messages);
    uint64_t youngest = in_flight ? messages_at(scene->messages, in_flight - 1)->number : 0;
    return youngest > scene->ended_newest ? youngest : scene->ended_newest;
}

const struct scene_line *scene_line(const struct scene *scene, unsigned back)
{
    if (back >= SCENE_FEED || back >= scene->line_count)
        return NULL;
    return &scene->lines[(scene->line_count - 1 - back) % SCENE_FEED];
}

cycle_t scene_hart_cycles(const struct scene *scene, unsigned number, enum activity activity)
{
    const struct scene_hart *hart = &scene->harts[number];
    cycle_t running = activity == hart->activity ? scene->now - hart->since : 0;
    return hart->charged[activity] + running;
}

bool scene_has_coprocessor(const struct scene *scene)
{
    for (unsigned i = 0; i < scene->view.hart_count; i++)
        if (scene->harts[i].role == ROLE_COPROCESSOR)
            return true;
    return false;
}

bool scene_has_controller(const struct scene *scene)
{
    const char *mechanism = scene->view.mechanism;
    return scene->controller.seen || (mechanism[0] != 0 && strcmp(mechanism, "software") != 0);
}
