/* SPDX-License-Identifier: Apache-2.0 */
/* See window.h. The picture is painted into a surface of our own and copied to the window's, so that a screenshot has the same
 * pixels whatever the display. */
#include "window.h"

#include <stdio.h>
#include <stdlib.h>

#include "paint.h"

#define FRAME_SECONDS (1.0 / 60)
#define WORK_SECONDS 0.010 /* of a frame, for events */
#define TOAST_SECONDS 3.0
#define IDLE_MILLISECONDS 100
#define LONGEST_FRAME_SECONDS 0.25

struct window {
    SDL_Window *sdl;
    struct scene *scene;
    struct source *source;
    struct paint paint;
    struct control control;
    struct layout layout;
    struct motion motion;
    struct token tokens[PLACE_MAX];
    char toast[TRACE_ERROR_BYTES];
    double toast_seconds; /* left */
};

static const struct {
    SDL_Keycode key;
    enum command command;
} KEYS[] = {
#define KEY(sdl, command, key, label, doc) {sdl, command},
#include "keys.def"
#undef KEY
};

static struct window *fail(struct window *window, const char *what, char *error)
{
    snprintf(error, TRACE_ERROR_BYTES, "%s: %.160s", what, SDL_GetError());
    window_close(window);
    return NULL;
}

struct window *window_open(struct scene *scene, struct source *source, char *error)
{
    struct window *window = calloc(1, sizeof *window);
    if (!window) {
        snprintf(error, TRACE_ERROR_BYTES, "out of memory");
        return NULL;
    }
    window->scene = scene;
    window->source = source;
    control_init(&window->control);
    SDL_SetHint(SDL_HINT_FRAMEBUFFER_ACCELERATION, "0");
    if (SDL_Init(SDL_INIT_VIDEO) != 0)
        return fail(window, "no display (a picture needs none: --screenshot FILE.png)", error);
    char title[96];
    snprintf(title, sizeof title, "Missive: %s on %s", scene->view.scenario, scene->view.machine);
    window->sdl = SDL_CreateWindow(title, SDL_WINDOWPOS_UNDEFINED, SDL_WINDOWPOS_UNDEFINED,
                                   LAYOUT_WIDTH, LAYOUT_HEIGHT, SDL_WINDOW_RESIZABLE);
    if (!window->sdl)
        return fail(window, "no window", error);
    SDL_SetWindowMinimumSize(window->sdl, LAYOUT_MIN_WIDTH, LAYOUT_MIN_HEIGHT);
    if (!paint_open(&window->paint, error, TRACE_ERROR_BYTES)) {
        window_close(window);
        return NULL;
    }
    return window;
}

void window_close(struct window *window)
{
    if (!window)
        return;
    paint_close(&window->paint);
    if (window->sdl)
        SDL_DestroyWindow(window->sdl);
    SDL_Quit();
    free(window);
}

struct control *window_control(struct window *window)
{
    return &window->control;
}

const struct layout *window_layout(const struct window *window)
{
    return &window->layout;
}

static struct picture picture_of(const struct window *window)
{
    return (struct picture){.scene = window->scene,
                            .layout = &window->layout,
                            .motion = &window->motion,
                            .control = &window->control,
                            .toast = window->toast_seconds > 0 ? window->toast : NULL};
}

static void on_key(struct window *window, SDL_Keycode key)
{
    for (unsigned i = 0; i < sizeof KEYS / sizeof KEYS[0]; i++)
        if (KEYS[i].key == key)
            control_command(&window->control, KEYS[i].command);
}

static void on_click(struct window *window, int x, int y)
{
    struct picture picture = picture_of(window);
    struct subject subject = {SUBJECT_LATEST, 0};
    paint_pick(&picture, x, y, &subject);
    window->control.subject = subject;
}

static void handle_input(struct window *window)
{
    SDL_Event event;
    while (SDL_PollEvent(&event)) {
        if (event.type == SDL_QUIT)
            window->control.quit = true;
        else if (event.type == SDL_KEYDOWN)
            on_key(window, event.key.keysym.sym);
        else if (event.type == SDL_MOUSEBUTTONDOWN && event.button.button == SDL_BUTTON_LEFT)
            on_click(window, event.button.x, event.button.y);
    }
}

static void toast(struct window *window, const char *text)
{
    snprintf(window->toast, sizeof window->toast, "%s", text);
    window->toast_seconds = TOAST_SECONDS;
}

/* What the user sees, at rest and without the passing remark. */
static void take_screenshot(struct window *window)
{
    char path[128], error[TRACE_ERROR_BYTES];
    const struct machine_view *view = &window->scene->view;
    snprintf(path, sizeof path, "missive-%s-%s-%llu.png", view->scenario, view->machine,
             (unsigned long long)window->scene->now);
    for (char *c = path; *c; c++)
        if (*c == '/')
            *c = '-';
    static struct motion still;
    still.count = 0;
    motion_advance(&still, window->tokens,
                   place_tokens(&window->layout, window->scene, window->tokens), 0, true);
    struct picture picture = picture_of(window);
    picture.motion = &still;
    picture.toast = NULL;
    bool saved = paint_picture(&window->paint, &picture) &&
                 paint_save(&window->paint, path, error, sizeof error);
    char text[160];
    snprintf(text, sizeof text, "saved %s", path);
    toast(window, saved ? text : error);
}

static void draw(struct window *window)
{
    struct picture picture = picture_of(window);
    SDL_Surface *screen = SDL_GetWindowSurface(window->sdl);
    if (!paint_picture(&window->paint, &picture) || !screen)
        return;
    SDL_BlitSurface(window->paint.surface, NULL, screen, NULL);
    SDL_UpdateWindowSurface(window->sdl);
}

void window_frame(struct window *window, double seconds)
{
    handle_input(window);
    control_advance(&window->control, window->scene, window->source, seconds, WORK_SECONDS);
    int width, height;
    SDL_GetWindowSize(window->sdl, &width, &height);
    layout_compute(&window->layout, window->scene, width, height);
    unsigned count = place_tokens(&window->layout, window->scene, window->tokens);
    motion_advance(&window->motion, window->tokens, count, seconds, false);
    window->toast_seconds -= seconds;
    if (window->control.screenshot)
        take_screenshot(window);
    window->control.screenshot = false;
    draw(window);
}

bool window_is_idle(const struct window *window)
{
    bool still = window->control.pace == PACE_PAUSED || window->control.pace == PACE_OVER;
    return still && window->toast_seconds <= 0 && motion_is_at_rest(&window->motion);
}

static double seconds_of(Uint64 ticks)
{
    return (double)ticks / (double)SDL_GetPerformanceFrequency();
}

void window_run(struct window *window)
{
    Uint64 last = SDL_GetPerformanceCounter();
    while (!window->control.quit) {
        if (window_is_idle(window) && !SDL_WaitEventTimeout(NULL, IDLE_MILLISECONDS))
            continue;
        Uint64 now = SDL_GetPerformanceCounter();
        double seconds = seconds_of(now - last);
        last = now;
        window_frame(window, seconds < LONGEST_FRAME_SECONDS ? seconds : LONGEST_FRAME_SECONDS);
        double spent = seconds_of(SDL_GetPerformanceCounter() - now);
        if (spent < FRAME_SECONDS)
            SDL_Delay((Uint32)((FRAME_SECONDS - spent) * 1000));
    }
}
