/* SPDX-License-Identifier: Apache-2.0 */
/* The models of the mesh there are: noc_models.def as a table. */
#ifndef MISSIVE_NOC_NOC_TABLE_H
#define MISSIVE_NOC_NOC_TABLE_H

#include "noc/noc.h"

struct noc_entry {
    const char *name; /* in machine files */
    const char *doc;
    const struct noc_model *model;
};

extern const struct noc_entry noc_table[];
extern const size_t noc_count;

const struct noc_entry *noc_find(const char *name); /* NULL: there is none */

#endif
