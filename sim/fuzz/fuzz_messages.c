/* SPDX-License-Identifier: Apache-2.0 */
/* Arbitrary bytes as a trace file: what the reader hands on keeps its promises, and the folds over it stand whatever order
 * of events the file claims. */
#define _GNU_SOURCE
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "fuzz/input.h"
#include "observe/messages.h"
#include "observe/trace.h"

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size);

static void fold(struct trace_reader *reader)
{
    char error[TRACE_ERROR_BYTES] = "";
    struct event event = {0};
    cycle_t last = 0;
    struct messages *messages = messages_create(trace_view(reader));
    enum trace_result result;
    must(messages != NULL);
    while ((result = trace_next(reader, &event, error)) == TRACE_EVENT) {
        must(event.kind < EVENT_COUNT && event.cycle >= last);
        last = event.cycle;
        messages_event(messages, &event);
    }
    must(result == TRACE_END || *error);
    messages_destroy(messages);
}

static void read_trace(const char *path)
{
    char error[TRACE_ERROR_BYTES] = "";
    struct trace_reader *reader = trace_open(path, error);
    must(reader || (*error && !strchr(error, '\n')));
    if (reader)
        fold(reader);
    trace_reader_destroy(reader);
}

/* A header's bytes are rarely guessed: half of the inputs are events behind a good header. */
static void write_file(int file, const uint8_t *bytes, size_t size)
{
    if (size && bytes[0] % 2) {
        struct machine_view view = {.machine = "fuzz", .hart_count = 1 + bytes[0] / 2 % 8};
        struct trace_header header;
        trace_header_init(&header, &view);
        must(write(file, &header, sizeof header) == sizeof header);
        bytes++;
        size--;
    }
    must(write(file, bytes, size) == (ssize_t)size);
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size)
{
    char path[64];
    int file = memfd_create("trace", 0);
    must(file >= 0);
    write_file(file, bytes, size);
    snprintf(path, sizeof path, "/proc/self/fd/%d", file);
    read_trace(path);
    close(file);
    return 0;
}
