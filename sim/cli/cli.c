/* SPDX-License-Identifier: Apache-2.0 */
/* Options by getopt_long, with messages that say what would be right. */
#include "cli/cli.h"

#include <getopt.h>
#include <math.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "scenario/parameters.h"

#define MAX_OPTIONS 32

int cli_fail(const char *command, const char *format, ...)
{
    struct problem problem;
    va_list arguments;
    va_start(arguments, format);
    problem_set_list(&problem, format, arguments);
    va_end(arguments);
    fprintf(stderr, "missive%s%s: %s\n", *command ? " " : "", command, problem.text);
    return CLI_BAD_INPUT;
}

const struct cli_syntax *cli_syntax_of(const char *command)
{
    static const struct cli_syntax *const all[] = {&run_syntax, &exec_syntax, &boot_syntax,
                                                   &compare_syntax, &view_syntax};
    for (size_t i = 0; i < sizeof all / sizeof *all; i++)
        if (!strcmp(all[i]->command, command))
            return all[i];
    return NULL;
}

static int unknown_option(const struct cli_syntax *syntax, const char *given)
{
    char valid[MAX_OPTIONS][32], name[64];
    const char *names[MAX_OPTIONS];
    struct problem problem;
    snprintf(name, sizeof name, "%.*s", (int)strcspn(given, "="), given);
    for (size_t i = 0; i < syntax->count; i++) {
        snprintf(valid[i], sizeof valid[i], "--%s", syntax->options[i].name);
        names[i] = valid[i];
    }
    problem_set(&problem, "there is no option '%s'", name);
    problem_suggest(&problem, name, names, syntax->count);
    cli_fail(syntax->command, "%s", problem.text);
    return -1;
}

static bool take(const struct cli_syntax *syntax, size_t index, void *owner)
{
    const struct cli_option *option = &syntax->options[index];
    struct problem problem;
    if (option->argument && !strcmp(optarg, "--")) {
        cli_fail(syntax->command, "--%s: %s is expected", option->name, option->argument);
        return false;
    }
    if (option->take(owner, optarg, &problem))
        return true;
    cli_fail(syntax->command, "--%s: %s", option->name, problem.text);
    return false;
}

int cli_options(const struct cli_syntax *syntax, int argc, char **argv, void *owner)
{
    struct option long_options[MAX_OPTIONS + 1] = {{NULL, 0, NULL, 0}};
    for (size_t i = 0; i < syntax->count; i++)
        long_options[i] = (struct option){
            syntax->options[i].name, syntax->options[i].argument ? required_argument : no_argument,
            NULL, (int)i + 256};
    optind = 0;
    opterr = 0;
    for (;;) {
        int choice =
            getopt_long(argc, argv, syntax->stop_at_operand ? "+:" : ":", long_options, NULL);
        if (choice < 0)
            return optind;
        if (choice == ':') {
            const struct cli_option *option = &syntax->options[optopt - 256];
            cli_fail(syntax->command, "--%s: %s is expected", option->name, option->argument);
            return -1;
        }
        if (choice == '?' && optopt >= 256) {
            cli_fail(syntax->command, "--%s takes no value", syntax->options[optopt - 256].name);
            return -1;
        }
        if (choice == '?')
            return unknown_option(syntax,
                                  optopt ? (char[]){'-', (char)optopt, 0} : argv[optind - 1]);
        if (!take(syntax, (size_t)choice - 256, owner))
            return -1;
    }
}

bool cli_take_number(const char *value, uint64_t *number, struct problem *problem)
{
    return number_parse(value, number) || problem_set(problem, "'%s' is not a whole number", value);
}

bool cli_take_seconds(const char *value, double *seconds, struct problem *problem)
{
    char *end;
    *seconds = strtod(value, &end);
    if (end != value && !*end && isfinite(*seconds) && *seconds > 0)
        return true;
    return problem_set(problem, "'%s' is not a number of seconds above 0", value);
}
