/* SPDX-License-Identifier: Apache-2.0 */
/* `missive view TRACE`: the window's program, on a file. */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cli/cli.h"
#include "cli/window.h"

struct view_options {
    const char *screenshot, *at;
};

static bool take_screenshot(void *owner, const char *value, struct problem *problem)
{
    (void)problem;
    ((struct view_options *)owner)->screenshot = value;
    return true;
}

static bool take_at(void *owner, const char *value, struct problem *problem)
{
    uint64_t cycle;
    ((struct view_options *)owner)->at = value;
    return cli_take_number(value, &cycle, problem);
}

static const struct cli_option options_of_view[] = {
    {"screenshot", "FILE.png", "a picture, without a display", take_screenshot},
    {"at", "CYCLE", "when the picture is taken", take_at},
};
const struct cli_syntax view_syntax = {"view", options_of_view,
                                       sizeof options_of_view / sizeof *options_of_view, false};

int command_view(int argc, char **argv)
{
    struct view_options options = {NULL, NULL};
    struct problem problem;
    int first = cli_options(&view_syntax, argc, argv, &options);
    if (first < 0)
        return CLI_BAD_INPUT;
    if (first != argc - 1)
        return cli_fail("view",
                        "one trace file is expected, as `missive run --trace FILE` writes it");
    FILE *trace = fopen(argv[first], "rb");
    if (!trace)
        return cli_fail("view", "%s: %s", argv[first], strerror(errno));
    fclose(trace);
    if (!options.screenshot != !options.at)
        return cli_fail("view", "--screenshot FILE and --at CYCLE go together");
    char *arguments[] = {NULL,
                         "--trace",
                         argv[first],
                         options.screenshot ? "--screenshot" : NULL,
                         (char *)options.screenshot,
                         "--at",
                         (char *)options.at,
                         NULL};
    window_become(arguments, options.screenshot != NULL, &problem);
    return cli_fail("view", "%s", problem.text);
}
