/* SPDX-License-Identifier: Apache-2.0 */
/* The same workload over several machines: plans the runs, starts each as a simulator of its own (SystemC runs
 * once per process), and gathers their reports as rows.
 *
 * The rows: for each combination of the values of keys that have several, the machines in the order given. After a first machine that
 * is software alone comes the same machine with as many hosts as the largest of the others has harts in all, if that is more:
 * hardware help should be compared with spending the same harts on software. */
#ifndef MISSIVE_STUDY_COMPARE_H
#define MISSIVE_STUDY_COMPARE_H

#include "study/measurement.h"

#define COMPARE_MAX_MACHINES 16
#define COMPARE_MAX_SETS 64
#define COMPARE_MAX_ROWS 512

struct compare_options {
    const char *scenario;
    const char *machines[COMPARE_MAX_MACHINES];
    size_t machine_count;
    const char *sets[COMPARE_MAX_SETS]; /* KEY=VALUE[,VALUE...] */
    size_t set_count;
    const char *timeout_seconds; /* of each run; NULL: no limit */
    unsigned jobs;               /* runs at a time */
    bool progress;               /* a word on stderr for each run that ended */
};

struct compare {
    struct scenario *scenario; /* what all pointers here point into */
    size_t varied_count;
    struct scenario_key varied[SCENARIO_MAX_KEYS]; /* the keys that have several values */
    uint64_t warmup_messages, measure_messages;    /* of the first row */
    struct parameters parameters;                  /* of the first row */
    size_t row_count;
    struct measurement *rows;
};

enum compare_result { COMPARE_DONE, COMPARE_BAD_INPUT, COMPARE_RUN_FAILED };

/* Fills *compare in any case; `problem` says why it is not COMPARE_DONE. *status: what a run that failed ended with. */
enum compare_result compare_run(const struct compare_options *options, struct compare *compare,
                                int *status, struct problem *problem);
void compare_free(struct compare *compare);

#endif
