/* SPDX-License-Identifier: Apache-2.0 */
/* See packet.h. */
#include "debug/packet.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#define INTERRUPT_BYTE 3
#define ESCAPE '}'
#define ESCAPE_BIT 0x20

static int digit(int c)
{
    if (c >= '0' && c <= '9')
        return c - '0';
    if (c >= 'a' && c <= 'f')
        return c - 'a' + 10;
    return c >= 'A' && c <= 'F' ? c - 'A' + 10 : -1;
}

static enum packet_event outside(struct packet_reader *reader, uint8_t byte)
{
    if (byte == INTERRUPT_BYTE)
        return PACKET_INTERRUPT;
    if (byte == '-')
        return PACKET_REFUSED;
    if (byte == '$') {
        reader->state = PACKET_INSIDE;
        reader->sum = 0;
        reader->too_long = false;
        reader->packet.size = 0;
    }
    return PACKET_NOTHING;
}

static void keep(struct packet_reader *reader, uint8_t byte)
{
    struct packet *packet = &reader->packet;
    if (packet->size < sizeof packet->bytes)
        packet->bytes[packet->size++] = (char)byte;
    else
        reader->too_long = true;
}

static enum packet_event inside(struct packet_reader *reader, uint8_t byte)
{
    if (byte == '$') /* the rest of the last one was lost */
        return outside(reader, byte);
    if (byte == '#') {
        reader->state = PACKET_SUM_HIGH;
        return PACKET_NOTHING;
    }
    reader->sum = (uint8_t)(reader->sum + byte);
    if (byte == ESCAPE)
        reader->state = PACKET_ESCAPED;
    else
        keep(reader, byte);
    return PACKET_NOTHING;
}

enum packet_event packet_take(struct packet_reader *reader, uint8_t byte)
{
    switch (reader->state) {
    case PACKET_OUTSIDE:
        return outside(reader, byte);
    case PACKET_INSIDE:
        return inside(reader, byte);
    case PACKET_ESCAPED:
        reader->state = PACKET_INSIDE;
        reader->sum = (uint8_t)(reader->sum + byte);
        keep(reader, byte ^ ESCAPE_BIT);
        return PACKET_NOTHING;
    case PACKET_SUM_HIGH:
        reader->state = PACKET_SUM_LOW;
        reader->too_long |= digit(byte) < 0;
        reader->sum_said = (uint8_t)((unsigned)digit(byte) << 4);
        return PACKET_NOTHING;
    case PACKET_SUM_LOW:
        reader->state = PACKET_OUTSIDE;
        if (reader->too_long || digit(byte) < 0 || (reader->sum_said | digit(byte)) != reader->sum)
            return PACKET_BAD;
        return PACKET_TAKEN;
    }
    return PACKET_NOTHING;
}

size_t packet_frame(const struct packet *packet, uint8_t frame[PACKET_FRAME_BYTES])
{
    static const char digits[] = "0123456789abcdef";
    size_t size = 0;
    uint8_t sum = 0;
    frame[size++] = '$';
    for (size_t n = 0; n < packet->size; n++) {
        uint8_t byte = (uint8_t)packet->bytes[n];
        if (byte == '$' || byte == '#' || byte == ESCAPE || byte == '*') {
            frame[size++] = ESCAPE;
            sum = (uint8_t)(sum + ESCAPE);
            byte ^= ESCAPE_BIT;
        }
        frame[size++] = byte;
        sum = (uint8_t)(sum + byte);
    }
    frame[size++] = '#';
    frame[size++] = (uint8_t)digits[sum >> 4];
    frame[size++] = (uint8_t)digits[sum & 15];
    return size;
}

void packet_put(struct packet *packet, const char *format, ...)
{
    size_t room = sizeof packet->bytes - packet->size;
    va_list arguments;
    va_start(arguments, format);
    int length = vsnprintf(packet->bytes + packet->size, room, format, arguments);
    va_end(arguments);
    if (length > 0 && room > 0)
        packet->size += (size_t)length < room ? (size_t)length : room - 1;
}

void packet_put_bytes(struct packet *packet, const void *bytes, size_t size)
{
    size_t room = sizeof packet->bytes - packet->size;
    size = size < room ? size : room;
    memcpy(packet->bytes + packet->size, bytes, size);
    packet->size += size;
}

void packet_put_hex(struct packet *packet, const void *bytes, size_t size)
{
    for (size_t n = 0; n < size; n++)
        packet_put(packet, "%02x", ((const uint8_t *)bytes)[n]);
}

struct packet_cursor packet_begin(const struct packet *packet)
{
    return (struct packet_cursor){packet->bytes, packet->bytes + packet->size};
}

bool packet_take_text(struct packet_cursor *cursor, const char *text)
{
    size_t length = strlen(text);
    if ((size_t)(cursor->end - cursor->at) < length || memcmp(cursor->at, text, length) != 0)
        return false;
    cursor->at += length;
    return true;
}

bool packet_take_number(struct packet_cursor *cursor, uint64_t *number)
{
    const char *at = cursor->at;
    uint64_t value = 0;
    while (at < cursor->end && digit((uint8_t)*at) >= 0 && at - cursor->at < 17)
        value = value << 4 | (uint64_t)digit((uint8_t)*at++);
    if (at == cursor->at || at - cursor->at > 16)
        return false;
    cursor->at = at;
    *number = value;
    return true;
}

bool packet_take_range(struct packet_cursor *cursor, uint64_t *first, uint64_t *size)
{
    return packet_take_number(cursor, first) && packet_take_text(cursor, ",") &&
           packet_take_number(cursor, size);
}

bool packet_take_hex(struct packet_cursor *cursor, void *bytes, size_t size)
{
    const char *at = cursor->at;
    if ((size_t)(cursor->end - at) / 2 < size)
        return false;
    for (size_t n = 0; n < 2 * size; n++)
        if (digit((uint8_t)at[n]) < 0)
            return false;
    for (size_t n = 0; n < size; n++, at += 2)
        ((uint8_t *)bytes)[n] = (uint8_t)(digit((uint8_t)at[0]) << 4 | digit((uint8_t)at[1]));
    cursor->at = at;
    return true;
}

bool packet_at_end(const struct packet_cursor *cursor)
{
    return cursor->at == cursor->end;
}
