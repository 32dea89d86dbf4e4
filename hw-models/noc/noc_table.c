/* SPDX-License-Identifier: Apache-2.0 */
/* See noc_table.h. */
#include "noc/noc_table.h"

#include <string.h>

#define NOC(id, name, doc) extern const struct noc_model noc_##id;
#include "noc/noc_models.def"
#undef NOC

const struct noc_entry noc_table[] = {
#define NOC(id, name, doc) {name, doc, &noc_##id},
#include "noc/noc_models.def"
#undef NOC
};
const size_t noc_count = sizeof noc_table / sizeof *noc_table;

const struct noc_entry *noc_find(const char *name)
{
    for (size_t i = 0; i < noc_count; i++)
        if (strcmp(noc_table[i].name, name) == 0)
            return &noc_table[i];
    return NULL;
}
