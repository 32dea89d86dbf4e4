/* SPDX-License-Identifier: Apache-2.0 */
/* Programs that do wrong, to show that the machine and its kernel stand it: `bad KIND`; without
 * KIND it lists them. Each ends as Linux ends it (by a signal, or with an errno's number as its
 * status); `loop` and `deadlock` never end. */
#define _GNU_SOURCE
#include <errno.h>
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#define KERNEL_ADDRESS                                                                             \
    0x80000000ul /* where the guest's kernel lies; nothing of a program's on Linux */
#define UPPER_ADDRESS 0xffffffc080000000ul /* the upper half never belongs to a program */

/* An address the compiler knows nothing about, so that it neither warns nor optimises. */
static void *at(uintptr_t address)
{
    __asm__("" : "+r"(address));
    return (void *)address;
}

static int poke(uintptr_t address)
{
    *(volatile uint64_t *)at(address) = 0xbadbadbad;
    return 0;
}

static int peek(uintptr_t address)
{
    return (int)*(volatile uint64_t *)at(address);
}

static int jump(uintptr_t address)
{
    ((void (*)(void))at(address))();
    return 0;
}

static int bad_null(void)
{
    return peek(0);
}

static int bad_jump(void)
{
    return jump(0x10);
}

static int bad_jump_data(void)
{
    static uint32_t nop_and_return[] = {0x00000013, 0x00008067};
    return jump((uintptr_t)nop_and_return);
}

static int bad_kernel_read(void)
{
    return peek(KERNEL_ADDRESS);
}

static int bad_kernel_write(void)
{
    return poke(KERNEL_ADDRESS);
}

static int bad_upper_write(void)
{
    return poke(UPPER_ADDRESS);
}

static int bad_code_write(void)
{
    return poke((uintptr_t)bad_code_write & ~7ul);
}

static int bad_loop(void)
{
    for (volatile int again = 1; again;)
        continue;
    return 0;
}

static int recurse(unsigned long depth)
{
    volatile char frame[512];
    frame[0] = (char)depth;
    return at(depth) == NULL ? 0 : recurse(depth + 1) + frame[0];
}

static int bad_stack(void)
{
    return recurse(1);
}

static int bad_illegal(void)
{
    __asm__ volatile(".word 0");
    return 0;
}

static int bad_privileged(void)
{
    __asm__ volatile("csrw satp, zero");
    return 0;
}

static int bad_breakpoint(void)
{
    __asm__ volatile("ebreak");
    return 0;
}

static int bad_abort(void)
{
    abort();
}

static int bad_buffer(void)
{
    return write(1, at(16), 64) < 0 ? errno : 0;
}

static int bad_kernel_buffer(void)
{
    return write(1, at(KERNEL_ADDRESS), 64) < 0 ? errno : 0;
}

static int bad_descriptor(void)
{
    return write(77, "x", 1) < 0 ? errno : 0;
}

static int bad_call(void)
{
    return syscall(999999) < 0 ? errno : 0;
}

static int bad_path(void)
{
    char *const arguments[] = {"nothing", NULL};
    return execv("/no/such/program", arguments) ? errno : 0;
}

static int bad_memory(void)
{
    return mmap(NULL, 1ul << 62, PROT_READ, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0) == MAP_FAILED
               ? errno
               : 0;
}

static int bad_all_memory(void)
{
    const size_t bytes = 1ul << 20;
    for (;;) {
        char *more = mmap(NULL, bytes, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
        if (more == MAP_FAILED)
            return errno;
        memset(more, 1, bytes);
    }
}

static void handle(int number)
{
    (void)number;
}

static int bad_handler(void)
{
    signal(SIGUSR1, handle);
    return raise(SIGUSR1);
}

static int bad_wait(void)
{
    return wait(NULL) < 0 ? errno : 0;
}

static int broken_pipe(void)
{
    int ends[2];
    if (pipe(ends))
        return 1;
    close(ends[0]);
    return write(ends[1], "x", 1) < 0 ? errno : 0;
}

static int bad_pipe_ignored(void)
{
    signal(SIGPIPE, SIG_IGN);
    return broken_pipe();
}

static int bad_pipe_buffer(void)
{
    int ends[2];
    if (pipe(ends) || write(ends[1], "message", 7) != 7)
        return 1;
    return read(ends[0], at(KERNEL_ADDRESS), 7) < 0 ? errno : 0;
}

static int bad_child(void)
{
    int status;
    pid_t child = fork();
    if (child == 0)
        return peek(0);
    if (waitpid(child, &status, 0) != child || !WIFSIGNALED(status))
        return 1;
    printf("the child was ended by signal %d\n", WTERMSIG(status));
    return 0;
}

static int bad_deadlock(void)
{
    int ends[2];
    char byte;
    return pipe(ends) || read(ends[0], &byte, 1) != 1;
}

static const struct {
    const char *name;
    int (*run)(void);
    const char *doc;
} kinds[] = {
    {"null", bad_null, "reads address 0"},
    {"jump", bad_jump, "jumps to an address without memory"},
    {"jump-data", bad_jump_data, "jumps into data"},
    {"kernel-read", bad_kernel_read, "reads where the kernel lies"},
    {"kernel-write", bad_kernel_write, "writes where the kernel lies"},
    {"upper-write", bad_upper_write, "writes to the upper half of the address space"},
    {"code-write", bad_code_write, "writes to its own code"},
    {"stack", bad_stack, "recurses without end"},
    {"illegal", bad_illegal, "executes no instruction at all"},
    {"privileged", bad_privileged, "writes the page-table register"},
    {"breakpoint", bad_breakpoint, "executes ebreak"},
    {"abort", bad_abort, "calls abort()"},
    {"buffer", bad_buffer, "writes from a bad address: status EFAULT"},
    {"kernel-buffer", bad_kernel_buffer, "writes from the kernel's memory: status EFAULT"},
    {"descriptor", bad_descriptor, "writes to a descriptor it does not have: status EBADF"},
    {"call", bad_call, "makes a system call that there is not: status ENOSYS"},
    {"path", bad_path, "executes a file that there is not: status ENOENT"},
    {"memory", bad_memory, "asks for more memory than there is: status ENOMEM"},
    {"all-memory", bad_all_memory, "takes and fills memory without end"},
    {"handler", bad_handler,
     "sends itself a signal that it handles, which the guest OS cannot yet"},
    {"wait", bad_wait, "waits without a child: status ECHILD"},
    {"pipe", broken_pipe, "writes to a pipe without a reader"},
    {"pipe-ignored", bad_pipe_ignored, "the same, ignoring the signal: status EPIPE"},
    {"pipe-buffer", bad_pipe_buffer, "reads a pipe into the kernel's memory: status EFAULT"},
    {"child", bad_child, "its child reads address 0; it says which signal ended it"},
    {"loop", bad_loop, "loops for ever"},
    {"deadlock", bad_deadlock, "waits for a message only itself could send"},
};

int main(int argc, char **argv)
{
    for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++) {
        if (argc == 2 && !strcmp(argv[1], kinds[i].name))
            return kinds[i].run();
        if (argc < 2)
            printf("%-14s %s\n", kinds[i].name, kinds[i].doc);
    }
    if (argc >= 2)
        fprintf(stderr, "bad: there is no kind '%s'; `bad` alone lists them\n", argv[1]);
    return argc < 2 ? 0 : 2;
}
