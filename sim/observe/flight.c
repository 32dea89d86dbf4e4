/* SPDX-License-Identifier: Apache-2.0 */
/* Where a message stands and what that costs it. A message is charged lazily: each hart keeps a clock of its activities, and
 * a message keeps that clock's reading at the moment it came to the hart. What the message owes when it moves on is
 * the difference, so an event of a hart costs the same however many messages it carries, and the charges add up
 * exactly. */
#include <assert.h>
#include <string.h>

#include "observe/messages_state.h"

enum activity hart_charged_activity(const struct hart_view *view)
{
    return view->user ? ACTIVITY_preempted : hart_view_activity(view);
}

void hart_clock_advance(struct hart_state *hart, cycle_t now)
{
    hart->clock.total[hart_charged_activity(&hart->view)] += now - hart->clock.until;
    hart->clock.until = now;
}

static void read_clock(struct messages *messages, struct flight *flight)
{
    struct hart_state *hart = &messages->harts[flight->hart];
    hart_clock_advance(hart, messages->now);
    memcpy(flight->reading, hart->clock.total, sizeof flight->reading);
}

void flight_settle(struct messages *messages, struct flight *flight)
{
    struct message *message = &flight->message;
    cycle_t span = messages->now - message->charged_until;
    message->charged_until = messages->now;
    if (flight->charge == CHARGE_CONSTANT) {
        message->activity = flight->constant;
        message->charged[flight->constant] += span;
        return;
    }
    cycle_t before[ACTIVITY_COUNT];
    memcpy(before, flight->reading, sizeof before);
    read_clock(messages, flight);
    message->activity = hart_charged_activity(&messages->harts[flight->hart].view);
    if (flight->charge == CHARGE_READY) {
        cycle_t preempted = flight->reading[ACTIVITY_preempted] - before[ACTIVITY_preempted];
        message->charged[ACTIVITY_preempted] += preempted;
        message->charged[ACTIVITY_schedule] += span - preempted;
        if (message->activity != ACTIVITY_preempted)
            message->activity = ACTIVITY_schedule;
        return;
    }
    for (unsigned i = 0; i < ACTIVITY_COUNT; i++)
        message->charged[i] += flight->reading[i] - before[i];
}

/* Ends the stay with the present carrier. */
static void leave(struct messages *messages, struct flight *flight)
{
    flight_settle(messages, flight);
    if (flight->message.carrier.kind == CARRIER_HART)
        messages->harts[flight->hart].carried--;
}

void flight_start(struct messages *messages, struct flight *flight, unsigned hart)
{
    flight->message.carrier = (struct carrier){CARRIER_HART, hart};
    flight->charge = CHARGE_HART;
    flight->hart = hart;
    messages->harts[hart].carried++;
    read_clock(messages, flight);
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
    flight->charge = CHARGE_CONSTANT;
    flight->constant = why;
}

void flight_to_list(struct messages *messages, struct flight *flight, uint64_t address,
                    const struct list *list)
{
    leave(messages, flight);
    flight->message.carrier = (struct carrier){CARRIER_LIST, address};
    if (list->kind == LIST_COMPUTATION && list->owner < MAP_MAX_HARTS) {
        flight->charge = CHARGE_READY;
        flight->hart = (unsigned)list->owner;
        read_clock(messages, flight);
    } else {
        flight->charge = CHARGE_CONSTANT;
        flight->constant =
            list->kind == LIST_COMMUNICATION ? ACTIVITY_coprocessor : ACTIVITY_schedule;
    }
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
