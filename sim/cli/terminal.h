/* SPDX-License-Identifier: Apache-2.0 */
/* The user's terminal, key by key and without echo or signals: the guest's own console does the
 * rest. It is put back however this process ends, short of SIGKILL and of a second signal while a first one ends the
 * run in order (interruption.h). */
#ifndef MISSIVE_CLI_TERMINAL_H
#define MISSIVE_CLI_TERMINAL_H

/* `file` is a terminal. At most one at a time; a terminal that refuses stays as it is. */
void terminal_take(int file);
void terminal_restore(void); /* nothing was taken: does nothing */

#endif
