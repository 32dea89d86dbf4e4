/* SPDX-License-Identifier: Apache-2.0 */
/* The fold that knows messages: who carries each one now, what that carrier does, and what each has
 * cost so far (the latency ledger). Feed it the ordered event stream, live or recorded. A message
 * is one send call's bytes; its life is [entry of the send call, return of the receive call that
 * gives its last byte); at each cycle it has exactly one carrier and one activity. */
#ifndef MISSIVE_OBSERVE_MESSAGES_H
#define MISSIVE_OBSERVE_MESSAGES_H

#include <stdbool.h>
#include <stddef.h>

#include "base/activity.h"
#include "base/event.h"
#include "observe/hart_view.h"
#include "observe/machine_view.h"

enum carrier_kind { CARRIER_HART, CARRIER_LIST, CARRIER_OBJECT };

struct carrier {
    enum carrier_kind kind;
    uint64_t id; /* hart number, list address, object address */
};

enum message_end { MESSAGE_IN_FLIGHT, MESSAGE_DELIVERED, MESSAGE_DROPPED };

struct message {
    uint64_t number;           /* 1, 2, ... in order of birth */
    uint64_t sender, receiver; /* control blocks; receiver 0 while unknown */
    uint64_t object;
    uint64_t bytes;
    uint64_t begin_offset, end_offset; /* in the object's stream; known once put */
    cycle_t born, ended;
    enum message_end end;
    struct carrier carrier;
    enum activity activity;          /* what it waits for or is served by, now */
    cycle_t charged[ACTIVITY_COUNT]; /* up to charged_until; adds up to charged_until - born */
    cycle_t charged_until;
};

/* Always charged_until - born. */
static inline cycle_t message_charged(const struct message *message)
{
    cycle_t sum = 0;
    for (unsigned i = 0; i < ACTIVITY_COUNT; i++)
        sum += message->charged[i];
    return sum;
}

struct messages; /* owned by whoever created it */

struct messages *messages_create(const struct machine_view *view); /* NULL: out of memory */
void messages_destroy(struct messages *messages);
void messages_event(void *messages,
                    const struct event *event); /* a fold's function; cycles never fall */

/* Messages in flight, oldest first. Valid up to the next event. */
size_t messages_in_flight(const struct messages *messages);
const struct message *messages_at(const struct messages *messages, size_t index);

/* Called once for each message that ends, after its last charge. At most MESSAGES_MAX_LISTENERS; false: too many. */
#define MESSAGES_MAX_LISTENERS 4
typedef void (*message_ended)(void *owner, const struct message *message);
bool messages_on_end(struct messages *messages, message_ended call, void *owner);

/* What a hart does at the last event: its activity (a wait's cause while it stands), and the
 * running task's control block. */
enum activity messages_hart_activity(const struct messages *messages, unsigned hart);
uint64_t messages_hart_task(const struct messages *messages, unsigned hart);
const struct hart_view *messages_hart(const struct messages *messages, unsigned hart);
/* How many messages this hart carries. */
size_t messages_hart_carried(const struct messages *messages, unsigned hart);
/* Sends that were not followed: too many in flight at once (a guest that never ends them), or out of memory. */
uint64_t messages_untracked(const struct messages *messages);

#endif
