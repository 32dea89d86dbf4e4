/* SPDX-License-Identifier: Apache-2.0 */
/* Signals that ask a run to end (Ctrl-C, SIGTERM, SIGHUP): the first lets the run end in order, so that output,
 * statistics and trace are complete up to there; a second one ends the process at once. */
#ifndef MISSIVE_CLI_INTERRUPTION_H
#define MISSIVE_CLI_INTERRUPTION_H

#include <stdbool.h>

void interruption_catch(void); /* those that are not ignored */
bool interruption_came(void);
/* Dies of the signal that came, so that whoever waits for this process knows; none came: returns. */
void interruption_die(const char *command);

#endif
