/* SPDX-License-Identifier: Apache-2.0 */
/* Time passes as asked: pause, speed, steps; from a trace, and from a simulator (a child process that reports a made stream) that
 * gets no cycle more than it was granted. */
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include <cmocka.h>

#include "control.h"
#include "synthetic.h"

#define BUDGET 0.5

static struct synthetic_stream stream;
static char trace_path[] = "/tmp/missive-control-XXXXXX";

struct fixture {
    struct source *source;
    struct scene *scene;
    struct control control;
};

static struct fixture open_trace(void)
{
    char error[TRACE_ERROR_BYTES];
    struct fixture f = {.source = source_open_trace(trace_path, error)};
    if (!f.source)
        fail_msg("%s", error);
    f.scene = scene_create(source_view(f.source));
    control_init(&f.control);
    return f;
}

static void close_fixture(struct fixture *f)
{
    scene_destroy(f->scene);
    source_close(f->source, true);
}

static void pass(struct fixture *f, double seconds)
{
    control_advance(&f->control, f->scene, f->source, seconds, BUDGET);
}

static void test_starts_at_the_first_message(void **state)
{
    (void)state;
    struct fixture f = open_trace();
    pass(&f, 0.01);
    assert_int_equal(messages_in_flight(f.scene->messages), 1);
    assert_int_equal(f.control.pace, PACE_RUNNING);
    assert_true(f.scene->last.kind == EVENT_request);
    close_fixture(&f);
}

static void test_pause_holds_time(void **state)
{
    (void)state;
    struct fixture f = open_trace();
    pass(&f, 0.01);
    control_command(&f.control, COMMAND_PAUSE);
    cycle_t held = f.scene->now;
    pass(&f, 10);
    assert_int_equal(f.scene->now, held);
    control_command(&f.control, COMMAND_PAUSE);
    pass(&f, 0.1);
    assert_int_equal(f.scene->now, held + control_speed(&f.control) / 10);
    close_fixture(&f);
}

static void test_speed(void **state)
{
    (void)state;
    struct fixture f = open_trace();
    pass(&f, 0.01);
    for (unsigned i = 0; i < 100; i++)
        control_command(&f.control, COMMAND_SLOWER);
    assert_int_equal(control_speed(&f.control), 1);
    cycle_t before = f.scene->now;
    for (unsigned i = 0; i < 40; i++)
        pass(&f, 0.05);
    assert_int_equal(f.scene->now, before + 2);
    for (unsigned i = 0; i < 100; i++)
        control_command(&f.control, COMMAND_FASTER);
    assert_int_equal(control_speed(&f.control), 0);
    pass(&f, 0.01);
    pass(&f, 0.01);
    assert_int_equal(f.control.pace, PACE_OVER);
    assert_int_equal(f.scene->now, stream.events[stream.count - 1].cycle);
    close_fixture(&f);
}

static void test_steps(void **state)
{
    (void)state;
    struct fixture f = open_trace();
    pass(&f, 0.01);
    uint64_t events = f.scene->events;
    control_command(&f.control, COMMAND_STEP_EVENT);
    pass(&f, 0);
    assert_int_equal(f.scene->events, events + 1);
    assert_int_equal(f.control.pace, PACE_PAUSED);
    enum carrier_kind kind = messages_at(f.scene->messages, 0)->carrier.kind;
    assert_int_equal(kind, CARRIER_HART);
    control_command(&f.control, COMMAND_STEP_HAND_OVER);
    pass(&f, 0);
    assert_int_equal(messages_at(f.scene->messages, 0)->carrier.kind, CARRIER_LIST);
    for (uint64_t wanted = 1; wanted <= 3; wanted++) {
        control_command(&f.control, COMMAND_STEP_DELIVERY);
        pass(&f, 0);
        assert_int_equal(f.scene->figures.delivered, wanted);
        assert_int_equal(f.scene->last.kind, EVENT_trap_return);
        assert_int_equal(f.control.pace, PACE_PAUSED);
    }
    close_fixture(&f);
}

static void test_seek(void **state)
{
    (void)state;
    struct fixture f = open_trace();
    control_seek(&f.control, f.scene, f.source, 12345);
    assert_int_equal(f.scene->now, 12345);
    uint64_t expected = 0;
    while (stream.events[expected].cycle <= 12345)
        expected++;
    assert_int_equal(f.scene->events, expected);
    cycle_t exact = stream.events[expected + 100].cycle; /* this cycle's events are included */
    control_seek(&f.control, f.scene, f.source, exact);
    assert_true(f.scene->events > expected + 100);
    control_seek(&f.control, f.scene, f.source, CYCLE_NEVER);
    assert_int_equal(f.scene->events, stream.count);
    assert_int_equal(f.control.pace, PACE_OVER);
    close_fixture(&f);
}

static void test_keys_that_leave(void **state)
{
    (void)state;
    struct control control;
    control_init(&control);
    control.help = true;
    control.subject = (struct subject){SUBJECT_HART, 1};
    control_command(&control, COMMAND_LEAVE);
    assert_false(control.help);
    control_command(&control, COMMAND_LEAVE);
    assert_int_equal(control.subject.kind, SUBJECT_LATEST);
    assert_false(control.quit);
    control_command(&control, COMMAND_LEAVE);
    assert_true(control.quit);
}

/* --- live --- */

static void simulate(const char *name)
{
    char error[TRACE_ERROR_BYTES];
    struct live *live = NULL;
    for (unsigned i = 0; !live && i < 2000; i++) {
        live = live_attach(name, &stream.view, error);
        nanosleep(&(struct timespec){.tv_nsec = 1000000}, NULL);
    }
    if (!live)
        _exit(3);
    cycle_t granted = 0;
    for (size_t i = 0; i < stream.count; i++) {
        cycle_t cycle = stream.events[i].cycle;
        if (i == 0 || cycle > stream.events[i - 1].cycle)
            live_reached(live, cycle);
        while (cycle >= granted)
            granted = live_wait(live, cycle);
        live_event(live, &stream.events[i]);
    }
    live_reached(live, stream.events[stream.count - 1].cycle + 1);
    live_close(live);
    _exit(0);
}

static struct fixture open_live(pid_t *simulator)
{
    char name[64], error[TRACE_ERROR_BYTES];
    snprintf(name, sizeof name, "/missive-test-%ld", (long)getpid());
    *simulator = fork();
    if (*simulator == 0)
        simulate(name);
    struct fixture f = {.source = source_open_live(name, NULL, 20, error)};
    if (!f.source)
        fail_msg("%s", error);
    f.scene = scene_create(source_view(f.source));
    control_init(&f.control);
    return f;
}

static void expect_clean_end(pid_t simulator)
{
    int status = 0;
    assert_int_equal(waitpid(simulator, &status, 0), simulator);
    assert_true(WIFEXITED(status) && WEXITSTATUS(status) == 0);
}

static void settle(struct fixture *f, enum pace wanted)
{
    for (unsigned i = 0; f->control.pace != wanted && i < 100; i++)
        pass(f, 0.01);
    assert_int_equal(f->control.pace, wanted);
}

static void test_live_runs_no_further_than_granted(void **state)
{
    (void)state;
    pid_t simulator;
    struct fixture f = open_live(&simulator);
    settle(&f, PACE_RUNNING);
    control_command(&f.control, COMMAND_PAUSE);
    nanosleep(&(struct timespec){.tv_nsec = 50000000}, NULL);
    cycle_t reached = source_reached(f.source), held = f.scene->now;
    nanosleep(&(struct timespec){.tv_nsec = 50000000}, NULL);
    pass(&f, 1);
    assert_int_equal(source_reached(f.source), reached);
    assert_int_equal(f.scene->now, held);
    control_command(&f.control, COMMAND_STEP_DELIVERY);
    settle(&f, PACE_PAUSED);
    assert_int_equal(f.scene->figures.delivered, 1);
    close_fixture(&f);
    expect_clean_end(simulator);
}

static void test_live_ends_like_the_trace(void **state)
{
    (void)state;
    pid_t simulator;
    struct fixture f = open_live(&simulator), g = open_trace();
    control_seek(&f.control, f.scene, f.source, 20000);
    control_seek(&g.control, g.scene, g.source, 20000);
    assert_int_equal(f.scene->now, 20000);
    assert_int_equal(f.scene->events, g.scene->events);
    assert_int_equal(f.scene->figures.last_latency, g.scene->figures.last_latency);
    control_seek(&f.control, f.scene, f.source, CYCLE_NEVER);
    assert_int_equal(f.control.pace, PACE_OVER);
    assert_int_equal(f.scene->events, stream.count);
    close_fixture(&f);
    close_fixture(&g);
    expect_clean_end(simulator);
}

static void test_live_survives_a_dead_simulator(void **state)
{
    (void)state;
    pid_t simulator;
    struct fixture f = open_live(&simulator);
    settle(&f, PACE_RUNNING);
    kill(simulator, SIGKILL);
    waitpid(simulator, NULL, 0);
    control_seek(&f.control, f.scene, f.source, CYCLE_NEVER);
    assert_int_equal(f.control.pace, PACE_OVER);
    close_fixture(&f);
}

static void test_live_needs_a_simulator(void **state)
{
    (void)state;
    char error[TRACE_ERROR_BYTES], *no[] = {"/bin/false", NULL};
    assert_null(source_open_live("/missive-test-none", no, 20, error));
    assert_non_null(strstr(error, "ended before"));
    assert_null(source_open_live("/missive-test-none", NULL, 0, error));
    assert_non_null(strstr(error, "no simulator"));
}

int main(void)
{
    struct synthetic plan = {.hosts = 2, .coprocessor = true, .rounds = 20, .message_bytes = 64};
    synthetic_make(&stream, &plan);
    int file = mkstemp(trace_path);
    if (file < 0)
        return 1;
    close(file);
    synthetic_write(&stream, trace_path);
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_starts_at_the_first_message),
        cmocka_unit_test(test_pause_holds_time),
        cmocka_unit_test(test_speed),
        cmocka_unit_test(test_steps),
        cmocka_unit_test(test_seek),
        cmocka_unit_test(test_keys_that_leave),
        cmocka_unit_test(test_live_runs_no_further_than_granted),
        cmocka_unit_test(test_live_ends_like_the_trace),
        cmocka_unit_test(test_live_survives_a_dead_simulator),
        cmocka_unit_test(test_live_needs_a_simulator),
    };
    int failed = cmocka_run_group_tests(tests, NULL, NULL);
    unlink(trace_path);
    synthetic_free(&stream);
    return failed;
}
