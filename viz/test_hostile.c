/* SPDX-License-Identifier: Apache-2.0 */
/* Damaged and malicious traces: a good one with bytes, words, records and its end changed at random (seeded), and one of random
 * events. Under the sanitizers this is where it would show; without them it must still not crash or hang. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "fuzz_scene.h"
#include "synthetic.h"

enum { DAMAGED_TRACES = 300, RANDOM_TRACES = 100 };

static char path[] = "/tmp/missive-hostile-XXXXXX";
static uint64_t seed = 88172645463325252u;

static uint64_t draw(uint64_t below)
{
    seed ^= seed << 13;
    seed ^= seed >> 7;
    seed ^= seed << 17;
    return seed % below;
}

static void write_file(const void *bytes, size_t size)
{
    FILE *file = fopen(path, "wb");
    assert_non_null(file);
    assert_int_equal(fwrite(bytes, 1, size, file), size);
    fclose(file);
}

static void damage(unsigned char *bytes, size_t *size)
{
    size_t words = *size / 8;
    for (uint64_t i = draw(40) + 1; i > 0; i--)
        switch (draw(5)) {
        case 0:
            bytes[draw(*size)] ^= (unsigned char)(1 << draw(8));
            break;
        case 1:
            memset(bytes + 8 * draw(words), draw(2) ? 0xFF : 0, 8);
            break;
        case 2:
            memcpy(bytes + 8 * draw(words), bytes + 8 * draw(words), 8);
            break;
        case 3:
            memmove(bytes + 200 + 48 * draw(100), bytes + 200 + 48 * draw(100), 48);
            break;
        default:
            if (draw(10) == 0)
                *size -= draw(*size / 2);
            words = *size / 8;
        }
}

static void test_damaged_traces(void **state)
{
    (void)state;
    struct synthetic plan = {.hosts = 2,
                             .coprocessor = true,
                             .rounds = 3,
                             .message_bytes = 64,
                             .extra_pipes = 2,
                             .backlog = 4};
    struct synthetic_stream stream;
    synthetic_make(&stream, &plan);
    synthetic_write(&stream, path);
    size_t whole = sizeof(struct trace_header) + stream.count * sizeof(struct event);
    unsigned char *good = malloc(whole), *bad = malloc(whole);
    FILE *file = fopen(path, "rb");
    assert_int_equal(fread(good, 1, whole, file), whole);
    fclose(file);
    assert_int_equal(fuzz_scene_draw(path, 5, true), stream.count);
    unsigned drawn = 0;
    for (unsigned i = 0; i < DAMAGED_TRACES; i++) {
        size_t size = whole;
        memcpy(bad, good, whole);
        damage(bad, &size);
        write_file(bad, size);
        drawn += fuzz_scene_draw(path, 5, true) > 0;
    }
    assert_true(drawn > DAMAGED_TRACES / 4);
    free(good);
    free(bad);
    synthetic_free(&stream);
}

/* Few addresses, so that tasks, lists and objects get mixed up with each other. */
static uint64_t random_argument(void)
{
    switch (draw(6)) {
    case 0:
        return draw(4);
    case 1:
        return UINT64_MAX - draw(3);
    case 2:
        return seed;
    default:
        return 0x80200000 + 0x40 * draw(6);
    }
}

static void test_random_events(void **state)
{
    (void)state;
    struct synthetic_stream stream = {
        .view = {.hart_count = 4, .machine = "m", .scenario = "s", .mechanism = "x"}};
    stream.events = calloc(4000, sizeof(struct event));
    for (unsigned i = 0; i < RANDOM_TRACES; i++) {
        cycle_t cycle = draw(10) == 0 ? UINT64_MAX / 2 : 0;
        for (stream.count = 0; stream.count < 4000; stream.count++) {
            cycle += draw(50) == 0 ? draw(1u << 20) : draw(20);
            struct event *event = &stream.events[stream.count];
            *event = (struct event){cycle, (uint16_t)draw(EVENT_COUNT), (uint16_t)draw(6), 0, {0}};
            for (unsigned j = 0; j < 4; j++)
                event->arg[j] = random_argument();
        }
        synthetic_write(&stream, path);
        assert_true(fuzz_scene_draw(path, 5, true) > 0);
    }
    synthetic_free(&stream);
}

/* The last event is put into words, whatever it is. */
static void test_every_kind(void **state)
{
    (void)state;
    struct event event = {.cycle = 1};
    struct synthetic_stream stream = {
        .view = {.hart_count = 1, .machine = "m", .scenario = "s", .mechanism = "x"},
        .events = &event,
        .count = 1};
    for (event.kind = 0; event.kind < EVENT_COUNT; event.kind++) {
        synthetic_write(&stream, path);
        assert_true(fuzz_scene_draw(path, 1, true) > 0);
    }
}

int main(void)
{
    int file = mkstemp(path);
    if (file < 0)
        return 1;
    close(file);
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_damaged_traces),
        cmocka_unit_test(test_random_events),
        cmocka_unit_test(test_every_kind),
    };
    int failed = cmocka_run_group_tests(tests, NULL, NULL);
    unlink(path);
    return failed;
}
