/* SPDX-License-Identifier: Apache-2.0 */
/* See commands.h. A handler takes the rest of its packet and fills in the reply; an empty reply says that the packet is
 * not supported. Source: Debugging with GDB, appendix E. */
#include "debug/commands.h"

#include <inttypes.h>
#include <string.h>

#define ERROR_INVALID "E16" /* hexadecimal numbers of errno: EINVAL, EFAULT, ENOSPC, ESRCH */
#define ERROR_FAULT "E0e"
#define ERROR_FULL "E1c"
#define ERROR_NO_THREAD "E03"

#define SIGNAL_TRAP 5
#define MOST_MEMORY_BYTES ((PACKET_BYTES - 64) / 2)

typedef enum commands_result handler(struct commands *c, struct packet_cursor *at,
                                     struct packet *reply);

static enum commands_result answer(struct packet *reply, const char *text)
{
    reply->size = 0;
    packet_put(reply, "%s", text);
    return COMMANDS_REPLY;
}

static unsigned thread_of(unsigned hart)
{
    return hart + 1;
}

/* -1: all, 0: any, else a hart's. */
#define ALL_THREADS (-1)
#define ANY_THREAD (-2)
static bool take_thread(const struct commands *c, struct packet_cursor *at, int *hart)
{
    uint64_t number;
    if (packet_take_text(at, "-1")) {
        *hart = ALL_THREADS;
        return true;
    }
    if (!packet_take_number(at, &number) || number > c->target->hart_count)
        return false;
    *hart = number ? (int)number - 1 : ANY_THREAD;
    return true;
}

void commands_stopped(struct commands *c, unsigned hart, unsigned signal,
                      const struct debug_watch *watched)
{
    bool hardware = false,
         at_breakpoint =
             target_breakpoint_at(c->target, hart_pc(c->target->harts[hart]), &hardware);
    c->current = c->resumed = hart;
    c->stop.size = 0;
    packet_put(&c->stop, "T%02xthread:%x;core:%x;", signal, thread_of(hart), hart);
    if (watched)
        packet_put(&c->stop, "%s:%" PRIx64 ";",
                   !watched->read   ? "watch"
                   : watched->write ? "awatch"
                                    : "rwatch",
                   watched->address);
    else if (at_breakpoint && signal == SIGNAL_TRAP && c->knows_break_reasons)
        packet_put(&c->stop, "%s:;", hardware ? "hwbreak" : "swbreak");
}

static enum commands_result why_stopped(struct commands *c, struct packet_cursor *at,
                                        struct packet *reply)
{
    (void)at;
    packet_put_bytes(reply, c->stop.bytes, c->stop.size);
    return COMMANDS_REPLY;
}

/* Registers travel as 8 bytes, least significant first; this is what the host has, too. */
static void put_register(const struct commands *c, uint64_t number, struct packet *reply)
{
    uint64_t value;
    if (target_read_register(c->target, c->current, number, &value))
        packet_put_hex(reply, &value, sizeof value);
    else
        packet_put(reply, ERROR_INVALID);
}

static enum commands_result read_general(struct commands *c, struct packet_cursor *at,
                                         struct packet *reply)
{
    (void)at;
    for (unsigned n = 0; n < TARGET_GENERAL_REGISTERS; n++)
        put_register(c, n, reply);
    return COMMANDS_REPLY;
}

static enum commands_result write_general(struct commands *c, struct packet_cursor *at,
                                          struct packet *reply)
{
    uint64_t value;
    for (unsigned n = 0; n < TARGET_GENERAL_REGISTERS && packet_take_hex(at, &value, sizeof value);
         n++)
        target_write_register(c->target, c->current, n, value);
    return answer(reply, packet_at_end(at) ? "OK" : ERROR_INVALID);
}

static enum commands_result read_register(struct commands *c, struct packet_cursor *at,
                                          struct packet *reply)
{
    uint64_t number;
    if (!packet_take_number(at, &number) || !packet_at_end(at))
        return answer(reply, ERROR_INVALID);
    put_register(c, number, reply);
    return COMMANDS_REPLY;
}

static enum commands_result write_register(struct commands *c, struct packet_cursor *at,
                                           struct packet *reply)
{
    uint64_t number, value;
    bool right = packet_take_number(at, &number) && packet_take_text(at, "=") &&
                 packet_take_hex(at, &value, sizeof value) && packet_at_end(at) &&
                 target_write_register(c->target, c->current, number, value);
    return answer(reply, right ? "OK" : ERROR_INVALID);
}

static bool take_range(struct packet_cursor *at, uint64_t *address, uint64_t *size)
{
    return packet_take_number(at, address) && packet_take_text(at, ",") &&
           packet_take_number(at, size);
}

static enum commands_result read_memory(struct commands *c, struct packet_cursor *at,
                                        struct packet *reply)
{
    uint64_t address, size;
    uint8_t bytes[MOST_MEMORY_BYTES];
    if (!take_range(at, &address, &size) || !packet_at_end(at))
        return answer(reply, ERROR_INVALID);
    size = size < sizeof bytes ? size : sizeof bytes;
    size_t count = target_read_memory(c->target, c->current, address, bytes, size);
    if (count == 0 && size)
        return answer(reply, ERROR_FAULT);
    packet_put_hex(reply, bytes, count);
    return COMMANDS_REPLY;
}

static enum commands_result store(struct commands *c, uint64_t address, const uint8_t *bytes,
                                  size_t size, struct packet *reply)
{
    bool done = target_write_memory(c->target, c->current, address, bytes, size);
    return answer(reply, done ? "OK" : ERROR_FAULT);
}

static enum commands_result write_memory(struct commands *c, struct packet_cursor *at,
                                         struct packet *reply)
{
    uint64_t address, size;
    uint8_t bytes[PACKET_BYTES / 2];
    if (!take_range(at, &address, &size) || !packet_take_text(at, ":") || size > sizeof bytes ||
        !packet_take_hex(at, bytes, size) || !packet_at_end(at))
        return answer(reply, ERROR_INVALID);
    return store(c, address, bytes, size, reply);
}

static enum commands_result write_binary(struct commands *c, struct packet_cursor *at,
                                         struct packet *reply)
{
    uint64_t address, size;
    if (!take_range(at, &address, &size) || !packet_take_text(at, ":") ||
        size != (uint64_t)(at->end - at->at))
        return answer(reply, ERROR_INVALID);
    return store(c, address, (const uint8_t *)at->at, size, reply);
}

static bool take_point(struct packet_cursor *at, uint64_t *kind, uint64_t *address, uint64_t *size)
{
    return packet_take_number(at, kind) && packet_take_text(at, ",") &&
           take_range(at, address, size);
}

/* Conditions and commands that may follow are GDB's to evaluate: we never said that we can. */
static enum commands_result set_point(struct commands *c, struct packet_cursor *at,
                                      struct packet *reply)
{
    static const char *const answers[] = {
        [TARGET_OK] = "OK", [TARGET_INVALID] = ERROR_INVALID, [TARGET_FULL] = ERROR_FULL};
    uint64_t kind, address, size;
    if (!take_point(at, &kind, &address, &size))
        return answer(reply, ERROR_INVALID);
    if (kind > POINT_ACCESS)
        return COMMANDS_REPLY;
    return answer(reply,
                  answers[target_set_point(c->target, (enum target_point)kind, address, size)]);
}

static enum commands_result clear_point(struct commands *c, struct packet_cursor *at,
                                        struct packet *reply)
{
    uint64_t kind, address, size;
    if (!take_point(at, &kind, &address, &size))
        return answer(reply, ERROR_INVALID);
    if (kind > POINT_ACCESS)
        return COMMANDS_REPLY;
    target_clear_point(c->target, (enum target_point)kind, address, size);
    return answer(reply, "OK");
}

static enum commands_result choose_thread(struct commands *c, struct packet_cursor *at,
                                          struct packet *reply)
{
    int hart;
    bool resume = packet_take_text(at, "c");
    if ((!resume && !packet_take_text(at, "g")) || !take_thread(c, at, &hart) || !packet_at_end(at))
        return answer(reply, ERROR_NO_THREAD);
    if (hart >= 0)
        *(resume ? &c->resumed : &c->current) = (unsigned)hart;
    return answer(reply, "OK");
}

static enum commands_result is_thread_alive(struct commands *c, struct packet_cursor *at,
                                            struct packet *reply)
{
    int hart;
    return answer(reply, take_thread(c, at, &hart) && hart >= 0 ? "OK" : ERROR_NO_THREAD);
}

static void order_all(struct commands *c, enum engine_order order)
{
    for (unsigned n = 0; n < c->target->hart_count; n++)
        c->orders[n] = order;
}

/* The old way to resume: an optional address, and one hart that steps while the others stand. */
static enum commands_result resume(struct commands *c, struct packet_cursor *at,
                                   struct packet *reply, bool step, bool signal)
{
    uint64_t number, address;
    if (signal &&
        (!packet_take_number(at, &number) || (!packet_at_end(at) && !packet_take_text(at, ";"))))
        return answer(reply, ERROR_INVALID);
    if (!packet_at_end(at)) {
        if (!packet_take_number(at, &address) || !packet_at_end(at))
            return answer(reply, ERROR_INVALID);
        target_write_register(c->target, c->resumed, TARGET_PC, address);
    }
    order_all(c, step ? ENGINE_HOLD : ENGINE_GO);
    if (step)
        c->orders[c->resumed] = ENGINE_STEP;
    return COMMANDS_RESUME;
}

static enum commands_result go(struct commands *c, struct packet_cursor *at, struct packet *reply)
{
    return resume(c, at, reply, false, false);
}

static enum commands_result go_with_signal(struct commands *c, struct packet_cursor *at,
                                           struct packet *reply)
{
    return resume(c, at, reply, false, true);
}

static enum commands_result step(struct commands *c, struct packet_cursor *at, struct packet *reply)
{
    return resume(c, at, reply, true, false);
}

static enum commands_result step_with_signal(struct commands *c, struct packet_cursor *at,
                                             struct packet *reply)
{
    return resume(c, at, reply, true, true);
}

/* One of `c`, `s`, `CNN`, `SNN`; a machine has no signals to deliver. */
static bool take_action(struct packet_cursor *at, enum engine_order *order)
{
    uint64_t signal;
    bool with_signal = packet_take_text(at, "C") || packet_take_text(at, "S");
    if (with_signal) {
        *order = at->at[-1] == 'S' ? ENGINE_STEP : ENGINE_GO;
        return packet_take_number(at, &signal);
    }
    *order = packet_take_text(at, "s") ? ENGINE_STEP : ENGINE_GO;
    return *order == ENGINE_STEP || packet_take_text(at, "c");
}

/* For each hart the first action that names it; a hart that none names stands. */
static enum commands_result resume_each(struct commands *c, struct packet_cursor *at,
                                        struct packet *reply)
{
    enum engine_order orders[MAP_MAX_HARTS], order;
    bool named[MAP_MAX_HARTS] = {false}, any = false;
    for (unsigned n = 0; n < c->target->hart_count; n++)
        orders[n] = ENGINE_HOLD;
    while (packet_take_text(at, ";")) {
        int hart = ALL_THREADS;
        if (!take_action(at, &order) || (packet_take_text(at, ":") && !take_thread(c, at, &hart)))
            return answer(reply, ERROR_INVALID);
        if (hart == ANY_THREAD)
            hart = (int)c->resumed;
        for (unsigned n = 0; n < c->target->hart_count; n++)
            if (!named[n] && (hart == ALL_THREADS || hart == (int)n)) {
                orders[n] = order;
                named[n] = any = true;
            }
    }
    if (!any || !packet_at_end(at))
        return answer(reply, ERROR_INVALID);
    memcpy(c->orders, orders, c->target->hart_count * sizeof *orders);
    return COMMANDS_RESUME;
}

static enum commands_result which_actions(struct commands *c, struct packet_cursor *at,
                                          struct packet *reply)
{
    (void)c, (void)at;
    return answer(reply, "vCont;c;C;s;S");
}

static enum commands_result kill_process(struct commands *c, struct packet_cursor *at,
                                         struct packet *reply)
{
    (void)c, (void)at;
    answer(reply, "OK");
    return COMMANDS_KILL;
}

static enum commands_result kill_silently(struct commands *c, struct packet_cursor *at,
                                          struct packet *reply)
{
    (void)c, (void)at, (void)reply;
    return COMMANDS_KILL;
}

static enum commands_result detach(struct commands *c, struct packet_cursor *at,
                                   struct packet *reply)
{
    (void)c, (void)at;
    answer(reply, "OK");
    return COMMANDS_DETACH;
}

static bool mentions(const struct packet_cursor *at, const char *text)
{
    for (struct packet_cursor c = *at; c.at < c.end; c.at++) {
        struct packet_cursor here = c;
        if (packet_take_text(&here, text))
            return true;
    }
    return false;
}

static enum commands_result supported(struct commands *c, struct packet_cursor *at,
                                      struct packet *reply)
{
    c->knows_break_reasons = mentions(at, "swbreak+") && mentions(at, "hwbreak+");
    packet_put(
        reply,
        "PacketSize=%x;QStartNoAckMode+;qXfer:features:read+;vContSupported+;swbreak+;hwbreak+",
        PACKET_BYTES);
    return COMMANDS_REPLY;
}

static enum commands_result no_acknowledgements(struct commands *c, struct packet_cursor *at,
                                                struct packet *reply)
{
    (void)at;
    c->no_acknowledgements = true;
    return answer(reply, "OK");
}

static enum commands_result read_description(struct commands *c, struct packet_cursor *at,
                                             struct packet *reply)
{
    char text[TARGET_DESCRIPTION_BYTES];
    uint64_t offset, size, length = target_describe(text);
    (void)c;
    if (!packet_take_text(at, "target.xml:") || !take_range(at, &offset, &size) ||
        !packet_at_end(at))
        return answer(reply, ERROR_INVALID);
    if (offset >= length)
        return answer(reply, "l");
    size = size < PACKET_BYTES / 2 ? size : PACKET_BYTES / 2;
    bool last = size >= length - offset;
    packet_put(reply, last ? "l" : "m");
    packet_put_bytes(reply, text + offset, last ? length - offset : size);
    return COMMANDS_REPLY;
}

static enum commands_result list_threads(struct commands *c, struct packet_cursor *at,
                                         struct packet *reply)
{
    (void)at;
    for (unsigned n = 0; n < c->target->hart_count; n++)
        packet_put(reply, "%c%x", n ? ',' : 'm', thread_of(n));
    return COMMANDS_REPLY;
}

static enum commands_result end_of_threads(struct commands *c, struct packet_cursor *at,
                                           struct packet *reply)
{
    (void)c, (void)at;
    return answer(reply, "l");
}

static enum commands_result about_thread(struct commands *c, struct packet_cursor *at,
                                         struct packet *reply)
{
    static const char privileges[] = "US?M";
    struct packet text = {0};
    int hart;
    if (!take_thread(c, at, &hart) || hart < 0)
        return answer(reply, ERROR_NO_THREAD);
    const struct hart *h = c->target->harts[hart];
    packet_put(&text, "hart %d, %c-mode%s", hart, privileges[hart_debug_privilege(h) & 3],
               hart_debug_is_waiting(h) ? ", waiting for an interrupt" : "");
    packet_put_hex(reply, text.bytes, text.size);
    return COMMANDS_REPLY;
}

static enum commands_result current_thread(struct commands *c, struct packet_cursor *at,
                                           struct packet *reply)
{
    (void)at;
    packet_put(reply, "QC%x", thread_of(c->current));
    return COMMANDS_REPLY;
}

static enum commands_result is_attached(struct commands *c, struct packet_cursor *at,
                                        struct packet *reply)
{
    (void)c, (void)at;
    return answer(reply, "1"); /* so that a debugger that goes leaves the machine running */
}

static enum commands_result monitor(struct commands *c, struct packet_cursor *at,
                                    struct packet *reply)
{
    char text[128] = "";
    struct packet said = {0};
    size_t length = (size_t)(at->end - at->at) / 2;
    if (length >= sizeof text || !packet_take_hex(at, text, length) || !packet_at_end(at))
        return answer(reply, ERROR_INVALID);
    monitor_do(c, text, &said);
    packet_put_hex(reply, said.bytes, said.size);
    return COMMANDS_REPLY;
}

/* The first that fits is meant. */
static const struct {
    const char *begins;
    handler *handle;
} handlers[] = {
    {"vCont?", which_actions},
    {"vCont", resume_each},
    {"vKill", kill_process},
    {"qSupported", supported},
    {"QStartNoAckMode", no_acknowledgements},
    {"qXfer:features:read:", read_description},
    {"qfThreadInfo", list_threads},
    {"qsThreadInfo", end_of_threads},
    {"qThreadExtraInfo,", about_thread},
    {"qAttached", is_attached},
    {"qRcmd,", monitor},
    {"qC", current_thread},
    {"?", why_stopped},
    {"g", read_general},
    {"G", write_general},
    {"p", read_register},
    {"P", write_register},
    {"m", read_memory},
    {"M", write_memory},
    {"X", write_binary},
    {"Z", set_point},
    {"z", clear_point},
    {"H", choose_thread},
    {"T", is_thread_alive},
    {"c", go},
    {"C", go_with_signal},
    {"s", step},
    {"S", step_with_signal},
    {"D", detach},
    {"k", kill_silently},
};

enum commands_result commands_do(struct commands *commands, const struct packet *packet,
                                 struct packet *reply)
{
    struct packet_cursor at = packet_begin(packet);
    reply->size = 0;
    for (size_t n = 0; n < sizeof handlers / sizeof *handlers; n++)
        if (packet_take_text(&at, handlers[n].begins))
            return handlers[n].handle(commands, &at, reply);
    return COMMANDS_REPLY;
}
