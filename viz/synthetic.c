/* SPDX-License-Identifier: Apache-2.0 */
/* A little play for harts. Each step emits the events that the kernel and the hardware would report, and moves the clock. */
#include "synthetic.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "base/activity.h"
#include "base/request.h"
#include "observe/trace.h"

enum {
    COMMUNICATION = 0x80200000,
    COMPUTATION = 0x80200040,
    TASKS = 0x80210000,
    PIPES = 0x80220000
};
enum { CAUSE_ECALL_U = 8, FROM_USER = 0 };

struct play {
    struct synthetic_stream *stream;
    const struct synthetic *plan;
    cycle_t now;
    unsigned coprocessor;   /* hart number; hosts if there is one */
    uint64_t end_offset[2]; /* of the two pipes */
};

static uint64_t task_of(unsigned index)
{
    return TASKS + 0x100 * index;
}

static uint64_t pipe_of(unsigned index)
{
    return PIPES + 0x100 * index;
}

static uint64_t list_of(unsigned host)
{
    return COMPUTATION + 0x40 * host;
}

static void emit(struct play *play, unsigned source, enum event_kind kind, uint64_t a, uint64_t b,
                 uint64_t c, uint64_t d)
{
    struct synthetic_stream *stream = play->stream;
    if (stream->count == stream->capacity) {
        stream->capacity = stream->capacity ? 2 * stream->capacity : 1024;
        stream->events = realloc(stream->events, stream->capacity * sizeof *stream->events);
        assert(stream->events);
    }
    stream->events[stream->count++] =
        (struct event){play->now, (uint16_t)kind, (uint16_t)source, 0, {a, b, c, d}};
}

/* The hart is busy with an activity, and misses the cache once on the way. */
static void spend(struct play *play, unsigned hart, enum activity activity, cycle_t cycles)
{
    emit(play, hart, EVENT_activity, activity, activity == ACTIVITY_work ? 0 : 1, 0, 0);
    play->now += cycles / 2;
    emit(play, hart, EVENT_wait, ACTIVITY_bus, 0x80001000, 0, 0);
    play->now += 4;
    emit(play, EVENT_SOURCE_BUS, EVENT_bus_tenure, hart, REQUEST_READ, 0x80001000, play->now + 38);
    emit(play, EVENT_SOURCE_MEMORY, EVENT_memory_access, hart, 64, 0x80001000, play->now + 30);
    emit(play, hart, EVENT_wait, ACTIVITY_memory, 0x80001000, 0, 0);
    play->now += 38;
    emit(play, hart, EVENT_wait, ACTIVITY_none, 0, 0, 0);
    play->now += cycles - cycles / 2;
}

static void name_task(struct play *play, unsigned hart, unsigned index, const char *name)
{
    uint64_t words[2] = {0, 0};
    memcpy(words, name, strlen(name));
    emit(play, hart, EVENT_task, task_of(index), index + 2, words[0], words[1]);
}

static void join(struct play *play, unsigned hart, uint64_t list, unsigned task)
{
    spend(play, hart, ACTIVITY_queue, 30);
    emit(play, hart, play->plan->coprocessor ? EVENT_smart_enqueue : EVENT_enqueue, list,
         task_of(task), 0, 0);
    play->now += 6;
}

static void leave(struct play *play, unsigned hart, uint64_t list, unsigned task)
{
    spend(play, hart, ACTIVITY_queue, 24);
    emit(play, hart, play->plan->coprocessor ? EVENT_smart_first : EVENT_dequeue, list,
         task_of(task), 0, 0);
    play->now += 6;
}

static void enter_call(struct play *play, unsigned hart, unsigned task, enum request_op op,
                       uint64_t pipe)
{
    emit(play, hart, EVENT_trap, CAUSE_ECALL_U, 0x10100, 0, FROM_USER);
    play->now += 40;
    spend(play, hart, ACTIVITY_checks, 160);
    emit(play, hart, EVENT_request, task_of(task), op, pipe, play->plan->message_bytes);
}

static void go_to_sleep(struct play *play, unsigned hart)
{
    emit(play, hart, EVENT_run, 0, 0, 0, 0);
    emit(play, hart, EVENT_activity, ACTIVITY_idle, 1, 0, 0);
    emit(play, hart, EVENT_wfi, 1, 0, 0, 0);
    play->now += 3;
}

/* The host hands the running task's call to whoever does the communication part; that hart's number. */
static unsigned hand_in(struct play *play, unsigned hart, unsigned task)
{
    if (!play->plan->coprocessor)
        return hart;
    join(play, hart, COMMUNICATION, task);
    go_to_sleep(play, hart);
    play->now += 220; /* the doorbell travels */
    emit(play, play->coprocessor, EVENT_wfi, 0, 0, 0, 0);
    leave(play, play->coprocessor, COMMUNICATION, task);
    return play->coprocessor;
}

static void copy(struct play *play, unsigned hart)
{
    uint64_t bytes = play->plan->message_bytes;
    if (!play->plan->coprocessor) {
        spend(play, hart, ACTIVITY_copy, 20 + bytes / 4);
        return;
    }
    emit(play, hart, EVENT_activity, ACTIVITY_copy, 1, 0, 0);
    emit(play, hart, EVENT_smart_block, 0x80300000, bytes, 0, 0);
    play->now += 10;
    emit(play, hart, EVENT_smart_block, 0x80310000, bytes, 0, 1);
    play->now += 20 + bytes / 8;
    emit(play, hart, EVENT_smart_block_done, 0x80300000, bytes, 0, 0);
    play->now += 8;
    emit(play, hart, EVENT_smart_block_done, 0x80310000, bytes, 0, 1);
}

static void resume(struct play *play, unsigned by, unsigned host, unsigned task)
{
    emit(play, by, EVENT_complete, task_of(task), play->plan->message_bytes, 0, 0);
    join(play, by, list_of(host), task);
    if (by == play->coprocessor && play->plan->coprocessor) {
        emit(play, by, EVENT_activity, ACTIVITY_idle, 1, 0, 0);
        emit(play, by, EVENT_wfi, 1, 0, 0, 0);
    }
}

static void run_again(struct play *play, unsigned host, unsigned task)
{
    emit(play, host, EVENT_wfi, 0, 0, 0, 0);
    spend(play, host, ACTIVITY_schedule, 90);
    leave(play, host, list_of(host), task);
    emit(play, host, EVENT_run, task_of(task), 0, 0, 0);
    spend(play, host, ACTIVITY_trap, 60);
    emit(play, host, EVENT_trap_return, FROM_USER, 0x10104, 0, 0);
    play->now += 1;
}

static void receive_begins(struct play *play, unsigned host, unsigned task, unsigned pipe)
{
    enter_call(play, host, task, REQUEST_OP_RECEIVE, pipe_of(pipe));
    unsigned by = hand_in(play, host, task);
    spend(play, by, ACTIVITY_protocol, 110);
    emit(play, by, EVENT_park, pipe_of(pipe), task_of(task), 0, 0);
    if (!play->plan->coprocessor)
        go_to_sleep(play, host);
}

static void send_to_waiting(struct play *play, unsigned host, unsigned task, unsigned pipe,
                            unsigned reader_host, unsigned reader)
{
    uint64_t begin = play->end_offset[pipe];
    enter_call(play, host, task, REQUEST_OP_SEND, pipe_of(pipe));
    unsigned by = hand_in(play, host, task);
    spend(play, by, ACTIVITY_protocol, 140);
    copy(play, by);
    play->end_offset[pipe] += play->plan->message_bytes;
    emit(play, by, EVENT_put, pipe_of(pipe), task_of(task), play->end_offset[pipe],
         PUT_DONE_AWAITED);
    play->now += 12;
    emit(play, by, EVENT_unpark, pipe_of(pipe), task_of(reader), 0, 0);
    emit(play, by, EVENT_take, pipe_of(pipe), task_of(reader), begin, play->end_offset[pipe]);
    copy(play, by);
    resume(play, by, reader_host, reader);
    if (play->plan->coprocessor)
        resume(play, by, host, task);
}

/* One round: ping sends on pipe 0 to the waiting pong, which answers on pipe 1. */
static void play_round(struct play *play)
{
    unsigned a = 0, b = play->plan->hosts > 1 ? 1 : 0;
    for (unsigned way = 0; way < 2; way++) {
        unsigned from = way == 0 ? a : b, to = way == 0 ? b : a;
        spend(play, from, ACTIVITY_work, 400);
        send_to_waiting(play, from, way, way, to, !way);
        if (play->plan->coprocessor) {
            run_again(play, to, !way);
            run_again(play, from, way);
        } else {
            emit(play, from, EVENT_trap_return, FROM_USER, 0x10104, 0, 0);
        }
        spend(play, from, ACTIVITY_work, 60);
        receive_begins(play, from, way, !way);
        if (!play->plan->coprocessor)
            run_again(play, to, !way);
    }
}

static void set_stage(struct play *play)
{
    const struct synthetic *plan = play->plan;
    for (unsigned i = 0; i < plan->hosts + plan->coprocessor; i++)
        emit(play, i, EVENT_activity, ACTIVITY_other, 3, 0, 0);
    play->now += 5000;
    if (plan->coprocessor)
        emit(play, play->coprocessor, EVENT_list, COMMUNICATION, LIST_COMMUNICATION, 0, 0);
    for (unsigned i = 0; i < plan->hosts; i++)
        emit(play, 0, EVENT_list, list_of(i), LIST_COMPUTATION, i, 0);
    name_task(play, 0, 0, "pipe-pingpong");
    name_task(play, 0, 1, "pong");
    emit(play, 0, EVENT_object, pipe_of(0), OBJECT_PIPE, 65536, 0);
    emit(play, 0, EVENT_object, pipe_of(1), OBJECT_PIPE, 65536, 0);
    for (unsigned i = 0; i < plan->hosts + plan->coprocessor; i++)
        go_to_sleep(play, i);
    for (unsigned i = 0; i < plan->extra_pipes; i++) {
        emit(play, 0, EVENT_object, pipe_of(2 + i), OBJECT_PIPE, 65536, 0);
        name_task(play, 0, 2 + i, "a-helper-process");
        emit(play, 0, EVENT_park, pipe_of(2 + i), task_of(2 + i), 0, 0);
        join(play, 0, list_of(i % plan->hosts), 2 + i);
    }
    for (unsigned i = 0; i < plan->backlog; i++) {
        enter_call(play, 0, 2, REQUEST_OP_SEND, pipe_of(2));
        emit(play, 0, EVENT_put, pipe_of(2), task_of(2), (i + 1) * plan->message_bytes, PUT_DONE);
        emit(play, 0, EVENT_complete, task_of(2), plan->message_bytes, 0, 0);
    }
}

static void raise_curtain(struct play *play)
{
    unsigned b = play->plan->hosts > 1 ? 1 : 0;
    for (unsigned task = 2; task-- > 0;) {
        unsigned host = task ? b : 0;
        emit(play, host, EVENT_wfi, 0, 0, 0, 0);
        emit(play, host, EVENT_run, task_of(task), 0, 0, 0);
        emit(play, host, EVENT_trap_return, FROM_USER, 0x10100, 0, 0);
        if (task == 1)
            receive_begins(play, b, 1, 0);
    }
}

void synthetic_make(struct synthetic_stream *stream, const struct synthetic *plan)
{
    *stream = (struct synthetic_stream){.view = {.machine = "uniprocessor",
                                                 .scenario = "pipe-pingpong",
                                                 .mechanism = "software",
                                                 .hart_count = plan->hosts + plan->coprocessor,
                                                 .clock_hz = 1000000000,
                                                 .ram_bytes = 256 << 20,
                                                 .quantum_cycles = 20,
                                                 .warmup_messages = 2}};
    if (plan->coprocessor) {
        strcpy(stream->view.machine, "smart-bus");
        strcpy(stream->view.mechanism, "smart-bus");
        stream->view.role[plan->hosts] = ROLE_COPROCESSOR;
    }
    struct play play = {.stream = stream, .plan = plan, .coprocessor = plan->hosts};
    set_stage(&play);
    raise_curtain(&play);
    for (unsigned i = 0; i < plan->rounds; i++)
        play_round(&play);
}

void synthetic_free(struct synthetic_stream *stream)
{
    free(stream->events);
    *stream = (struct synthetic_stream){0};
}

void synthetic_write(const struct synthetic_stream *stream, const char *path)
{
    char error[TRACE_ERROR_BYTES];
    struct trace_writer *writer = trace_create(path, &stream->view, error);
    if (!writer)
        abort();
    for (size_t i = 0; i < stream->count; i++)
        trace_write(writer, &stream->events[i]);
    if (!trace_close(writer, error))
        abort();
}
