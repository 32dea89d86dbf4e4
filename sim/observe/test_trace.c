/* SPDX-License-Identifier: Apache-2.0 */
/* Trace files: what is written is read back; what is broken is refused with the right words. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "observe/trace.h"

static char path[] = "/tmp/test_trace_XXXXXX";
static char error[TRACE_ERROR_BYTES];

static int setup(void **state)
{
    (void)state;
    int file = mkstemp(path);
    return file < 0 ? -1 : close(file);
}

static int teardown(void **state)
{
    (void)state;
    return unlink(path);
}

static void write_trace(size_t count)
{
    struct machine_view view = {.machine = "smart-bus", .hart_count = 2};
    struct trace_writer *writer = trace_create(path, &view, error);
    assert_non_null(writer);
    for (size_t i = 0; i < count; i++)
        trace_write(writer, &(struct event){10 * i, EVENT_run, 1, 0, {i, 0, 0, 0}});
    assert_true(trace_close(writer, error));
}

/* Overwrites bytes at an offset of the file. */
static void damage(long offset, const void *bytes, size_t size)
{
    FILE *file = fopen(path, "r+b");
    fseek(file, offset, SEEK_SET);
    assert_int_equal(fwrite(bytes, size, 1, file), 1);
    fclose(file);
}

static size_t read_events(enum trace_result *result)
{
    struct trace_reader *reader = trace_open(path, error);
    assert_non_null(reader);
    struct event event;
    size_t count = 0;
    while ((*result = trace_next(reader, &event, error)) == TRACE_EVENT)
        assert_int_equal(event.arg[0], count++);
    trace_rewind(reader);
    if (count) {
        assert_int_equal(trace_next(reader, &event, error), TRACE_EVENT);
        assert_int_equal(event.arg[0], 0);
    }
    trace_reader_destroy(reader);
    return count;
}

static void reads_back_what_was_written(void **state)
{
    (void)state;
    enum trace_result result;
    write_trace(1000);
    assert_int_equal(read_events(&result), 1000);
    assert_int_equal(result, TRACE_END);
    assert_int_equal(truncate(path, sizeof(struct trace_header) + 7 * sizeof(struct event)), 0);
    assert_int_equal(read_events(&result), 7);
    assert_int_equal(result, TRACE_END);
}

static void names_what_is_broken(void **state)
{
    (void)state;
    enum trace_result result;
    write_trace(10);
    assert_int_equal(truncate(path, sizeof(struct trace_header) + 7 * sizeof(struct event) + 5), 0);
    assert_int_equal(read_events(&result), 7);
    assert_int_equal(result, TRACE_BROKEN);
    assert_non_null(strstr(error, "cut short in event 7"));

    write_trace(10);
    uint16_t kind = EVENT_COUNT;
    damage(sizeof(struct trace_header) + 3 * sizeof(struct event) + offsetof(struct event, kind),
           &kind, sizeof kind);
    assert_int_equal(read_events(&result), 3);
    assert_non_null(strstr(error, "unknown kind"));

    write_trace(10);
    cycle_t cycle = 1;
    damage(sizeof(struct trace_header) + 4 * sizeof(struct event), &cycle, sizeof cycle);
    assert_int_equal(read_events(&result), 4);
    assert_non_null(strstr(error, "before its predecessor's 30"));
}

static void refuses_what_is_no_trace(void **state)
{
    (void)state;
    static const struct {
        size_t offset;
        uint32_t value;
        const char *words;
    } cases[] = {
        {0, 0x464c457f, "not a Missive trace"},
        {offsetof(struct trace_header, version), 99, "trace version 99"},
        {offsetof(struct trace_header, event_bytes), 12, "events of 12 bytes"},
        {offsetof(struct trace_header, view.hart_count), 0, "0 harts"},
        {offsetof(struct trace_header, view.hart_count), 65, "65 harts"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        write_trace(1);
        damage((long)cases[i].offset, &cases[i].value, sizeof cases[i].value);
        assert_null(trace_open(path, error));
        assert_non_null(strstr(error, cases[i].words));
    }
    char name[32];
    memset(name, 'x', sizeof name);
    write_trace(1);
    damage(offsetof(struct trace_header, view.machine), name, sizeof name);
    assert_null(trace_open(path, error));
    assert_int_equal(truncate(path, 10), 0);
    assert_null(trace_open(path, error));
    assert_non_null(strstr(error, "shorter than a trace's head"));
    assert_null(trace_open("/nonexistent/trace", error));
    assert_string_equal(error, "/nonexistent/trace: No such file or directory");
    assert_null(trace_create("/nonexistent/trace", &(struct machine_view){0}, error));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(reads_back_what_was_written),
        cmocka_unit_test(names_what_is_broken),
        cmocka_unit_test(refuses_what_is_no_trace),
    };
    return cmocka_run_group_tests(tests, setup, teardown);
}
