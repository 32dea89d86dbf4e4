/* SPDX-License-Identifier: Apache-2.0 */
/* The guest's consoles on the host: bytes the guest writes leave through a buffer, bytes it reads come from a file
 * descriptor. A file or pipe is read with waiting, so that when the guest reads what is a matter of simulated time
 * alone; a terminal is only asked what it has. */
#ifndef MISSIVE_CLI_CONSOLE_H
#define MISSIVE_CLI_CONSOLE_H

#include <stdbool.h>
#include <stdint.h>

#include "devices/device.h"
#include "scenario/problem.h"

struct console {
    int in, out; /* file descriptors; in -1: always at its end */
    struct console
        *peer; /* flushed before this one buffers a byte: both may lead to one place; may be NULL */
    bool in_is_terminal, out_is_terminal;
    bool out_closed;  /* nothing more can be written: the rest is thrown away ... */
    bool reader_gone; /* ... because the pipe's reader has gone */
    int error;        /* errno of another failure: disk full, say */
    uint16_t in_next, in_count, out_count;
    uint8_t in_bytes[4096], out_bytes[4096];
};

void console_init(struct console *console, int in, int out);
struct character_port console_port(struct console *console); /* refers to `console` */
void console_flush(struct console *console);
/* Sends what is left. False: not all could be written, and not because its reader had gone. */
bool console_close(struct console *console, struct problem *problem);

#endif
