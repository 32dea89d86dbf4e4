/* SPDX-License-Identifier: Apache-2.0 */
/* The window driven by keys and clicks, without a display (SDL's dummy driver). Press and release come within one frame. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include <cmocka.h>

#include <SDL.h>

#include "synthetic.h"
#include "window.h"

#define FRAME 0.016

static char directory[] = "/tmp/missive-window-XXXXXX";

struct fixture {
    struct source *source;
    struct scene *scene;
    struct window *window;
};

static struct fixture open_window(void)
{
    char error[TRACE_ERROR_BYTES];
    struct fixture f = {.source = source_open_trace("run.trace", error)};
    assert_non_null(f.source);
    f.scene = scene_create(source_view(f.source));
    f.window = window_open(f.scene, f.source, error);
    if (!f.window)
        fail_msg("%s", error);
    for (unsigned i = 0; window_control(f.window)->pace == PACE_TO_FIRST && i < 100; i++)
        window_frame(f.window, FRAME);
    return f;
}

static void close_fixture(struct fixture *f)
{
    window_close(f->window);
    scene_destroy(f->scene);
    source_close(f->source, true);
}

static void press(struct fixture *f, SDL_Keycode key)
{
    SDL_Event event = {.key = {.type = SDL_KEYDOWN, .state = SDL_PRESSED, .keysym = {.sym = key}}};
    SDL_PushEvent(&event);
    event.key.type = SDL_KEYUP;
    event.key.state = SDL_RELEASED;
    SDL_PushEvent(&event);
    window_frame(f->window, FRAME);
}

static void click(struct fixture *f, int x, int y)
{
    SDL_Event event = {
        .button = {.type = SDL_MOUSEBUTTONDOWN, .button = SDL_BUTTON_LEFT, .x = x, .y = y}};
    SDL_PushEvent(&event);
    event.button.type = SDL_MOUSEBUTTONUP;
    SDL_PushEvent(&event);
    window_frame(f->window, FRAME);
}

static void test_keys(void **state)
{
    (void)state;
    struct fixture f = open_window();
    struct control *control = window_control(f.window);
    assert_int_equal(control->pace, PACE_RUNNING);
    press(&f, SDLK_SPACE);
    assert_int_equal(control->pace, PACE_PAUSED);
    uint64_t events = f.scene->events;
    press(&f, SDLK_n);
    press(&f, SDLK_n);
    assert_int_equal(f.scene->events, events + 2);
    press(&f, SDLK_m);
    assert_int_equal(f.scene->figures.delivered, 1);
    uint64_t speed = control_speed(control);
    press(&f, SDLK_PLUS);
    assert_true(control_speed(control) > speed);
    press(&f, SDLK_MINUS);
    assert_int_equal(control_speed(control), speed);
    press(&f, SDLK_QUESTION);
    assert_true(control->help);
    press(&f, SDLK_ESCAPE);
    assert_false(control->help || control->quit);
    press(&f, SDLK_q);
    assert_true(control->quit);
    close_fixture(&f);
}

static void test_two_presses_in_one_frame_both_count(void **state)
{
    (void)state;
    struct fixture f = open_window();
    SDL_Event event = {.key = {.type = SDL_KEYDOWN, .keysym = {.sym = SDLK_PLUS}}};
    SDL_PushEvent(&event);
    SDL_PushEvent(&event);
    uint64_t speed = control_speed(window_control(f.window));
    window_frame(f.window, FRAME);
    assert_true(control_speed(window_control(f.window)) >= 9 * speed);
    close_fixture(&f);
}

static void test_clicks(void **state)
{
    (void)state;
    struct fixture f = open_window();
    struct control *control = window_control(f.window);
    press(&f, SDLK_SPACE);
    struct box hart = window_layout(f.window)->harts[1].box;
    click(&f, hart.x + 5, hart.y + 5);
    assert_true(control->subject.kind == SUBJECT_HART && control->subject.number == 1);
    struct carrier carrier = messages_at(f.scene->messages, 0)->carrier;
    struct box token = layout_carrier_tokens(window_layout(f.window), f.scene, carrier);
    click(&f, token.x + 5, token.y + 5);
    assert_true(control->subject.kind == SUBJECT_MESSAGE && control->subject.number == 1);
    click(&f, 3, 3);
    assert_int_equal(control->subject.kind, SUBJECT_LATEST);
    close_fixture(&f);
}

static void test_screenshot_key(void **state)
{
    (void)state;
    struct fixture f = open_window();
    press(&f, SDLK_SPACE);
    char path[128];
    snprintf(path, sizeof path, "missive-pipe-pingpong-smart-bus-%llu.png",
             (unsigned long long)f.scene->now);
    assert_int_not_equal(access(path, R_OK), 0);
    press(&f, SDLK_s);
    assert_int_equal(access(path, R_OK), 0);
    unlink(path);
    close_fixture(&f);
}

static void test_idle_when_nothing_moves(void **state)
{
    (void)state;
    struct fixture f = open_window();
    assert_false(window_is_idle(f.window));
    press(&f, SDLK_SPACE);
    for (unsigned i = 0; i < 200 && !window_is_idle(f.window); i++)
        window_frame(f.window, FRAME);
    assert_true(window_is_idle(f.window));
    close_fixture(&f);
}

int main(void)
{
    setenv("SDL_VIDEODRIVER", "dummy", 1);
    if (!mkdtemp(directory) || chdir(directory))
        return 1;
    struct synthetic plan = {.hosts = 2, .coprocessor = true, .rounds = 20, .message_bytes = 64};
    struct synthetic_stream stream;
    synthetic_make(&stream, &plan);
    synthetic_write(&stream, "run.trace");
    synthetic_free(&stream);
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_keys),
        cmocka_unit_test(test_two_presses_in_one_frame_both_count),
        cmocka_unit_test(test_clicks),
        cmocka_unit_test(test_screenshot_key),
        cmocka_unit_test(test_idle_when_nothing_moves),
    };
    int failed = cmocka_run_group_tests(tests, NULL, NULL);
    unlink("run.trace");
    rmdir(directory);
    return failed;
}
