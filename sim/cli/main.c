/* SPDX-License-Identifier: Apache-2.0 */
/* The simulator's program: finds the subcommand and hands over. */
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "cli/cli.h"

static const struct {
    const char *name;
    int (*run)(int argc, char **argv);
} commands[] = {
#define COMMAND(name, words, doc) {#name, command_##name},
#define SCRIPT(name, words, doc) {#name, NULL}, /* the script's own: it never comes here */
#include "cli/commands.def"
#undef COMMAND
#undef SCRIPT
};
#define COMMAND_COUNT (sizeof commands / sizeof *commands)

static int unknown_command(const char *name)
{
    const char *names[COMMAND_COUNT];
    struct problem problem;
    for (size_t i = 0; i < COMMAND_COUNT; i++)
        names[i] = commands[i].name;
    problem_set(&problem, "there is no command '%s'", name);
    problem_suggest(&problem, name, names, COMMAND_COUNT);
    return cli_fail("", "%s", problem.text);
}

/* So that no file opened later takes the number of a stdin, stdout or stderr that was closed. */
static void keep_standard_streams(void)
{
    int file;
    while ((file = open("/dev/null", O_RDWR)) >= 0 && file <= 2)
        ;
    if (file > 2)
        close(file);
}

int main(int argc, char **argv)
{
    keep_standard_streams();
    if (argc < 2)
        return cli_fail("", "a command is expected; `missive help` lists them");
    if (!strcmp(argv[1], "--help") || !strcmp(argv[1], "-h"))
        argv[1] = "help";
    if (!strcmp(argv[1], "--version"))
        argv[1] = "version";
    if (argc > 2 && (!strcmp(argv[2], "--help") || !strcmp(argv[2], "-h")))
        return command_help(2, (char *[]){"help", argv[1], NULL});
    for (size_t i = 0; i < COMMAND_COUNT; i++)
        if (!strcmp(argv[1], commands[i].name))
            return commands[i].run
                       ? commands[i].run(argc - 1, argv + 1)
                       : cli_fail("", "'%s' is carried out by the script `missive`", argv[1]);
    return unknown_command(argv[1]);
}
