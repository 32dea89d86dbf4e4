/* SPDX-License-Identifier: Apache-2.0 */
/* Where a message stands and what that costs it. A message is charged lazily: each hart keeps a clock of its activities, and
 * a message keeps that clock's reading at the moment it came to the hart. What the message owes when it moves on is
 * the difference, so an event of a hart costs the same however many messages it carries, and the charges add up
 * exactly. */
#include <assert.h>

#include "observe/messages_state.h"

enum activity hart_charged_activity(const struct hart_view *view)
{
    return view->user ? ACTIVITY_preempted : hart_view_activity(view);
}

/* In user mode or in a call or trap of the task it runs, not choosing the next one. */
static bool serves_task(const struct hart_view *view)
{
    if (view->user)
        return true;
    return view->task && !view->sleeping && view->activity != ACTIVITY_schedule &&
           view->activity != ACTIVITY_queue && view->activity != ACTIVITY_idle;
}

void hart_clock_advance(struct hart_state *hart, cycle_t now)
{
    cycle_t span = now - hart->clock.until;
    hart->clock.total[hart_charged_activity(&hart->view)] += span;
    if (serves_task(&hart->view))
        hart->clock.serving += span;
    hart->clock.until = now;
}

static void read_clock(struct messages *messages, struct flight *flight)
{
    struct hart_state *hart = &messages->harts[flight->place.hart];
    hart_clock_advance(hart, messages->now);
    flight->reading = hart->clock;
}

void flight_settle(struct messages *messages, struct flight *flight)
{
    struct message *message = &flight->message;
    cycle_t span = messages->now - message->charged_until;
    message->charged_until = messages->now;
    if (flight->place.charge == CHARGE_CONSTANT) {
        message->activity = flight->place.constant;
        message->charged[flight->place.constant] += span;
        return;
    }
    const struct hart_view *view = &messages->harts[flight->place.hart].view;
    struct activity_clock before = flight->reading;
    read_clock(messages, flight);
    if (flight->place.charge == CHARGE_READY) {
        cycle_t preempted = flight->reading.serving - before.serving;
        message->charged[ACTIVITY_preempted] += preempted;
        message->charged[ACTIVITY_schedule] += span - preempted;
        message->activity = serves_task(view) ? ACTIVITY_preempted : ACTIVITY_schedule;
        return;
    }
    message->activity = hart_charged_activity(view);
    for (unsigned i = 0; i < ACTIVITY_COUNT; i++)
        message->charged[i] += flight->reading.total[i] - before.total[i];
}

struct place place_of_hart(unsigned hart)
{
    return (struct place){.charge = CHARGE_HART, .hart = hart};
}

static struct place constant(enum activity activity)
{
    return (struct place){.charge = CHARGE_CONSTANT, .constant = activity};
}

struct place place_of_list(const struct list *list)
{
    if (list->kind == LIST_COMPUTATION && list->owner < MAP_MAX_HARTS)
        return (struct place){.charge = CHARGE_READY, .hart = (unsigned)list->owner};
    return constant(list->kind == LIST_COMMUNICATION ? ACTIVITY_coprocessor : ACTIVITY_schedule);
}

/* The flight has been settled. */
static void stand(struct messages *messages, struct flight *flight, struct place place)
{
    flight->place = place;
    if (place.charge != CHARGE_CONSTANT)
        read_clock(messages, flight);
}

void flight_wait_for(struct messages *messages, struct flight *flight, struct place place)
{
    flight_settle(messages, flight);
    stand(messages, flight, place);
}

/* Ends the stay with the present carrier. */
static void leave(struct messages *messages, struct flight *flight)
{
    flight_settle(messages, flight);
    if (flight->message.carrier.kind == CARRIER_HART)
        messages->harts[flight->place.hart].carried--;
}

void flight_start(struct messages *messages, struct flight *flight, unsigned hart)
{
    flight->message.carrier = (struct carrier){CARRIER_HART, hart};
    messages->harts[hart].carried++;
    stand(messages, flight, place_of_hart(hart));
}

void flight_to_hart(struct messages *messages, struct flight *flight, unsigned hart)
{
    leave(messages, flight);
    flight_start(messages, flight, hart);
}

void flight_to_object(struct messages *messages, struct flight *flight, uint64_t object,
                      enum activity why)
{
    leave(messages, flight);
    flight->message.carrier = (struct carrier){CARRIER_OBJECT, object};
    stand(messages, flight, constant(why));
}

void flight_to_list(struct messages *messages, struct flight *flight, uint64_t address,
                    const struct list *list)
{
    leave(messages, flight);
    flight->message.carrier = (struct carrier){CARRIER_LIST, address};
    stand(messages, flight, place_of_list(list));
}

void flight_end(struct messages *messages, struct flight *flight, enum message_end how)
{
    struct message *message = &flight->message;
    leave(messages, flight);
    message->ended = messages->now;
    message->end = how;
    assert(message_charged(message) == message->ended - message->born);
    for (unsigned i = 0; i < messages->listener_count; i++)
        messages->listeners[i].call(messages->listeners[i].owner, message);
    in_flight_remove(&messages->in_flight, flight);
}
