/* SPDX-License-Identifier: Apache-2.0 */
/* trap.h: system calls first, as they are what matters; then interrupts, page faults, and the signals that
 * everything else becomes. */
#include "kernel/trap.h"

#include "include/csr.h"
#include "include/probe.h"
#include "kernel/print.h"
#include "kernel/schedule.h"
#include "kernel/signal.h"
#include "kernel/space.h"
#include "kernel/syscall.h"

#define CAUSE_INTERRUPT (1UL << 63)

static unsigned signal_of(uint64_t cause)
{
    switch (cause) {
    case CAUSE_ILLEGAL:
        return SIGILL;
    case CAUSE_BREAKPOINT:
        return SIGTRAP;
    case 0:
    case CAUSE_LOAD_MISALIGNED:
    case CAUSE_STORE_MISALIGNED:
        return SIGBUS;
    default:
        return SIGSEGV;
    }
}

/* What a page fault wanted to do; 0: the trap is no page fault. */
static uint64_t access_of(uint64_t cause)
{
    switch (cause) {
    case CAUSE_FETCH_PAGE:
        return PROT_EXEC;
    case CAUSE_LOAD_PAGE:
        return PROT_READ;
    case CAUSE_STORE_PAGE:
        return PROT_WRITE;
    default:
        return 0;
    }
}

static enum progress exception(struct task *task, uint64_t cause)
{
    uint64_t address = csr_read(stval), access = access_of(cause);
    if (access && space_fault(task->space, address, access))
        return PROGRESS_READY;
    if (access && space_allows(task->space, address, access)) {
        signal_no_memory(task);
        return PROGRESS_READY;
    }
    if (cause == CAUSE_ILLEGAL && schedule_fp_enable(task))
        return PROGRESS_READY;
    if (cause == CAUSE_ILLEGAL || cause == CAUSE_BREAKPOINT)
        address = task->frame.x[REG_PC];
    signal_fault(task, signal_of(cause), address);
    return PROGRESS_READY;
}

static enum progress interrupt(struct task *task, uint64_t cause)
{
    csr_clear(sip, SIP_SOFTWARE);
    return cause == (CAUSE_INTERRUPT | INTERRUPT_TIMER) ? schedule_tick(task) : PROGRESS_READY;
}

IN(trap) struct task *trap_handle(struct task *task)
{
    uint64_t cause = csr_read(scause);
    enum progress progress;
    if (cause == CAUSE_ECALL_USER)
        progress = syscall_dispatch(task);
    else if (cause & CAUSE_INTERRUPT)
        progress = interrupt(task, cause);
    else
        progress = exception(task, cause);
    if (progress == PROGRESS_READY && signal_waits(task))
        progress = signal_deliver(task);
    return progress == PROGRESS_READY ? task : schedule();
}

_Noreturn void trap_from_kernel(void)
{
    panic("trap in the kernel: cause %x, pc %x, address %x", csr_read(scause), csr_read(sepc),
          csr_read(stval));
}
