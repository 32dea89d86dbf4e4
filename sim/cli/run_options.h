/* SPDX-License-Identifier: Apache-2.0 */
/* The options that `run`, `exec` and `boot` share. Each command's own struct begins with a struct run_options, and its table of
 * options with RUN_OPTIONS. */
#ifndef MISSIVE_CLI_RUN_OPTIONS_H
#define MISSIVE_CLI_RUN_OPTIONS_H

#include "cli/cli.h"
#include "cli/session.h"

#define RUN_MAX_SETS 64

struct run_options {
    struct session_options session;
    const char *machine;            /* NULL: not given */
    const char *sets[RUN_MAX_SETS]; /* KEY=VALUE, as given */
    size_t set_count;
    char seed[48], timing[48];
};

bool run_take_machine(void *owner, const char *value, struct problem *problem);
bool run_take_set(void *owner, const char *value, struct problem *problem);
bool run_take_seed(void *owner, const char *value, struct problem *problem);
bool run_take_timing(void *owner, const char *value, struct problem *problem);
bool run_take_stats(void *owner, const char *value, struct problem *problem);
bool run_take_trace(void *owner, const char *value, struct problem *problem);
bool run_take_until(void *owner, const char *value, struct problem *problem);
bool run_take_gdb(void *owner, const char *value, struct problem *problem);
bool run_take_timeout(void *owner, const char *value, struct problem *problem);

#define RUN_OPTIONS                                                                                \
    {"machine", "MACHINE", "what it runs on (`missive list machines`, or a file)",                 \
     run_take_machine},                                                                            \
        {"set", "KEY=VALUE", "a parameter (`missive list parameters`), or a scenario's key",       \
         run_take_set},                                                                            \
        {"seed", "N", "the same as --set machine.seed=N", run_take_seed},                          \
        {"timing", "full|none", "the same as --set machine.timing=...", run_take_timing},          \
        {"stats", "FILE", "write statistics as JSON", run_take_stats},                             \
        {"trace", "FILE", "write all events, for `missive view`", run_take_trace},                 \
        {"gdb", "PORT", "wait for a debugger (`target remote :PORT`); 0: any free port",           \
         run_take_gdb},                                                                            \
        {"until", "CYCLE", "end there, with status 3", run_take_until},                            \
    {                                                                                              \
        "timeout", "SECONDS", "of host time: end then, with status 4", run_take_timeout            \
    }

/* Machine and parameters of a run without a scenario: those of the machine's file, then `harts`
 * (NULL: not given), then the settings. */
bool run_plan_parameters(const struct run_options *options, const char *default_machine,
                         const char *harts, struct run_plan *plan, struct problem *problem);

/* The status of a run that was not FINISHED, after having said why if it takes a word; -1: it was. */
int run_unfinished(const char *command, const struct engine_outcome *outcome);

#endif
