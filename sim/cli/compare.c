/* SPDX-License-Identifier: Apache-2.0 */
/* `missive compare SCENARIO`: one workload over several machines, as a table. A failed run is reported with its own
 * words, and its exit status is ours. */
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "cli/cli.h"
#include "study/table.h"

struct own_options {
    struct compare_options study;
    enum table_format format;
    char machines[512]; /* a copy of --machines, cut at its commas */
    char seed[48];
};

static bool take_machines(void *owner, const char *value, struct problem *problem)
{
    struct own_options *options = owner;
    if (strlen(value) >= sizeof options->machines)
        return problem_set(problem, "'%.40s...' is too long", value);
    strcpy(options->machines, value);
    options->study.machine_count = 0;
    for (char *name = strtok(options->machines, ","); name; name = strtok(NULL, ",")) {
        if (options->study.machine_count == COMPARE_MAX_MACHINES)
            return problem_set(problem, "more than %d machines", COMPARE_MAX_MACHINES);
        options->study.machines[options->study.machine_count++] = name;
    }
    return options->study.machine_count ||
           problem_set(problem, "names of machines are expected, as in a,b,c");
}

static bool take_set(void *owner, const char *value, struct problem *problem)
{
    struct compare_options *study = &((struct own_options *)owner)->study;
    if (study->set_count == COMPARE_MAX_SETS)
        return problem_set(problem, "more than %d settings", COMPARE_MAX_SETS);
    study->sets[study->set_count++] = value;
    return true;
}

static bool take_seed(void *owner, const char *value, struct problem *problem)
{
    struct own_options *options = owner;
    uint64_t seed;
    if (!cli_take_number(value, &seed, problem))
        return false;
    snprintf(options->seed, sizeof options->seed, "machine.seed=%s", value);
    return take_set(owner, options->seed, problem);
}

static bool take_format(void *owner, const char *value, struct problem *problem)
{
    struct own_options *options = owner;
    for (unsigned i = 0; i < TABLE_FORMAT_COUNT; i++)
        if (!strcmp(value, table_format_names[i])) {
            options->format = (enum table_format)i;
            return true;
        }
    problem_set(problem, "there is no format '%s'", value);
    return problem_suggest(problem, value, table_format_names, TABLE_FORMAT_COUNT);
}

static bool take_jobs(void *owner, const char *value, struct problem *problem)
{
    uint64_t jobs;
    if (!cli_take_number(value, &jobs, problem))
        return false;
    if (jobs < 1 || jobs > 256)
        return problem_set(problem, "%s: 1 to 256 runs at a time are possible", value);
    ((struct own_options *)owner)->study.jobs = (unsigned)jobs;
    return true;
}

static bool take_timeout(void *owner, const char *value, struct problem *problem)
{
    double seconds;
    ((struct own_options *)owner)->study.timeout_seconds = value;
    return cli_take_seconds(value, &seconds, problem);
}

static const struct cli_option options_of_compare[] = {
    {"machines", "A,B,C", "the machines; the first is what the others are compared with",
     take_machines},
    {"set", "KEY=VALUE[,VALUE]...",
     "a key of the scenario, or a parameter; several values make rows of each", take_set},
    {"seed", "N", "the same as --set machine.seed=N", take_seed},
    {"format", "table|csv|markdown|latex", "how the rows are printed", take_format},
    {"jobs", "N", "runs at a time (default 2)", take_jobs},
    {"timeout", "SECONDS", "of host time for each run", take_timeout},
};
const struct cli_syntax compare_syntax = {
    "compare", options_of_compare, sizeof options_of_compare / sizeof *options_of_compare, false};

int command_compare(int argc, char **argv)
{
    struct own_options options = {
        .study = {.machines = {"uniprocessor", "message-coprocessor", "smart-bus"},
                  .machine_count = 3,
                  .jobs = 2,
                  .progress = isatty(STDERR_FILENO)},
    };
    struct compare compare;
    struct problem problem;
    int run_status, first = cli_options(&compare_syntax, argc, argv, &options);
    if (first < 0)
        return CLI_BAD_INPUT;
    if (first != argc - 1)
        return cli_fail("compare",
                        first == argc
                            ? "a scenario is expected; `missive list scenarios` names them"
                            : "one scenario is expected, not '%s' too",
                        argv[argc - 1]);
    options.study.scenario = argv[first];
    enum compare_result result = compare_run(&options.study, &compare, &run_status, &problem);
    int status = CLI_DONE;
    if (result == COMPARE_DONE)
        table_print(stdout, &compare, options.format);
    else
        status = cli_fail("compare", "%s", problem.text);
    if (result == COMPARE_RUN_FAILED)
        status = run_status ? run_status : CLI_GUEST_FAILED;
    compare_free(&compare);
    return status;
}
