/* SPDX-License-Identifier: Apache-2.0 */
/* The first program: shows that arguments, environment, stdin, stdout, stderr and the exit status
 * arrive. hello [--echo] [--status N] [WORD]... prints a greeting and each argument, HELLO of the
 * environment if it is set, then stdin (--echo), and ends with N. */
#include <stdio.h>
#include <stdlib.h>

#include "options.h"

static unsigned long echo, status, note;

static const struct option_number options[] = {
    {"echo", &echo, 0, 1, "copy stdin to stdout"},
    {"note", &note, 0, 1, "write a line on stderr"},
    {"status", &status, 0, 255, "exit status"},
};

int main(int argc, char **argv)
{
    int first = options_read(argc, argv, options, OPTIONS_COUNT(options));
    printf("Hello from RISC-V\n");
    for (int i = first; i < argc; i++)
        printf("argument %d: %s\n", i - first + 1, argv[i]);
    if (getenv("HELLO"))
        printf("HELLO=%s\n", getenv("HELLO"));
    if (note)
        fprintf(stderr, "a note on stderr\n");
    for (int byte; echo && (byte = getchar()) != EOF;)
        putchar(byte);
    return (int)status;
}
