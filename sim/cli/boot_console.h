/* SPDX-License-Identifier: Apache-2.0 */
/* The console of `missive boot`. Unlike a program's stdin, it is never waited for: a byte comes
 * when it comes, as on a serial line. On a terminal, keys go to the guest one by one, but Ctrl-A is
 * ours: Ctrl-A X ends the run, Ctrl-A H helps, Ctrl-A Ctrl-A (or A) is the guest's Ctrl-A. A file is
 * read when the guest asks, so that a run with one is as repeatable as any; and only then is idle time
 * skipped. */
#ifndef MISSIVE_CLI_BOOT_CONSOLE_H
#define MISSIVE_CLI_BOOT_CONSOLE_H

#include "cli/console.h"

struct boot_console {
    struct console output;
    bool *stop; /* set by Ctrl-A X */
    bool is_terminal, escaped, ended;
    bool is_live;         /* no file: what comes may come at any time */
    double ahead_seconds; /* of host time that simulated time has passed while all harts slept */
    unsigned next, count; /* of bytes, what the guest has not read yet */
    uint8_t bytes[4096];
};

/* Of stdin and stdout; takes the terminal, if there is one. */
void boot_console_open(struct boot_console *console, bool *stop);
/* Both refer to `console`; the second has nothing to read, ever, and never ends. */
struct character_port boot_console_port(struct boot_console *console);
struct character_port boot_console_print_port(struct boot_console *console);
/* Now and then: shows what was printed, hears Ctrl-A X of a guest that reads nothing. */
void boot_console_tick(void *console);
/* For session_outside: an idle guest's time is the host's, and costs it nothing, as long as a
 * terminal, pipe or socket may still wake it. */
double boot_console_wait(void *console, double seconds);
/* Restores the terminal. False: not all could be written. */
bool boot_console_close(struct boot_console *console, struct problem *problem);

#endif
