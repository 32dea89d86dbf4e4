/* SPDX-License-Identifier: Apache-2.0 */
/* See mechanism_table.h. */
#include "ipc/mechanism_table.h"

#include <string.h>

#define MECHANISM(id, name, compatible, doc) extern const struct mechanism mechanism_##id;
#include "ipc/mechanisms.def"
#undef MECHANISM

const struct mechanism_entry mechanism_table[] = {
#define MECHANISM(id, name, compatible, doc) {name, compatible, doc, &mechanism_##id},
#include "ipc/mechanisms.def"
#undef MECHANISM
};
const size_t mechanism_count = sizeof mechanism_table / sizeof *mechanism_table;

const struct mechanism_entry *mechanism_find(const char *name)
{
    for (size_t i = 0; i < mechanism_count; i++)
        if (strcmp(mechanism_table[i].name, name) == 0)
            return &mechanism_table[i];
    return NULL;
}
