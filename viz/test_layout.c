/* SPDX-License-Identifier: Apache-2.0 */
/* Boxes do not overlap and do not leave their parents, for machines of all sizes; at rest each message lies inside its carrier. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>

#include <cmocka.h>

#include "motion.h"
#include "synthetic.h"

static void expect_inside(struct box outer, struct box inner, const char *what)
{
    if (inner.w < 0 || inner.h < 0 || (inner.w > 0 && !box_holds(outer, inner)))
        fail_msg("%s at %d,%d of %dx%d is not inside %d,%d of %dx%d", what, inner.x, inner.y,
                 inner.w, inner.h, outer.x, outer.y, outer.w, outer.h);
}

static void expect_apart(const struct box *boxes, unsigned count, const char *what)
{
    for (unsigned i = 0; i < count; i++)
        for (unsigned j = i + 1; j < count; j++)
            if (box_overlaps(boxes[i], boxes[j]))
                fail_msg("%s: box %u (%d,%d) overlaps box %u (%d,%d)", what, i, boxes[i].x,
                         boxes[i].y, j, boxes[j].x, boxes[j].y);
}

static void check_tiles(const struct tile *tiles, unsigned count, struct box parent,
                        const char *what)
{
    struct box boxes[SCENE_LISTS + MAP_MAX_HARTS];
    for (unsigned i = 0; i < count; i++) {
        boxes[i] = tiles[i].box;
        assert_true(boxes[i].w > 40 && boxes[i].h >= 26);
        expect_inside(parent, boxes[i], what);
        expect_inside(boxes[i], tiles[i].tokens, "a token area");
        expect_inside(boxes[i], tiles[i].blocks, "a block area");
        assert_true(tiles[i].tokens.w > 0);
        assert_false(box_overlaps(tiles[i].tokens, tiles[i].blocks));
    }
    expect_apart(boxes, count, what);
}

static void check_layout(const struct layout *layout)
{
    struct box top[] = {layout->header, layout->footer, layout->diagram, layout->sidebar};
    struct box side[] = {layout->figures, layout->breakdown, layout->processes};
    struct box inside[3 + MAP_MAX_HARTS] = {layout->bus, layout->memory, layout->feed};
    struct box memory[] = {layout->lists_area, layout->objects_area, layout->controller,
                           layout->elsewhere};
    for (unsigned i = 0; i < 4; i++)
        expect_inside(layout->window, top[i], "a part of the window");
    expect_apart(top, 4, "window");
    for (unsigned i = 0; i < 3; i++)
        expect_inside(layout->sidebar, side[i], "a part of the sidebar");
    expect_apart(side, 3, "sidebar");
    for (unsigned i = 0; i < layout->hart_count; i++)
        inside[3 + i] = layout->harts[i].box;
    for (unsigned i = 0; i < 3 + layout->hart_count; i++)
        expect_inside(layout->diagram, inside[i], "a part of the diagram");
    expect_apart(inside, 3 + layout->hart_count, "diagram");
    for (unsigned i = 0; i < 4; i++)
        expect_inside(layout->memory, memory[i], "a part of the memory");
    expect_apart(memory, 4, "memory");
    assert_true(layout->elsewhere.w == 0 || layout->lists_hidden + layout->objects_hidden > 0);
    check_tiles(layout->harts, layout->hart_count, layout->diagram, "a hart");
    check_tiles(layout->lists, layout->list_count, layout->lists_area, "a list");
    check_tiles(layout->objects, layout->object_count, layout->objects_area, "a pipe");
}

static void check_tokens(const struct layout *layout, const struct scene *scene)
{
    static struct token tokens[PLACE_MAX];
    unsigned count = place_tokens(layout, scene, tokens);
    assert_int_equal(count, messages_in_flight(scene->messages));
    unsigned stand_for = 0;
    for (unsigned i = 0; i < count; i++) {
        const struct message *message = messages_at(scene->messages, i);
        assert_int_equal(tokens[i].number, message->number);
        assert_true(tokens[i].box.w > 0);
        expect_inside(layout_carrier(layout, scene, message->carrier), tokens[i].box, "a message");
        stand_for += tokens[i].pile;
        for (unsigned j = 0; j < i; j++)
            if (tokens[i].pile && tokens[j].pile)
                assert_false(box_overlaps(tokens[i].box, tokens[j].box));
    }
    assert_int_equal(stand_for, count);
}

static void check_run(const struct synthetic *plan, int width, int height)
{
    static struct layout layout;
    struct synthetic_stream stream;
    synthetic_make(&stream, plan);
    struct scene *scene = scene_create(&stream.view);
    for (size_t i = 0; i < stream.count; i++) {
        scene_event(scene, &stream.events[i]);
        if (i % 16 == 0 || i < 100) {
            layout_compute(&layout, scene, width, height);
            check_layout(&layout);
            check_tokens(&layout, scene);
        }
    }
    assert_true(scene->figures.delivered == 2 * plan->rounds);
    scene_destroy(scene);
    synthetic_free(&stream);
}

static const int SIZES[][2] = {{1280, 800}, {1024, 640}, {1920, 1200}, {10, 10}};

static void test_all_machines(void **state)
{
    (void)state;
    static const unsigned HOSTS[] = {1, 2, 3, 4, 5, 6, 7, 8, 12, 30, 63};
    for (unsigned i = 0; i < sizeof HOSTS / sizeof HOSTS[0]; i++)
        for (unsigned coprocessor = 0; coprocessor < 2; coprocessor++)
            for (unsigned size = 0; size < 4; size++) {
                struct synthetic plan = {.hosts = HOSTS[i],
                                         .coprocessor = coprocessor,
                                         .rounds = 2,
                                         .message_bytes = 64};
                check_run(&plan, SIZES[size][0], SIZES[size][1]);
                plan.extra_pipes = 12;
                plan.backlog = 50;
                check_run(&plan, SIZES[size][0], SIZES[size][1]);
            }
}

static void test_many_pipes_leave_their_messages_a_place(void **state)
{
    (void)state;
    struct synthetic plan = {.hosts = 8,
                             .coprocessor = true,
                             .rounds = 1,
                             .message_bytes = 64,
                             .extra_pipes = 60,
                             .backlog = 9};
    check_run(&plan, 1024, 640);
}

static void test_motion_ends_at_rest(void **state)
{
    (void)state;
    static struct motion motion;
    struct token token = {.number = 1, .box = {10, 20, 30, 40}, .pile = 1};
    motion.count = 0;
    motion_advance(&motion, &token, 1, 0.01, false);
    assert_true(motion_is_at_rest(&motion));
    token.box.x = 500;
    motion_advance(&motion, &token, 1, 0.016, false);
    assert_false(motion_is_at_rest(&motion));
    assert_in_range(motion_box(&motion.moving[0]).x, 11, 499);
    for (unsigned i = 0; i < 120; i++)
        motion_advance(&motion, &token, 1, 0.016, false);
    assert_true(motion_is_at_rest(&motion));
    assert_int_equal(motion_box(&motion.moving[0]).x, 500);
    motion_advance(&motion, NULL, 0, 0.1, false);
    assert_true(motion.count == 1 && motion.moving[0].ended);
    motion_advance(&motion, NULL, 0, MOTION_FADE_SECONDS, false);
    assert_int_equal(motion.count, 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_all_machines),
        cmocka_unit_test(test_many_pipes_leave_their_messages_a_place),
        cmocka_unit_test(test_motion_ends_at_rest),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
