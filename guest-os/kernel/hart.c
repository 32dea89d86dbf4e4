/* SPDX-License-Identifier: Apache-2.0 */
/* hart.h: bringing harts up, and putting them to sleep. */
#include "kernel/hart.h"

#include "boot/layout.h"
#include "boot/machine.h"
#include "include/bytes.h"
#include "include/csr.h"
#include "include/probe.h"
#include "ipc/communication.h"
#include "kernel/schedule.h"
#include "kernel/space.h"
#include "kernel/trap.h"

struct hart harts[MAP_MAX_HARTS];
extern char stacks[];

/* In .data: read by the other harts while the first one clears .bss. */
static uint32_t released __attribute__((section(".data")));

IN(idle) void hart_sleep(void)
{
    __asm__ volatile("wfi" ::: "memory");
}

void harts_init(void)
{
    for (uint64_t id = 0; id < MAP_MAX_HARTS; id++) {
        struct hart *hart = &harts[id];
        hart->id = id;
        hart->kernel_stack = (uint64_t)stacks + (id + 1) * KERNEL_STACK_BYTES;
        hart->deadline = UINT64_MAX;
        if (machine.hosts & (1UL << id))
            ipc_list_init(&hart->computation, LIST_COMPUTATION, id);
    }
}

void harts_release(void)
{
    __atomic_store_n(&released, 1, __ATOMIC_RELEASE);
    fence_all();
    for (uint64_t left = machine.hosts | machine.coprocessors; left; left &= left - 1) {
        struct hart *hart = &harts[lowest_bit(left)];
        if (hart->id != BOOT_HART)
            backend_ring(hart);
    }
}

void hart_await_release(void)
{
    csr_write(sie, SIP_SOFTWARE);
    while (!__atomic_load_n(&released, __ATOMIC_ACQUIRE))
        hart_sleep();
    csr_clear(sip, SIP_SOFTWARE);
}

void hart_enter(uint64_t id)
{
    __asm__ volatile("mv tp, %0" ::"r"(&harts[id]));
    csr_write(sscratch, 0);
    csr_write(stvec, trap_entry);
    csr_clear(sstatus, SSTATUS_SPP | SSTATUS_FS);
    csr_set(sstatus, SSTATUS_SPIE);
    space_kernel_enable();
}

_Noreturn void hart_work(void)
{
    bool coprocessor = machine.coprocessors & (1UL << hart_this()->id);
    csr_write(sie, coprocessor ? SIP_SOFTWARE : SIP_SOFTWARE | SIP_TIMER);
    if (coprocessor)
        communication_serve();
    trap_return(schedule());
}
