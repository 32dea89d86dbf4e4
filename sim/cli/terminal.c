/* SPDX-License-Identifier: Apache-2.0 */
/* See terminal.h. */
#include "cli/terminal.h"

#include <signal.h>
#include <stddef.h>
#include <stdlib.h>
#include <termios.h>

static struct termios before;
static volatile sig_atomic_t taken_file = -1;

void terminal_restore(void)
{
    if (taken_file >= 0)
        tcsetattr(taken_file, TCSANOW, &before);
    taken_file = -1;
}

/* SA_RESETHAND: raised again, the signal does what it would have done. */
static void restore_and_die(int signal_number)
{
    terminal_restore();
    raise(signal_number);
}

static void catch_ends(void)
{
    static const int ends[] = {SIGABRT, SIGSEGV, SIGBUS, SIGFPE, SIGILL};
    struct sigaction action = {.sa_handler = restore_and_die, .sa_flags = (int)SA_RESETHAND};
    sigemptyset(&action.sa_mask);
    for (size_t i = 0; i < sizeof ends / sizeof *ends; i++)
        sigaction(ends[i], &action, NULL);
}

void terminal_take(int file)
{
    struct termios raw;
    if (tcgetattr(file, &before) != 0)
        return;
    raw = before;
    raw.c_iflag &= ~(tcflag_t)(IGNBRK | BRKINT | PARMRK | ISTRIP | INLCR | IGNCR | ICRNL | IXON);
    raw.c_lflag &= ~(tcflag_t)(ECHO | ECHONL | ICANON | ISIG | IEXTEN);
    raw.c_cc[VMIN] = 1;
    raw.c_cc[VTIME] = 0;
    taken_file = file;
    catch_ends();
    atexit(terminal_restore);
    tcsetattr(file, TCSANOW, &raw);
}
