/* SPDX-License-Identifier: Apache-2.0 */
/* See wire.h. A frame on its way stands in the ring as a record: its cycle of arrival, its size, its
 * bytes. A record is no longer than the frame's time on the wire in bytes, so that bandwidth times
 * latency is room enough. */
#include "devices/wire.h"

#include <assert.h>
#include <string.h>

#define PADDED_BYTES 60   /* header and payload have at least as many */
#define OVERHEAD_BYTES 12 /* preamble and delimiter 8, check sequence 4 */
#define GAP_BYTES 12
#define RECORD_HEADER_BYTES (sizeof(cycle_t) + sizeof(uint16_t))
#define RECORD_MAX_BYTES (RECORD_HEADER_BYTES + NET_FRAME_MAX_BYTES)
#define MILLION 1000000u

/* Besides what the latency holds: the frame that is being sent, those that end in the cycle in which
 * the receiver has not looked yet, rounding. */
#define SPARE_BYTES (4 * RECORD_MAX_BYTES)

static size_t ring_bytes(const struct wire_config *config)
{
    uint64_t product, cycles_per_byte_second = 8 * config->clock_hz;
    if (__builtin_mul_overflow(config->latency_cycles, config->bits_per_second, &product) ||
        product / cycles_per_byte_second >= WIRE_MAX_BYTES - SPARE_BYTES)
        return 0;
    return (size_t)(product / cycles_per_byte_second) + SPARE_BYTES;
}

size_t wire_size(const struct wire_config *config)
{
    size_t bytes = ring_bytes(config);
    return bytes ? sizeof(struct wire) + 2 * bytes : 0;
}

void wire_init(struct wire *wire, const struct wire_config *config, struct wire_tap tap)
{
    wire->config = *config;
    wire->tap = tap;
    wire->ring_bytes = ring_bytes(config);
    for (unsigned i = 0; i < 2; i++)
        wire->direction[i] = (struct wire_direction){.random = config->seed + i};
}

static cycle_t cycles_of(const struct wire_config *config, uint64_t bytes)
{
    return (bytes * 8 * config->clock_hz + config->bits_per_second - 1) / config->bits_per_second;
}

/* SplitMix64 (Steele, Lea, Flood, OOPSLA 2014). */
static uint64_t draw(struct wire_direction *direction)
{
    uint64_t z = direction->random += 0x9E3779B97F4A7C15;
    z = (z ^ z >> 30) * 0xBF58476D1CE4E5B9;
    z = (z ^ z >> 27) * 0x94D049BB133111EB;
    return z ^ z >> 31;
}

/* A part of a ring, from byte number `at` on: two pieces where it reaches around the end. */
struct part {
    uint8_t *piece[2];
    size_t first; /* bytes in the first piece */
};

static struct part part_of(struct wire *wire, unsigned from, uint64_t at, size_t count)
{
    uint8_t *ring = wire->bytes + from * wire->ring_bytes;
    size_t place = (size_t)(at % wire->ring_bytes), left = wire->ring_bytes - place;
    return (struct part){{ring + place, ring}, count < left ? count : left};
}

static void ring_put(struct wire *wire, unsigned from, uint64_t at, const void *bytes, size_t count)
{
    const struct part part = part_of(wire, from, at, count);
    memcpy(part.piece[0], bytes, part.first);
    memcpy(part.piece[1], (const uint8_t *)bytes + part.first, count - part.first);
}

static void ring_get(struct wire *wire, unsigned from, uint64_t at, void *bytes, size_t count)
{
    const struct part part = part_of(wire, from, at, count);
    memcpy(bytes, part.piece[0], part.first);
    memcpy((uint8_t *)bytes + part.first, part.piece[1], count - part.first);
}

static void put_record(struct wire *wire, unsigned from, const uint8_t *frame, uint16_t size_bytes,
                       cycle_t arrival)
{
    struct wire_direction *direction = &wire->direction[from];
    uint8_t header[RECORD_HEADER_BYTES];
    if (direction->put - direction->taken + sizeof header + size_bytes > wire->ring_bytes) {
        direction->counters.overrun_frames++;
        return;
    }
    memcpy(header, &arrival, sizeof arrival);
    memcpy(header + sizeof arrival, &size_bytes, sizeof size_bytes);
    ring_put(wire, from, direction->put, header, sizeof header);
    ring_put(wire, from, direction->put + sizeof header, frame, size_bytes);
    direction->put += sizeof header + size_bytes;
    if (direction->bell.ring)
        direction->bell.ring(direction->bell.owner);
}

static void wire_send(void *owner, const uint8_t *frame, unsigned size_bytes, cycle_t now)
{
    const struct wire_end *end = owner;
    struct wire *wire = end->wire;
    struct wire_direction *direction = &wire->direction[end->number];
    uint64_t bytes = (size_bytes > PADDED_BYTES ? size_bytes : PADDED_BYTES) + OVERHEAD_BYTES;
    cycle_t until_free = cycles_of(&wire->config, bytes + GAP_BYTES);
    assert(size_bytes >= NET_FRAME_MIN_BYTES && size_bytes <= NET_FRAME_MAX_BYTES &&
           now >= direction->free);
    direction->free = now + until_free;
    direction->counters.frames++;
    direction->counters.bytes += size_bytes;
    direction->counters.busy_cycles += until_free;
    if (wire->tap.sent)
        wire->tap.sent(wire->tap.owner, frame, size_bytes, now);
    if (wire->config.lost_per_million && draw(direction) % MILLION < wire->config.lost_per_million)
        direction->counters.lost_frames++;
    else
        put_record(wire, end->number, frame, (uint16_t)size_bytes,
                   now + cycles_of(&wire->config, bytes) + wire->config.latency_cycles);
}

static cycle_t wire_send_from(void *owner)
{
    const struct wire_end *end = owner;
    return end->wire->direction[end->number].free;
}

static cycle_t wire_arrival(void *owner)
{
    const struct wire_end *end = owner;
    const struct wire_direction *direction = &end->wire->direction[!end->number];
    cycle_t arrival;
    if (direction->put == direction->taken)
        return CYCLE_NEVER;
    ring_get(end->wire, !end->number, direction->taken, &arrival, sizeof arrival);
    return arrival;
}

static unsigned wire_receive(void *owner, uint8_t *frame)
{
    const struct wire_end *end = owner;
    struct wire_direction *direction = &end->wire->direction[!end->number];
    uint16_t size_bytes;
    assert(direction->put != direction->taken);
    direction->taken += sizeof(cycle_t);
    ring_get(end->wire, !end->number, direction->taken, &size_bytes, sizeof size_bytes);
    ring_get(end->wire, !end->number, direction->taken + sizeof size_bytes, frame, size_bytes);
    direction->taken += sizeof size_bytes + size_bytes;
    return size_bytes;
}

struct net_port wire_port(struct wire *wire, unsigned end, struct wire_end *handle,
                          struct wire_bell bell)
{
    *handle = (struct wire_end){wire, end};
    wire->direction[!end].bell = bell;
    return (struct net_port){
        .owner = handle,
        .send_from = wire_send_from,
        .send = wire_send,
        .arrival = wire_arrival,
        .receive = wire_receive,
    };
}
