/* SPDX-License-Identifier: Apache-2.0 */
/* Tries to break the kernel: random system calls with random and with nasty arguments, in children that may die of it, and
 * damaged programs. Only for the guest kernel: on Linux it might do harm. */
#define _GNU_SOURCE
#include <fcntl.h>
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

static char room[65536];

static uint64_t next(uint64_t *state)
{
    *state ^= *state << 13;
    *state ^= *state >> 7;
    *state ^= *state << 17;
    return *state;
}

static uint64_t argument(uint64_t *state)
{
    static const uint64_t nasty[] = {0,
                                     1,
                                     2,
                                     3,
                                     7,
                                     8,
                                     63,
                                     64,
                                     4095,
                                     4096,
                                     65536,
                                     0x7fffffff,
                                     0x80000000,
                                     0x80001000,
                                     0xffffffff,
                                     1ul << 37,
                                     1ul << 38,
                                     1ul << 39,
                                     1ul << 62,
                                     1ul << 63,
                                     -1ul,
                                     -8ul,
                                     -4096ul,
                                     0xffffffc010000000,
                                     0x3fffffe000,
                                     0x3ffffff000,
                                     0x2000000000,
                                     0x7ffff000};
    switch (next(state) % 6) {
    case 0:
        return next(state);
    case 1:
        return (uint64_t)room + next(state) % (2 * sizeof room);
    case 2:
        return (uint64_t)room;
    case 3:
        return next(state) % 32;
    default:
        return nasty[next(state) % (sizeof nasty / sizeof nasty[0])];
    }
}

static int forbidden(uint64_t number)
{
    static const int out[] = {SYS_exit,      SYS_exit_group,      SYS_kill,  SYS_tkill, SYS_tgkill,
                              SYS_nanosleep, SYS_clock_nanosleep, SYS_futex, SYS_clone};
    for (unsigned i = 0; i < sizeof out / sizeof out[0]; i++)
        if (number == (uint64_t)out[i])
            return 1;
    return 0;
}

static void attack(uint64_t seed, int calls)
{
    uint64_t state = seed * 0x9e3779b97f4a7c15 + 1;
    for (int i = 0; i < calls; i++) {
        uint64_t number = next(&state) % 450;
        if (next(&state) % 16 == 0)
            number = next(&state);
        uint64_t a = argument(&state), b = argument(&state), c = argument(&state);
        uint64_t d = argument(&state), e = argument(&state), f = argument(&state);
        if (!forbidden(number))
            syscall((long)number, a, b, c, d, e, f);
        if (i % 50 == 0)
            syscall(SYS_pipe2, room, 04000);
    }
    _exit(0);
}

/* Descriptors that would wait for ever are not left to it. */
static void attacks(int children, int calls)
{
    int survivors = 0, status;
    for (int i = 0; i < children; i++) {
        pid_t pid = fork();
        if (!pid) {
            close(0), close(1), close(2);
            attack((uint64_t)i + 1, calls);
        }
        for (int wait = 0; wait < 100 && waitpid(pid, &status, WNOHANG) == 0; wait++)
            usleep(2000);
        kill(pid, SIGKILL);
        while (waitpid(-1, &status, WNOHANG) > 0)
            ;
        survivors++;
    }
    printf("%d attacks, and the kernel lives\n", survivors);
}

static void damaged_programs(int count)
{
    char path[32], *arguments[] = {path, NULL};
    int status, tried = 0;
    for (int i = 1; i <= count; i++) {
        snprintf(path, sizeof path, "/damaged-%d", i);
        if (access(path, R_OK))
            continue;
        tried++;
        pid_t pid = fork();
        if (!pid) {
            close(0), close(1), close(2);
            execve(path, arguments, NULL);
            _exit(1);
        }
        for (int wait = 0; wait < 100 && waitpid(pid, &status, WNOHANG) == 0; wait++)
            usleep(1000);
        kill(pid, SIGKILL);
        while (waitpid(-1, &status, WNOHANG) > 0)
            ;
    }
    printf("%d damaged programs, and the kernel lives\n", tried);
}

/* More processes and memory than there is: an error, not an end. */
static void exhaust(void)
{
    int made = 0, fds[2];
    size_t taken = 0;
    if (pipe(fds))
        exit(1);
    pid_t pid = fork();
    if (!pid) {
        for (;;) {
            char *more =
                mmap(NULL, 1 << 20, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
            if (more == MAP_FAILED)
                break;
            taken++;
        }
        for (made = 0; made < 5000 && fork() > 0; made++)
            ;
        _exit(made < 5000 ? 0 : 1);
    }
    while (waitpid(pid, fds, 0) != pid)
        ;
    while (waitpid(-1, fds, WNOHANG) > 0)
        ;
    printf("memory ran out, and the kernel lives\n");
}

int main(int argc, char **argv)
{
    int children = argc > 1 ? atoi(argv[1]) : 20;
    setvbuf(stdout, NULL, _IONBF, 0);
    attacks(children, 2000);
    damaged_programs(200);
    exhaust();
    return 0;
}
