/* SPDX-License-Identifier: Apache-2.0 */
/* One row of a study: what was run, and the numbers of its report. All tables print rows of this kind. */
#ifndef MISSIVE_STUDY_MEASUREMENT_H
#define MISSIVE_STUDY_MEASUREMENT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/activity.h"
#include "scenario/problem.h"
#include "scenario/scenario.h"

enum column {
#define COLUMN(id, path, decimals, doc) COLUMN_##id,
#include "study/columns.def"
#undef COLUMN
    COLUMN_LATENCY, /* + enum activity */
    COLUMN_COUNT = COLUMN_LATENCY + ACTIVITY_COUNT
};

struct measurement {
    char machine[SCENARIO_NAME_SIZE];
    char label[64]; /* "uniprocessor, 2 hosts" */
    bool reconstruction;
    bool complete; /* all messages that the window asks for were delivered */
    unsigned hosts, coprocessors;
    const char *keys[SCENARIO_MAX_KEYS]; /* the values of the study's varied keys; the scenario's */
    double values[COLUMN_COUNT];
    char complaint[320]; /* of the observer about the run; "": none */
};

/* Takes the numbers out of a report. false: `problem` says what it lacks. */
bool measurement_read(struct measurement *measurement, const char *report, struct problem *problem);

/* Fills the ratio_* columns, given the row that is compared with; 0 where there is nothing to compare. */
void measurement_compare(struct measurement *measurement, const struct measurement *base);

const char *column_name(enum column column); /* "one_way_mean", "latency_trap" */
int column_decimals(enum column column);

#endif
