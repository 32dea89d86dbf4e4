/* SPDX-License-Identifier: Apache-2.0 */
#include "core/trap.h"

static uint64_t handler(uint64_t vector, uint64_t cause)
{
    uint64_t base = vector & ~UINT64_C(3);
    bool vectored = (vector & 1) && (cause & CAUSE_INTERRUPT);
    return vectored ? base + 4 * (cause & ~CAUSE_INTERRUPT) : base;
}

static void enter_supervisor(struct hart *hart, uint64_t cause, uint64_t value)
{
    struct csr_file *c = &hart->csr;
    uint64_t status = c->mstatus & ~(STATUS_SPIE | STATUS_SPP | STATUS_SIE);

    c->mstatus = status | (c->mstatus & STATUS_SIE ? STATUS_SPIE : 0) |
                 (hart->privilege == PRIVILEGE_S ? STATUS_SPP : 0);
    c->sepc = hart->pc;
    c->scause = cause;
    c->stval = value;
    hart->pc = handler(c->stvec, cause);
    hart->privilege = PRIVILEGE_S;
}

static void enter_machine(struct hart *hart, uint64_t cause, uint64_t value)
{
    struct csr_file *c = &hart->csr;
    uint64_t status = c->mstatus & ~(STATUS_MPIE | STATUS_MPP | STATUS_MIE);

    c->mstatus =
        status | (c->mstatus & STATUS_MIE ? STATUS_MPIE : 0) | (uint64_t)hart->privilege << 11;
    c->mepc = hart->pc;
    c->mcause = cause;
    c->mtval = value;
    hart->pc = handler(c->mtvec, cause);
    hart->privilege = PRIVILEGE_M;
}

static void enter(struct hart *hart, uint64_t cause, uint64_t value, uint64_t delegated)
{
    bool to_supervisor =
        hart->privilege != PRIVILEGE_M && (delegated >> (cause & ~CAUSE_INTERRUPT) & 1);

    hart_emit(hart, hart->now, EVENT_trap, cause, hart->pc, value, hart->privilege);
    hart_charge(hart);
    if (to_supervisor)
        enter_supervisor(hart, cause, value);
    else
        enter_machine(hart, cause, value);
    hart_drop_resume(hart);
    hart->residue = (struct residue){0};
    hart->jumped = false;
    hart->window_end = 0;
    hart_stall(hart, STALL_trap,
               hart->config.cycles_per_instruction + (hart->timed ? hart->config.flush_cycles : 0));
    hart_mode_changed(hart);
}

void trap_take(struct hart *hart, uint64_t cause, uint64_t value)
{
    hart->counters.traps++;
    enter(hart, cause, value, hart->csr.medeleg);
}

/* What may interrupt now: all of machine level, or failing that of supervisor level. */
static uint64_t ready(const struct hart *hart)
{
    const struct csr_file *c = &hart->csr;
    uint64_t pending = hart_pending(hart) & c->mie;
    if (!pending)
        return 0;

    uint64_t machine = pending & ~c->mideleg;
    if (machine && (hart->privilege < PRIVILEGE_M || (c->mstatus & STATUS_MIE)))
        return machine;
    uint64_t supervisor = pending & c->mideleg;
    bool enabled = hart->privilege < PRIVILEGE_S ||
                   (hart->privilege == PRIVILEGE_S && (c->mstatus & STATUS_SIE));
    return enabled ? supervisor : 0;
}

bool trap_interrupt_ready(const struct hart *hart)
{
    return ready(hart) != 0;
}

void trap_interrupt(struct hart *hart)
{
    static const uint8_t by_priority[] = {11, 3, 7, 9, 1, 5};
    uint64_t candidates = ready(hart);

    for (unsigned n = 0; n < sizeof by_priority; n++) {
        if (!(candidates >> by_priority[n] & 1))
            continue;
        hart->counters.interrupts++;
        enter(hart, CAUSE_INTERRUPT | by_priority[n], 0, hart->csr.mideleg);
        return;
    }
}

static void go_back(struct hart *hart, unsigned privilege, uint64_t pc)
{
    hart_emit(hart, hart->now, EVENT_trap_return, privilege, pc, 0, 0);
    if (privilege != PRIVILEGE_M)
        hart->csr.mstatus &= ~STATUS_MPRV;
    hart->privilege = (uint8_t)privilege;
    hart->pc = pc;
}

void trap_return_machine(struct hart *hart)
{
    struct csr_file *c = &hart->csr;
    unsigned privilege = (unsigned)(c->mstatus >> 11 & 3);
    uint64_t status = c->mstatus & ~(STATUS_MIE | STATUS_MPP);

    c->mstatus = status | (c->mstatus & STATUS_MPIE ? STATUS_MIE : 0) | STATUS_MPIE;
    go_back(hart, privilege, c->mepc);
}

void trap_return_supervisor(struct hart *hart)
{
    struct csr_file *c = &hart->csr;
    unsigned privilege = c->mstatus & STATUS_SPP ? PRIVILEGE_S : PRIVILEGE_U;
    uint64_t status = c->mstatus & ~(STATUS_SIE | STATUS_SPP);

    c->mstatus = status | (c->mstatus & STATUS_SPIE ? STATUS_SIE : 0) | STATUS_SPIE;
    go_back(hart, privilege, c->sepc);
}
