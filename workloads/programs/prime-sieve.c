/* SPDX-License-Identifier: Apache-2.0 */
/* The sieve as a chain of processes, after McIlroy: the first sends 2, 3, 4, ...; each next one
 * keeps the first number it gets, a prime, and passes on what that does not divide. One 4-byte
 * message a number: IPC and little else. */
#include <stdio.h>
#include <sys/wait.h>
#include <unistd.h>

#include "options.h"
#include "transfer.h"

static unsigned long limit = 50;

static const struct option_number options[] = {
    {"limit", &limit, 2, 500, "the numbers go up to here"},
};

/* A child that runs the rest of the chain; returns the pipe it reads from in *to. */
static pid_t start_stage(int *to, int *from)
{
    int ends[2];
    if (pipe(ends))
        fail("pipe");
    fflush(stdout);
    pid_t child = fork();
    if (child < 0)
        fail("fork");
    close(child ? ends[0] : ends[1]);
    *(child ? to : from) = ends[child != 0];
    return child;
}

static int end_stage(pid_t child, int to)
{
    int status = 0;
    close(to);
    return child && (waitpid(child, &status, 0) != child || status);
}

static int sieve(int from)
{
    int prime, number, to = -1, next = -1;
    pid_t child = 0;
    if (read_all(from, &prime, sizeof prime) != sizeof prime)
        return 0;
    printf("%d\n", prime);
    while (read_all(from, &number, sizeof number) == sizeof number) {
        if (number % prime == 0)
            continue;
        if (!child && (child = start_stage(&to, &next)) == 0) {
            close(from);
            return sieve(next);
        }
        write_all(to, &number, sizeof number);
    }
    return child ? end_stage(child, to) : 0;
}

int main(int argc, char **argv)
{
    int to, from;
    options_read(argc, argv, options, OPTIONS_COUNT(options));
    pid_t child = start_stage(&to, &from);
    if (!child)
        return sieve(from);
    for (int number = 2; number <= (int)limit; number++)
        write_all(to, &number, sizeof number);
    return end_stage(child, to);
}
