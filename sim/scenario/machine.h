/* SPDX-License-Identifier: Apache-2.0 */
/* Machine files: a name for a set of parameters (the format stands in scenario.h). */
#ifndef MISSIVE_SCENARIO_MACHINE_H
#define MISSIVE_SCENARIO_MACHINE_H

#include "scenario/parameters.h"

struct machine_info {
    char name[32];
    char doc[128];
    bool reconstruction;
};

/* Sets the parameters the machine file names, and no others. `name`: as in scenario_load. */
bool machine_load(const char *name, struct machine_info *info, struct parameters *parameters,
                  struct problem *problem);
bool machine_parse(const char *path, const char *text, size_t size_bytes, struct machine_info *info,
                   struct parameters *parameters, struct problem *problem);

#endif
