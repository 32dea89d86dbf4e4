/* SPDX-License-Identifier: Apache-2.0 */
/* See boot_console.h. */
#include "cli/boot_console.h"

#include <errno.h>
#include <poll.h>
#include <string.h>
#include <unistd.h>

#include "cli/terminal.h"

#define CONTROL_A 1

void boot_console_open(struct boot_console *console, bool *stop)
{
    *console = (struct boot_console){.stop = stop};
    console_init(&console->output, -1, STDOUT_FILENO);
    console->is_terminal = isatty(STDIN_FILENO);
    if (console->is_terminal)
        terminal_take(STDIN_FILENO);
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
}

bool boot_console_close(struct boot_console *console, struct problem *problem)
{
    terminal_restore();
    return console_close(&console->output, problem);
}
