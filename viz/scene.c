/* SPDX-License-Identifier: Apache-2.0 */
/* The fold: one small function an event, over tables of fixed size. What is asked of them: scene_look_up.c. */
#include "scene.h"

#include <stdlib.h>
#include <string.h>

#include "narrate.h"

static struct scene_task *task_at(struct scene *scene, uint64_t cb)
{
    return (struct scene_task *)scene_task(scene, cb);
}

static struct scene_list *list_at(struct scene *scene, uint64_t address)
{
    return (struct scene_list *)scene_list(scene, address);
}

static struct scene_object *object_at(struct scene *scene, uint64_t address)
{
    return (struct scene_object *)scene_object(scene, address);
}

static void place_task(struct scene *scene, uint64_t cb, enum task_place place, uint64_t where)
{
    struct scene_task *task = task_at(scene, cb);
    if (!task)
        return;
    task->place = place;
    task->where = where;
}

/* --- harts --- */

static void hart_refresh(struct scene *scene, unsigned number)
{
    struct scene_hart *hart = &scene->harts[number];
    const struct hart_view *view = messages_hart(scene->messages, number);
    enum activity activity = hart_view_activity(view);
    hart->task = view->task;
    hart->user = view->user;
    hart->sleeping = view->sleeping;
    if (activity == hart->activity)
        return;
    hart->charged[hart->activity] += scene->now - hart->since;
    hart->activity = activity;
    hart->since = scene->now;
    hart->spans[hart->span_count++ % SCENE_SPANS] = (struct scene_span){scene->now, activity};
}

static void on_run(struct scene *scene, const struct event *event)
{
    struct scene_task *before = task_at(scene, scene->harts[event->source].task);
    if (before && before->place == TASK_ON_HART && before->where == event->source)
        place_task(scene, before->cb, TASK_ELSEWHERE, SCENE_NOWHERE);
    place_task(scene, event->arg[0], TASK_ON_HART, event->source);
}

/* --- lists and control blocks --- */

static void on_list(struct scene *scene, const struct event *event)
{
    struct scene_list *list = list_at(scene, event->arg[0]);
    for (unsigned i = 0; !list && i < SCENE_LISTS; i++)
        if (!scene->lists[i].exists)
            list = &scene->lists[i];
    if (!list)
        return;
    *list = (struct scene_list){.exists = true, .address = event->arg[0], .owner = event->arg[2]};
    list->kind = event->arg[1] <= LIST_OBJECT ? (enum list_kind)event->arg[1] : LIST_OBJECT;
}

static void on_join(struct scene *scene, const struct event *event)
{
    struct scene_list *list = list_at(scene, event->arg[0]);
    if (list && list->count < SCENE_QUEUE)
        list->cb[list->count++] = event->arg[1];
    place_task(scene, event->arg[1], TASK_IN_LIST, event->arg[0]);
}

static void on_leave(struct scene *scene, const struct event *event)
{
    struct scene_list *list = list_at(scene, event->arg[0]);
    if (event->arg[1] == 0 || (event->kind == EVENT_smart_dequeue && !event->arg[2]))
        return;
    for (unsigned i = 0; list && i < list->count; i++) {
        if (list->cb[i] != event->arg[1])
            continue;
        list->count--;
        memmove(&list->cb[i], &list->cb[i + 1], (list->count - i) * sizeof list->cb[0]);
        break;
    }
    place_task(scene, event->arg[1], TASK_ELSEWHERE, event->source);
}

static void on_task(struct scene *scene, const struct event *event)
{
    struct scene_task *task = task_at(scene, event->arg[0]);
    for (unsigned i = 0; !task && i < SCENE_TASKS; i++)
        if (!scene->tasks[i].exists)
            task = &scene->tasks[i];
    if (!task)
        return;
    if (!task->exists)
        *task = (struct scene_task){.exists = true, .cb = event->arg[0], .where = SCENE_NOWHERE};
    task->pid = event->arg[1];
    memcpy(task->name, &event->arg[2], 16);
    task->name[16] = 0;
    for (char *c = task->name; *c; c++)
        if (*c < ' ' || *c > '~')
            *c = '?';
}

static void on_task_end(struct scene *scene, const struct event *event)
{
    struct scene_task *task = task_at(scene, event->arg[0]);
    if (task)
        task->exists = false;
}

/* --- objects --- */

static void on_object(struct scene *scene, const struct event *event)
{
    struct scene_object *object = object_at(scene, event->arg[0]);
    for (unsigned i = 0; !object && i < SCENE_OBJECTS; i++)
        if (!scene->objects[i].exists)
            object = &scene->objects[i];
    scene->objects_made++;
    if (!object)
        return;
    *object = (struct scene_object){.exists = true,
                                    .address = event->arg[0],
                                    .number = scene->objects_made,
                                    .kind = event->arg[1],
                                    .capacity_bytes = event->arg[2]};
}

static void on_object_event(struct scene *scene, const struct event *event)
{
    struct scene_object *object = object_at(scene, event->arg[0]);
    if (!object)
        return;
    switch (event->kind) {
    case EVENT_object_end:
        object->exists = false;
        break;
    case EVENT_put:
        object->put_end = event->arg[2];
        break;
    case EVENT_take:
        object->taken_end = event->arg[3];
        break;
    case EVENT_drop:
        object->taken_end = cycle_max(object->taken_end, event->arg[2]);
        break;
    default:
        break;
    }
}

static void on_park(struct scene *scene, const struct event *event)
{
    struct scene_task *task = task_at(scene, event->arg[1]);
    if (!task)
        return;
    task->place = TASK_PARKED;
    task->where = event->arg[0];
    task->for_room = event->arg[2] != 0;
}

/* --- the controller in the memory --- */

static void on_controller(struct scene *scene, const struct event *event)
{
    struct scene_controller *controller = &scene->controller;
    controller->seen = true;
    if (event->kind == EVENT_smart_block_done) {
        if (controller->blocks_streaming > 0)
            controller->blocks_streaming--;
        return;
    }
    controller->last = *event;
    controller->operations++;
    if (event->kind == EVENT_smart_block)
        controller->blocks_streaming++;
}

/* --- messages --- */

static void on_message_end(void *owner, const struct message *message)
{
    struct scene *scene = owner;
    struct scene_figures *figures = &scene->figures;
    scene->ended[scene->ended_count++ % SCENE_ENDED] = *message;
    if (message->number > scene->ended_newest)
        scene->ended_newest = message->number;
    if (message->end != MESSAGE_DELIVERED) {
        figures->dropped++;
        return;
    }
    figures->delivered++;
    figures->last_number = message->number;
    figures->last_latency = message->ended - message->born;
    uint64_t warmup = scene->view.warmup_messages, measure = scene->view.measure_messages;
    if (figures->delivered <= warmup || (measure > 0 && figures->measured >= measure))
        return;
    figures->measured++;
    figures->latency_sum += figures->last_latency;
    for (unsigned i = 0; i < ACTIVITY_COUNT; i++)
        figures->charged_sum[i] += message->charged[i];
}

/* --- the stream --- */

static void fold_machine(struct scene *scene, const struct event *event)
{
    switch (event->kind) {
    case EVENT_bus_tenure:
        scene_bus_tenure(&scene->bus, event);
        break;
    case EVENT_memory_access:
        scene->memory_busy_until = event->arg[3];
        break;
    case EVENT_smart_enqueue:
    case EVENT_smart_first:
    case EVENT_smart_dequeue:
    case EVENT_smart_block:
    case EVENT_smart_block_done:
        on_controller(scene, event);
        break;
    default:
        break;
    }
}

static void fold_kernel(struct scene *scene, const struct event *event)
{
    switch (event->kind) {
    case EVENT_list:
        on_list(scene, event);
        break;
    case EVENT_enqueue:
    case EVENT_smart_enqueue:
        on_join(scene, event);
        break;
    case EVENT_dequeue:
    case EVENT_smart_first:
    case EVENT_smart_dequeue:
        on_leave(scene, event);
        break;
    case EVENT_task:
        on_task(scene, event);
        break;
    case EVENT_object:
        on_object(scene, event);
        break;
    case EVENT_put:
    case EVENT_take:
    case EVENT_drop:
        on_object_event(scene, event);
        break;
    case EVENT_park:
        on_park(scene, event);
        break;
    case EVENT_unpark:
        place_task(scene, event->arg[1], TASK_ELSEWHERE, event->source);
        break;
    default:
        break;
    }
}

static void note(struct scene *scene, const struct event *event)
{
    if (!narrate_is_notable(event))
        return;
    struct scene_line *line = &scene->lines[scene->line_count++ % SCENE_FEED];
    struct narration narration = narrate_event(scene, event);
    line->cycle = event->cycle;
    memcpy(line->text, narration.text, sizeof line->text);
}

void scene_event(struct scene *scene, const struct event *event)
{
    scene->now = event->cycle;
    scene->events++;
    scene->last = *event;
    fold_machine(scene, event);
    fold_kernel(scene, event);
    note(scene, event);
    if (event->kind == EVENT_run && event->source < scene->view.hart_count)
        on_run(scene, event);
    if (event->kind == EVENT_task_end)
        on_task_end(scene, event);
    if (event->kind == EVENT_object_end)
        on_object_event(scene, event);
    messages_event(scene->messages, event);
    if (event->source < scene->view.hart_count)
        hart_refresh(scene, event->source);
}

void scene_now(struct scene *scene, cycle_t now)
{
    scene->now = cycle_max(scene->now, now);
}

/* --- construction --- */

struct scene *scene_create(const struct machine_view *view)
{
    struct scene *scene = calloc(1, sizeof *scene);
    if (!scene)
        return NULL;
    scene->view = *view;
    scene->messages = messages_create(view);
    if (!scene->messages) {
        free(scene);
        return NULL;
    }
    messages_on_end(scene->messages, on_message_end, scene);
    unsigned in_role[2] = {0, 0};
    for (unsigned i = 0; i < view->hart_count; i++) {
        struct scene_hart *hart = &scene->harts[i];
        hart->role = view->role[i] == ROLE_COPROCESSOR ? ROLE_COPROCESSOR : ROLE_HOST;
        hart->number_in_role = in_role[hart->role]++;
        hart->activity = messages_hart_activity(scene->messages, i);
        hart->spans[hart->span_count++] = (struct scene_span){0, hart->activity};
    }
    return scene;
}

void scene_destroy(struct scene *scene)
{
    if (!scene)
        return;
    messages_destroy(scene->messages);
    free(scene);
}
