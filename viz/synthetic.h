/* SPDX-License-Identifier: Apache-2.0 */
/* For tests: the event stream of a plausible run, written without a simulator. Two processes play ping-pong over two pipes on
 * `hosts` hosts, with a coprocessor and the smart bus (machine III) or without (machine I); more pairs of pipes and processes
 * idle along, so that lists and tiles fill up. */
#ifndef MISSIVE_VIZ_SYNTHETIC_H
#define MISSIVE_VIZ_SYNTHETIC_H

#include <stdbool.h>
#include <stddef.h>

#include "base/event.h"
#include "observe/machine_view.h"

struct synthetic {
    unsigned hosts;
    bool coprocessor;
    unsigned rounds;
    uint64_t message_bytes;
    unsigned extra_pipes;
    unsigned backlog; /* messages that stay unread in the first extra pipe */
};

struct synthetic_stream {
    struct machine_view view;
    struct event *events; /* malloc'ed; cycles do not fall */
    size_t count, capacity;
};

void synthetic_make(struct synthetic_stream *stream, const struct synthetic *plan);
void synthetic_free(struct synthetic_stream *stream);
/* Writes a trace file; aborts if it cannot. */
void synthetic_write(const struct synthetic_stream *stream, const char *path);

#endif
