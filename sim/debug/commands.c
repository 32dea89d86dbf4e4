/* SPDX-License-Identifier: Apache-2.0 */
/* See commands.h: threads, going on, and what the two sides can do. Registers, memory and points: commands_state.c. Source:
 * Debugging with GDB, appendix E. */
#include "debug/commands_handlers.h"

#include <inttypes.h>
#include <string.h>

#define SIGNAL_TRAP 5

enum commands_result commands_answer(struct packet *reply, const char *text)
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

static enum commands_result choose_thread(struct commands *c, struct packet_cursor *at,
                                          struct packet *reply)
{
    int hart;
    bool resume = packet_take_text(at, "c");
    if ((!resume && !packet_take_text(at, "g")) || !take_thread(c, at, &hart) || !packet_at_end(at))
        return commands_answer(reply, ERROR_NO_THREAD);
    if (hart >= 0)
        *(resume ? &c->resumed : &c->current) = (unsigned)hart;
    return commands_answer(reply, "OK");
}

static enum commands_result is_thread_alive(struct commands *c, struct packet_cursor *at,
                                            struct packet *reply)
{
    int hart;
    return commands_answer(reply, take_thread(c, at, &hart) && hart >= 0 ? "OK" : ERROR_NO_THREAD);
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
        return commands_answer(reply, ERROR_INVALID);
    if (!packet_at_end(at)) {
        if (!packet_take_number(at, &address) || !packet_at_end(at))
            return commands_answer(reply, ERROR_INVALID);
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
            return commands_answer(reply, ERROR_INVALID);
        if (hart == ANY_THREAD)
            hart = (int)c->resumed;
        for (unsigned n = 0; n < c->target->hart_count; n++)
            if (!named[n] && (hart == ALL_THREADS || hart == (int)n)) {
                orders[n] = order;
                named[n] = any = true;
            }
    }
    if (!any || !packet_at_end(at))
        return commands_answer(reply, ERROR_INVALID);
    memcpy(c->orders, orders, c->target->hart_count * sizeof *orders);
    return COMMANDS_RESUME;
}

static enum commands_result which_actions(struct commands *c, struct packet_cursor *at,
                                          struct packet *reply)
{
    (void)c, (void)at;
    return commands_answer(reply, "vCont;c;C;s;S");
}

static enum commands_result kill_process(struct commands *c, struct packet_cursor *at,
                                         struct packet *reply)
{
    (void)c, (void)at;
    commands_answer(reply, "OK");
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
    commands_answer(reply, "OK");
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
    return commands_answer(reply, "OK");
}

static enum commands_result read_description(struct commands *c, struct packet_cursor *at,
                                             struct packet *reply)
{
    char text[TARGET_DESCRIPTION_BYTES];
    uint64_t offset, size, length = target_describe(text);
    (void)c;
    if (!packet_take_text(at, "target.xml:") || !packet_take_range(at, &offset, &size) ||
        !packet_at_end(at))
        return commands_answer(reply, ERROR_INVALID);
    if (offset >= length)
        return commands_answer(reply, "l");
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
    return commands_answer(reply, "l");
}

static enum commands_result about_thread(struct commands *c, struct packet_cursor *at,
                                         struct packet *reply)
{
    static const char privileges[] = "US?M";
    struct packet text = {0};
    int hart;
    if (!take_thread(c, at, &hart) || hart < 0)
        return commands_answer(reply, ERROR_NO_THREAD);
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
    return commands_answer(reply,
                           "1"); /* so that a debugger that goes leaves the machine running */
}

static enum commands_result monitor(struct commands *c, struct packet_cursor *at,
                                    struct packet *reply)
{
    char text[128] = "";
    struct packet said = {0};
    size_t length = (size_t)(at->end - at->at) / 2;
    if (length >= sizeof text || !packet_take_hex(at, text, length) || !packet_at_end(at))
        return commands_answer(reply, ERROR_INVALID);
    monitor_do(c, text, &said);
    packet_put_hex(reply, said.bytes, said.size);
    return COMMANDS_REPLY;
}

/* The first that fits is meant. */
static const struct {
    const char *begins;
    commands_handler *handle;
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
    {"g", commands_read_general},
    {"G", commands_write_general},
    {"p", commands_read_register},
    {"P", commands_write_register},
    {"m", commands_read_memory},
    {"M", commands_write_memory},
    {"X", commands_write_binary},
    {"Z", commands_set_point},
    {"z", commands_clear_point},
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
