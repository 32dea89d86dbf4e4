/* SPDX-License-Identifier: Apache-2.0 */
/* Where the output of a guest's program goes, stdout and stderr, for `run` and `exec`: it goes out while the program
 * runs. Where nobody reads it any more the program has no use, and ends as SIGPIPE would end it; a signal that asks us to end
 * ends the run in order. */
#ifndef MISSIVE_CLI_OUTLETS_H
#define MISSIVE_CLI_OUTLETS_H

#include "cli/console.h"
#include "cli/session.h"

struct outlets {
    struct console output, errors; /* input comes by `output` */
    struct session_outside outside;
};

void outlets_open(struct outlets *outlets, int in); /* in: a file descriptor, -1: nothing is read */
/* Sends what is left. False: not all could be written, and not because its reader had gone. */
bool outlets_close(struct outlets *outlets, struct problem *problem);
/* As run_unfinished (run_options.h), of a run that might have been stopped from outside; dies of a signal that came. */
int outlets_status(const char *command, const struct engine_outcome *outcome);

#endif
