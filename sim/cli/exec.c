/* SPDX-License-Identifier: Apache-2.0 */
/* `missive exec PROGRAM`: any static riscv64 Linux program on the guest OS. Its stdin, stdout, stderr and exit status are
 * the program's; Missive itself speaks only when it cannot go on. */
#include <stdio.h>
#include <string.h>

#include "cli/guest_program.h"
#include "cli/outlets.h"
#include "cli/run_options.h"

struct own_options {
    struct run_options common; /* first: the common options find it at the same address */
    const char *harts;
    struct run_file files[SCENARIO_MAX_KEYS];
    size_t file_count;
    char guest_paths[SCENARIO_MAX_KEYS][256];
};

static bool take_harts(void *owner, const char *value, struct problem *problem)
{
    (void)problem;
    ((struct own_options *)owner)->harts = value;
    return true;
}

/* HOST[:GUEST]; the guest's path is the host's, unless it is given. */
static bool take_file(void *owner, const char *value, struct problem *problem)
{
    struct own_options *options = owner;
    size_t count = options->file_count;
    if (count == SCENARIO_MAX_KEYS)
        return problem_set(problem, "more than %d files", SCENARIO_MAX_KEYS);
    const char *colon = strrchr(value, ':');
    const char *guest = colon ? colon + 1 : value;
    while (!strncmp(guest, "./", 2))
        guest += 2;
    if (!*guest || strstr(guest, "..") || strlen(guest) >= sizeof options->guest_paths[0])
        return problem_set(problem, "'%s': HOST:GUEST is expected, the guest's path without '..'",
                           value);
    memcpy(options->guest_paths[count], guest, strlen(guest) + 1);
    if (colon)
        *(char *)colon = 0; /* argv's own text, which may be written to */
    options->files[options->file_count++] = (struct run_file){value, options->guest_paths[count]};
    return true;
}

static const struct cli_option options_of_exec[] = {
    RUN_OPTIONS,
    {"harts", "N", "the same as --set machine.hosts=N", take_harts},
    {"file", "HOST[:GUEST]", "a file the program finds at GUEST (by default, at the same path)",
     take_file},
};
const struct cli_syntax exec_syntax = {"exec", options_of_exec,
                                       sizeof options_of_exec / sizeof *options_of_exec, true};

static bool make_plan(const struct own_options *options, char **words, int count,
                      struct run_plan *plan, struct problem *problem)
{
    *plan = (struct run_plan){.scenario = "exec", .program = words[0]};
    plan->arguments = (const char *const *)words + 1;
    plan->argument_count = (size_t)count - 1;
    memcpy(plan->files, options->files, sizeof plan->files);
    plan->file_count = options->file_count;
    return guest_program_check(words[0], problem) &&
           run_plan_parameters(&options->common, "uniprocessor", options->harts, plan, problem);
}

static int status_of(const struct engine_outcome *outcome)
{
    int status = outlets_status("exec", outcome);
    if (status == CLI_GUEST_FAILED)
        return CLI_EXEC_FAILED;
    if (status >= 0)
        return status;
    if (outcome->exit_code <= 255) /* what is more is the kernel's own, see ARCHITECTURE.md */
        return (int)outcome->exit_code;
    cli_fail("exec", "the guest's kernel stopped with status 0x%x", outcome->exit_code);
    return CLI_EXEC_FAILED;
}

static int run_plan(const struct run_plan *plan, struct own_options *options)
{
    struct outlets outlets;
    struct engine_outcome outcome;
    struct problem problem;
    outlets_open(&outlets, 0);
    options->common.session.outside = &outlets.outside;
    enum session_result result =
        session_run(plan, plan->program, &options->common.session, console_port(&outlets.output),
                    console_port(&outlets.errors), &outcome, &problem);
    if (result == SESSION_RAN && !outlets_close(&outlets, &problem))
        result = SESSION_FAILED;
    if (result != SESSION_RAN) {
        cli_fail("exec", "%s", problem.text);
        return result == SESSION_FAILED ? CLI_EXEC_FAILED : CLI_BAD_INPUT;
    }
    if (options->common.session.stats_path)
        session_print_speed("exec", &outcome);
    return status_of(&outcome);
}

int command_exec(int argc, char **argv)
{
    struct own_options options = {.common.session = SESSION_OPTIONS_DEFAULT};
    struct run_plan plan;
    struct problem problem;
    int first = cli_options(&exec_syntax, argc, argv, &options);
    if (first < 0)
        return CLI_BAD_INPUT;
    if (first == argc)
        return cli_fail("exec", "a program is expected: a static riscv64 Linux ELF file");
    if (!make_plan(&options, argv + first, argc - first, &plan, &problem))
        return cli_fail("exec", "%s", problem.text);
    return run_plan(&plan, &options);
}
