/* SPDX-License-Identifier: Apache-2.0 */
/* `missive run SCENARIO`: one workload on one machine. The guest's stdin is empty, so that a run depends on nothing but
 * its scenario, machine, settings and seed. */
#include <string.h>

#include "cli/guest_program.h"
#include "cli/outlets.h"
#include "cli/run_options.h"
#include "cli/window.h"

struct own_options {
    struct run_options common; /* first: the common options find it at the same address */
    struct window_options window;
    bool viz;
};

static bool take_viz(void *owner, const char *value, struct problem *problem)
{
    (void)value, (void)problem;
    ((struct own_options *)owner)->viz = true;
    return true;
}

static bool take_live(void *owner, const char *value, struct problem *problem)
{
    (void)problem;
    ((struct own_options *)owner)->common.session.live_name = value;
    return true;
}

static bool take_screenshot(void *owner, const char *value, struct problem *problem)
{
    (void)problem;
    ((struct own_options *)owner)->window.screenshot_path = value;
    return true;
}

static bool take_at(void *owner, const char *value, struct problem *problem)
{
    uint64_t cycle;
    ((struct own_options *)owner)->window.at_cycle = value;
    return cli_take_number(value, &cycle, problem);
}

static const struct cli_option options_of_run[] = {
    RUN_OPTIONS,
    {"viz", NULL, "open the live window", take_viz},
    {"screenshot", "FILE.png", "a picture of the window, without a display", take_screenshot},
    {"at", "CYCLE", "when the picture is taken", take_at},
    {"live", "CHANNEL", "attach to a window that is open already", take_live},
};
const struct cli_syntax run_syntax = {"run", options_of_run,
                                      sizeof options_of_run / sizeof *options_of_run, false};

static bool one_value_each(const struct scenario *scenario, struct problem *problem)
{
    for (size_t i = 0; i < scenario_key_count(scenario); i++) {
        const struct scenario_key *key = scenario_key(scenario, i);
        if (key->set_by_user && key->value_count > 1)
            return problem_set(problem,
                               "--set %s: one value is expected; `missive compare` takes several",
                               key->name);
    }
    return true;
}

static bool make_plan(struct scenario *scenario, const struct run_options *options,
                      struct run_plan *plan, struct problem *problem)
{
    for (size_t i = 0; i < options->set_count; i++)
        if (!scenario_set(scenario, options->sets[i], problem))
            return false;
    if (options->machine)
        scenario_set_machine(scenario, options->machine);
    return one_value_each(scenario, problem) && scenario_plan(scenario, plan, problem) &&
           guest_program_check(plan->program, problem);
}

static int report_end(const struct engine_outcome *outcome)
{
    int status = outlets_status("run", outcome);
    if (status < 0 && outcome->exit_code) {
        cli_fail("run", "the guest ended with status %u", outcome->exit_code);
        status = CLI_GUEST_FAILED;
    }
    session_print_speed("run", outcome);
    return status < 0 ? CLI_DONE : status;
}

static int run_plan(const struct run_plan *plan, struct own_options *options)
{
    struct outlets outlets;
    struct engine_outcome outcome;
    struct problem problem;
    struct window window = {.pid = 0};
    const char *slash = strrchr(plan->program, '/');
    if (options->viz && !window_open(&window, &options->window, &problem))
        return cli_fail("run", "%s", problem.text);
    if (options->viz)
        options->common.session.live_name = window.channel;
    outlets_open(&outlets, -1);
    options->common.session.outside = &outlets.outside;
    enum session_result result = session_run(
        plan, slash ? slash + 1 : plan->program, &options->common.session,
        console_port(&outlets.output), console_port(&outlets.errors), &outcome, &problem);
    if (result == SESSION_RAN && !outlets_close(&outlets, &problem))
        result = SESSION_FAILED;
    bool pictured = !options->viz || window_end(&window, result == SESSION_RAN) ||
                    !options->window.screenshot_path;
    if (result != SESSION_RAN)
        return cli_fail("run", "%s", problem.text);
    return pictured ? report_end(&outcome) : CLI_BAD_INPUT;
}

int command_run(int argc, char **argv)
{
    struct own_options options = {.common.session = SESSION_OPTIONS_DEFAULT};
    struct run_plan plan;
    struct problem problem;
    int first = cli_options(&run_syntax, argc, argv, &options);
    if (first < 0)
        return CLI_BAD_INPUT;
    if (first == argc)
        return cli_fail("run", "a scenario is expected; `missive list scenarios` names them");
    if (first + 1 < argc)
        return cli_fail("run", "'%s': one scenario is expected, and this is a second",
                        argv[first + 1]);
    if (!options.window.screenshot_path != !options.window.at_cycle)
        return cli_fail("run", "--screenshot FILE and --at CYCLE go together");
    options.viz = options.viz || options.window.screenshot_path;
    struct scenario *scenario = scenario_load(argv[first], &problem);
    if (!scenario)
        return cli_fail("run", "%s", problem.text);
    int status = make_plan(scenario, &options.common, &plan, &problem)
                     ? run_plan(&plan, &options)
                     : cli_fail("run", "%s", problem.text);
    scenario_free(scenario);
    return status;
}
