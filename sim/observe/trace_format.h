/* SPDX-License-Identifier: Apache-2.0 */
/* A trace file: this header, then struct event records (base/event.h) in order of (cycle, source).
 * A file cut short at a record's boundary is a valid, shorter trace. Also the shared memory between
 * a running simulator and its window. */
#ifndef MISSIVE_OBSERVE_TRACE_FORMAT_H
#define MISSIVE_OBSERVE_TRACE_FORMAT_H

#include "base/event.h"
#include "observe/machine_view.h"

#define TRACE_MAGIC "MISSIVE"
#define TRACE_VERSION 1

struct trace_header {
    char magic[8];
    uint32_t version;
    uint32_t event_bytes; /* sizeof(struct event) */
    struct machine_view view;
};

#define LIVE_RING_EVENTS 65536

/* The simulator writes events at head and waits when the ring is full; the window reads at tail and
 * grants time. The window creates it (shm_open), the simulator is told its name. Head and tail only
 * grow; index modulo LIVE_RING_EVENTS. Accessed with C11 atomics (__atomic builtins), so that both
 * sides stay plain data. */
struct live_channel {
    struct trace_header header; /* written by the simulator, then ready = 1 */
    uint32_t ready;
    uint32_t ended;   /* simulator: no more events; the run is over */
    uint32_t closing; /* window: has gone; the simulator runs on without it */
    uint32_t reserved;
    uint64_t granted_cycle; /* window: run until here */
    uint64_t reached_cycle; /* simulator: all events before this cycle are in the ring */
    uint64_t head, tail;
    struct event ring[LIVE_RING_EVENTS];
};

#endif
