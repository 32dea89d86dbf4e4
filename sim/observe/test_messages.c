/* SPDX-License-Identifier: Apache-2.0 */
/* The latency ledger on hand-made streams: tables of events, and what each message must have been charged. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "observe/messages.h"
#include "observe/test_events.h"

#define PIPE 0x9000
#define COMMUNICATION 0x7000 /* lists */
#define READY0 0x7100
#define WAITERS 0x7200
#define MAX_ENDED 64

static const struct machine_view view = {.hart_count = 2};

struct ended {
    struct message messages[MAX_ENDED];
    size_t count;
};

static void note(void *owner, const struct message *message)
{
    struct ended *ended = owner;
    assert_true(ended->count < MAX_ENDED);
    ended->messages[ended->count++] = *message;
}

#define WAIT(cycle, hart, why) EVENT_AT(cycle, hart, wait, ACTIVITY_##why)
#define LISTS                                                                                      \
    EVENT_AT(0, 0, list, COMMUNICATION, LIST_COMMUNICATION, 1),                                    \
        EVENT_AT(0, 0, list, READY0, LIST_COMPUTATION, 0),                                         \
        EVENT_AT(0, 0, list, WAITERS, LIST_OBJECT, PIPE)

static struct ended fold(const struct event *events, size_t count)
{
    struct ended ended = {.count = 0};
    struct messages *messages = messages_create(&view);
    assert_non_null(messages);
    assert_true(messages_on_end(messages, note, &ended));
    for (size_t i = 0; i < count; i++)
        messages_event(messages, &events[i]);
    messages_destroy(messages);
    return ended;
}

#define FOLD(events) fold(events, sizeof(events) / sizeof *(events))

struct charge {
    enum activity activity;
    cycle_t cycles;
};

/* Exactly these charges, and nothing else. */
static void assert_charges(const struct message *message, const struct charge *charges,
                           size_t count)
{
    cycle_t expected[ACTIVITY_COUNT] = {0}, sum = 0;
    for (size_t i = 0; i < count; i++)
        expected[charges[i].activity] += charges[i].cycles;
    for (unsigned i = 0; i < ACTIVITY_COUNT; i++) {
        if (message->charged[i] != expected[i])
            print_error("activity %u\n", i);
        assert_int_equal(message->charged[i], expected[i]);
        sum += message->charged[i];
    }
    assert_int_equal(sum, message->ended - message->born);
}

#define CHARGES(message, ...)                                                                      \
    assert_charges(message, (const struct charge[]){__VA_ARGS__},                                  \
                   sizeof((const struct charge[]){__VA_ARGS__}) / sizeof(struct charge))

/* One hart: the sender puts, goes on in user code, blocks; the receiver then asks and gets. */
static void buffered_on_one_hart(void **state)
{
    (void)state;
    static const struct event events[] = {
        EVENT_AT(5, 0, run, A),
        ENTER(100, 0),
        DO(110, 0, checks),
        EVENT_AT(125, 0, request, A, REQUEST_OP_SEND, PIPE, 8),
        DO(130, 0, protocol),
        DO(140, 0, copy),
        WAIT(144, 0, memory),
        WAIT(164, 0, none),
        DO(170, 0, protocol),
        EVENT_AT(175, 0, put, PIPE, A, 8, PUT_DONE),
        EVENT_AT(180, 0, complete, A, 8),
        LEAVE(200, 0),
        ENTER(300, 0),
        EVENT_AT(330, 0, run, B),
        LEAVE(340, 0),
        ENTER(400, 0),
        EVENT_AT(420, 0, request, B, REQUEST_OP_RECEIVE, PIPE, 8),
        DO(425, 0, protocol),
        EVENT_AT(430, 0, take, PIPE, B, 0, 8),
        DO(440, 0, copy),
        DO(455, 0, trap),
        LEAVE(470, 0),
    };
    struct ended ended = FOLD(events);
    assert_int_equal(ended.count, 1);
    const struct message *message = &ended.messages[0];
    assert_int_equal(message->end, MESSAGE_DELIVERED);
    assert_int_equal(message->born, 100);
    assert_int_equal(message->ended, 470);
    assert_int_equal(message->sender, A);
    assert_int_equal(message->receiver, B);
    assert_int_equal(message->end_offset, 8);
    CHARGES(message, {ACTIVITY_trap, 10 + 5 + 15}, {ACTIVITY_checks, 20},
            {ACTIVITY_protocol, 10 + 5 + 5 + 10}, {ACTIVITY_copy, 10 + 15}, {ACTIVITY_memory, 20},
            {ACTIVITY_buffered, 245});
}

/* The receiver has asked, but its call is still on its way when the message is put. Another message, beyond what it asks for, waits
 * for somebody to ask. */
static void asked_through_a_coprocessor(void **state)
{
    (void)state;
    static const struct event events[] = {
        LISTS,
        EVENT_AT(0, 0, run, A),
        ENTER(10, 0),
        EVENT_AT(20, 0, request, A, REQUEST_OP_SEND, PIPE, 8),
        EVENT_AT(30, 0, put, PIPE, A, 8, PUT_DONE),
        EVENT_AT(35, 0, request, A, REQUEST_OP_SEND, PIPE, 8),
        EVENT_AT(40, 0, put, PIPE, A, 16, PUT_DONE),
        EVENT_AT(45, 0, run, B),
        DO(50, 0, checks),
        EVENT_AT(60, 0, request, B, REQUEST_OP_RECEIVE, PIPE, 12),
        DO(65, 0, queue),
        EVENT_AT(70, 0, enqueue, COMMUNICATION, B),
        DO(100, 1, protocol),
        EVENT_AT(100, 1, dequeue, COMMUNICATION, B),
        EVENT_AT(110, 1, take, PIPE, B, 0, 12),
        EVENT_AT(115, 1, complete, B, 12),
        EVENT_AT(120, 1, enqueue, READY0, B),
        EVENT_AT(130, 0, dequeue, READY0, B),
        DO(130, 0, trap),
        LEAVE(140, 0),
        EVENT_AT(150, 0, object_end, PIPE),
    };
    struct ended ended = FOLD(events);
    assert_int_equal(ended.count, 2);
    CHARGES(&ended.messages[0], {ACTIVITY_trap, 20 + 10}, {ACTIVITY_buffered, 30},
            {ACTIVITY_checks, 5}, {ACTIVITY_queue, 5}, {ACTIVITY_coprocessor, 30},
            {ACTIVITY_protocol, 20}, {ACTIVITY_schedule, 10});
    assert_int_equal(ended.messages[1].charged[ACTIVITY_buffered], 110);
}

/* Put while the call that asks is in the communication list; and asked in vain. */
static void asked_before_it_was_put(void **state)
{
    (void)state;
    static const struct event events[] = {
        LISTS,
        EVENT_AT(0, 0, run, B),
        EVENT_AT(0, 1, run, A),
        EVENT_AT(10, 0, request, B, REQUEST_OP_RECEIVE, PIPE, 8),
        EVENT_AT(20, 0, enqueue, COMMUNICATION, B),
        ENTER(30, 1),
        EVENT_AT(35, 1, request, A, REQUEST_OP_SEND, PIPE, 8),
        EVENT_AT(40, 1, put, PIPE, A, 8, PUT_DONE),
        EVENT_AT(60, 1, complete, B, (uint64_t)-4),
        EVENT_AT(80, 1, task_end, B),
        EVENT_AT(90, 1, object_end, PIPE),
    };
    struct ended ended = FOLD(events);
    assert_int_equal(ended.count, 1);
    CHARGES(&ended.messages[0], {ACTIVITY_trap, 10}, {ACTIVITY_coprocessor, 20},
            {ACTIVITY_buffered, 30});
}

/* Ready while its host serves another task, in the kernel or out of it, then chooses, then sleeps. */
static void ready_while_the_host_serves_another(void **state)
{
    (void)state;
    static const struct event events[] = {
        LISTS,
        EVENT_AT(0, 0, run, A),
        ENTER(10, 0),
        EVENT_AT(20, 0, request, A, REQUEST_OP_SEND, PIPE, 8),
        EVENT_AT(30, 0, put, PIPE, A, 8, PUT_DONE_AWAITED),
        EVENT_AT(30, 0, take, PIPE, B, 0, 8),
        EVENT_AT(40, 0, enqueue, READY0, B),
        DO(45, 0, trap),
        LEAVE(50, 0),
        ENTER(60, 0),
        DO(70, 0, checks),
        WAIT(75, 0, memory),
        WAIT(85, 0, none),
        DO(90, 0, schedule),
        WAIT(92, 0, memory),
        WAIT(97, 0, none),
        EVENT_AT(100, 0, run, 0),
        DO(100, 0, other),
        EVENT_AT(110, 0, wfi, 1),
        EVENT_AT(125, 0, wfi, 0),
        DO(125, 0, queue),
        EVENT_AT(130, 0, dequeue, READY0, B),
        EVENT_AT(131, 0, run, B),
        DO(131, 0, trap),
        LEAVE(140, 0),
    };
    struct ended ended = FOLD(events);
    assert_int_equal(ended.count, 1);
    CHARGES(&ended.messages[0], {ACTIVITY_trap, 30 + 9}, {ACTIVITY_preempted, 50},
            {ACTIVITY_schedule, 40}, {ACTIVITY_queue, 1});
}

/* Host 0 and coprocessor 1: over the communication list, handed to a waiting receiver, back over the computation
 * list while the host runs user code of another. */
static void awaited_through_a_coprocessor(void **state)
{
    (void)state;
    static const struct event events[] = {
        LISTS,
        EVENT_AT(5, 0, run, B),
        ENTER(10, 0),
        EVENT_AT(15, 0, request, B, REQUEST_OP_RECEIVE, PIPE, 8),
        DO(20, 0, queue),
        EVENT_AT(22, 0, enqueue, COMMUNICATION, B),
        EVENT_AT(30, 1, dequeue, COMMUNICATION, B),
        EVENT_AT(35, 1, park, PIPE, B, 0),
        EVENT_AT(36, 1, enqueue, WAITERS, B),
        EVENT_AT(40, 0, run, A),
        LEAVE(50, 0),
        ENTER(100, 0),
        EVENT_AT(110, 0, request, A, REQUEST_OP_SEND, PIPE, 8),
        DO(112, 0, queue),
        EVENT_AT(120, 0, enqueue, COMMUNICATION, A),
        DO(121, 0, idle),
        EVENT_AT(122, 0, run, 0),
        EVENT_AT(123, 0, wfi, 1),
        DO(128, 1, queue),
        EVENT_AT(130, 1, smart_first, COMMUNICATION, A),
        DO(135, 1, copy),
        EVENT_AT(150, 1, put, PIPE, A, 8, PUT_DONE_AWAITED),
        DO(151, 1, queue),
        EVENT_AT(155, 1, complete, A, 8),
        EVENT_AT(156, 1, enqueue, READY0, A),
        EVENT_AT(160, 0, wfi, 0),
        EVENT_AT(165, 1, dequeue, WAITERS, B),
        EVENT_AT(166, 1, unpark, PIPE, B),
        DO(167, 1, copy),
        EVENT_AT(168, 1, take, PIPE, B, 0, 8),
        EVENT_AT(170, 0, dequeue, READY0, A),
        EVENT_AT(171, 0, run, A),
        DO(180, 1, queue),
        LEAVE(181, 0),
        EVENT_AT(190, 1, smart_enqueue, READY0, B),
        DO(191, 1, idle),
        ENTER(220, 0),
        DO(225, 0, queue),
        EVENT_AT(240, 0, dequeue, READY0, B),
        EVENT_AT(245, 0, run, B),
        DO(246, 0, trap),
        LEAVE(260, 0),
    };
    struct ended ended = FOLD(events);
    assert_int_equal(ended.count, 1);
    CHARGES(&ended.messages[0], {ACTIVITY_trap, 12 + 14}, {ACTIVITY_queue, 8 + 5 + 16 + 10 + 6},
            {ACTIVITY_coprocessor, 10}, {ACTIVITY_copy, 16 + 13}, {ACTIVITY_preempted, 35},
            {ACTIVITY_schedule, 15});
}

/* A full object: part is put, the sender is parked, a reader makes room and finishes the send. */
static void blocked_by_a_full_object(void **state)
{
    (void)state;
    static const struct event events[] = {
        EVENT_AT(0, 0, run, A),
        EVENT_AT(0, 1, run, B),
        ENTER(10, 0),
        EVENT_AT(20, 0, request, A, REQUEST_OP_SEND, PIPE, 100),
        EVENT_AT(30, 0, put, PIPE, A, 60, PUT_MORE),
        EVENT_AT(32, 0, park, PIPE, A, 1),
        DO(40, 0, schedule),
        ENTER(50, 1),
        EVENT_AT(60, 1, take, PIPE, B, 0, 60),
        DO(61, 1, copy),
        EVENT_AT(70, 1, unpark, PIPE, A),
        EVENT_AT(80, 1, put, PIPE, A, 100, PUT_DONE),
        LEAVE(90, 1),
        ENTER(100, 1),
        EVENT_AT(105, 1, take, PIPE, B, 60, 100),
        LEAVE(110, 1),
    };
    struct ended ended = FOLD(events);
    assert_int_equal(ended.count, 1);
    assert_int_equal(ended.messages[0].begin_offset, 0);
    assert_int_equal(ended.messages[0].end_offset, 100);
    CHARGES(&ended.messages[0], {ACTIVITY_trap, 22 + 5}, {ACTIVITY_blocked, 38},
            {ACTIVITY_copy, 10}, {ACTIVITY_buffered, 25});
}

/* A read that covers three messages delivers them together; one that stops inside a message does not deliver it. */
static void one_read_covers_several(void **state)
{
    (void)state;
    struct event events[64];
    size_t count = 0;
    for (unsigned i = 0; i < 4; i++) {
        const struct event send[] = {
            EVENT_AT(100 * i, 0, run, A),
            ENTER(100 * i, 0),
            EVENT_AT(100 * i + 1, 0, request, A, REQUEST_OP_SEND, PIPE, 10),
            EVENT_AT(100 * i + 2, 0, put, PIPE, A, 10 * (i + 1), PUT_DONE),
            LEAVE(100 * i + 3, 0),
        };
        memcpy(events + count, send, sizeof send);
        count += sizeof send / sizeof *send;
    }
    const struct event receive[] = {
        EVENT_AT(500, 1, run, B),
        ENTER(500, 1),
        EVENT_AT(510, 1, take, PIPE, B, 0, 35),
        LEAVE(520, 1),
    };
    memcpy(events + count, receive, sizeof receive);
    count += sizeof receive / sizeof *receive;
    struct ended ended = fold(events, count);
    assert_int_equal(ended.count, 3);
    for (unsigned i = 0; i < 3; i++)
        assert_int_equal(ended.messages[i].end_offset, 10 * (i + 1));
}

/* Bytes that nobody will read, in every way they can get lost. */
static void dropped(void **state)
{
    (void)state;
    static const struct event events[] = {
        EVENT_AT(0, 0, run, A),
        ENTER(10, 0),
        EVENT_AT(20, 0, request, A, REQUEST_OP_SEND, PIPE, 4),
        EVENT_AT(22, 0, complete, A, (uint64_t)-32), /* refused */
        EVENT_AT(30, 0, request, A, REQUEST_OP_SEND, PIPE, 4),
        EVENT_AT(32, 0, put, PIPE, A, 4, PUT_DONE),
        EVENT_AT(40, 0, request, A, REQUEST_OP_SEND, PIPE, 4),
        EVENT_AT(42, 0, put, PIPE, A, 8, PUT_DONE),
        EVENT_AT(50, 0, drop, PIPE, 0, 4), /* thrown away */
        EVENT_AT(55, 0, take, PIPE, B, 4, 8),
        EVENT_AT(56, 0, task_end, B), /* the receiver dies with it */
        EVENT_AT(60, 0, request, A, REQUEST_OP_SEND, PIPE, 4),
        EVENT_AT(62, 0, put, PIPE, A, 12, PUT_DONE_AWAITED),
        EVENT_AT(70, 0, object_end, PIPE), /* unread */
        EVENT_AT(80, 0, request, A, REQUEST_OP_SEND, PIPE, 4),
        EVENT_AT(90, 0, task_end, A), /* the sender dies */
        LEAVE(95, 0),
    };
    static const cycle_t ends[] = {22, 50, 56, 70, 90};
    struct ended ended = FOLD(events);
    assert_int_equal(ended.count, 5);
    for (unsigned i = 0; i < 5; i++) {
        assert_int_equal(ended.messages[i].end, MESSAGE_DROPPED);
        assert_int_equal(ended.messages[i].ended, ends[i]);
    }
}

/* The receiver that was to take it died: the message falls back into the object. */
static void awaited_but_not_taken(void **state)
{
    (void)state;
    static const struct event events[] = {
        EVENT_AT(0, 0, run, A),
        EVENT_AT(0, 1, run, B),
        ENTER(10, 0),
        EVENT_AT(20, 0, request, A, REQUEST_OP_SEND, PIPE, 4),
        EVENT_AT(22, 0, put, PIPE, A, 4, PUT_DONE_AWAITED),
        LEAVE(30, 0),
        ENTER(50, 1),
        EVENT_AT(52, 1, take, PIPE, B, 0, 4),
        LEAVE(60, 1),
    };
    struct ended ended = FOLD(events);
    assert_int_equal(ended.count, 1);
    CHARGES(&ended.messages[0], {ACTIVITY_trap, 20 + 8}, {ACTIVITY_buffered, 22});
}

/* What the window asks between events. */
static void answers_while_in_flight(void **state)
{
    (void)state;
    static const struct event events[] = {
        LISTS,
        EVENT_AT(0, 0, run, A),
        ENTER(10, 0),
        EVENT_AT(20, 0, request, A, REQUEST_OP_SEND, PIPE, 4),
        EVENT_AT(24, 0, enqueue, COMMUNICATION, A),
        DO(30, 0, schedule),
    };
    struct messages *messages = messages_create(&view);
    for (size_t i = 0; i < sizeof events / sizeof *events - 2; i++)
        messages_event(messages, &events[i]);
    assert_int_equal(messages_in_flight(messages), 1);
    assert_int_equal(messages_at(messages, 0)->carrier.kind, CARRIER_HART);
    assert_int_equal(messages_at(messages, 0)->activity, ACTIVITY_trap);
    assert_int_equal(messages_hart_carried(messages, 0), 1);
    assert_int_equal(messages_hart_task(messages, 0), A);
    for (size_t i = 2; i; i--)
        messages_event(messages, &events[sizeof events / sizeof *events - i]);
    const struct message *message = messages_at(messages, 0);
    assert_int_equal(message->carrier.kind, CARRIER_LIST);
    assert_int_equal(message->carrier.id, COMMUNICATION);
    assert_int_equal(message->activity, ACTIVITY_coprocessor);
    assert_int_equal(message->charged_until, 30);
    assert_int_equal(message->charged[ACTIVITY_coprocessor], 6);
    assert_int_equal(messages_hart_carried(messages, 0), 0);
    assert_int_equal(messages_hart_activity(messages, 0), ACTIVITY_schedule);
    messages_destroy(messages);
}

/* Any events in any order: no crash, and every message that ends adds up (asserted inside). */
static void survives_nonsense(void **state)
{
    (void)state;
    struct messages *messages = messages_create(&view);
    struct event event = {0};
    srand(3);
    for (unsigned i = 0; i < 300000; i++) {
        event.cycle += (cycle_t)(rand() % 3);
        event.kind = (uint16_t)(rand() % (EVENT_COUNT + 2));
        event.source = (uint16_t)(rand() % 70);
        for (unsigned j = 0; j < 4; j++)
            event.arg[j] = (uint64_t)(rand() % 20 ? rand() % 6 : -rand());
        messages_event(messages, &event);
        if (messages_in_flight(messages))
            messages_at(messages, (size_t)rand() % messages_in_flight(messages));
        for (unsigned hart = 0; hart < MAP_MAX_HARTS; hart++)
            assert_true(messages_hart_carried(messages, hart) <= messages_in_flight(messages));
    }
    messages_destroy(messages);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(buffered_on_one_hart),
        cmocka_unit_test(asked_through_a_coprocessor),
        cmocka_unit_test(asked_before_it_was_put),
        cmocka_unit_test(ready_while_the_host_serves_another),
        cmocka_unit_test(awaited_through_a_coprocessor),
        cmocka_unit_test(blocked_by_a_full_object),
        cmocka_unit_test(one_read_covers_several),
        cmocka_unit_test(dropped),
        cmocka_unit_test(awaited_but_not_taken),
        cmocka_unit_test(answers_while_in_flight),
        cmocka_unit_test(survives_nonsense),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
