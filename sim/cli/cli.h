/* SPDX-License-Identifier: Apache-2.0 */
/* What the subcommands share: their names, exit statuses, options, and the one line a mistake gets. */
#ifndef MISSIVE_CLI_CLI_H
#define MISSIVE_CLI_CLI_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "scenario/problem.h"

enum cli_status {
    CLI_DONE = 0,
    CLI_GUEST_FAILED = 1,
    CLI_BAD_INPUT = 2, /* bad usage, too */
    CLI_UNTIL = 3,
    CLI_TIMEOUT = 4,
    CLI_EXEC_FAILED = 125, /* of `exec`: Missive's own failure, since the rest is the program's */
};

#define COMMAND(name, words, doc) int command_##name(int argc, char **argv);
#define SCRIPT(name, words, doc)
#include "cli/commands.def"
#undef COMMAND
#undef SCRIPT

/* One line on stderr, "missive COMMAND: TEXT"; returns CLI_BAD_INPUT. `command` "" is missive itself. */
int cli_fail(const char *command, const char *format, ...) __attribute__((format(printf, 2, 3)));

/* An option of a command. `take` gets the value (NULL for a flag) and stores it in the command's own struct. */
struct cli_option {
    const char *name;     /* without the dashes */
    const char *argument; /* what `help` calls the value; NULL: a flag */
    const char *doc;
    bool (*take)(void *owner, const char *value, struct problem *problem);
};

struct cli_syntax {
    const char *command;
    const struct cli_option *options;
    size_t count;
    bool stop_at_operand; /* what follows the first operand belongs to somebody else */
};

/* Takes all options; returns the index of the first operand in argv (which is put in order), or -1 after having
 * said what is wrong. argv[0] is the command's name. */
int cli_options(const struct cli_syntax *syntax, int argc, char **argv, void *owner);
/* The options of a command, for `missive help COMMAND`; NULL: it has none. */
const struct cli_syntax *cli_syntax_of(const char *command);

extern const struct cli_syntax run_syntax, exec_syntax, boot_syntax, compare_syntax, view_syntax;

/* For `take`: text to value, or a problem. */
bool cli_take_number(const char *value, uint64_t *number, struct problem *problem);
bool cli_take_seconds(const char *value, double *seconds, struct problem *problem);

#endif
