/* SPDX-License-Identifier: Apache-2.0 */
/* `missive version`. */
#include <stdio.h>

#include "cli/cli.h"

int command_version(int argc, char **argv)
{
    if (argc > 1)
        return cli_fail("version", "'%s': no argument is expected", argv[1]);
    printf("missive %s\n", MISSIVE_VERSION);
    return CLI_DONE;
}
