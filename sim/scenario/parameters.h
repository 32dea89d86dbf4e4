/* SPDX-License-Identifier: Apache-2.0 */
/* The checked description of a machine: one field for each line of parameters.def, and the table of
 * those lines. A struct parameters is plain data: copy it as you like. */
#ifndef MISSIVE_SCENARIO_PARAMETERS_H
#define MISSIVE_SCENARIO_PARAMETERS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "scenario/problem.h"

struct parameters {
#define PARAMETER(group, name, value, min, max, unit, doc, source) uint64_t group##_##name;
#define PARAMETER_CHOICE(group, name, value, choices, doc, source) const char *group##_##name;
#include "scenario/parameters.def"
#undef PARAMETER
#undef PARAMETER_CHOICE
};

struct parameter {
    const char *name;           /* group.name */
    uint64_t value, min, max;   /* value: the default; all unused by a choice */
    const char *choice;         /* the default of a choice; NULL: a number */
    const char *const *choices; /* NULL-terminated */
    const char *unit, *doc, *source;
    size_t offset; /* in struct parameters */
};

extern const struct parameter parameter_table[];
extern const size_t parameter_count;

const struct parameter *parameter_find(const char *name); /* NULL: there is none */
/* Puts "; did you mean ...?" behind a problem about an unknown parameter. Returns false. */
bool parameter_suggest(struct problem *problem, const char *wrong);

void parameters_default(struct parameters *parameters);

/* Checks one value against its line of the table and stores it. False: `problem` says why. */
bool parameter_set(struct parameters *parameters, const struct parameter *parameter,
                   const char *text, struct problem *problem);
/* The value as text: of a number into `buffer` (24 bytes will do), of a choice its name. */
const char *parameter_text(const struct parameters *parameters, const struct parameter *parameter,
                           char *buffer, size_t size);

/* What no single line can say: sizes that must fit each other. Once all values are set. */
bool parameters_check(const struct parameters *parameters, struct problem *problem);

/* machine.timing is `full`. */
bool parameters_timed(const struct parameters *parameters);

/* A decimal number and nothing else. False: it is none, or does not fit 64 bits. */
bool number_parse(const char *text, uint64_t *value);

#endif
