/* SPDX-License-Identifier: Apache-2.0 */
/* Inside messages.c, asking.c, flight.c and in_flight.c only: the records of the message fold. */
#ifndef MISSIVE_OBSERVE_MESSAGES_STATE_H
#define MISSIVE_OBSERVE_MESSAGES_STATE_H

#include "observe/address_map.h"
#include "observe/messages.h"

enum phase { PHASE_SENDING, PHASE_PUT, PHASE_RECEIVING };

/* How time is charged to a message that stands where it stands. */
enum charge {
    CHARGE_CONSTANT, /* to one activity */
    CHARGE_HART,     /* as the hart's clock tells */
    CHARGE_READY,    /* `preempted` while the hart serves another task, else `schedule` */
};

struct place {
    enum charge charge;
    enum activity constant; /* CHARGE_CONSTANT */
    unsigned hart;          /* CHARGE_HART, CHARGE_READY */
};

/* For each activity, how long a hart has done it: grows by one cycle a cycle, in one activity. */
struct activity_clock {
    cycle_t total[ACTIVITY_COUNT]; /* up to `until` */
    cycle_t serving;               /* of them, those in which it served the task it runs */
    cycle_t until;
};

struct flight {
    struct message message; /* first: a listener's message is its flight */
    enum phase phase;
    struct place place;
    struct activity_clock reading; /* that of the place's hart at message.charged_until */
    bool began;                    /* its first byte was put */
    struct flight *next;           /* in the object's stream, the receiver's hands, or the pool */
};

/* Messages in order of birth; those that end leave from anywhere, mostly from the front. */
struct in_flight {
    struct flight **order; /* of them, [first, first + count) */
    size_t first, count, capacity;
    struct flight *pool;
};

/* NULL: out of memory, or too many. The flight is all zeros. */
struct flight *in_flight_add(struct in_flight *in_flight, uint64_t number);
void in_flight_remove(struct in_flight *in_flight, struct flight *flight);
void in_flight_clear(struct in_flight *in_flight);

struct task {
    struct flight *sending;
    struct flight *receiving; /* all that its receive call will return with */
    struct object *asked;     /* its receive call has asked this object, and got nothing yet */
};

struct object {
    uint64_t begin_offset, end_offset; /* of the stream, so far: taken, put */
    struct flight *head, *tail;        /* put and not taken, in order of offset */
    struct task *asker;                /* whose `asked` is this object; of several, the first */
    uint64_t asked_until;              /* the offset up to which it wants bytes */
    struct place asker_place;
};

struct list {
    enum list_kind kind;
    uint64_t owner;
};

struct hart_state {
    struct hart_view view;
    struct activity_clock clock;
    cycle_t at_entry[ACTIVITY_COUNT]; /* the clock at view.entered */
    size_t carried;
    struct object
        *awaited; /* holds messages that this hart has put and is about to take; or NULL */
    uint64_t awaited_address;
};

struct messages {
    struct hart_state harts[MAP_MAX_HARTS];
    struct address_map tasks, objects, lists;
    struct in_flight in_flight;
    cycle_t now;
    uint64_t births, untracked;
    struct {
        message_ended call;
        void *owner;
    } listeners[MESSAGES_MAX_LISTENERS];
    unsigned listener_count;
};

/* What a message with this hart is charged now. */
enum activity hart_charged_activity(const struct hart_view *view);
/* To be called before the hart's view changes. */
void hart_clock_advance(struct hart_state *hart, cycle_t now);

/* Charges everything up to now, and says what comes next. */
void flight_settle(struct messages *messages, struct flight *flight);
/* The first carrier; the others follow by hand-over. */
void flight_start(struct messages *messages, struct flight *flight, unsigned hart);
void flight_to_hart(struct messages *messages, struct flight *flight, unsigned hart);
void flight_to_list(struct messages *messages, struct flight *flight, uint64_t address,
                    const struct list *list);
void flight_to_object(struct messages *messages, struct flight *flight, uint64_t object,
                      enum activity why);
/* The carrier stays; from now on the flight is charged as if it stood there. */
void flight_wait_for(struct messages *messages, struct flight *flight, struct place place);
struct place place_of_hart(unsigned hart);
struct place place_of_list(const struct list *list);
/* Tells the listeners. The caller has taken the flight out of its task or object. */
void flight_end(struct messages *messages, struct flight *flight, enum message_end how);

/* A receive call has asked for bytes. From then on the messages in the object that it can take wait for that call, not for
 * somebody to ask: they are charged as the place where the call stands, until it takes, waits or ends. */
void asking_begin(struct messages *messages, struct task *task, struct object *object,
                  uint64_t bytes, unsigned hart);
void asking_move(struct messages *messages, struct task *task, struct place place);
void asking_end(struct messages *messages, struct task *task);
/* A message has come to stand in the object. */
void asking_meet(struct messages *messages, const struct object *object, struct flight *flight);

#endif
