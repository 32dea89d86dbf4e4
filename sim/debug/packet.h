/* SPDX-License-Identifier: Apache-2.0 */
/* The framing of GDB's remote serial protocol: bytes to packets, packets to bytes, and the hexadecimal text inside them.
 * No input can do more than be refused. Does not model: run-length encoding (not required of a stub), notifications.
 * Source: Debugging with GDB, appendix E. */
#ifndef MISSIVE_DEBUG_PACKET_H
#define MISSIVE_DEBUG_PACKET_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define PACKET_BYTES 16384                        /* of contents */
#define PACKET_FRAME_BYTES (2 * PACKET_BYTES + 4) /* with all escaped */

struct packet {
    size_t size;
    char bytes[PACKET_BYTES];
};

enum packet_event {
    PACKET_NOTHING, /* yet */
    PACKET_TAKEN,   /* reader.packet is complete */
    PACKET_BAD,     /* wrong checksum, or too long: to be refused */
    PACKET_REFUSED, /* the other side asks for our last packet again */
    PACKET_INTERRUPT,
};

struct packet_reader { /* begins as zeros */
    enum { PACKET_OUTSIDE, PACKET_INSIDE, PACKET_ESCAPED, PACKET_SUM_HIGH, PACKET_SUM_LOW } state;
    uint8_t sum, sum_said;
    bool too_long;
    struct packet packet;
};

enum packet_event packet_take(struct packet_reader *reader, uint8_t byte);

/* Frames it: '$', contents, '#', checksum. Returns how many bytes. */
size_t packet_frame(const struct packet *packet, uint8_t frame[PACKET_FRAME_BYTES]);

/* Appends; what does not fit is left out. */
void packet_put(struct packet *packet, const char *format, ...)
    __attribute__((format(printf, 2, 3)));
void packet_put_bytes(struct packet *packet, const void *bytes, size_t size);
void packet_put_hex(struct packet *packet, const void *bytes, size_t size); /* two digits a byte */

/* Reading the contents. Each function takes what it names, or returns false and takes nothing. */
struct packet_cursor {
    const char *at, *end;
};
struct packet_cursor packet_begin(const struct packet *packet);
bool packet_take_text(struct packet_cursor *cursor, const char *text);
bool packet_take_number(struct packet_cursor *cursor, uint64_t *number); /* 1 to 16 digits */
/* NUMBER,NUMBER: an address and a size, say. */
bool packet_take_range(struct packet_cursor *cursor, uint64_t *first, uint64_t *size);
bool packet_take_hex(struct packet_cursor *cursor, void *bytes, size_t size);
bool packet_at_end(const struct packet_cursor *cursor);

#endif
