/* SPDX-License-Identifier: Apache-2.0 */
/* Options of the workload programs: --name=VALUE or --name VALUE, a table each. Plain C against
 * libc. */
#ifndef MISSIVE_WORKLOADS_OPTIONS_H
#define MISSIVE_WORKLOADS_OPTIONS_H

#include <stddef.h>

struct option_number {
    const char *name;
    unsigned long *value; /* holds the default before, the user's choice after */
    unsigned long min, max;
    const char *doc;
};

/* Reads the options at the front of argv; returns the index of the first word that is none (a lone
 * `--` is skipped). A bad option or value ends the program: one line on stderr, status 2. `--help`
 * prints the table, status 0. An option whose range is 0 to 1 may stand without a value, which
 * means 1. */
int options_read(int argc, char **argv, const struct option_number *options, size_t count);

#define OPTIONS_COUNT(table) (sizeof(table) / sizeof *(table))

#endif
