/* SPDX-License-Identifier: Apache-2.0 */
/* See boot_console.h. */
#include "cli/boot_console.h"

#include <errno.h>
#include <math.h>
#include <poll.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "cli/interruption.h"
#include "cli/terminal.h"

#define CONTROL_A 1
#define SHORTEST_WAIT_SECONDS 0.01 /* a host that wakes each time a device looks around is busy */
#define LONGEST_WAIT_SECONDS 0.1   /* who waits for the run to end waits no longer */

static bool is_file(int descriptor)
{
    struct stat status;
    return fstat(descriptor, &status) == 0 && S_ISREG(status.st_mode);
}

void boot_console_open(struct boot_console *console, bool *stop)
{
    *console = (struct boot_console){.stop = stop};
    interruption_catch();
    console_init(&console->output, -1, STDOUT_FILENO);
    console->is_terminal = isatty(STDIN_FILENO);
    console->is_live = !is_file(STDIN_FILENO);
    if (console->is_terminal)
        terminal_take(STDIN_FILENO);
}

/* The terminal does not return the carriage at a line's end now. */
static void say_help(void)
{
    static const char text[] = "\r\nCtrl-A X  end the run\r\nCtrl-A H  this help\r\n"
                               "Ctrl-A Ctrl-A, Ctrl-A A  send Ctrl-A to the guest\r\n";
    fputs(text, stderr);
}

/* Whether a key of the terminal is the guest's. */
static bool is_for_guest(struct boot_console *console, uint8_t *key)
{
    bool escaped = console->escaped;
    console->escaped = !escaped && *key == CONTROL_A;
    if (!escaped)
        return !console->escaped;
    if (*key == 'x' || *key == 'X')
        *console->stop = true;
    if (*key == 'h' || *key == 'H' || *key == '?')
        say_help();
    if (*key == 'a')
        *key = CONTROL_A;
    return *key == CONTROL_A;
}

/* What there is to read at this moment, behind what waits; keys that find no room are lost. */
static void fill(struct boot_console *console)
{
    struct pollfd ask = {.fd = STDIN_FILENO, .events = POLLIN};
    uint8_t got[256];
    if (console->ended || poll(&ask, 1, 0) <= 0)
        return;
    ssize_t count = read(STDIN_FILENO, got, sizeof got);
    if (count < 0 && (errno == EAGAIN || errno == EINTR))
        return;
    console->ended = count <= 0;
    console->count -= console->next;
    memmove(console->bytes, console->bytes + console->next, console->count);
    console->next = 0;
    for (ssize_t i = 0; i < count; i++)
        if ((!console->is_terminal || is_for_guest(console, &got[i])) &&
            console->count < sizeof console->bytes)
            console->bytes[console->count++] = got[i];
}

static void put(void *owner, uint8_t byte)
{
    struct boot_console *console = owner;
    const struct character_port port = console_port(&console->output);
    port.put(port.owner, byte);
}

static int get(void *owner)
{
    struct boot_console *console = owner;
    if (console->next == console->count)
        fill(console);
    if (console->next < console->count)
        return console->bytes[console->next++];
    return console->ended ? CHARACTER_END : CHARACTER_NONE;
}

struct character_port boot_console_port(struct boot_console *console)
{
    return (struct character_port){console, put, get};
}

static int get_nothing(void *owner)
{
    (void)owner;
    return CHARACTER_NONE;
}

struct character_port boot_console_print_port(struct boot_console *console)
{
    return (struct character_port){console, put, get_nothing};
}

void boot_console_tick(void *owner)
{
    struct boot_console *console = owner;
    if (console->output.out_count)
        console_flush(&console->output);
    if (console->is_terminal)
        fill(console);
    if (console->output.reader_gone || interruption_came())
        *console->stop = true;
}

static double host_seconds(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (double)now.tv_sec + (double)now.tv_nsec / 1e9;
}

/* Until there is input that can be taken now, but no longer than this. Returns how long it was. */
static double wait_for_input(struct boot_console *console, double seconds)
{
    struct pollfd ask = {.fd = STDIN_FILENO, .events = POLLIN};
    bool takes = console->is_terminal || console->next == console->count;
    double begin = host_seconds();
    if (poll(&ask, takes ? 1 : 0, (int)(seconds * 1e3)) > 0)
        fill(console);
    return host_seconds() - begin;
}

double boot_console_wait(void *owner, double seconds)
{
    struct boot_console *console = owner;
    if (!console->is_live || console->ended)
        return seconds;
    double ahead = console->ahead_seconds + seconds;
    double left = 0;
    if (ahead >= SHORTEST_WAIT_SECONDS) {
        ahead -= wait_for_input(console, fmin(ahead, LONGEST_WAIT_SECONDS));
        left = fmin(fmax(ahead, 0), seconds);
    }
    console->ahead_seconds = fmax(ahead - left, -LONGEST_WAIT_SECONDS);
    return seconds - left;
}

bool boot_console_close(struct boot_console *console, struct problem *problem)
{
    terminal_restore();
    return console_close(&console->output, problem);
}
