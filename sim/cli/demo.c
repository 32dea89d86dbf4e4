/* SPDX-License-Identifier: Apache-2.0 */
/* `missive demo`: the main job, in one word. First the table, then the window on the machine with the most to see. */
#include <stdio.h>

#include "cli/cli.h"
#include "cli/window.h"

int command_demo(int argc, char **argv)
{
    char *compare[] = {"compare", "pipe-pingpong", "--machines",
                       "uniprocessor,message-coprocessor,smart-bus", NULL};
    char *run[] = {"run", "pipe-pingpong", "--machine", "smart-bus", "--viz", NULL};
    if (argc > 1)
        return cli_fail("demo", "'%s': no argument is expected; `missive compare` takes some",
                        argv[1]);
    int status = command_compare(4, compare);
    if (status != CLI_DONE)
        return status;
    fflush(stdout);
    if (window_has_display())
        return command_run(5, run);
    fputs("No display here, so no window; ./missive run pipe-pingpong --machine smart-bus "
          "--screenshot a.png "
          "--at 2000000 draws what it would show.\n",
          stderr);
    return CLI_DONE;
}
