/* SPDX-License-Identifier: Apache-2.0 */
/* Legibility: no label is cut, no text leaves the window, no two texts overlap, for machines of all sizes. Determinism: the same
 * picture has the same bytes, and the bytes of the pictures in golden/. `test_paint --update DIRECTORY` writes those anew:
 * look at them before they are committed. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include <SDL_image.h>

#include "paint.h"
#include "synthetic.h"

#define TEXTS 1024

static struct paint paint;
static struct layout layout;
static struct motion motion;
static struct control control;

static struct {
    unsigned count;
    struct box ink[TEXTS];
    char string[TEXTS][64];
} drawn;

static void on_text(void *owner, const char *string, struct box ink, enum text_flags flags,
                    bool cut)
{
    (void)owner;
    if (cut && !(flags & TEXT_MAY_CUT))
        fail_msg("\"%s\" does not fit its box", string);
    assert_true(drawn.count < TEXTS);
    snprintf(drawn.string[drawn.count], sizeof drawn.string[0], "%s", string);
    drawn.ink[drawn.count++] = ink;
}

/* Fonts leave room above and below their letters, which may meet the next line's. */
static struct box letters(struct box ink)
{
    int spare = ink.h / 8;
    return (struct box){ink.x, ink.y + spare, ink.w, ink.h - 2 * spare};
}

static void check_texts(void)
{
    for (unsigned i = 0; i < drawn.count; i++) {
        if (!box_holds(layout.window, drawn.ink[i]))
            fail_msg("\"%s\" leaves the window", drawn.string[i]);
        for (unsigned j = 0; j < i; j++)
            if (box_overlaps(letters(drawn.ink[i]), letters(drawn.ink[j])))
                fail_msg("\"%s\" at %d,%d overlaps \"%s\" at %d,%d", drawn.string[i],
                         drawn.ink[i].x, drawn.ink[i].y, drawn.string[j], drawn.ink[j].x,
                         drawn.ink[j].y);
    }
}

static void picture_at(const struct scene *scene, int width, int height)
{
    static struct token tokens[PLACE_MAX];
    layout_compute(&layout, scene, width, height);
    motion.count = 0;
    motion_advance(&motion, tokens, place_tokens(&layout, scene, tokens), 0, true);
    struct picture picture = {
        .scene = scene, .layout = &layout, .motion = &motion, .control = &control};
    drawn.count = 0;
    assert_true(paint_picture(&paint, &picture));
}

static struct scene *play_until(const struct synthetic_stream *stream, cycle_t cycle)
{
    struct scene *scene = scene_create(&stream->view);
    for (size_t i = 0; i < stream->count && stream->events[i].cycle <= cycle; i++)
        scene_event(scene, &stream->events[i]);
    scene_now(scene, cycle);
    return scene;
}

static void check_machine(unsigned hosts, bool coprocessor, unsigned extra, int width, int height)
{
    struct synthetic plan = {.hosts = hosts,
                             .coprocessor = coprocessor,
                             .rounds = 2,
                             .message_bytes = 4096,
                             .extra_pipes = extra,
                             .backlog = extra};
    struct synthetic_stream stream;
    synthetic_make(&stream, &plan);
    for (unsigned part = 0; part <= 4; part++) {
        struct scene *scene = play_until(&stream, stream.events[stream.count - 1].cycle * part / 4);
        control.subject =
            part == 2 ? (struct subject){SUBJECT_HART, 0} : (struct subject){SUBJECT_LATEST, 0};
        picture_at(scene, width, height);
        check_texts();
        scene_destroy(scene);
    }
    synthetic_free(&stream);
}

static void test_texts_fit(void **state)
{
    (void)state;
    static const unsigned HOSTS[] = {1, 2, 3, 4, 5, 6, 7, 8, 15, 63};
    static const int SIZES[][2] = {{1280, 800}, {1024, 640}, {1600, 1000}};
    text_watch(paint.text, (struct text_watch){on_text, NULL});
    for (unsigned i = 0; i < sizeof HOSTS / sizeof HOSTS[0]; i++)
        for (unsigned j = 0; j < 12; j++)
            check_machine(HOSTS[i], j & 1, j & 2 ? 10 : 0, SIZES[j / 4][0], SIZES[j / 4][1]);
    text_watch(paint.text, (struct text_watch){0});
}

static void test_help_fits(void **state)
{
    (void)state;
    struct synthetic plan = {.hosts = 2, .coprocessor = true, .rounds = 1, .message_bytes = 8};
    struct synthetic_stream stream;
    synthetic_make(&stream, &plan);
    struct scene *scene = play_until(&stream, 9000);
    text_watch(paint.text, (struct text_watch){on_text, NULL});
    control.help = true;
    picture_at(scene, LAYOUT_MIN_WIDTH, LAYOUT_MIN_HEIGHT);
    for (unsigned i = 0; i < drawn.count; i++)
        assert_true(box_holds(layout.window, drawn.ink[i]));
    control.help = false;
    text_watch(paint.text, (struct text_watch){0});
    scene_destroy(scene);
    synthetic_free(&stream);
}

/* --- golden pictures --- */

static const struct golden {
    const char *name;
    struct synthetic plan;
    cycle_t cycle;
    struct subject subject;
} GOLDEN[] = {
    {"smart-bus", {2, true, 8, 64, 0, 0}, 18500, {SUBJECT_LATEST, 0}},
    {"uniprocessor", {1, false, 8, 512, 0, 0}, 15300, {SUBJECT_HART, 0}},
    {"crowd", {8, true, 4, 64, 10, 40}, 16500, {SUBJECT_MESSAGE, 3}},
};

static void draw_golden(const struct golden *golden)
{
    struct synthetic_stream stream;
    synthetic_make(&stream, &golden->plan);
    struct scene *scene = play_until(&stream, golden->cycle);
    control.subject = golden->subject;
    picture_at(scene, LAYOUT_WIDTH, LAYOUT_HEIGHT);
    scene_destroy(scene);
    synthetic_free(&stream);
}

static void golden_path(const struct golden *golden, const char *directory, char path[512])
{
    snprintf(path, 512, "%s/%s.png", directory, golden->name);
}

static unsigned differing_pixels(const SDL_Surface *a, const SDL_Surface *b)
{
    unsigned different = 0;
    for (int y = 0; y < a->h; y++)
        for (int x = 0; x < a->w; x++) {
            const char *p = (const char *)a->pixels + y * a->pitch,
                       *q = (const char *)b->pixels + y * b->pitch;
            different +=
                (((const uint32_t *)p)[x] & 0xFFFFFF) != (((const uint32_t *)q)[x] & 0xFFFFFF);
        }
    return different;
}

static void test_golden_pictures(void **state)
{
    (void)state;
    for (unsigned i = 0; i < sizeof GOLDEN / sizeof GOLDEN[0]; i++) {
        char path[512];
        golden_path(&GOLDEN[i], VIZ_GOLDEN, path);
        draw_golden(&GOLDEN[i]);
        SDL_Surface *file = IMG_Load(path);
        if (!file)
            fail_msg("%s: %s", path, IMG_GetError());
        SDL_Surface *golden = SDL_ConvertSurfaceFormat(file, SDL_PIXELFORMAT_RGB888, 0);
        assert_true(golden->w == paint.surface->w && golden->h == paint.surface->h);
        unsigned different = differing_pixels(golden, paint.surface);
        if (different)
            fail_msg("%s: %u pixels differ", path, different);
        SDL_FreeSurface(golden);
        SDL_FreeSurface(file);
    }
}

static void test_same_picture_twice(void **state)
{
    (void)state;
    draw_golden(&GOLDEN[0]);
    SDL_Surface *first = SDL_DuplicateSurface(paint.surface);
    draw_golden(&GOLDEN[2]);
    assert_true(differing_pixels(first, paint.surface) > 1000);
    draw_golden(&GOLDEN[0]);
    assert_int_equal(differing_pixels(first, paint.surface), 0);
    SDL_FreeSurface(first);
}

static void test_click_finds_what_is_there(void **state)
{
    (void)state;
    draw_golden(&GOLDEN[0]);
    struct picture picture = {.layout = &layout, .motion = &motion, .control = &control};
    struct subject subject = {SUBJECT_LATEST, 0};
    struct box token = motion_box(&motion.moving[0]), hart = layout.harts[1].box;
    assert_true(paint_pick(&picture, token.x + 3, token.y + 3, &subject));
    assert_true(subject.kind == SUBJECT_MESSAGE && subject.number == motion.moving[0].token.number);
    assert_true(paint_pick(&picture, hart.x + 3, hart.y + 3, &subject));
    assert_true(subject.kind == SUBJECT_HART && subject.number == 1);
    assert_false(paint_pick(&picture, 2, layout.window.h - 2, &subject));
}

static int update(const char *directory)
{
    for (unsigned i = 0; i < sizeof GOLDEN / sizeof GOLDEN[0]; i++) {
        char path[512], error[256];
        golden_path(&GOLDEN[i], directory, path);
        draw_golden(&GOLDEN[i]);
        if (!paint_save(&paint, path, error, sizeof error))
            return fprintf(stderr, "%s\n", error), 1;
    }
    return 0;
}

int main(int argc, char **argv)
{
    char error[256];
    control_init(&control);
    control.pace = PACE_PAUSED;
    if (!paint_open(&paint, error, sizeof error))
        return fprintf(stderr, "%s\n", error), 1;
    if (argc == 3 && strcmp(argv[1], "--update") == 0)
        return update(argv[2]);
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_texts_fit),
        cmocka_unit_test(test_help_fits),
        cmocka_unit_test(test_same_picture_twice),
        cmocka_unit_test(test_golden_pictures),
        cmocka_unit_test(test_click_finds_what_is_there),
    };
    int failed = cmocka_run_group_tests(tests, NULL, NULL);
    paint_close(&paint);
    return failed;
}
