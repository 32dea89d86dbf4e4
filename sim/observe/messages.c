/* SPDX-License-Identifier: Apache-2.0 */
/* See messages.h: from events to the hand-overs of flight.c. */
#include <stdlib.h>
#include <string.h>

#include "observe/messages_state.h"

struct messages *messages_create(const struct machine_view *view)
{
    (void)view;
    struct messages *messages = calloc(1, sizeof *messages);
    if (messages)
        for (unsigned i = 0; i < MAP_MAX_HARTS; i++)
            messages->harts[i].view = HART_VIEW_RESET;
    return messages;
}

void messages_destroy(struct messages *messages)
{
    if (!messages)
        return;
    in_flight_clear(&messages->in_flight);
    address_map_clear(&messages->tasks);
    address_map_clear(&messages->objects);
    address_map_clear(&messages->lists);
    free(messages);
}

/* --- an object's stream --- */

static void stream_append(struct object *object, struct flight *flight)
{
    flight->next = NULL;
    if (object->head)
        object->tail->next = flight;
    else
        object->head = flight;
    object->tail = flight;
}

/* Takes the first message out whose last byte is at or before `end_offset`; NULL: none is left. */
static struct flight *stream_remove(struct object *object, uint64_t end_offset)
{
    struct flight *flight = object->head;
    if (!flight || flight->message.end_offset > end_offset)
        return NULL;
    object->head = flight->next;
    return flight;
}

/* The message is in the object, and nobody takes it out at once. */
static void lay_down(struct messages *messages, const struct object *object, uint64_t address,
                     struct flight *flight)
{
    flight_to_object(messages, flight, address, ACTIVITY_buffered);
    asking_meet(messages, object, flight);
}

/* The hart turns to something else: what it put for a waiting receiver and did not take stays in the object. */
static void give_up_awaited(struct messages *messages, struct hart_state *hart)
{
    if (!hart->awaited)
        return;
    unsigned number = (unsigned)(hart - messages->harts);
    for (struct flight *flight = hart->awaited->head; flight; flight = flight->next)
        if (flight->message.carrier.kind == CARRIER_HART && flight->place.hart == number)
            lay_down(messages, hart->awaited, hart->awaited_address, flight);
    hart->awaited = NULL;
}

/* --- events of the guest --- */

static struct task *find_task(struct messages *messages, uint64_t cb)
{
    return address_map_find(&messages->tasks, cb);
}

static struct object *get_object(struct messages *messages, uint64_t address)
{
    return address_map_get(&messages->objects, address, sizeof(struct object));
}

static void drop_sending(struct messages *messages, struct task *task)
{
    if (task->sending)
        flight_end(messages, task->sending, MESSAGE_DROPPED);
    task->sending = NULL;
}

static void end_receiving(struct messages *messages, struct task *task, enum message_end how)
{
    struct flight *flight = task->receiving;
    task->receiving = NULL;
    for (struct flight *next; flight; flight = next) {
        next = flight->next;
        flight_end(messages, flight, how);
    }
}

static void drop_stream(struct messages *messages, uint64_t address, uint64_t end_offset)
{
    struct object *object = address_map_find(&messages->objects, address);
    if (!object)
        return;
    for (struct flight *flight; (flight = stream_remove(object, end_offset));)
        flight_end(messages, flight, MESSAGE_DROPPED);
    if (end_offset > object->begin_offset)
        object->begin_offset = end_offset;
}

static void on_send(struct messages *messages, struct task *task, const struct event *event)
{
    struct hart_state *hart = &messages->harts[event->source];
    drop_sending(messages, task);
    struct flight *flight = in_flight_add(&messages->in_flight, messages->births + 1);
    if (!flight) {
        messages->untracked++;
        return;
    }
    messages->births++;
    task->sending = flight;
    struct message *message = &flight->message;
    message->sender = event->arg[0];
    message->object = event->arg[2];
    message->bytes = event->arg[3];
    message->born = hart->view.entered;
    message->charged_until = messages->now;
    flight_start(messages, flight, event->source);
    for (unsigned i = 0; i < ACTIVITY_COUNT; i++)
        message->charged[i] = flight->reading.total[i] - hart->at_entry[i];
    message->activity = hart_charged_activity(&hart->view);
}

static void on_request(struct messages *messages, const struct event *event)
{
    struct task *task = address_map_get(&messages->tasks, event->arg[0], sizeof *task);
    if (!task || event->arg[3] == 0)
        return;
    if (event->arg[1] == REQUEST_OP_SEND)
        on_send(messages, task, event);
    struct object *object =
        event->arg[1] == REQUEST_OP_RECEIVE ? get_object(messages, event->arg[2]) : NULL;
    if (object)
        asking_begin(messages, task, object, event->arg[3], event->source);
}

static void on_put(struct messages *messages, const struct event *event)
{
    struct hart_state *hart = &messages->harts[event->source];
    uint64_t address = event->arg[0], end_offset = event->arg[2];
    struct task *task = find_task(messages, event->arg[1]);
    struct object *object = get_object(messages, address);
    if (!object)
        return;
    uint64_t begin_offset = object->end_offset;
    object->end_offset = end_offset;
    struct flight *flight = task ? task->sending : NULL;
    if (!flight)
        return;
    if (!flight->began)
        flight->message.begin_offset = begin_offset;
    flight->began = true;
    flight->message.object = address;
    flight->message.end_offset = end_offset;
    if (event->arg[3] == PUT_MORE)
        return;
    task->sending = NULL;
    flight->phase = PHASE_PUT;
    stream_append(object, flight);
    if (event->arg[3] != PUT_DONE_AWAITED) {
        lay_down(messages, object, address, flight);
        return;
    }
    if (hart->awaited != object)
        give_up_awaited(messages, hart);
    hart->awaited = object;
    hart->awaited_address = address;
    flight_to_hart(messages, flight, event->source);
}

static void on_take(struct messages *messages, const struct event *event)
{
    struct object *object = address_map_find(&messages->objects, event->arg[0]);
    struct task *task = address_map_get(&messages->tasks, event->arg[1], sizeof *task);
    if (!object || !task)
        return;
    asking_end(messages, task);
    drop_stream(messages, event->arg[0], event->arg[2]);
    object->begin_offset = event->arg[3];
    struct flight **last = &task->receiving;
    while (*last)
        last = &(*last)->next;
    for (struct flight *flight; (flight = stream_remove(object, event->arg[3]));) {
        flight->phase = PHASE_RECEIVING;
        flight->message.receiver = event->arg[1];
        flight_to_hart(messages, flight, event->source);
        flight->next = NULL;
        *last = flight;
        last = &flight->next;
    }
}

static void on_park(struct messages *messages, const struct event *event)
{
    struct task *task = find_task(messages, event->arg[1]);
    if (task && !event->arg[2])
        asking_end(messages, task);
    if (task && task->sending && event->arg[2])
        flight_to_object(messages, task->sending, event->arg[0], ACTIVITY_blocked);
}

static void on_unpark(struct messages *messages, const struct event *event)
{
    struct task *task = find_task(messages, event->arg[1]);
    if (task && task->sending)
        flight_to_hart(messages, task->sending, event->source);
}

/* A send that ends before its last byte was put: with what it put so far, if the stream still ends there, or dropped. */
static void on_complete(struct messages *messages, const struct event *event)
{
    struct task *task = find_task(messages, event->arg[0]);
    struct flight *flight = task ? task->sending : NULL;
    if (task)
        asking_end(messages, task);
    if (!flight)
        return;
    struct object *object = get_object(messages, flight->message.object);
    if (!flight->began || !object || object->end_offset != flight->message.end_offset) {
        drop_sending(messages, task);
        return;
    }
    task->sending = NULL;
    flight->phase = PHASE_PUT;
    flight->message.bytes = flight->message.end_offset - flight->message.begin_offset;
    stream_append(object, flight);
    lay_down(messages, object, flight->message.object, flight);
}

static void on_task_end(struct messages *messages, const struct event *event)
{
    uint64_t cb = event->arg[0];
    struct task *task = find_task(messages, cb);
    if (!task)
        return;
    asking_end(messages, task);
    drop_sending(messages, task);
    end_receiving(messages, task, MESSAGE_DROPPED);
    address_map_remove(&messages->tasks, cb);
}

static void on_object_end(struct messages *messages, const struct event *event)
{
    uint64_t address = event->arg[0];
    struct object *object = address_map_find(&messages->objects, address);
    if (!object)
        return;
    drop_stream(messages, address, UINT64_MAX);
    if (object->asker)
        asking_end(messages, object->asker);
    for (unsigned i = 0; i < MAP_MAX_HARTS; i++)
        if (messages->harts[i].awaited == object)
            messages->harts[i].awaited = NULL;
    address_map_remove(&messages->objects, address);
}

static void on_drop(struct messages *messages, const struct event *event)
{
    drop_stream(messages, event->arg[0], event->arg[2]);
}

static void on_list(struct messages *messages, const struct event *event)
{
    struct list *list = address_map_get(&messages->lists, event->arg[0], sizeof *list);
    if (list)
        *list = (struct list){
            .kind = (enum list_kind)(event->arg[1] <= LIST_OBJECT ? event->arg[1] : LIST_OBJECT),
            .owner = event->arg[2]};
}

/* The list a message can travel by; those of an object's waiters are told by park and unpark. */
static const struct list *travelled_list(struct messages *messages, uint64_t address)
{
    const struct list *list = address_map_find(&messages->lists, address);
    return list && list->kind != LIST_OBJECT ? list : NULL;
}

static void on_enqueue(struct messages *messages, const struct event *event)
{
    const struct list *list = travelled_list(messages, event->arg[0]);
    struct task *task = find_task(messages, event->arg[1]);
    if (!list || !task)
        return;
    asking_move(messages, task, place_of_list(list));
    if (task->sending)
        flight_to_list(messages, task->sending, event->arg[0], list);
    for (struct flight *flight = task->receiving; flight; flight = flight->next)
        flight_to_list(messages, flight, event->arg[0], list);
}

static void on_dequeue(struct messages *messages, const struct event *event)
{
    const struct list *list = travelled_list(messages, event->arg[0]);
    struct task *task = find_task(messages, event->arg[1]);
    if (!list || event->arg[1] == 0)
        return;
    give_up_awaited(messages, &messages->harts[event->source]);
    if (!task)
        return;
    asking_move(messages, task, place_of_hart(event->source));
    if (task->sending)
        flight_to_hart(messages, task->sending, event->source);
    for (struct flight *flight = task->receiving; flight; flight = flight->next)
        flight_to_hart(messages, flight, event->source);
}

static void on_smart_dequeue(struct messages *messages, const struct event *event)
{
    if (event->arg[2])
        on_dequeue(messages, event);
}

/* --- the fold --- */

static void on_hart_event(struct messages *messages, const struct event *event)
{
    struct hart_state *hart = &messages->harts[event->source];
    hart_clock_advance(hart, messages->now);
    hart_view_event(&hart->view, event);
    if (event->kind == EVENT_trap && event->arg[3] == PRIVILEGE_USER)
        memcpy(hart->at_entry, hart->clock.total, sizeof hart->at_entry);
    bool to_user = event->kind == EVENT_trap_return && hart->view.user;
    if (to_user || (event->kind == EVENT_wfi && hart->view.sleeping))
        give_up_awaited(messages, hart);
    struct task *task = to_user ? find_task(messages, hart->view.task) : NULL;
    if (task)
        end_receiving(messages, task, MESSAGE_DELIVERED);
}

static void (*const folds[EVENT_COUNT])(struct messages *messages, const struct event *event) = {
    [EVENT_trap] = on_hart_event,
    [EVENT_trap_return] = on_hart_event,
    [EVENT_activity] = on_hart_event,
    [EVENT_wait] = on_hart_event,
    [EVENT_wfi] = on_hart_event,
    [EVENT_run] = on_hart_event,
    [EVENT_list] = on_list,
    [EVENT_task_end] = on_task_end,
    [EVENT_object_end] = on_object_end,
    [EVENT_drop] = on_drop,
    [EVENT_request] = on_request,
    [EVENT_put] = on_put,
    [EVENT_take] = on_take,
    [EVENT_park] = on_park,
    [EVENT_unpark] = on_unpark,
    [EVENT_complete] = on_complete,
    [EVENT_enqueue] = on_enqueue,
    [EVENT_smart_enqueue] = on_enqueue,
    [EVENT_dequeue] = on_dequeue,
    [EVENT_smart_first] = on_dequeue,
    [EVENT_smart_dequeue] = on_smart_dequeue,
};

void messages_event(void *owner, const struct event *event)
{
    struct messages *messages = owner;
    messages->now = cycle_max(messages->now, event->cycle);
    if (event->source < MAP_MAX_HARTS && event->kind < EVENT_COUNT && folds[event->kind])
        folds[event->kind](messages, event);
}

/* --- questions --- */

size_t messages_in_flight(const struct messages *messages)
{
    return messages->in_flight.count;
}

const struct message *messages_at(const struct messages *messages, size_t index)
{
    struct flight *flight = messages->in_flight.order[messages->in_flight.first + index];
    /* Charging up to now changes nothing that can be told from outside. */
    flight_settle((struct messages *)(uintptr_t)messages, flight);
    return &flight->message;
}

bool messages_on_end(struct messages *messages, message_ended call, void *owner)
{
    if (messages->listener_count == MESSAGES_MAX_LISTENERS)
        return false;
    messages->listeners[messages->listener_count].call = call;
    messages->listeners[messages->listener_count++].owner = owner;
    return true;
}

const struct hart_view *messages_hart(const struct messages *messages, unsigned hart)
{
    return &messages->harts[hart].view;
}

enum activity messages_hart_activity(const struct messages *messages, unsigned hart)
{
    return hart_view_activity(&messages->harts[hart].view);
}

uint64_t messages_hart_task(const struct messages *messages, unsigned hart)
{
    return messages->harts[hart].view.task;
}

size_t messages_hart_carried(const struct messages *messages, unsigned hart)
{
    return messages->harts[hart].carried;
}

uint64_t messages_untracked(const struct messages *messages)
{
    return messages->untracked;
}
