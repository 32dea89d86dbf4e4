/* SPDX-License-Identifier: Apache-2.0 */
/* See commands.h: registers, memory, breakpoints and watchpoints. */
#include "debug/commands_handlers.h"

#define MOST_MEMORY_BYTES ((PACKET_BYTES - 64) / 2)

/* Registers travel as 8 bytes, least significant first; this is what the host has, too. */
static void put_register(const struct commands *c, uint64_t number, struct packet *reply)
{
    uint64_t value;
    if (target_read_register(c->target, c->current, number, &value))
        packet_put_hex(reply, &value, sizeof value);
    else
        packet_put(reply, ERROR_INVALID);
}

enum commands_result commands_read_general(struct commands *c, struct packet_cursor *at,
                                           struct packet *reply)
{
    (void)at;
    for (unsigned n = 0; n < TARGET_GENERAL_REGISTERS; n++)
        put_register(c, n, reply);
    return COMMANDS_REPLY;
}

enum commands_result commands_write_general(struct commands *c, struct packet_cursor *at,
                                            struct packet *reply)
{
    uint64_t value;
    for (unsigned n = 0; n < TARGET_GENERAL_REGISTERS && packet_take_hex(at, &value, sizeof value);
         n++)
        target_write_register(c->target, c->current, n, value);
    return commands_answer(reply, packet_at_end(at) ? "OK" : ERROR_INVALID);
}

enum commands_result commands_read_register(struct commands *c, struct packet_cursor *at,
                                            struct packet *reply)
{
    uint64_t number;
    if (!packet_take_number(at, &number) || !packet_at_end(at))
        return commands_answer(reply, ERROR_INVALID);
    put_register(c, number, reply);
    return COMMANDS_REPLY;
}

enum commands_result commands_write_register(struct commands *c, struct packet_cursor *at,
                                             struct packet *reply)
{
    uint64_t number, value;
    bool right = packet_take_number(at, &number) && packet_take_text(at, "=") &&
                 packet_take_hex(at, &value, sizeof value) && packet_at_end(at) &&
                 target_write_register(c->target, c->current, number, value);
    return commands_answer(reply, right ? "OK" : ERROR_INVALID);
}

enum commands_result commands_read_memory(struct commands *c, struct packet_cursor *at,
                                          struct packet *reply)
{
    uint64_t address, size;
    uint8_t bytes[MOST_MEMORY_BYTES];
    if (!packet_take_range(at, &address, &size) || !packet_at_end(at))
        return commands_answer(reply, ERROR_INVALID);
    size = size < sizeof bytes ? size : sizeof bytes;
    size_t count = target_read_memory(c->target, c->current, address, bytes, size);
    if (count == 0 && size)
        return commands_answer(reply, ERROR_FAULT);
    packet_put_hex(reply, bytes, count);
    return COMMANDS_REPLY;
}

static enum commands_result store(struct commands *c, uint64_t address, const uint8_t *bytes,
                                  size_t size, struct packet *reply)
{
    bool done = target_write_memory(c->target, c->current, address, bytes, size);
    return commands_answer(reply, done ? "OK" : ERROR_FAULT);
}

enum commands_result commands_write_memory(struct commands *c, struct packet_cursor *at,
                                           struct packet *reply)
{
    uint64_t address, size;
    uint8_t bytes[PACKET_BYTES / 2];
    if (!packet_take_range(at, &address, &size) || !packet_take_text(at, ":") ||
        size > sizeof bytes || !packet_take_hex(at, bytes, size) || !packet_at_end(at))
        return commands_answer(reply, ERROR_INVALID);
    return store(c, address, bytes, size, reply);
}

enum commands_result commands_write_binary(struct commands *c, struct packet_cursor *at,
                                           struct packet *reply)
{
    uint64_t address, size;
    if (!packet_take_range(at, &address, &size) || !packet_take_text(at, ":") ||
        size != (uint64_t)(at->end - at->at))
        return commands_answer(reply, ERROR_INVALID);
    return store(c, address, (const uint8_t *)at->at, size, reply);
}

static bool take_point(struct packet_cursor *at, uint64_t *kind, uint64_t *address, uint64_t *size)
{
    return packet_take_number(at, kind) && packet_take_text(at, ",") &&
           packet_take_range(at, address, size);
}

/* Conditions and commands that may follow are GDB's to evaluate: we never said that we can. */
enum commands_result commands_set_point(struct commands *c, struct packet_cursor *at,
                                        struct packet *reply)
{
    static const char *const answers[] = {
        [TARGET_OK] = "OK", [TARGET_INVALID] = ERROR_INVALID, [TARGET_FULL] = ERROR_FULL};
    uint64_t kind, address, size;
    if (!take_point(at, &kind, &address, &size))
        return commands_answer(reply, ERROR_INVALID);
    if (kind > POINT_ACCESS)
        return COMMANDS_REPLY;
    return commands_answer(
        reply, answers[target_set_point(c->target, (enum target_point)kind, address, size)]);
}

enum commands_result commands_clear_point(struct commands *c, struct packet_cursor *at,
                                          struct packet *reply)
{
    uint64_t kind, address, size;
    if (!take_point(at, &kind, &address, &size))
        return commands_answer(reply, ERROR_INVALID);
    if (kind > POINT_ACCESS)
        return COMMANDS_REPLY;
    target_clear_point(c->target, (enum target_point)kind, address, size);
    return commands_answer(reply, "OK");
}
