/* SPDX-License-Identifier: Apache-2.0 */
/* Events that make no sense, from the file to the picture: no crash, and the picture can be drawn. Eight bytes of input are an
 * event; its arguments come from a short table, so that tasks, lists and objects meet and get mixed up. */
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "fuzz_scene.h"

static const uint64_t ARGUMENTS[16] = {
    0,          1,          2,          3,
    64,         4096,       0x80200000, 0x80200040,
    0x80200080, 0x802000C0, 0x80200100, 0x80200140,
    0x80000001, 1000000,    UINT64_MAX, UINT64_MAX - 64,
};

static struct event decode(const uint8_t *bytes, cycle_t *cycle)
{
    *cycle += bytes[2] < 250 ? bytes[2] : (cycle_t)1 << (8 * (bytes[2] - 249));
    return (struct event){.cycle = *cycle,
                          .kind = bytes[0] % EVENT_COUNT,
                          .source = bytes[1] % 8 < 4 ? bytes[1] % 8 : 60 + bytes[1] % 8,
                          .arg = {ARGUMENTS[bytes[3] & 15], ARGUMENTS[bytes[3] >> 4],
                                  ARGUMENTS[bytes[4] & 15], ARGUMENTS[bytes[4] >> 4] + bytes[5]}};
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static char path[] = "/tmp/missive-fuzz-XXXXXX";
    static int file = -1; /* keeps the name ours */
    if (file < 0 && (file = mkstemp(path)) < 0)
        abort();
    char error[TRACE_ERROR_BYTES];
    struct machine_view view = {
        .hart_count = 1 + size % 9, .machine = "m", .scenario = "s", .mechanism = "x"};
    struct trace_writer *writer = trace_create(path, &view, error);
    cycle_t cycle = 0;
    for (size_t i = 0; i + 8 <= size; i += 8) {
        struct event event = decode(data + i, &cycle);
        trace_write(writer, &event);
    }
    if (!trace_close(writer, error))
        abort();
    fuzz_scene_draw(path, 2, size > 0 && data[size - 1] % 64 == 63); /* drawing is slow */
    unlink(path);
    return 0;
}
