/* SPDX-License-Identifier: Apache-2.0 */
/* From virtual to physical: Sv39 with superpages, ASIDs and global pages, first-level TLBs, page
 * walks through L1D with hardware update of A and D, and physical memory protection at a grain of 4
 * KiB. Does not model: a second-level TLB, page-walk caches, Sv48. Source: privileged specification
 * 20211203, chapters 3.7 and 4. */
#ifndef MISSIVE_CORE_MMU_H
#define MISSIVE_CORE_MMU_H

#include "core/hart_state.h"

enum access_type { ACCESS_READ, ACCESS_WRITE, ACCESS_EXECUTE };

/* A data address of the access under way. ACCESS_REQUESTED: call again, with the same arguments,
 * when the request is answered. */
enum access_state mmu_translate(struct hart *hart, uint64_t address, enum access_type type,
                                uint64_t *physical);

/* The same for a fetch. The fetch unit keeps the translation of its present page. */
enum access_state mmu_translate_fetch(struct hart *hart, uint64_t address, uint64_t *physical);

/* The fetch unit now holds the translation of the page of `address`. */
static inline void mmu_hold_fetch(struct hart *hart, uint64_t address, uint64_t physical)
{
    hart->fetch_page = address & ~(PAGE_BYTES - 1);
    hart->fetch_physical = physical & ~(PAGE_BYTES - 1);
}

/* To be called when the translation of fetches may have changed. */
static inline void mmu_drop_fetch(struct hart *hart)
{
    hart->fetch_page = NO_LINE;
    hart->fetch_epoch++;
}

/* Where a data read would go, without any effect; false if it would fault. For observers. */
bool mmu_peek(const struct hart *hart, uint64_t address, uint64_t *physical);

/* The same whatever the permissions; false: nothing is there. For debuggers. */
bool mmu_locate(const struct hart *hart, uint64_t address, uint64_t *physical);

/* sfence.vma: of one address or all, of one address space or all. */
struct mmu_flush {
    bool one_address, one_asid;
    uint64_t address;
    uint16_t asid;
};
void mmu_flush(struct hart *hart, const struct mmu_flush *what);

/* Drops all that is remembered but the TLBs: after a change of satp or PMP. */
void mmu_all_changed(struct hart *hart);

#endif
