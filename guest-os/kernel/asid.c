/* SPDX-License-Identifier: Apache-2.0 */
/* asid.h. */
#include "kernel/asid.h"

#include "include/csr.h"
#include "include/probe.h"
#include "include/spinlock.h"
#include "kernel/hart.h"

static struct {
    struct spinlock lock;
    uint64_t epoch, next, most;
} asids = {.epoch = 1, .next = 1};

void asid_init(void)
{
    uint64_t before = csr_read(satp);
    csr_write(satp, before | SATP_ASID_MASK << SATP_ASID_SHIFT);
    asids.most = csr_read(satp) >> SATP_ASID_SHIFT & SATP_ASID_MASK;
    csr_write(satp, before);
}

IN(schedule) uint64_t asid_of(struct space *space)
{
    struct hart *hart = hart_this();
    if (space->asid_epoch != __atomic_load_n(&asids.epoch, __ATOMIC_ACQUIRE)) {
        spinlock_take(&asids.lock);
        if (asids.next > asids.most) {
            __atomic_store_n(&asids.epoch, asids.epoch + 1, __ATOMIC_RELEASE);
            asids.next = 1;
        }
        space->asid = asids.most ? asids.next++ : 0;
        space->asid_epoch = asids.epoch;
        spinlock_give(&asids.lock);
    }
    if (hart->asid_epoch != space->asid_epoch) {
        hart->asid_epoch = space->asid_epoch;
        __asm__ volatile("sfence.vma" ::: "memory");
    }
    return space->asid;
}

IN(schedule) void asid_flush(uint64_t asid)
{
    if (asid)
        __asm__ volatile("sfence.vma zero, %0" ::"r"(asid) : "memory");
    else
        __asm__ volatile("sfence.vma" ::: "memory");
}
