/* SPDX-License-Identifier: Apache-2.0 */
/* See interruption.h. */
#include "cli/interruption.h"

#include <signal.h>
#include <stdio.h>
#include <string.h>

#include "cli/terminal.h"

static volatile sig_atomic_t came;

static void note(int number)
{
    came = number;
}

/* No SA_RESTART: who waits for the outside is to look up. SA_RESETHAND: a second one does what it always does. */
void interruption_catch(void)
{
    static const int asked[] = {SIGHUP, SIGINT, SIGQUIT, SIGTERM};
    for (size_t i = 0; i < sizeof asked / sizeof *asked; i++) {
        struct sigaction action = {.sa_handler = note, .sa_flags = (int)SA_RESETHAND}, before;
        sigemptyset(&action.sa_mask);
        if (sigaction(asked[i], NULL, &before) == 0 && before.sa_handler != SIG_IGN)
            sigaction(asked[i], &action, NULL);
    }
}

bool interruption_came(void)
{
    return came != 0;
}

void interruption_die(const char *command)
{
    if (!came)
        return;
    terminal_restore();
    fprintf(stderr, "missive %s: ended by signal %d (%s)\n", command, (int)came, strsignal(came));
    fflush(NULL);
    signal(came, SIG_DFL);
    raise(came);
}
