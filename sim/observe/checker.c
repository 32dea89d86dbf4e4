/* SPDX-License-Identifier: Apache-2.0 */
/* See checker.h. */
#include "observe/checker.h"

#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "observe/address_map.h"

struct checked_object {
    uint64_t put, taken; /* offsets up to which the stream was put, and taken or dropped */
};

struct checked_call {
    bool pending;
    uint64_t op, object;
    uint64_t moved;          /* bytes, so far */
    struct checked_list *on; /* the list it travels on; NULL: none */
    struct checked_call *next;
};

struct checked_list {
    enum list_kind kind;
    struct checked_call *first, *last; /* of a travelled list, in order of enqueue */
};

struct checker {
    struct address_map objects, calls, lists;
    uint64_t violations;
    char first[256];
};

static void on_message_end(void *owner, const struct message *message);

struct checker *checker_create(struct messages *messages)
{
    struct checker *checker = calloc(1, sizeof *checker);
    if (!checker || !messages_on_end(messages, on_message_end, checker)) {
        free(checker);
        return NULL;
    }
    return checker;
}

void checker_destroy(struct checker *checker)
{
    if (!checker)
        return;
    address_map_clear(&checker->objects);
    address_map_clear(&checker->calls);
    address_map_clear(&checker->lists);
    free(checker);
}

static void violation(struct checker *checker, cycle_t cycle, const char *format, ...)
    __attribute__((format(printf, 3, 4)));

static void violation(struct checker *checker, cycle_t cycle, const char *format, ...)
{
    if (checker->violations++)
        return;
    int length = snprintf(checker->first, sizeof checker->first, "cycle %" PRIu64 ": ", cycle);
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(checker->first + length, sizeof checker->first - (size_t)length, format, arguments);
    va_end(arguments);
}

/* --- messages --- */

static void on_message_end(void *owner, const struct message *message)
{
    struct checker *checker = owner;
    cycle_t sum = message_charged(message);
    if (message->ended < message->born || sum != message->ended - message->born)
        violation(checker, message->ended,
                  "cause: message %" PRIu64 " was charged %" PRIu64 " cycles and born at %" PRIu64,
                  message->number, sum, message->born);
    if (message->charged[ACTIVITY_none])
        violation(checker, message->ended, "cause: message %" PRIu64 " was charged to no activity",
                  message->number);
}

/* --- calls --- */

static struct checked_call *get_call(struct checker *checker, uint64_t cb)
{
    return address_map_get(&checker->calls, cb, sizeof(struct checked_call));
}

static void on_request(struct checker *checker, const struct event *event)
{
    struct checked_call *call = get_call(checker, event->arg[0]);
    if (!call)
        return;
    if (call->pending)
        violation(checker, event->cycle,
                  "doubled: task %#" PRIx64 " calls again before its call ended", event->arg[0]);
    call->pending = true;
    call->op = event->arg[1];
    call->object = event->arg[2];
    call->moved = 0;
}

static void on_complete(struct checker *checker, const struct event *event)
{
    struct checked_call *call = get_call(checker, event->arg[0]);
    int64_t result = (int64_t)event->arg[1];
    if (!call)
        return;
    if (!call->pending)
        violation(checker, event->cycle, "doubled: task %#" PRIx64 " has no call that could end",
                  event->arg[0]);
    else if (call->op != REQUEST_OP_CONTROL && result >= 0 && call->moved != (uint64_t)result)
        violation(checker, event->cycle,
                  "lost: the call of task %#" PRIx64 " returns %" PRId64
                  " bytes and moved %" PRIu64,
                  event->arg[0], result, call->moved);
    call->pending = false;
}

/* --- objects --- */

/* Bytes move in a call that asked for them. */
static void check_call(struct checker *checker, const struct event *event, uint64_t op,
                       uint64_t bytes)
{
    struct checked_call *call = get_call(checker, event->arg[1]);
    if (!call)
        return;
    if (!call->pending || call->op != op || call->object != event->arg[0])
        violation(checker, event->cycle,
                  "stranger: task %#" PRIx64 " %s object %#" PRIx64 " without having asked to",
                  event->arg[1], op == REQUEST_OP_SEND ? "puts into" : "takes from", event->arg[0]);
    call->moved += bytes;
}

static struct checked_object *get_object(struct checker *checker, uint64_t address)
{
    return address_map_get(&checker->objects, address, sizeof(struct checked_object));
}

static void on_put(struct checker *checker, const struct event *event)
{
    struct checked_object *object = get_object(checker, event->arg[0]);
    if (!object)
        return;
    check_call(checker, event, REQUEST_OP_SEND, event->arg[2] - object->put);
    if (event->arg[2] <= object->put)
        violation(checker, event->cycle, "doubled: object %#" PRIx64 " is put to %" PRIu64 " again",
                  event->arg[0], event->arg[2]);
    object->put = event->arg[2];
}

/* [begin, end) leaves the stream: it must be the next bytes, and must have been put. */
static void leave(struct checker *checker, const struct event *event, uint64_t begin, uint64_t end)
{
    struct checked_object *object = get_object(checker, event->arg[0]);
    if (!object)
        return;
    if (begin != object->taken)
        violation(
            checker, event->cycle,
            "%s: bytes [%" PRIu64 ", %" PRIu64 ") leave object %#" PRIx64 ", next was %" PRIu64,
            begin > object->taken ? "lost" : "doubled", begin, end, event->arg[0], object->taken);
    if (end > object->put || end < begin)
        violation(checker, event->cycle,
                  "cause: bytes [%" PRIu64 ", %" PRIu64 ") leave object %#" PRIx64
                  ", which was put up to %" PRIu64,
                  begin, end, event->arg[0], object->put);
    object->taken = end;
}

/* --- lists --- */

static struct checked_list *travelled_list(struct checker *checker, uint64_t address)
{
    struct checked_list *list = address_map_find(&checker->lists, address);
    return list && list->kind != LIST_OBJECT ? list : NULL;
}

static void on_list(struct checker *checker, const struct event *event)
{
    struct checked_list *list = address_map_get(&checker->lists, event->arg[0], sizeof *list);
    if (list)
        list->kind = event->arg[1] <= LIST_OBJECT ? (enum list_kind)event->arg[1] : LIST_OBJECT;
}

static void on_enqueue(struct checker *checker, const struct event *event)
{
    struct checked_list *list = travelled_list(checker, event->arg[0]);
    struct checked_call *call = list ? get_call(checker, event->arg[1]) : NULL;
    if (!call)
        return;
    if (call->on) {
        violation(checker, event->cycle,
                  "doubled: control block %#" PRIx64 " is enqueued and is on a list already",
                  event->arg[1]);
        return;
    }
    call->on = list;
    call->next = NULL;
    if (list->first)
        list->last->next = call;
    else
        list->first = call;
    list->last = call;
}

static void unlink_call(struct checked_list *list, struct checked_call *call)
{
    struct checked_call *before = NULL;
    for (struct checked_call *i = list->first; i != call; i = i->next)
        before = i;
    if (before)
        before->next = call->next;
    else
        list->first = call->next;
    if (list->last == call)
        list->last = before;
    call->on = NULL;
}

static void on_dequeue(struct checker *checker, const struct event *event)
{
    struct checked_list *list = travelled_list(checker, event->arg[0]);
    if (!list)
        return;
    if (event->arg[1] == 0) {
        if (list->first)
            violation(checker, event->cycle,
                      "lost: list %#" PRIx64 " is said to be empty and is not", event->arg[0]);
        return;
    }
    struct checked_call *call = get_call(checker, event->arg[1]);
    if (!call)
        return;
    if (call->on != list) {
        violation(checker, event->cycle,
                  "cause: control block %#" PRIx64 " comes off list %#" PRIx64 " and was not on it",
                  event->arg[1], event->arg[0]);
        return;
    }
    if (event->kind == EVENT_smart_first && list->first != call)
        violation(checker, event->cycle,
                  "reordered: control block %#" PRIx64 " comes off list %#" PRIx64
                  " and was not first",
                  event->arg[1], event->arg[0]);
    unlink_call(list, call);
}

static void on_task_end(struct checker *checker, const struct event *event)
{
    struct checked_call *call = address_map_find(&checker->calls, event->arg[0]);
    if (call && call->on)
        unlink_call(call->on, call);
    address_map_remove(&checker->calls, event->arg[0]);
}

/* --- the fold --- */

void checker_event(void *owner, const struct event *event)
{
    struct checker *checker = owner;
    switch (event->kind) {
    case EVENT_list:
        on_list(checker, event);
        break;
    case EVENT_request:
        on_request(checker, event);
        break;
    case EVENT_complete:
        on_complete(checker, event);
        break;
    case EVENT_put:
        on_put(checker, event);
        break;
    case EVENT_take:
        check_call(checker, event, REQUEST_OP_RECEIVE, event->arg[3] - event->arg[2]);
        leave(checker, event, event->arg[2], event->arg[3]);
        break;
    case EVENT_drop:
        leave(checker, event, event->arg[1], event->arg[2]);
        break;
    case EVENT_object:
    case EVENT_object_end:
        address_map_remove(&checker->objects, event->arg[0]);
        break;
    case EVENT_enqueue:
    case EVENT_smart_enqueue:
        on_enqueue(checker, event);
        break;
    case EVENT_dequeue:
    case EVENT_smart_first:
        on_dequeue(checker, event);
        break;
    case EVENT_smart_dequeue:
        if (event->arg[2])
            on_dequeue(checker, event);
        break;
    case EVENT_task_end:
        on_task_end(checker, event);
        break;
    }
}

uint64_t checker_violations(const struct checker *checker)
{
    return checker->violations;
}

const char *checker_first(const struct checker *checker)
{
    return checker->first;
}
