/* SPDX-License-Identifier: Apache-2.0 */
/* See debugger.h. While the machine is stopped, converse() reads packets and answers them; while it runs, poll() looks now
 * and then whether the debugger wants something. */
#include "debug/debugger.h"

#include <arpa/inet.h>
#include <errno.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "debug/commands.h"
#include "platform/platform_state.h"

#define SIGNAL_INTERRUPT 2
#define SIGNAL_TRAP 5

struct debugger {
    struct engine_debugger hook;
    struct target target;
    struct commands commands;
    struct packet_reader reader;
    struct packet reply;
    char about[256];
    int listener, client; /* -1: none */
    bool begun;
    size_t frame_size, in_next, in_count;
    uint8_t in[4096], frame[PACKET_FRAME_BYTES]; /* the last one sent */
};

static bool is_ready(int socket)
{
    return poll(&(struct pollfd){.fd = socket, .events = POLLIN}, 1, 0) > 0;
}

static void send_bytes(struct debugger *d, const uint8_t *bytes, size_t size)
{
    while (size && d->client >= 0) {
        ssize_t sent = send(d->client, bytes, size, MSG_NOSIGNAL);
        if (sent < 0 && errno != EINTR)
            return; /* the next read sees the end */
        if (sent > 0) {
            bytes += sent;
            size -= (size_t)sent;
        }
    }
}

static void send_packet(struct debugger *d, const struct packet *packet)
{
    d->frame_size = packet_frame(packet, d->frame);
    send_bytes(d, d->frame, d->frame_size);
}

/* False: the connection is gone, or a signal that somebody handles asks for the machine's end. */
static bool read_byte(struct debugger *d, uint8_t *byte)
{
    while (d->in_next == d->in_count) {
        ssize_t count = recv(d->client, d->in, sizeof d->in, 0);
        if (count <= 0)
            return false;
        d->in_next = 0;
        d->in_count = (size_t)count;
    }
    *byte = d->in[d->in_next++];
    return true;
}

static void order_all(struct debugger *d, enum engine_order order)
{
    for (unsigned n = 0; n < MAP_MAX_HARTS; n++)
        d->hook.orders[n] = order;
}

static void disconnect(struct debugger *d)
{
    if (d->client >= 0)
        close(d->client);
    d->client = -1;
    d->in_next = d->in_count = 0;
}

/* The debugger goes, the machine runs on. */
static void leave(struct debugger *d)
{
    disconnect(d);
    target_clear_points(&d->target);
    order_all(d, ENGINE_GO);
}

static void end_run(struct debugger *d)
{
    disconnect(d);
    target_clear_points(&d->target);
    order_all(d, ENGINE_HOLD);
    d->hook.ended = true;
}

/* Carries out the packet that has come. False: the machine is to go on. */
static bool obey(struct debugger *d)
{
    bool acknowledge = !d->commands.no_acknowledgements;
    if (acknowledge)
        send_bytes(d, (const uint8_t *)"+", 1);
    enum commands_result result = commands_do(&d->commands, &d->reader.packet, &d->reply);
    if (result == COMMANDS_RESUME)
        return false;
    if (result != COMMANDS_KILL || d->reply.size) /* `k` has no answer */
        send_packet(d, &d->reply);
    if (result == COMMANDS_DETACH)
        leave(d);
    else if (result == COMMANDS_KILL)
        end_run(d);
    return result == COMMANDS_REPLY;
}

/* Until the machine is to go on. */
static void converse(struct debugger *d)
{
    bool stopped = true;
    uint8_t byte;
    while (stopped && read_byte(d, &byte)) {
        enum packet_event event = packet_take(&d->reader, byte);
        if (event == PACKET_TAKEN)
            stopped = obey(d);
        else if (event == PACKET_BAD)
            send_bytes(d, (const uint8_t *)"-", 1);
        else if (event == PACKET_REFUSED)
            send_bytes(d, d->frame, d->frame_size);
    }
    if (stopped)
        leave(d);
    d->hook.watches = d->target.points.watch_count > 0;
}

static void stop(struct debugger *d, unsigned hart, unsigned signal,
                 const struct debug_watch *watched)
{
    commands_stopped(&d->commands, hart, signal, watched);
    send_packet(d, &d->commands.stop);
    converse(d);
}

static void stopped(void *owner, unsigned hart, const struct debug_watch *watched)
{
    stop(owner, hart, SIGNAL_TRAP, watched);
}

/* Whoever comes finds the machine stopped. A signal that somebody handles ends the wait. */
static void greet(struct debugger *d)
{
    d->client = accept(d->listener, NULL, NULL);
    if (d->client < 0)
        return;
    setsockopt(d->client, IPPROTO_TCP, TCP_NODELAY, &(int){1}, sizeof(int));
    memset(&d->reader, 0, sizeof d->reader);
    d->frame_size = 0;
    d->commands.no_acknowledgements = d->commands.knows_break_reasons = false;
    commands_stopped(&d->commands, 0, d->begun ? SIGNAL_INTERRUPT : SIGNAL_TRAP, NULL);
    converse(d);
}

static bool is_any_held(const struct debugger *d)
{
    for (unsigned n = 0; n < d->target.hart_count; n++)
        if (d->hook.orders[n] != ENGINE_GO)
            return true;
    return false;
}

/* Whether the debugger wants the machine to stop; packets have no business while it runs. */
static bool is_interrupted(struct debugger *d)
{
    uint8_t byte;
    while (d->in_next < d->in_count || is_ready(d->client)) {
        if (!read_byte(d, &byte)) {
            leave(d);
            d->hook.watches = false;
            return false;
        }
        if (packet_take(&d->reader, byte) == PACKET_INTERRUPT)
            return true;
    }
    return false;
}

static void poll_debugger(void *owner, bool stuck)
{
    struct debugger *d = owner;
    if (d->client < 0) {
        if (!d->begun || is_ready(d->listener))
            greet(d);
        d->begun = true;
    } else if (is_interrupted(d) || (d->client >= 0 && stuck && is_any_held(d))) {
        stop(d, d->commands.resumed, SIGNAL_INTERRUPT, NULL);
    }
}

static void reset_machine(void *owner)
{
    const struct debugger *d = owner;
    d->hook.reset(d->hook.machine);
}

static bool start_listening(struct debugger *d, uint16_t port, struct problem *problem)
{
    struct sockaddr_in address = {
        .sin_family = AF_INET, .sin_port = htons(port), .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    socklen_t size = sizeof address;
    d->listener = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    if (d->listener >= 0)
        setsockopt(d->listener, SOL_SOCKET, SO_REUSEADDR, &(int){1}, sizeof(int));
    if (d->listener < 0 || bind(d->listener, (struct sockaddr *)&address, size) < 0 ||
        listen(d->listener, 1) < 0 ||
        getsockname(d->listener, (struct sockaddr *)&address, &size) < 0)
        return problem_set(problem, "--gdb %u: %s", port, strerror(errno));
    fprintf(stderr, "missive: waiting for a debugger: target remote 127.0.0.1:%u\n",
            ntohs(address.sin_port));
    return true;
}

static void describe(struct debugger *d, const struct platform *platform)
{
    unsigned coprocessors = 0;
    for (unsigned n = 0; n < platform->hart_count; n++)
        coprocessors += platform->roles[n] == ROLE_COPROCESSOR;
    snprintf(d->about, sizeof d->about,
             "%u hosts, %u coprocessors, %u MiB of RAM at 0x%llx, messages: %s\n",
             platform->hart_count - coprocessors, coprocessors,
             (unsigned)(platform->ram.size_bytes >> 20), (unsigned long long)platform->ram.base,
             platform->mechanism ? platform->mechanism_compatible : "software");
}

struct debugger *debugger_create(struct platform *platform, uint16_t port, struct problem *problem)
{
    struct debugger *d = calloc(1, sizeof *d);
    if (!d) {
        problem_set(problem, "the host has no memory left");
        return NULL;
    }
    d->client = -1;
    d->hook = (struct engine_debugger){.owner = d, .stopped = stopped, .poll = poll_debugger};
    describe(d, platform);
    d->target = (struct target){.harts = platform->harts,
                                .hart_count = platform->hart_count,
                                .ram = &platform->ram,
                                .about = d->about,
                                .reset = reset_machine,
                                .machine = d};
    d->commands.target = &d->target;
    d->commands.orders = d->hook.orders;
    if (!start_listening(d, port, problem)) {
        debugger_destroy(d);
        return NULL;
    }
    return d;
}

void debugger_destroy(struct debugger *debugger)
{
    if (!debugger)
        return;
    disconnect(debugger);
    if (debugger->listener >= 0)
        close(debugger->listener);
    free(debugger);
}

struct engine_debugger *debugger_hook(struct debugger *debugger)
{
    return debugger ? &debugger->hook : NULL;
}

void debugger_finish(struct debugger *debugger, const struct engine_outcome *outcome)
{
    if (!debugger || debugger->client < 0)
        return;
    debugger->reply.size = 0;
    if (outcome->end == ENGINE_FINISHED)
        packet_put(&debugger->reply, "W%02x", outcome->exit_code & 0xff);
    else
        packet_put(&debugger->reply, "X09");
    send_packet(debugger, &debugger->reply);
}
