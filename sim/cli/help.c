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

static void option_words(const struct cli_option *option, char *words, size_t size)
{
    snprintf(words, size, "--%s%s%s", option->name, option->argument ? " " : "",
             option->argument ? option->argument : "");
}

static void print_options(const struct cli_syntax *syntax)
{
    char words[64];
    int width = 0;
    for (size_t i = 0; i < syntax->count; i++) {
        option_words(&syntax->options[i], words, sizeof words);
        width = (int)strlen(words) > width ? (int)strlen(words) : width;
    }
    printf("\n");
    for (size_t i = 0; i < syntax->count; i++) {
        option_words(&syntax->options[i], words, sizeof words);
        printf("  %-*s  %s\n", width, words, syntax->options[i].doc);
    }
}

static int help_all(void)
{
    printf("missive COMMAND [ARGUMENT]...\n\n");
    for (size_t i = 0; i < COMMAND_COUNT; i++)
        printf("  %-8s %s\n", commands[i].name, commands[i].doc);
    printf(
        "\n`missive help COMMAND` says more. Exit status: 0 done, 1 the guest failed, 2 bad "
        "usage or input,\n"
        "3 --until reached, 4 --timeout reached, 128 + N ended by signal N; of boot what the guest "
        "gives the\n"
        "finisher or HTIF; of exec the program's own, or 125 where Missive failed.\n");
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
