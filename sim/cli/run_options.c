/* SPDX-License-Identifier: Apache-2.0 */
/* See run_options.h. */
#include "cli/run_options.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "scenario/machine.h"

bool run_take_machine(void *owner, const char *value, struct problem *problem)
{
    (void)problem;
    ((struct run_options *)owner)->machine = value;
    return true;
}

bool run_take_set(void *owner, const char *value, struct problem *problem)
{
    struct run_options *options = owner;
    if (options->set_count == RUN_MAX_SETS)
        return problem_set(problem, "more than %d settings", RUN_MAX_SETS);
    options->sets[options->set_count++] = value;
    return true;
}

bool run_take_seed(void *owner, const char *value, struct problem *problem)
{
    struct run_options *options = owner;
    uint64_t seed;
    if (!cli_take_number(value, &seed, problem))
        return false;
    snprintf(options->seed, sizeof options->seed, "machine.seed=%s", value);
    return run_take_set(owner, options->seed, problem);
}

bool run_take_timing(void *owner, const char *value, struct problem *problem)
{
    struct run_options *options = owner;
    if (strcmp(value, "full") && strcmp(value, "none"))
        return problem_set(problem, "'%s' is neither full nor none", value);
    snprintf(options->timing, sizeof options->timing, "machine.timing=%s", value);
    return run_take_set(owner, options->timing, problem);
}

bool run_take_trace(void *owner, const char *value, struct problem *problem)
{
    (void)problem;
    ((struct run_options *)owner)->session.trace_path = value;
    return true;
}

bool run_take_stats(void *owner, const char *value, struct problem *problem)
{
    (void)problem;
    ((struct run_options *)owner)->session.stats_path = value;
    return true;
}

bool run_take_until(void *owner, const char *value, struct problem *problem)
{
    return cli_take_number(value, &((struct run_options *)owner)->session.until_cycle, problem);
}

bool run_take_gdb(void *owner, const char *value, struct problem *problem)
{
    struct session_options *session = &((struct run_options *)owner)->session;
    uint64_t port;
    if (!cli_take_number(value, &port, problem))
        return false;
    if (port > UINT16_MAX)
        return problem_set(problem, "%s: a port is at most %u", value, UINT16_MAX);
    session->is_debugged = true;
    session->gdb_port = (uint16_t)port;
    return true;
}

bool run_take_timeout(void *owner, const char *value, struct problem *problem)
{
    return cli_take_seconds(value, &((struct run_options *)owner)->session.timeout_seconds,
                            problem);
}

static bool set_parameter(struct parameters *parameters, const char *assignment,
                          struct problem *problem)
{
    const char *equals = strchr(assignment, '=');
    char name[64];
    if (!equals || equals == assignment)
        return problem_set(problem, "--set '%s': NAME=VALUE is expected", assignment);
    snprintf(name, sizeof name, "%.*s", (int)(equals - assignment), assignment);
    const struct parameter *parameter = parameter_find(name);
    if (parameter)
        return parameter_set(parameters, parameter, equals + 1, problem);
    problem_set(problem, "there is no parameter '%s'", name);
    return parameter_suggest(problem, name);
}

bool run_plan_parameters(const struct run_options *options, const char *default_machine,
                         const char *harts, struct run_plan *plan, struct problem *problem)
{
    struct machine_info machine;
    const char *name = options->machine ? options->machine : default_machine;
    parameters_default(&plan->parameters);
    if (!machine_load(name, &machine, &plan->parameters, problem))
        return false;
    memcpy(plan->machine, machine.name, sizeof machine.name);
    plan->reconstruction = machine.reconstruction;
    if (harts && !parameter_set(&plan->parameters, parameter_find("machine.hosts"), harts, problem))
        return false;
    for (size_t i = 0; i < options->set_count; i++)
        if (!set_parameter(&plan->parameters, options->sets[i], problem))
            return false;
    return parameters_check(&plan->parameters, problem);
}

int run_unfinished(const char *command, const struct engine_outcome *outcome)
{
    switch (outcome->end) {
    case ENGINE_UNTIL:
        cli_fail(command, "cycle %" PRIu64 " reached before the guest's end (--until)",
                 outcome->cycles);
        return CLI_UNTIL;
    case ENGINE_TIMEOUT:
        cli_fail(command, "%.1f s passed before the guest's end (--timeout), at cycle %" PRIu64,
                 outcome->host_seconds, outcome->cycles);
        return CLI_TIMEOUT;
    case ENGINE_DEADLOCK:
        cli_fail(command,
                 "all harts wait for an interrupt, and nothing is left that could raise one");
        return CLI_GUEST_FAILED;
    case ENGINE_KILLED:
        cli_fail(command, "the debugger ended the run at cycle %" PRIu64, outcome->cycles);
        return CLI_GUEST_FAILED;
    case ENGINE_STOPPED:
        return CLI_DONE;
    case ENGINE_FINISHED:
        break;
    }
    return -1;
}
