/* SPDX-License-Identifier: Apache-2.0 */
/* `missive help [COMMAND]`, from the table of commands and each command's own table of options. */
#include <stdio.h>
#include <string.h>

#include "cli/cli.h"

static const struct {
    const char *name, *words, *doc;
} commands[] = {
#define COMMAND(name, words, doc) {#name, words, doc},
#define SCRIPT COMMAND
#include "cli/commands.def"
#undef COMMAND
#undef SCRIPT
};
#define COMMAND_COUNT (sizeof commands / sizeof *commands)

static void print_options(const struct cli_syntax *syntax)
{
    printf("\n");
    for (size_t i = 0; i < syntax->count; i++) {
        const struct cli_option *option = &syntax->options[i];
        char left[64];
        snprintf(left, sizeof left, "--%s%s%s", option->name, option->argument ? " " : "",
                 option->argument ? option->argument : "");
        printf("  %-26s %s\n", left, option->doc);
    }
}

static int help_all(void)
{
    printf("missive COMMAND [ARGUMENT]...\n\n");
    for (size_t i = 0; i < COMMAND_COUNT; i++)
        printf("  %-8s %s\n", commands[i].name, commands[i].doc);
    printf("\n`missive help COMMAND` says more. Exit status: 0 done, 1 the guest failed, 2 bad "
           "usage or input,\n"
           "3 --until reached, 4 --timeout reached; of exec the program's own, or 125 where "
           "Missive failed.\n");
    return CLI_DONE;
}

int command_help(int argc, char **argv)
{
    if (argc < 2)
        return help_all();
    for (size_t i = 0; i < COMMAND_COUNT; i++) {
        if (strcmp(argv[1], commands[i].name))
            continue;
        const struct cli_syntax *syntax = cli_syntax_of(argv[1]);
        printf("missive %s %s\n%s\n", commands[i].name, commands[i].words, commands[i].doc);
        if (syntax)
            print_options(syntax);
        return CLI_DONE;
    }
    return cli_fail("help", "there is no command '%s'; `missive help` lists them", argv[1]);
}
