/* SPDX-License-Identifier: Apache-2.0 */
/* Why a message still is in its object: because nobody has asked (`buffered`), or because a receive call that has asked is
 * itself on its way to the object. The call's steps are then the message's, though the object carries it. */
#include "observe/messages_state.h"

/* Can the receive call that asks take it? */
static bool concerns(const struct object *object, const struct flight *flight)
{
    return flight->message.carrier.kind == CARRIER_OBJECT &&
           flight->message.end_offset <= object->asked_until;
}

static void tell(struct messages *messages, const struct object *object, struct place place)
{
    struct flight *flight = object->head;
    for (; flight && flight->message.end_offset <= object->asked_until; flight = flight->next)
        if (concerns(object, flight))
            flight_wait_for(messages, flight, place);
}

void asking_begin(struct messages *messages, struct task *task, struct object *object,
                  uint64_t bytes, unsigned hart)
{
    asking_end(messages, task);
    if (object->asker)
        return;
    uint64_t left = UINT64_MAX - object->begin_offset;
    task->asked = object;
    object->asker = task;
    object->asked_until = object->begin_offset + (bytes < left ? bytes : left);
    asking_move(messages, task, place_of_hart(hart));
}

void asking_move(struct messages *messages, struct task *task, struct place place)
{
    if (!task->asked)
        return;
    task->asked->asker_place = place;
    tell(messages, task->asked, place);
}

void asking_end(struct messages *messages, struct task *task)
{
    asking_move(messages, task,
                (struct place){.charge = CHARGE_CONSTANT, .constant = ACTIVITY_buffered});
    if (task->asked)
        task->asked->asker = NULL;
    task->asked = NULL;
}

void asking_meet(struct messages *messages, const struct object *object, struct flight *flight)
{
    if (object->asker && concerns(object, flight))
        flight_wait_for(messages, flight, object->asker_place);
}
