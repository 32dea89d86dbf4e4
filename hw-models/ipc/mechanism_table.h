/* SPDX-License-Identifier: Apache-2.0 */
/* The mechanisms there are: mechanisms.def as a table. */
#ifndef MISSIVE_IPC_MECHANISM_TABLE_H
#define MISSIVE_IPC_MECHANISM_TABLE_H

#include "ipc/mechanism.h"

struct mechanism_entry {
    const char *name;       /* in machine files */
    const char *compatible; /* in the device tree */
    const char *doc;
    const struct mechanism *model; /* never NULL; without init: no hardware */
};

extern const struct mechanism_entry mechanism_table[];
extern const size_t mechanism_count;

const struct mechanism_entry *mechanism_find(const char *name); /* NULL: there is none */

#endif
