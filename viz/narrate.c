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

typedef struct narration describe(const struct scene *scene, const struct event *event);

static struct narration describe_trap(const struct scene *scene, const struct event *event)
{
    return say("%s: trap, %s %" PRIu64, narrate_source(scene, event->source).text,
               event->arg[0] >> 63 ? "interrupt" : "exception", event->arg[0] & 0xff);
}

static struct narration describe_trap_return(const struct scene *scene, const struct event *event)
{
    return say("%s: returns to %s mode", narrate_source(scene, event->source).text,
               event->arg[0] == 0 ? "user" : "supervisor");
}

static struct narration describe_activity(const struct scene *scene, const struct event *event)
{
    return say("%s: now %s", narrate_source(scene, event->source).text,
               palette_label((enum activity)event->arg[0]));
}

static struct narration describe_wait(const struct scene *scene, const struct event *event)
{
    struct narration by = narrate_source(scene, event->source);
    return event->arg[0] == ACTIVITY_none
               ? say("%s: goes on", by.text)
               : say("%s: waits (%s)", by.text, palette_label((enum activity)event->arg[0]));
}

static struct narration describe_wfi(const struct scene *scene, const struct event *event)
{
    return say("%s: %s", narrate_source(scene, event->source).text,
               event->arg[0] ? "sleeps until an interrupt" : "wakes up");
}

static struct narration describe_bus_tenure(const struct scene *scene, const struct event *event)
{
    return say("bus: %s %s", narrate_source(scene, event->arg[0]).text,
               narrate_tenure(event->arg[1]));
}

static struct narration describe_memory_access(const struct scene *scene, const struct event *event)
{
    return say("memory: %" PRIu64 " B for %s", event->arg[1],
               narrate_source(scene, event->arg[0]).text);
}

static struct narration describe_block_step(const struct scene *scene, const struct event *event)
{
    return say("the controller %s a block %s of %" PRIu64 " B for %s",
               event->kind == EVENT_smart_block ? "begins" : "has ended",
               event->arg[3] ? "write" : "read", event->arg[1], by_name(scene, event->source).text);
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

static struct narration describe_list(const struct scene *scene, const struct event *event)
{
    return say("the %s is made", narrate_list(scene, event->arg[0]).text);
}

static struct narration describe_task(const struct scene *scene, const struct event *event)
{
    return say("%s exists", narrate_task(scene, event->arg[0]).text);
}

static struct narration describe_task_end(const struct scene *scene, const struct event *event)
{
    return say("%s is gone", narrate_task(scene, event->arg[0]).text);
}

static struct narration describe_object(const struct scene *scene, const struct event *event)
{
    return say("%s is made, with room for %s", narrate_object(scene, event->arg[0]).text,
               format_bytes(event->arg[2]).text);
}

static struct narration describe_object_end(const struct scene *scene, const struct event *event)
{
    return say("%s is gone", narrate_object(scene, event->arg[0]).text);
}

static struct narration describe_run(const struct scene *scene, const struct event *event)
{
    struct narration by = by_name(scene, event->source);
    return event->arg[0] ? say("%s runs %s", by.text, narrate_task(scene, event->arg[0]).text)
                         : say("%s has no task to run", by.text);
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

static struct narration describe_put(const struct scene *scene, const struct event *event)
{
    return say("%s has put bytes of %s into %s, up to byte %s", by_name(scene, event->source).text,
               narrate_task(scene, event->arg[1]).text, narrate_object(scene, event->arg[0]).text,
               format_count(event->arg[2]).text);
}

static struct narration describe_park(const struct scene *scene, const struct event *event)
{
    return say("%s waits for %s at %s", narrate_task(scene, event->arg[1]).text,
               event->arg[2] ? "room" : "data", narrate_object(scene, event->arg[0]).text);
}

static struct narration describe_unpark(const struct scene *scene, const struct event *event)
{
    return say("%s takes up %s again", by_name(scene, event->source).text,
               narrate_task(scene, event->arg[1]).text);
}

static struct narration describe_take(const struct scene *scene, const struct event *event)
{
    return say("%s gives bytes %s to %s of %s to %s", by_name(scene, event->source).text,
               format_count(event->arg[2]).text, format_count(event->arg[3]).text,
               narrate_object(scene, event->arg[0]).text, narrate_task(scene, event->arg[1]).text);
}

static struct narration describe_complete(const struct scene *scene, const struct event *event)
{
    return say("%s has finished the call of %s", by_name(scene, event->source).text,
               narrate_task(scene, event->arg[0]).text);
}

static struct narration describe_drop(const struct scene *scene, const struct event *event)
{
    return say("bytes %" PRIu64 " to %" PRIu64 " of %s are thrown away", event->arg[1],
               event->arg[2], narrate_object(scene, event->arg[0]).text);
}

/* Whether a kind is a step in the life of a message or a task. */
enum notable {
    MACHINERY,
    STEP,
    STEP_IF_FOUND, /* an idle hart looks into an empty list again and again */
};

/* Every kind has its line; test_hostile meets them all. */
static const struct {
    describe *describe;
    enum notable notable;
} events[EVENT_COUNT] = {
    [EVENT_trap] = {describe_trap, MACHINERY},
    [EVENT_trap_return] = {describe_trap_return, MACHINERY},
    [EVENT_activity] = {describe_activity, MACHINERY},
    [EVENT_wait] = {describe_wait, MACHINERY},
    [EVENT_wfi] = {describe_wfi, MACHINERY},
    [EVENT_bus_tenure] = {describe_bus_tenure, MACHINERY},
    [EVENT_memory_access] = {describe_memory_access, MACHINERY},
    [EVENT_smart_enqueue] = {describe_list_step, STEP},
    [EVENT_smart_first] = {describe_list_step, STEP_IF_FOUND},
    [EVENT_smart_dequeue] = {describe_list_step, STEP_IF_FOUND},
    [EVENT_smart_block] = {describe_block_step, MACHINERY},
    [EVENT_smart_block_done] = {describe_block_step, MACHINERY},
    [EVENT_list] = {describe_list, STEP},
    [EVENT_task] = {describe_task, STEP},
    [EVENT_task_end] = {describe_task_end, STEP},
    [EVENT_object] = {describe_object, STEP},
    [EVENT_object_end] = {describe_object_end, STEP},
    [EVENT_run] = {describe_run, STEP},
    [EVENT_request] = {describe_request, STEP},
    [EVENT_enqueue] = {describe_list_step, STEP},
    [EVENT_dequeue] = {describe_list_step, STEP_IF_FOUND},
    [EVENT_put] = {describe_put, STEP},
    [EVENT_park] = {describe_park, STEP},
    [EVENT_unpark] = {describe_unpark, STEP},
    [EVENT_take] = {describe_take, STEP},
    [EVENT_complete] = {describe_complete, STEP},
    [EVENT_drop] = {describe_drop, STEP},
};

bool narrate_is_notable(const struct event *event)
{
    enum notable notable = events[event->kind].notable;
    return notable == STEP || (notable == STEP_IF_FOUND && event->arg[1] != 0);
}

struct narration narrate_event(const struct scene *scene, const struct event *event)
{
    return events[event->kind].describe(scene, event);
}
