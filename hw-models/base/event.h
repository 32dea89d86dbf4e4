/* SPDX-License-Identifier: Apache-2.0 */
/* One event of the stream, and the enumerations its arguments use. The layout is the trace file's and
 * the shared memory's: 48 bytes, little endian, no padding. */
#ifndef MISSIVE_BASE_EVENT_H
#define MISSIVE_BASE_EVENT_H

#include "base/cycle.h"

enum event_kind {
#define EVENT(id, a, b, c, d, doc) EVENT_##id,
#include "base/events.def"
#undef EVENT
    EVENT_COUNT
};

/* Sources below 64 are hart numbers. */
enum event_source {
    EVENT_SOURCE_CONTROLLER = 64, /* the message mechanism as a bus master */
    EVENT_SOURCE_BUS,
    EVENT_SOURCE_MEMORY,
    EVENT_SOURCE_DEVICE,
};

enum list_kind { LIST_COMMUNICATION, LIST_COMPUTATION, LIST_OBJECT };
enum object_kind { OBJECT_PIPE };
enum request_op { REQUEST_OP_SEND, REQUEST_OP_RECEIVE, REQUEST_OP_CONTROL };
enum put_state { PUT_DONE, PUT_MORE, PUT_DONE_AWAITED };

struct event {
    cycle_t cycle;
    uint16_t kind;   /* enum event_kind */
    uint16_t source; /* hart number or enum event_source */
    uint32_t reserved;
    uint64_t arg[4];
};

#endif
