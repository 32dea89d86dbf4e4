/* SPDX-License-Identifier: Apache-2.0 */
/* A full-duplex Ethernet link between two network devices, simulated: each direction carries one frame
 * after the other at the link's bandwidth, with preamble, check sequence, the padding of short frames
 * and the gap that Ethernet wants between two; the whole frame arrives a latency after its last bit
 * was sent, or is lost by a chance drawn from the seed. A frame is never changed, doubled or
 * overtaken. Padding costs time, but the bytes that arrive are those that were sent.
 *
 * A wire is one piece of memory of wire_size bytes, as large as what can be on its way. Not
 * modelled: bit errors that a receiver sees, half duplex, collisions, pause frames, the link's
 * negotiation. Source: IEEE 802.3-2018, clauses 3 and 4 (frame and gap). */
#ifndef MISSIVE_DEVICES_WIRE_H
#define MISSIVE_DEVICES_WIRE_H

#include <stddef.h>

#include "devices/device.h"

struct wire_config {
    uint64_t bits_per_second, clock_hz; /* both at least 1; clock_hz: cycles a second */
    uint64_t latency_cycles;
    uint64_t lost_per_million; /* of 1,000,000 frames, on average */
    uint64_t seed;
};

/* Who wants to see frames as their first bit is sent, those that get lost too; frames come in the
 * order of time. */
struct wire_tap {
    void *owner;
    void (*sent)(void *owner, const uint8_t *frame, unsigned size_bytes, cycle_t now); /* or NULL */
};

/* Told when a frame was sent towards an end: `arrival` there has another answer. */
struct wire_bell {
    void *owner;
    void (*ring)(void *owner); /* or NULL */
};

struct wire_counters {
#define COUNTER(id, unit, doc) uint64_t id;
#include "devices/wire_counters.def"
#undef COUNTER
};

/* From one end to the other; what is on its way is a ring of bytes. */
struct wire_direction {
    uint64_t random;
    cycle_t free;        /* the first cycle in which the next frame may begin */
    uint64_t put, taken; /* bytes, ever */
    struct wire_bell bell;
    struct wire_counters counters;
};

struct wire {
    struct wire_config config;
    struct wire_tap tap;
    size_t ring_bytes;
    struct wire_direction direction[2]; /* 0: from end 0 to end 1 */
    uint8_t bytes[];                    /* two rings */
};

#define WIRE_MAX_BYTES ((size_t)64 << 20) /* on their way in one direction */

/* 0: more than WIRE_MAX_BYTES would be on their way (bandwidth times latency). */
size_t wire_size(const struct wire_config *config);
/* `wire`: wire_size bytes, all zero. */
void wire_init(struct wire *wire, const struct wire_config *config, struct wire_tap tap);

/* An end as its device's outside; `bell` is rung for it. `handle` is the caller's memory and lives as
 * long as the port. Of each end there is one port. */
struct wire_end {
    struct wire *wire;
    unsigned number;
};
struct net_port wire_port(struct wire *wire, unsigned end, struct wire_end *handle,
                          struct wire_bell bell);

#endif
