/* SPDX-License-Identifier: Apache-2.0 */
/* `missive list`: machines, scenarios, mechanisms, counters, parameters. One line each, name first. */
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "cli/cli.h"
#include "platform/platform.h"
#include "scenario/machine.h"
#include "scenario/paths.h"
#include "scenario/scenario.h"

static int list_machines(void)
{
    char **names;
    size_t count = paths_list(PATH_MACHINE, &names);
    int status = CLI_DONE;
    for (size_t i = 0; i < count; i++) {
        struct machine_info info;
        struct parameters parameters;
        struct problem problem;
        parameters_default(&parameters);
        if (machine_load(names[i], &info, &parameters, &problem))
            printf("%-22s %s%s\n", names[i], info.doc,
                   info.reconstruction ? " (reconstruction)" : "");
        else
            status = cli_fail("list", "%s", problem.text);
    }
    paths_free(names, count);
    return status;
}

static void print_key(const struct scenario_key *key)
{
    char values[128] = "";
    for (size_t i = 0; i < key->value_count; i++)
        snprintf(values + strlen(values), sizeof values - strlen(values), "%s%s", i ? "," : "",
                 key->values[i]);
    const char *slash = key->kind == KEY_FILE ? strrchr(values, '/') : NULL;
    const char *none = key->kind == KEY_PARAMETER ? "(the machine's)" : "(must be set)";
    printf("    %-18s %-18s %s; %s\n", key->name,
           key->value_count ? (slash ? slash + 1 : values) : none, key->unit, key->doc);
}

static int list_scenarios(void)
{
    char **names;
    size_t count = paths_list(PATH_SCENARIO, &names);
    int status = CLI_DONE;
    for (size_t i = 0; i < count; i++) {
        struct problem problem;
        struct scenario *scenario = scenario_load(names[i], &problem);
        if (!scenario) {
            status = cli_fail("list", "%s", problem.text);
            continue;
        }
        printf("%-22s %s\n", names[i], scenario_doc(scenario));
        for (size_t k = 0; k < scenario_key_count(scenario); k++)
            print_key(scenario_key(scenario, k));
        scenario_free(scenario);
    }
    paths_free(names, count);
    return status;
}

static int list_mechanisms(void)
{
#define MECHANISM(id, name, compatible, doc) printf("%-22s %s\n", name, doc);
#include "ipc/mechanisms.def"
#undef MECHANISM
    return CLI_DONE;
}

static int list_parameters(void)
{
    struct parameters defaults;
    char value[24];
    parameters_default(&defaults);
    for (size_t i = 0; i < parameter_count; i++) {
        const struct parameter *parameter = &parameter_table[i];
        printf("%-28s %-12s %-7s %s\n", parameter->name,
               parameter_text(&defaults, parameter, value, sizeof value), parameter->unit,
               parameter->doc);
        if (parameter->choice) {
            printf("%28s one of", "");
            for (const char *const *choice = parameter->choices; *choice; choice++)
                printf(" %s", *choice);
        } else {
            printf("%28s %" PRIu64 " to %" PRIu64, "", parameter->min, parameter->max);
        }
        printf("; %s\n", parameter->source);
    }
    return CLI_DONE;
}

static void print_counter(void *owner, const char *path, const char *unit, const char *doc,
                          uint64_t value)
{
    (void)owner, (void)value;
    printf("%-34s %-12s %s\n", path, unit, doc);
}

/* The counters of a machine that has all there is: a coprocessor, the smart bus, a network. */
static int list_counters(void)
{
    struct parameters parameters;
    struct problem problem;
    char kernel[4096];
    parameters_default(&parameters);
    parameters.machine_coprocessors = 1;
    parameters.machine_mechanism = "smart-bus";
    if (!path_of(PATH_KERNEL, NULL, kernel, sizeof kernel))
        return cli_fail("list", "the kernel's path is too long");
    const struct platform_config config = {.parameters = &parameters,
                                           .kernel_path = kernel,
                                           .nics = {{{0}, 0}, {{0}, 0}},
                                           .nic_count = 2};
    struct platform *platform = platform_create(&config, &problem);
    if (!platform)
        return cli_fail("list", "%s", problem.text);
    platform_counters_visit(platform, print_counter, NULL);
    platform_destroy(platform);
    return CLI_DONE;
}

static const struct {
    const char *name;
    int (*list)(void);
} lists[] = {
    {"machines", list_machines}, {"scenarios", list_scenarios},   {"mechanisms", list_mechanisms},
    {"counters", list_counters}, {"parameters", list_parameters},
};
#define LIST_COUNT (sizeof lists / sizeof *lists)

int command_list(int argc, char **argv)
{
    const char *names[LIST_COUNT];
    struct problem problem;
    if (argc != 2)
        return cli_fail("list",
                        "one of machines, scenarios, mechanisms, counters, parameters is expected");
    for (size_t i = 0; i < LIST_COUNT; i++) {
        names[i] = lists[i].name;
        if (!strcmp(argv[1], names[i]))
            return lists[i].list();
    }
    problem_set(&problem, "there is no list '%s'", argv[1]);
    problem_suggest(&problem, argv[1], names, LIST_COUNT);
    return cli_fail("list", "%s", problem.text);
}
