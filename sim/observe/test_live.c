/* SPDX-License-Identifier: Apache-2.0 */
/* The live channel between two processes: nothing lost under back-pressure, grants obeyed, and
 * neither side waits for a dead one. The child is the simulator. */
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

#include "observe/live.h"

#define EVENTS (LIVE_RING_EVENTS * 3 + 17)

static const struct machine_view view = {.machine = "smart-bus", .hart_count = 3};
static char name[32];
static char error[TRACE_ERROR_BYTES];

static struct live *create(void)
{
    snprintf(name, sizeof name, "/missive-test-%d", (int)getpid());
    struct live *live = live_create(name, error);
    assert_non_null(live);
    assert_null(live_view(live));
    return live;
}

static pid_t start(void (*simulator)(struct live *live))
{
    pid_t child = fork();
    if (child == 0) {
        alarm(30);
        struct live *live = live_attach(name, &view, error);
        if (!live)
            _exit(9);
        simulator(live);
        _exit(0);
    }
    return child;
}

static int status_of(pid_t child)
{
    int status;
    assert_int_equal(waitpid(child, &status, 0), child);
    return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

static void send_all(struct live *live)
{
    for (uint64_t i = 0; i < EVENTS; i++)
        live_event(live, &(struct event){i, EVENT_run, 0, 0, {i, 0, 0, 0}});
    live_reached(live, EVENTS);
    live_close(live);
}

static void loses_nothing_under_back_pressure(void **state)
{
    (void)state;
    static struct event events[5000];
    struct live *live = create();
    pid_t child = start(send_all);
    uint64_t next = 0;
    for (;;) {
        bool ended = live_ended(live);
        size_t count = live_read(live, events, 5000);
        for (size_t i = 0; i < count; i++)
            assert_int_equal(events[i].arg[0], next++);
        if (ended && !count)
            break;
    }
    assert_int_equal(next, EVENTS);
    assert_int_equal(live_reached_cycle(live), EVENTS);
    assert_int_equal(live_view(live)->hart_count, 3);
    assert_int_equal(status_of(child), 0);
    live_close(live);
}

/* Goes on only as far as it is granted. */
static void obey(struct live *live)
{
    if (live_wait(live, 0) != 100)
        _exit(1);
    live_reached(live, 100);
    if (live_wait(live, 100) != 250)
        _exit(2);
    live_close(live);
}

static void waits_for_grants(void **state)
{
    (void)state;
    struct live *live = create();
    pid_t child = start(obey);
    live_grant(live, 100);
    while (live_reached_cycle(live) != 100 && !live_ended(live))
        usleep(100);
    live_grant(live, 250);
    live_grant(live, 50);
    assert_int_equal(status_of(child), 0);
    assert_true(live_ended(live));
    live_close(live);
}

static void run_on_alone(struct live *live)
{
    for (uint64_t i = 0; i < EVENTS; i++)
        live_event(live, &(struct event){i, EVENT_run, 0, 0, {0}});
    _exit(live_wait(live, 5) == CYCLE_NEVER ? 0 : 1);
}

static void simulator_outlives_a_closed_window(void **state)
{
    (void)state;
    struct live *live = create();
    pid_t child = start(run_on_alone);
    while (!live_view(live))
        usleep(100);
    live_close(live);
    assert_int_equal(status_of(child), 0);
}

/* The window dies without a word: a second process creates the channel and is killed, unreaped. */
static void simulator_outlives_a_dead_window(void **state)
{
    (void)state;
    snprintf(name, sizeof name, "/missive-test-%d", (int)getpid());
    pid_t window = fork();
    if (window == 0) {
        live_create(name, error);
        for (;;)
            pause();
    }
    pid_t child;
    for (int try = 0; try < 1000; try++, usleep(2000)) {
        child = start(run_on_alone);
        usleep(20000);
        int status;
        if (waitpid(child, &status, WNOHANG) == 0)
            break;
        assert_int_equal(WEXITSTATUS(status), 9);
    }
    kill(window, SIGKILL);
    assert_int_equal(status_of(child), 0);
    assert_int_equal(status_of(window), -1);
    char file[64];
    snprintf(file, sizeof file, "/dev/shm%s", name);
    unlink(file);
}

static void die(struct live *live)
{
    live_event(live, &(struct event){1, EVENT_run, 0, 0, {42}});
    live_reached(live, 2);
    raise(SIGKILL);
}

static void window_notices_a_dead_simulator(void **state)
{
    (void)state;
    struct live *live = create();
    pid_t child = start(die);
    while (!live_view(live) || !live_ended(live))
        usleep(100);
    struct event event;
    assert_int_equal(live_read(live, &event, 1), 1);
    assert_int_equal(event.arg[0], 42);
    assert_int_equal(status_of(child), -1);
    live_close(live);
}

static void refuses_what_is_no_channel(void **state)
{
    (void)state;
    assert_null(live_attach("/missive-no-such-channel", &view, error));
    assert_string_equal(error, "/missive-no-such-channel: No such file or directory");
}

int main(void)
{
    alarm(60);
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(loses_nothing_under_back_pressure),
        cmocka_unit_test(waits_for_grants),
        cmocka_unit_test(simulator_outlives_a_closed_window),
        cmocka_unit_test(simulator_outlives_a_dead_window),
        cmocka_unit_test(window_notices_a_dead_simulator),
        cmocka_unit_test(refuses_what_is_no_channel),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
