/* SPDX-License-Identifier: Apache-2.0 */
/* The stream: order over sources, stability within one, finality, late events. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>

#include "observe/stream.h"

#define MAX_EVENTS 20000

struct log {
    struct event events[MAX_EVENTS];
    size_t count;
    cycle_t reached;
};

static void log_event(void *owner, const struct event *event)
{
    struct log *log = owner;
    assert_true(event->cycle >= log->reached);
    log->events[log->count++] = *event;
}

static void log_reached(void *owner, cycle_t now)
{
    ((struct log *)owner)->reached = now;
}

static int setup(void **state)
{
    *state = calloc(1, sizeof(struct log));
    return *state ? 0 : -1;
}

static int teardown(void **state)
{
    free(*state);
    return 0;
}

static struct stream *logged_stream(struct log *log)
{
    struct stream *stream = stream_create();
    assert_non_null(stream);
    assert_true(stream_add_fold(stream, (struct fold){log, log_event, log_reached}));
    return stream;
}

static void orders_by_cycle_then_source(void **state)
{
    struct log *log = *state;
    struct stream *stream = logged_stream(log);
    struct probe *probe = stream_probe(stream);
    probe_emit(probe, 5, EVENT_run, 1, 0, 0, 0, 0);
    probe_emit(probe, 9, EVENT_run, 1, 1, 0, 0, 0);
    probe_emit(probe, 4, EVENT_run, 0, 2, 0, 0, 0);
    probe_emit(probe, 5, EVENT_run, 0, 3, 0, 0, 0);
    probe_emit(probe, 5, EVENT_run, 0, 4, 0, 0, 0);
    probe_emit(probe, 12, EVENT_run, 0, 5, 0, 0, 0);
    stream_advance(stream, 9);
    assert_int_equal(log->count, 4);
    static const uint64_t first[] = {2, 3, 4, 0};
    for (size_t i = 0; i < 4; i++)
        assert_int_equal(log->events[i].arg[0], first[i]);
    stream_finish(stream, 20);
    assert_int_equal(log->count, 6);
    assert_int_equal(log->events[4].arg[0], 1);
    assert_int_equal(log->events[5].arg[0], 5);
    assert_int_equal(stream_event_count(stream), 6);
    assert_int_equal(stream_late_count(stream), 0);
    stream_destroy(stream);
}

static void counts_late_events_and_keeps_cycles_rising(void **state)
{
    struct log *log = *state;
    struct stream *stream = logged_stream(log);
    stream_advance(stream, 100);
    probe_emit(stream_probe(stream), 60, EVENT_run, 2, 7, 0, 0, 0);
    stream_advance(stream, 200);
    assert_int_equal(log->count, 1);
    assert_int_equal(log->events[0].cycle, 100);
    assert_int_equal(stream_late_count(stream), 1);
    stream_destroy(stream);
}

/* Sources run ahead of each other by random quanta; compared with a plain stable order. */
static void orders_any_interleaving(void **state)
{
    struct log *log = *state;
    struct stream *stream = logged_stream(log);
    struct probe *probe = stream_probe(stream);
    cycle_t now = 0, clock[8] = {0};
    uint64_t sequence = 0;
    srand(1);
    while (sequence < MAX_EVENTS - 1000) {
        cycle_t quantum = 1 + (cycle_t)(rand() % 40);
        for (unsigned source = 0; source < 8; source++)
            while (clock[source] < now + quantum) {
                probe_emit(probe, clock[source], EVENT_run, source, sequence++, 0, 0, 0);
                clock[source] += (cycle_t)(rand() % 20);
            }
        now += quantum;
        stream_advance(stream, now);
    }
    stream_finish(stream, now);
    assert_int_equal(log->count, sequence);
    assert_int_equal(stream_late_count(stream), 0);
    for (size_t i = 1; i < log->count; i++) {
        const struct event *a = &log->events[i - 1], *b = &log->events[i];
        assert_true(a->cycle < b->cycle ||
                    (a->cycle == b->cycle &&
                     (a->source < b->source || (a->source == b->source && a->arg[0] < b->arg[0]))));
    }
    stream_destroy(stream);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(orders_by_cycle_then_source, setup, teardown),
        cmocka_unit_test_setup_teardown(counts_late_events_and_keeps_cycles_rising, setup,
                                        teardown),
        cmocka_unit_test_setup_teardown(orders_any_interleaving, setup, teardown),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
