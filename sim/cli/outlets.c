/* SPDX-License-Identifier: Apache-2.0 */
/* See outlets.h. */
#include "cli/outlets.h"

#include <signal.h>

#include "cli/interruption.h"
#include "cli/run_options.h"

static void tick(void *owner)
{
    struct outlets *outlets = owner;
    console_flush(&outlets->output);
    console_flush(&outlets->errors);
    outlets->outside.stop = outlets->output.reader_gone || interruption_came();
}

void outlets_open(struct outlets *outlets, int in)
{
    outlets->outside = (struct session_outside){outlets, tick, false};
    interruption_catch();
    console_init(&outlets->output, in, 1);
    console_init(&outlets->errors, -1, 2);
    outlets->output.peer = &outlets->errors;
    outlets->errors.peer = &outlets->output;
}

bool outlets_close(struct outlets *outlets, struct problem *problem)
{
    return console_close(&outlets->output, problem) && console_close(&outlets->errors, problem);
}

int outlets_status(const char *command, const struct engine_outcome *outcome)
{
    interruption_die(command);
    return outcome->end == ENGINE_STOPPED ? 128 + SIGPIPE : run_unfinished(command, outcome);
}
