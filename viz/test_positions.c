/* SPDX-License-Identifier: Apache-2.0 */
/* Each message's drawn position is its carrier's. The trace is read here a second time, by a few lines of their own that know
 * nothing of the folds (only events.def), and at 100 cycles the two must agree: the same messages in flight, each
 * drawn inside the box of the hart, list or pipe that the events name. `test_positions TRACE` does it for a real run. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include <cmocka.h>

#include "control.h"
#include "motion.h"
#include "observe/trace_format.h"
#include "synthetic.h"

enum { SAMPLES = 100, MOST = 4096, TRACKED_TASKS = 256 };

static const char *trace_path;

/* --- the second reading --- */

struct tracked {
    uint64_t sender, receiver, object, end_offset;
    struct carrier carrier;
    bool put, gone;
};

struct reading {
    FILE *file;
    struct machine_view view;
    struct event next;
    bool more;
    unsigned count;
    struct tracked messages[MOST]; /* message n is messages[n - 1] */
    uint64_t runs[MAP_MAX_HARTS];
    uint64_t lists[TRACKED_TASKS]; /* that messages travel by */
    unsigned list_count;
};

static struct reading reading;

static void read_next(void)
{
    reading.more = fread(&reading.next, sizeof reading.next, 1, reading.file) == 1;
}

static void open_reading(void)
{
    struct trace_header header;
    reading.count = reading.list_count = 0;
    reading.file = fopen(trace_path, "rb");
    assert_non_null(reading.file);
    assert_int_equal(fread(&header, sizeof header, 1, reading.file), 1);
    reading.view = header.view;
    read_next();
}

static bool travels_by(uint64_t list)
{
    for (unsigned i = 0; i < reading.list_count; i++)
        if (reading.lists[i] == list)
            return true;
    return false;
}

/* Sets the carrier of what this control block is sending or receiving. */
static void move(uint64_t cb, enum carrier_kind kind, uint64_t id)
{
    for (unsigned i = 0; i < reading.count; i++) {
        struct tracked *m = &reading.messages[i];
        if (!m->gone && ((!m->put && m->sender == cb) || m->receiver == cb))
            m->carrier = (struct carrier){kind, id};
    }
}

static void track_send(const struct event *e)
{
    if (e->arg[1] != REQUEST_OP_SEND || e->arg[3] == 0)
        return;
    assert_true(reading.count < MOST);
    reading.messages[reading.count++] = (struct tracked){
        .sender = e->arg[0], .object = e->arg[2], .carrier = {CARRIER_HART, e->source}};
}

static void track_put(const struct event *e)
{
    for (unsigned i = 0; i < reading.count; i++) {
        struct tracked *m = &reading.messages[i];
        if (m->gone || m->put || m->sender != e->arg[1])
            continue;
        m->end_offset = e->arg[2];
        m->object = e->arg[0];
        if (e->arg[3] == PUT_MORE)
            continue;
        m->put = true;
        m->carrier = e->arg[3] == PUT_DONE ? (struct carrier){CARRIER_OBJECT, e->arg[0]}
                                           : (struct carrier){CARRIER_HART, e->source};
    }
}

static void track_take(const struct event *e)
{
    for (unsigned i = 0; i < reading.count; i++) {
        struct tracked *m = &reading.messages[i];
        bool taken = m->end_offset > e->arg[2] && m->end_offset <= e->arg[3];
        if (m->gone || !m->put || m->receiver || m->object != e->arg[0] || !taken)
            continue;
        m->receiver = e->arg[1];
        m->carrier = (struct carrier){CARRIER_HART, e->source};
    }
}

static void track_return(const struct event *e)
{
    if (e->arg[0] != PRIVILEGE_USER)
        return;
    for (unsigned i = 0; i < reading.count; i++)
        if (reading.messages[i].receiver && reading.messages[i].receiver == reading.runs[e->source])
            reading.messages[i].gone = true;
}

static void track_object_end(const struct event *e)
{
    for (unsigned i = 0; i < reading.count; i++)
        if (reading.messages[i].put && !reading.messages[i].receiver &&
            reading.messages[i].object == e->arg[0])
            reading.messages[i].gone = true;
}

static void track(const struct event *e)
{
    switch (e->kind) {
    case EVENT_list:
        if (e->arg[1] != LIST_OBJECT && !travels_by(e->arg[0]) &&
            reading.list_count < TRACKED_TASKS)
            reading.lists[reading.list_count++] = e->arg[0];
        break;
    case EVENT_run:
        reading.runs[e->source] = e->arg[0];
        break;
    case EVENT_request:
        track_send(e);
        break;
    case EVENT_enqueue:
    case EVENT_smart_enqueue:
        if (travels_by(e->arg[0]))
            move(e->arg[1], CARRIER_LIST, e->arg[0]);
        break;
    case EVENT_dequeue:
    case EVENT_smart_first:
        if (travels_by(e->arg[0]) && e->arg[1])
            move(e->arg[1], CARRIER_HART, e->source);
        break;
    case EVENT_put:
        track_put(e);
        break;
    case EVENT_park:
        if (e->arg[2])
            move(e->arg[1], CARRIER_OBJECT, e->arg[0]);
        break;
    case EVENT_unpark:
        move(e->arg[1], CARRIER_HART, e->source);
        break;
    case EVENT_take:
        track_take(e);
        break;
    case EVENT_trap_return:
        track_return(e);
        break;
    case EVENT_object_end:
        track_object_end(e);
        break;
    default:
        break;
    }
}

static void track_until(cycle_t cycle)
{
    for (; reading.more && reading.next.cycle <= cycle; read_next())
        track(&reading.next);
}

/* --- the comparison --- */

/* The tile that shows this hart, list or object, looked for among the tiles themselves. */
static struct box home_of(const struct scene *scene, const struct layout *layout,
                          struct carrier carrier)
{
    if (carrier.kind == CARRIER_HART)
        return layout->harts[carrier.id].box;
    for (unsigned i = 0; carrier.kind == CARRIER_LIST && i < layout->list_count; i++)
        if (scene->lists[layout->lists[i].index].address == carrier.id)
            return layout->lists[i].box;
    for (unsigned i = 0; carrier.kind == CARRIER_OBJECT && i < layout->object_count; i++)
        if (scene->objects[layout->objects[i].index].address == carrier.id)
            return layout->objects[i].box;
    fail_msg("cycle %llu: no tile for carrier 0x%llx", (unsigned long long)scene->now,
             (unsigned long long)carrier.id);
    return (struct box){0};
}

static void compare(const struct scene *scene, const struct layout *layout)
{
    static struct token tokens[PLACE_MAX];
    static struct motion motion;
    unsigned count = place_tokens(layout, scene, tokens), expected = 0;
    motion_advance(&motion, tokens, count, 0, true);
    assert_int_equal(motion.count, count);
    for (unsigned i = 0; i < reading.count; i++) {
        if (reading.messages[i].gone)
            continue;
        assert_true(expected < count);
        const struct moving *moving = &motion.moving[expected++];
        struct carrier carrier = reading.messages[i].carrier;
        struct box box = motion_box(moving), home = home_of(scene, layout, carrier);
        if (moving->token.number != i + 1 || box.w <= 0 || !box_holds(home, box))
            fail_msg("cycle %llu: message %u is carried by %s 0x%llx (box at %d,%d), but number "
                     "%llu is drawn at %d,%d",
                     (unsigned long long)scene->now, i + 1,
                     carrier.kind == CARRIER_HART   ? "hart"
                     : carrier.kind == CARRIER_LIST ? "list"
                                                    : "object",
                     (unsigned long long)carrier.id, home.x, home.y,
                     (unsigned long long)moving->token.number, box.x, box.y);
    }
    assert_int_equal(expected, count);
}

static void find_span(cycle_t *first, cycle_t *last)
{
    *first = 0;
    open_reading();
    for (; reading.more; read_next()) {
        if (*first == 0 && reading.next.kind == EVENT_request)
            *first = reading.next.cycle;
        if (reading.next.kind == EVENT_request || reading.next.kind == EVENT_trap_return)
            *last = reading.next.cycle;
    }
    fclose(reading.file);
}

static void test_drawn_where_carried(void **state)
{
    (void)state;
    char error[TRACE_ERROR_BYTES];
    static struct layout layout;
    cycle_t first, last = 0;
    find_span(&first, &last);
    assert_true(first > 0 && last > first);
    struct source *source = source_open_trace(trace_path, error);
    assert_non_null(source);
    struct scene *scene = scene_create(source_view(source));
    struct control control;
    control_init(&control);
    open_reading();
    unsigned seen_in_flight = 0;
    for (unsigned i = 1; i <= SAMPLES; i++) {
        cycle_t cycle =
            first + (last - first) / SAMPLES * i + i * 7919 % 97; /* off any rhythm of the run */
        control_seek(&control, scene, source, cycle);
        track_until(cycle);
        layout_compute(&layout, scene, LAYOUT_WIDTH, LAYOUT_HEIGHT);
        compare(scene, &layout);
        seen_in_flight += messages_in_flight(scene->messages) > 0;
    }
    print_message("%s: cycles %llu to %llu, %u of %d samples had messages in flight\n", trace_path,
                  (unsigned long long)first, (unsigned long long)last, seen_in_flight, SAMPLES);
    assert_true(seen_in_flight > SAMPLES / 20);
    fclose(reading.file);
    scene_destroy(scene);
    source_close(source, false);
}

/* Every hand-over, not only samples. */
static void test_every_hand_over(void **state)
{
    (void)state;
    char error[TRACE_ERROR_BYTES];
    static struct layout layout;
    struct source *source = source_open_trace(trace_path, error);
    struct scene *scene = scene_create(source_view(source));
    struct control control;
    control_init(&control);
    open_reading();
    unsigned steps = 0;
    for (; control.pace != PACE_OVER && steps < 2000; steps++) {
        control_command(&control, COMMAND_STEP_HAND_OVER);
        do
            control_advance(&control, scene, source, 0, 1);
        while (control.pace == PACE_TO_HAND_OVER);
        control_seek(&control, scene, source, scene->now); /* all of this cycle's events */
        track_until(scene->now);
        layout_compute(&layout, scene, LAYOUT_WIDTH, LAYOUT_HEIGHT);
        compare(scene, &layout);
    }
    assert_true(steps > 10);
    fclose(reading.file);
    scene_destroy(scene);
    source_close(source, false);
}

int main(int argc, char **argv)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_drawn_where_carried),
        cmocka_unit_test(test_every_hand_over),
    };
    if (argc == 2) {
        trace_path = argv[1];
        return cmocka_run_group_tests(tests, NULL, NULL);
    }
    char path[] = "/tmp/missive-positions-XXXXXX";
    int file = mkstemp(path), failed = file < 0;
    if (file >= 0)
        close(file);
    trace_path = path;
    for (unsigned i = 0; i < 4; i++) {
        struct synthetic plan = {.hosts = 1 + i,
                                 .coprocessor = i & 1,
                                 .rounds = 30,
                                 .message_bytes = 64,
                                 .extra_pipes = i,
                                 .backlog = i * 10};
        struct synthetic_stream stream;
        synthetic_make(&stream, &plan);
        synthetic_write(&stream, path);
        synthetic_free(&stream);
        failed += cmocka_run_group_tests(tests, NULL, NULL);
    }
    unlink(path);
    return failed;
}
