/* SPDX-License-Identifier: Apache-2.0 */
/* Processes, signals, memory, files: what a C library needs of the kernel. Prints the same on the guest kernel and on
 * Linux. */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <math.h>
#include <sched.h>
#include <signal.h>
#include <spawn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/utsname.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

extern char **environ;
static int status;
static volatile int *volatile at_null = (volatile int *)8;

static void reap(const char *what, pid_t pid)
{
    pid_t got = waitpid(pid, &status, 0);
    printf("%s: %s, %s %d\n", what, got == pid ? "reaped" : "lost",
           WIFSIGNALED(status) ? "signal" : "status",
           WIFSIGNALED(status) ? WTERMSIG(status) : WEXITSTATUS(status));
}

static pid_t child_that(void (*does)(void))
{
    pid_t pid = fork();
    if (!pid) {
        does();
        _exit(9);
    }
    return pid;
}

static void reads_null(void)
{
    *at_null = 1;
}

static void jumps_nowhere(void)
{
    ((void (*)(void))0x1234)();
}

static void writes_kernel(void)
{
    *(volatile int *)0x80001000 = 1;
}

static void executes_nonsense(void)
{
    __asm__ volatile(".word 0");
}

static int recurse(int depth)
{
    volatile char room[65536];
    room[0] = 1;
    return depth ? recurse(depth + 1) + room[0] : 0;
}

static void recurses(void)
{
    exit(recurse(1));
}

static void writes_constant(void)
{
    *(volatile char *)(const char *)"constant" = 1;
}

static void loops(void)
{
    for (volatile int i = 0;; i++)
        ;
}

static void sleeps(void)
{
    sleep(1000);
}

static void waits_for_data(void)
{
    int fds[2];
    char byte;
    if (pipe(fds) == 0 && read(fds[0], &byte, 1))
        _exit(8);
}

static void deaths(void)
{
    reap("null", child_that(reads_null));
    reap("nowhere", child_that(jumps_nowhere));
    reap("kernel", child_that(writes_kernel));
    reap("nonsense", child_that(executes_nonsense));
    reap("stack", child_that(recurses));
    reap("constant", child_that(writes_constant));
    reap("abort", child_that(abort));
}

static void kills(void)
{
    static const struct {
        const char *what;
        void (*does)(void);
    } victims[] = {{"looping", loops}, {"sleeping", sleeps}, {"reading", waits_for_data}};
    for (unsigned i = 0; i < 3; i++) {
        pid_t pid = child_that(victims[i].does);
        usleep(30000);
        kill(pid, i == 2 ? SIGTERM : SIGKILL);
        reap(victims[i].what, pid);
    }
    printf("nobody: %d %d\n", kill(99999, SIGTERM), errno);
    printf("no child: %d %d\n", (int)wait(&status), errno);
    signal(SIGTERM, SIG_IGN);
    printf("ignored: %d\n", raise(SIGTERM));
}

static double work(int number)
{
    double sum = 0;
    for (int i = 1; i < 200000; i++)
        sum += sqrt(i) * (number + 1);
    return sum;
}

/* Several at once, each with values of its own in the floating-point registers. */
static void floating_point(void)
{
    pid_t pids[6];
    double expected[6];
    for (int i = 0; i < 6; i++)
        expected[i] = work(i);
    for (int i = 0; i < 6; i++)
        if (!(pids[i] = fork()))
            _exit(work(i) == expected[i] ? i : 77);
    for (int i = 0; i < 6; i++)
        reap("sums", pids[i]);
}

static void memory(void)
{
    char *big = malloc(5 << 20);
    memset(big, 7, 5 << 20);
    int *shared = mmap(NULL, 8192, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    if (!fork()) {
        big[5] = 1;
        shared[1024] = 42;
        _exit(big[6]);
    }
    wait(&status);
    printf("copied on write: %d %d %d\n", big[5], WEXITSTATUS(status), shared[1024]);
    int fds[2];
    char go;
    big[7] = 1;
    if (pipe(fds))
        exit(1);
    if (!fork())
        _exit(read(fds[0], &go, 1) == 1 ? big[7] : 9);
    big[7] = 2; /* at once, while translations from before the fork are still at hand */
    printf("told: %zd, ", write(fds[1], "x", 1));
    wait(&status);
    printf("the child's own: %d\n", WEXITSTATUS(status));
    close(fds[0]), close(fds[1]);
    free(big);
    char *page = mmap(NULL, 5 * 4096, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    page[4096] = 3;
    printf("protect: %d", mprotect(page + 4096, 4096, PROT_READ));
    printf(" %d", munmap(page + 2 * 4096, 4096));
    printf(" %d", mprotect(page + 4096, 3 * 4096, PROT_READ));
    printf(" %d, kept %d\n", errno, page[4096]);
    printf("no length: %d %d\n", mmap(NULL, 0, 3, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0) == MAP_FAILED,
           errno);
    printf("odd address: %d %d\n", munmap(page + 1, 4096), errno);
    char *before = sbrk(0);
    char *grown = sbrk(100000);
    memset(grown, 1, 100000);
    printf("break: %d %d\n", grown == before, brk(before));
}

static void bad_pointers(void)
{
    static void *const bad[] = {(void *)8, (void *)0x80000000, (void *)-8,
                                (void *)0x4000000000000000};
    int fds[2];
    if (pipe(fds))
        exit(1);
    for (unsigned i = 0; i < 4; i++) {
        printf("bad pointer: %zd %d", write(fds[1], bad[i], 4), errno);
        errno = 0;
        printf(" %d %d", pipe(bad[i]), errno);
        errno = 0;
        printf(" %d %d\n", open(bad[i], O_RDONLY), errno);
    }
    close(fds[0]), close(fds[1]);
}

static void programs(char *self)
{
    pid_t pid;
    char *arguments[] = {self, "again", NULL}, line[64];
    printf("spawn: %d\n", posix_spawn(&pid, self, NULL, NULL, arguments, environ));
    reap("spawned", pid);
    printf("spawn nothing: %d\n", posix_spawn(&pid, "/no/such", NULL, NULL, arguments, environ));
    printf("exec nothing: %d %d\n", execve("/no/such", arguments, environ), errno);
    FILE *file = fopen(self, "r");
    printf("own file: %zu %.3s\n", fread(line, 1, 4, file), line + 1);
    fclose(file);
    printf("no file: %d %d\n", open("/no/such", O_RDONLY), errno);
    printf("null: %zd %zd\n", write(open("/dev/null", O_WRONLY), "abc", 3),
           read(open("/dev/null", O_RDONLY), line, 3));
    printf("zero: %zd %d\n", read(open("/dev/zero", O_RDONLY), line, 3), line[2]);
    printf("bad descriptor: %d %d\n", close(200), errno);
}

static void time_and_place(void)
{
    struct timespec before, after, nap = {0, 3000000};
    struct utsname names;
    cpu_set_t set, one;
    clock_gettime(CLOCK_MONOTONIC, &before);
    nanosleep(&nap, NULL);
    clock_gettime(CLOCK_MONOTONIC, &after);
    printf("slept: %d\n",
           (after.tv_sec - before.tv_sec) * 1000000000 + after.tv_nsec - before.tv_nsec >= 3000000);
    sched_getaffinity(0, sizeof set, &set);
    int wrong = 0;
    for (int i = 0; i < 64; i++) {
        CPU_ZERO(&one);
        CPU_SET(i, &one);
        if (CPU_ISSET(i, &set))
            wrong += sched_setaffinity(0, sizeof one, &one) || sched_getcpu() != i;
    }
    CPU_ZERO(&one);
    printf("places: %d wrong, none: %d %d\n", wrong, sched_setaffinity(0, sizeof one, &one), errno);
    printf("machine: %d %s\n", uname(&names), names.machine);
}

int main(int argc, char **argv)
{
    setvbuf(stdout, NULL, _IONBF, 0);
    if (argc > 1) {
        printf("hello from %s\n", argv[1]);
        return 3;
    }
    deaths();
    kills();
    floating_point();
    memory();
    bad_pointers();
    programs("/proc/self/exe");
    time_and_place();
    return 6;
}
