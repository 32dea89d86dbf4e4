/* SPDX-License-Identifier: Apache-2.0 */
/* Hostile traces, from the file to the picture: whatever the bytes are, no crash, and every picture can be drawn. */
#define _GNU_SOURCE
#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <unistd.h>

#include "fuzz_trace.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    char path[64];
    int file = memfd_create("trace", 0);
    if (file < 0 || write(file, data, size) != (ssize_t)size)
        abort();
    snprintf(path, sizeof path, "/proc/self/fd/%d", file);
    fuzz_trace_draw(path);
    close(file);
    return 0;
}
