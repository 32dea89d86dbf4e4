/* SPDX-License-Identifier: Apache-2.0 */
/* A chain of processes passes bytes on in pieces of random sizes, while others are killed in the middle of pipe calls. Every
 * byte is checked. Prints the same on the guest kernel and on Linux. */
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

#define RELAYS 12
#define TOTAL 400000
#define PIECE 8000
#define VICTIMS 60

static unsigned state = 1;
static char buffer[PIECE + 1];

static unsigned random_below(unsigned limit)
{
    state = state * 1103515245 + 12345;
    return (state >> 8) % limit;
}

static int source(int to)
{
    unsigned value = 0;
    for (unsigned left = TOTAL; left;) {
        unsigned bytes = random_below(PIECE) + 1;
        bytes = bytes < left ? bytes : left;
        for (unsigned i = 0; i < bytes; i++)
            buffer[i] = (char)value++;
        if (write(to, buffer, bytes) != (ssize_t)bytes)
            return 3;
        left -= bytes;
    }
    return 0;
}

static int relay(int from, int to)
{
    ssize_t bytes;
    while ((bytes = read(from, buffer, random_below(PIECE) + 1)) > 0)
        if (write(to, buffer, (size_t)bytes) != bytes)
            return 4;
    return bytes ? 5 : 0;
}

static void victim(int kind, int *fds)
{
    for (;;) {
        ssize_t done = 0;
        if (kind == 0)
            done = read(fds[0], buffer, 1);
        else if (kind == 1)
            done = write(fds[1], buffer, 1);
        else if (pipe(fds) == 0)
            done = close(fds[0]) + close(fds[1]);
        if (done < 0)
            _exit(1);
    }
}

static int killer(void)
{
    int fds[2], status;
    for (int i = 0; i < VICTIMS; i++) {
        if (pipe(fds))
            return 6;
        pid_t pid = fork();
        if (!pid)
            victim(i % 3, fds);
        for (unsigned wait = random_below(20); wait; wait--)
            sched_yield();
        kill(pid, SIGTERM);
        if (waitpid(pid, &status, 0) != pid || !WIFSIGNALED(status))
            return 7;
        close(fds[0]), close(fds[1]);
    }
    return 0;
}

/* Starts a process between the pipe behind *from and a new one, which *from becomes. */
static void start_relay(int number, int *from)
{
    int fds[2];
    if (pipe(fds))
        exit(2);
    if (!fork()) {
        state = (unsigned)number + 7;
        close(fds[0]);
        _exit(number ? relay(*from, fds[1]) : source(fds[1]));
    }
    close(fds[1]);
    if (*from >= 0)
        close(*from);
    *from = fds[0];
}

int main(void)
{
    int from = -1, bad = 0, status, failures = 0;
    unsigned got = 0;
    ssize_t bytes;
    for (int i = 0; i < RELAYS; i++)
        start_relay(i, &from);
    if (!fork())
        _exit(killer());
    while ((bytes = read(from, buffer, sizeof buffer)) > 0)
        for (ssize_t i = 0; i < bytes; i++)
            bad += buffer[i] != (char)got++;
    while (wait(&status) > 0)
        failures += status != 0;
    printf("%u bytes, %d bad, %d failures\n", got, bad, failures);
    return bad || failures || got != TOTAL;
}
