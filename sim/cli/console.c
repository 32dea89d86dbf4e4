/* SPDX-License-Identifier: Apache-2.0 */
/* A terminal sees output line by line and before each read; anything else in blocks. SIGPIPE is ignored by
 * whoever uses this (console_init does it), so that a closed stdout is an error number and no death. */
#include "cli/console.h"

#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <string.h>
#include <unistd.h>

#include "cli/interruption.h"

#define SIGNAL_CHECK_MILLISECONDS 200 /* one that came just before we waited */

void console_init(struct console *console, int in, int out)
{
    *console = (struct console){.in = in, .out = out};
    console->in_is_terminal = in >= 0 && isatty(in);
    console->out_is_terminal = isatty(out);
    signal(SIGPIPE, SIG_IGN);
}

void console_flush(struct console *console)
{
    size_t done = 0;
    while (done < console->out_count && !console->out_closed) {
        ssize_t written = write(console->out, console->out_bytes + done, console->out_count - done);
        if (written >= 0) {
            done += (size_t)written;
        } else if (errno == EAGAIN) {
            poll(&(struct pollfd){.fd = console->out, .events = POLLOUT}, 1, -1);
        } else if (errno != EINTR) {
            console->reader_gone = errno == EPIPE;
            console->error = errno == EPIPE || errno == EBADF ? 0 : errno;
            console->out_closed = true;
        }
    }
    console->out_count = 0;
}

static void put(void *owner, uint8_t byte)
{
    struct console *console = owner;
    if (console->peer && console->peer->out_count)
        console_flush(console->peer);
    console->out_bytes[console->out_count++] = byte;
    if (console->out_count == sizeof console->out_bytes ||
        (byte == '\n' && console->out_is_terminal))
        console_flush(console);
}

/* Until there is something to read. False: we are asked to end, and it makes no difference any more. */
static bool await(struct pollfd *ask)
{
    while (!interruption_came())
        if (poll(ask, 1, SIGNAL_CHECK_MILLISECONDS) > 0)
            return true;
    return false;
}

/* Fills the input buffer; false: nothing came, and *none says what to answer. */
static bool fill(struct console *console, int *none)
{
    *none = CHARACTER_END;
    if (console->in < 0)
        return false;
    console_flush(console);
    struct pollfd ask = {.fd = console->in, .events = POLLIN};
    if (console->in_is_terminal && poll(&ask, 1, 0) == 0) {
        *none = CHARACTER_NONE;
        return false;
    }
    ssize_t count = 0;
    while (await(&ask) &&
           (count = read(console->in, console->in_bytes, sizeof console->in_bytes)) < 0) {
        if (errno != EAGAIN && errno != EINTR)
            break;
    }
    if (count <= 0) {
        console->in = -1;
        return false;
    }
    console->in_next = 0;
    console->in_count = (uint16_t)count;
    return true;
}

static int get(void *owner)
{
    struct console *console = owner;
    int none;
    if (console->in_next == console->in_count && !fill(console, &none))
        return none;
    return console->in_bytes[console->in_next++];
}

struct character_port console_port(struct console *console)
{
    return (struct character_port){console, put, get};
}

bool console_close(struct console *console, struct problem *problem)
{
    console_flush(console);
    return !console->error ||
           problem_set(problem, "%s: %s", console->out == 2 ? "stderr" : "stdout",
                       strerror(console->error));
}
