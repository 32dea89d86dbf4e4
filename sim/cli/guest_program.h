/* SPDX-License-Identifier: Apache-2.0 */
/* Whether a host file is a program the guest OS can run: said before a machine is built for it. */
#ifndef MISSIVE_CLI_GUEST_PROGRAM_H
#define MISSIVE_CLI_GUEST_PROGRAM_H

#include "scenario/problem.h"

/* False: `problem` says what the file is instead, and what would be right. */
bool guest_program_check(const char *path, struct problem *problem);

#endif
