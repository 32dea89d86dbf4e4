/* SPDX-License-Identifier: Apache-2.0 */
/* Child processes, a few at a time: each with no stdin, its stdout thrown away, and its stderr kept in a file. */
#ifndef MISSIVE_STUDY_JOBS_H
#define MISSIVE_STUDY_JOBS_H

#include <stdbool.h>
#include <stddef.h>
#include <sys/types.h>

#include "scenario/problem.h"

struct job {
    char **arguments;        /* NULL-terminated; [0] is the program's path */
    const char *stderr_path; /* created */
    pid_t pid;               /* while it runs */
    int status;              /* its exit status; 128 + signal if it was killed; -1: never started */
};

/* Runs all, at most `at_once` at a time, in order; stops starting others after the first that does not end with 0.
 * `done` may be NULL: called after each that ended. false: `problem` says why the system could not start one. */
bool jobs_run(struct job *jobs, size_t count, unsigned at_once,
              void (*done)(void *owner, const struct job *job), void *owner,
              struct problem *problem);

#endif
