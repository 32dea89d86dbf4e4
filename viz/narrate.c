/* SPDX-License-Identifier: Apache-2.0 */
/* Events as English. */
#include "narrate.h"

#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>

#include "format.h"
#include "palette.h"

__attribute__((format(printf, 1, 2))) static struct narration say(const char *format, ...)
{
    struct narration out;
    va_list args;
    va_start(args, format);
    vsnprintf(out.text, sizeof out.text, format, args);
    va_end(args);
    return out;
}

struct narration narrate_source(const struct scene *scene, uint64_t source)
{
    if (source < scene->view.hart_count) {
        const struct scene_hart *hart = &scene->harts[source];
        if (hart->role == ROLE_HOST)
            return say("host %u", hart->number_in_role);
        return hart->number_in_role == 0 ? say("coprocessor")
                                         : say("coprocessor %u", hart->number_in_role);
    }
    switch (source) {
    case EVENT_SOURCE_CONTROLLER:
        return say("controller");
    case EVENT_SOURCE_BUS:
        return say("bus");
    case EVENT_SOURCE_MEMORY:
        return say("memory");
    case EVENT_SOURCE_DEVICE:
        return say("device");
    default:
        return say("master %" PRIu64, source);
    }
}

/* As the subject of a sentence. */
static struct narration by_name(const struct scene *scene, uint64_t source)
{
    struct narration name = narrate_source(scene, source);
    bool host = source < scene->view.hart_count && scene->harts[source].role == ROLE_HOST;
    return host ? name : say("the %s", name.text);
}

struct narration narrate_task(const struct scene *scene, uint64_t cb)
{
    const struct scene_task *task = scene_task(scene, cb);
    if (!task)
        return cb == 0 ? say("no task") : say("task at 0x%" PRIx64, cb);
    return task->name[0] ? say("%s (%" PRIu64 ")", task->name, task->pid)
                         : say("process %" PRIu64, task->pid);
}

struct narration narrate_list(const struct scene *scene, uint64_t address)
{
    const struct scene_list *list = scene_list(scene, address);
    if (!list)
        return say("list at 0x%" PRIx64, address);
    switch (list->kind) {
    case LIST_COMMUNICATION:
        return say("communication list");
    case LIST_COMPUTATION:
        return say("computation list of %s", narrate_source(scene, list->owner).text);
    default:
        return say("waiting list");
    }
}

struct narration narrate_object(const struct scene *scene, uint64_t address)
{
    const struct scene_object *object = scene_object(scene, address);
    if (!object)
        return say("object at 0x%" PRIx64, address);
    return say("%s %u", object->kind == OBJECT_PIPE ? "pipe" : "object", object->number);
}

struct narration narrate_place(const struct scene *scene, const struct scene_task *task)
{
    switch (task->place) {
    case TASK_ON_HART:
        return say("runs on %s", by_name(scene, task->where).text);
    case TASK_IN_LIST: {
        const struct scene_list *list = scene_list(scene, task->where);
        if (list && list->kind == LIST_COMPUTATION)
            return say("ready for %s", narrate_source(scene, list->owner).text);
        return say("in the %s", narrate_list(scene, task->where).text);
    }
    case TASK_PARKED:
        return say("waits for %s, %s", task->for_room ? "room" : "data",
                   narrate_object(scene, task->where).text);
    default:
        return task->where < scene->view.hart_count
                   ? say("served by %s", by_name(scene, task->where).text)
                   : say("waits in the kernel");
    }
}

const char *narrate_tenure(uint64_t kind)
{
    static const char *const NAMES[REQUEST_KIND_COUNT] = {
        [REQUEST_FETCH] = "fetches instructions",
        [REQUEST_READ] = "reads a line",
        [REQUEST_READ_EXCLUSIVE] = "reads a line to write it",
        [REQUEST_UPGRADE] = "claims a line to write it",
        [REQUEST_WRITE_BACK] = "writes back a line",
        [REQUEST_LOAD] = "loads a word",
        [REQUEST_STORE] = "stores a word",
        [REQUEST_BLOCK_WORD] = "moves a word of a block",
    };
    return kind < REQUEST_KIND_COUNT ? NAMES[kind] : "unknown tenure";
}

bool narrate_is_notable(const struct event *event)
{
    switch (event->kind) {
    case EVENT_trap:
    case EVENT_trap_return:
    case EVENT_activity:
    case EVENT_wait:
    case EVENT_wfi:
    case EVENT_bus_tenure:
    case EVENT_memory_access:
    case EVENT_smart_block:
    case EVENT_smart_block_done:
        return false;
    case EVENT_dequeue:
    case EVENT_smart_first:
    case EVENT_smart_dequeue:
        return event->arg[1] != 0; /* an idle hart looks into an empty list again and again */
    default:
        return true;
    }
}

static struct narration describe_request(const struct scene *scene, const struct event *event)
{
    struct narration task = narrate_task(scene, event->arg[0]);
    struct narration object = narrate_object(scene, event->arg[2]);
    struct formatted bytes = format_bytes(event->arg[3]);
    switch (event->arg[1]) {
    case REQUEST_OP_SEND:
        return say("%s sends %s into %s", task.text, bytes.text, object.text);
    case REQUEST_OP_RECEIVE:
        return say("%s asks for up to %s from %s", task.text, bytes.text, object.text);
    default:
        return event->arg[2] ? say("%s asks for a change to %s", task.text, object.text)
                             : say("%s asks for a pipe to be made or changed", task.text);
    }
}

static struct narration describe_guest(const struct scene *scene, const struct event *event)
{
    const uint64_t *arg = event->arg;
    struct narration by = by_name(scene, event->source);
    switch (event->kind) {
    case EVENT_list:
        return say("the %s is made", narrate_list(scene, arg[0]).text);
    case EVENT_task:
        return say("%s exists", narrate_task(scene, arg[0]).text);
    case EVENT_task_end:
        return say("%s is gone", narrate_task(scene, arg[0]).text);
    case EVENT_object:
        return say("%s is made, with room for %s", narrate_object(scene, arg[0]).text,
                   format_bytes(arg[2]).text);
    case EVENT_object_end:
        return say("%s is gone", narrate_object(scene, arg[0]).text);
    case EVENT_run:
        return arg[0] ? say("%s runs %s", by.text, narrate_task(scene, arg[0]).text)
                      : say("%s has no task to run", by.text);
    case EVENT_request:
        return describe_request(scene, event);
    case EVENT_put:
        return say("%s has put bytes of %s into %s, up to byte %s", by.text,
                   narrate_task(scene, arg[1]).text, narrate_object(scene, arg[0]).text,
                   format_count(arg[2]).text);
    case EVENT_park:
        return say("%s waits for %s at %s", narrate_task(scene, arg[1]).text,
                   arg[2] ? "room" : "data", narrate_object(scene, arg[0]).text);
    case EVENT_unpark:
        return say("%s takes up %s again", by.text, narrate_task(scene, arg[1]).text);
    case EVENT_take:
        return say("%s gives bytes %s to %s of %s to %s", by.text, format_count(arg[2]).text,
                   format_count(arg[3]).text, narrate_object(scene, arg[0]).text,
                   narrate_task(scene, arg[1]).text);
    case EVENT_complete:
        return say("%s has finished the call of %s", by.text, narrate_task(scene, arg[0]).text);
    default:
        return say("bytes %" PRIu64 " to %" PRIu64 " of %s are thrown away", arg[1], arg[2],
                   narrate_object(scene, arg[0]).text);
    }
}

static struct narration describe_list_step(const struct scene *scene, const struct event *event)
{
    struct narration by = by_name(scene, event->source);
    struct narration list = narrate_list(scene, event->arg[0]);
    struct narration task = narrate_task(scene, event->arg[1]);
    bool smart = event->kind == EVENT_smart_enqueue || event->kind == EVENT_smart_first ||
                 event->kind == EVENT_smart_dequeue;
    struct narration who = smart ? say("the controller") : by;
    struct narration whose = smart ? say(" for %s", by.text) : say("%s", "");
    if (event->kind == EVENT_enqueue || event->kind == EVENT_smart_enqueue)
        return say("%s puts %s on the %s%s", who.text, task.text, list.text, whose.text);
    if (event->arg[1] == 0)
        return say("%s finds the %s empty%s", who.text, list.text, whose.text);
    return say("%s takes %s off the %s%s", who.text, task.text, list.text, whose.text);
}

static struct narration describe_machine(const struct scene *scene, const struct event *event)
{
    const uint64_t *arg = event->arg;
    struct narration by = narrate_source(scene, event->source);
    switch (event->kind) {
    case EVENT_trap:
        return say("%s: trap, %s %" PRIu64, by.text, arg[0] >> 63 ? "interrupt" : "exception",
                   arg[0] & 0xff);
    case EVENT_trap_return:
        return say("%s: returns to %s mode", by.text, arg[0] == 0 ? "user" : "supervisor");
    case EVENT_activity:
        return say("%s: now %s", by.text, palette_label((enum activity)arg[0]));
    case EVENT_wait:
        return arg[0] == ACTIVITY_none
                   ? say("%s: goes on", by.text)
                   : say("%s: waits (%s)", by.text, palette_label((enum activity)arg[0]));
    case EVENT_wfi:
        return say("%s: %s", by.text, arg[0] ? "sleeps until an interrupt" : "wakes up");
    case EVENT_bus_tenure:
        return say("bus: %s %s", narrate_source(scene, arg[0]).text, narrate_tenure(arg[1]));
    case EVENT_memory_access:
        return say("memory: %" PRIu64 " B for %s", arg[1], narrate_source(scene, arg[0]).text);
    default:
        return say("the controller %s a block %s of %" PRIu64 " B for %s",
                   event->kind == EVENT_smart_block ? "begins" : "has ended",
                   arg[3] ? "write" : "read", arg[1], by_name(scene, event->source).text);
    }
}

struct narration narrate_event(const struct scene *scene, const struct event *event)
{
    switch (event->kind) {
    case EVENT_enqueue:
    case EVENT_dequeue:
    case EVENT_smart_enqueue:
    case EVENT_smart_first:
    case EVENT_smart_dequeue:
        return describe_list_step(scene, event);
    case EVENT_trap:
    case EVENT_trap_return:
    case EVENT_activity:
    case EVENT_wait:
    case EVENT_wfi:
    case EVENT_bus_tenure:
    case EVENT_memory_access:
    case EVENT_smart_block:
    case EVENT_smart_block_done:
        return describe_machine(scene, event);
    default:
        return describe_guest(scene, event);
    }
}
