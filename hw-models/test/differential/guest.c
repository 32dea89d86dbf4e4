/* SPDX-License-Identifier: Apache-2.0 */
/* The differential test's peer: a static RISC-V Linux program without libc that reads struct trial from stdin, runs it, and
 * writes struct outcome to stdout. All of it happens in a signal handler, which ends one trial (ebreak or a fault) and
 * starts the next by changing the context it returns to; so no register is reserved, and trials may end in any way. */
#define _GNU_SOURCE
#include <signal.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <ucontext.h>

#include "test/differential/record.h"

static struct trial trial;
static struct outcome outcome;
static char signal_stack[65536] __attribute__((aligned(16)));

static long call(long number, long a, long b, long c, long d)
{
    register long a7 __asm__("a7") = number, a0 __asm__("a0") = a, a1 __asm__("a1") = b,
                     a2 __asm__("a2") = c, a3 __asm__("a3") = d, a4 __asm__("a4") = -1,
                     a5 __asm__("a5") = 0;
    __asm__ volatile("ecall"
                     : "+r"(a0)
                     : "r"(a7), "r"(a1), "r"(a2), "r"(a3), "r"(a4), "r"(a5)
                     : "memory");
    return a0;
}

void *memcpy(void *to, const void *from, unsigned long count)
{
    for (unsigned long i = 0; i < count; i++)
        ((volatile char *)to)[i] = ((const char *)from)[i];
    return to;
}

void *memset(void *to, int byte, unsigned long count)
{
    for (unsigned long i = 0; i < count; i++)
        ((volatile char *)to)[i] = (char)byte;
    return to;
}

static void copy_words(void *to, const void *from, unsigned long bytes)
{
    for (unsigned long i = 0; i < bytes / 8; i++)
        ((volatile uint64_t *)to)[i] = ((const uint64_t *)from)[i];
}

/* Ends the program if the stream ends. */
static void transfer(long number, int fd, char *bytes, unsigned long count)
{
    while (count) {
        long done = call(number, fd, (long)bytes, (long)count, 0);
        if (done <= 0)
            call(SYS_exit_group, 0, 0, 0, 0);
        bytes += done;
        count -= (unsigned long)done;
    }
}

static enum stop stop_of(int number)
{
    switch (number) {
    case SIGTRAP:
        return STOP_BREAKPOINT;
    case SIGILL:
        return STOP_ILLEGAL;
    case SIGSEGV:
        return STOP_SEGMENT;
    case SIGBUS:
        return STOP_BUS;
    default:
        return STOP_OTHER;
    }
}

static void report(int number, const mcontext_t *context)
{
    copy_words(outcome.state.x, context->__gregs, sizeof outcome.state.x);
    copy_words(outcome.state.f, context->__fpregs.__d.__f, sizeof outcome.state.f);
    outcome.state.fcsr = context->__fpregs.__d.__fcsr;
    outcome.state.stop = stop_of(number);
    copy_words(outcome.data, (void *)DATA_ADDRESS, REGION_BYTES);
    transfer(SYS_write, 1, (char *)&outcome, sizeof outcome);
}

static void protect(int protection)
{
    call(SYS_mprotect, CODE_ADDRESS, REGION_BYTES, protection, 0);
}

static void start(mcontext_t *context)
{
    transfer(SYS_read, 0, (char *)&trial, sizeof trial);
    copy_words((void *)DATA_ADDRESS, trial.data, REGION_BYTES);
    protect(PROT_READ | PROT_WRITE);
    for (unsigned long i = 0; i < REGION_BYTES; i += 8)
        *(volatile uint64_t *)(CODE_ADDRESS + i) = 0;
    for (unsigned long i = 0; i < trial.code_bytes / 2; i++)
        ((volatile uint16_t *)trial.state.x[0])[i] = ((uint16_t *)trial.code)[i];
    protect(PROT_READ | PROT_EXEC);
    __asm__ volatile("fence.i");
    copy_words(context->__gregs, trial.state.x, sizeof trial.state.x);
    copy_words(context->__fpregs.__d.__f, trial.state.f, sizeof trial.state.f);
    context->__fpregs.__d.__fcsr = (unsigned)trial.state.fcsr;
}

static void handler(int number, siginfo_t *info, void *context)
{
    static int started;
    mcontext_t *machine = &((ucontext_t *)context)->uc_mcontext;
    (void)info;
    if (started)
        report(number, machine);
    started = 1;
    start(machine);
}

static void map(unsigned long address, int protection)
{
    call(SYS_mmap, (long)address, REGION_BYTES, protection,
         MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED);
}

void _start(void);
void _start(void)
{
    static const int signals[] = {SIGTRAP, SIGILL, SIGSEGV, SIGBUS};
    struct {
        void (*handler)(int, siginfo_t *, void *);
        unsigned long flags, mask;
    } action = {handler, SA_SIGINFO | SA_ONSTACK, 0};
    stack_t stack = {.ss_sp = signal_stack, .ss_size = sizeof signal_stack};
    map(CODE_ADDRESS, PROT_READ | PROT_WRITE | PROT_EXEC);
    map(DATA_ADDRESS, PROT_READ | PROT_WRITE);
    call(SYS_sigaltstack, (long)&stack, 0, 0, 0);
    for (unsigned i = 0; i < sizeof signals / sizeof *signals; i++)
        call(SYS_rt_sigaction, signals[i], (long)&action, 0, 8);
    __asm__ volatile("ebreak");
}
