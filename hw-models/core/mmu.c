/* SPDX-License-Identifier: Apache-2.0 */
/* See mmu.h. A walk costs one cycles_per_instruction for each entry it reads, and what the lines of
 * the entries cost; without timing nothing. */
#include "core/mmu.h"

#include <string.h>

#include "base/page_table.h"
#include "core/access.h"
#include "core/code.h"
#include "core/filter.h"
#include "core/pmp.h"

#define PTE_PPN(pte) ((pte) >> PTE_PPN_SHIFT & ((UINT64_C(1) << 44) - 1))
#define PTE_RESERVED (UINT64_C(0x3ff) << 54) /* without Svnapot and Svpbmt */

#define ADDRESS_BITS 56

static uint64_t page_mask(unsigned level)
{
    return (UINT64_C(1) << (SV39_LEVEL_BITS * level)) - 1;
}

static unsigned data_privilege(const struct hart *hart)
{
    uint64_t status = hart->csr.mstatus;
    if (hart->privilege == PRIVILEGE_M && (status & STATUS_MPRV))
        return (unsigned)((status & STATUS_MPP) / (STATUS_MPP & -STATUS_MPP));
    return hart->privilege;
}

static bool is_translated(const struct hart *hart, unsigned privilege)
{
    return privilege != PRIVILEGE_M && hart->csr.satp >> 60;
}

static bool leaf_allows(const struct hart *hart, uint8_t pte, enum access_type type,
                        unsigned privilege)
{
    bool user = pte & PTE_U;
    if (privilege == PRIVILEGE_U && !user)
        return false;
    if (privilege == PRIVILEGE_S && user &&
        (type == ACCESS_EXECUTE || !(hart->csr.mstatus & STATUS_SUM)))
        return false;
    switch (type) {
    case ACCESS_READ:
        return (pte & PTE_R) || ((pte & PTE_X) && (hart->csr.mstatus & STATUS_MXR));
    case ACCESS_WRITE:
        return pte & PTE_W;
    case ACCESS_EXECUTE:
        return pte & PTE_X;
    }
    return false;
}

static uint16_t asid_now(const struct hart *hart)
{
    return (uint16_t)(hart->csr.satp >> 44);
}

static bool entry_holds(const struct tlb_entry *entry, uint64_t page, uint16_t asid)
{
    return entry->inserted && ((entry->virtual_page ^ page) & ~page_mask(entry->level)) == 0 &&
           (entry->asid == asid || (entry->flags & PTE_G));
}

static const struct tlb_entry *tlb_find(const struct tlb *tlb, uint64_t page, uint16_t asid)
{
    const struct tlb_entry *entry = &tlb->entries[page % TLB_SETS * TLB_WAYS];
    for (unsigned way = 0; way < TLB_WAYS; way++, entry++)
        if (entry_holds(entry, page, asid))
            return entry;
    for (entry = &tlb->entries[TLB_SETS * TLB_WAYS]; entry < tlb->entries + TLB_ENTRIES; entry++)
        if (entry_holds(entry, page, asid))
            return entry;
    return NULL;
}

static void drop_entry(struct hart *hart, struct tlb *tlb, struct tlb_entry *entry)
{
    if (entry->inserted && tlb == &hart->dtlb) {
        if (entry->level)
            filter_flush(hart);
        else
            filter_drop_page(hart, entry->virtual_page << PAGE_SHIFT);
    }
    entry->inserted = 0;
}

static void tlb_insert(struct hart *hart, struct tlb *tlb, const struct tlb_entry *new)
{
    bool super = new->level > 0;
    unsigned count = super ? TLB_SUPERPAGES : TLB_WAYS;
    struct tlb_entry *first =
        &tlb->entries[super ? TLB_SETS * TLB_WAYS : new->virtual_page % TLB_SETS *TLB_WAYS];
    struct tlb_entry *place = first;

    for (struct tlb_entry *entry = first; entry < first + count; entry++) {
        if (entry_holds(entry, new->virtual_page, new->asid)) {
            place = entry;
            break;
        }
        if (entry->inserted < place->inserted)
            place = entry;
    }
    if (hart->timed) {
        drop_entry(hart, tlb, place);
        hart->fetch_epoch += tlb == &hart->itlb;
    }
    *place = *new;
    place->inserted = ++tlb->clock;
}

static bool is_canonical(uint64_t address)
{
    int64_t top = (int64_t)address >> 38;
    return top == 0 || top == -1;
}

static bool is_leaf(uint64_t pte)
{
    return pte & (PTE_R | PTE_X);
}

static bool is_malformed(uint64_t pte, int level)
{
    if (!(pte & PTE_V) || (pte & PTE_RESERVED) || ((pte & PTE_W) && !(pte & PTE_R)))
        return true;
    if (is_leaf(pte))
        return PTE_PPN(pte) & page_mask((unsigned)level);
    return level == 0 || (pte & (PTE_A | PTE_D | PTE_U));
}

static uint64_t pte_address(uint64_t table, uint64_t address, int level)
{
    uint64_t index =
        address >> (PAGE_SHIFT + SV39_LEVEL_BITS * level) & ((1 << SV39_LEVEL_BITS) - 1);
    return table + index * sizeof(uint64_t);
}

static uint64_t read_pte(const struct hart *hart, uint64_t physical)
{
    uint64_t pte;
    memcpy(&pte, ram_at(hart->links.ram, physical), sizeof pte);
    return pte;
}

static uint64_t root_table(const struct hart *hart)
{
    return (hart->csr.satp & ((UINT64_C(1) << 44) - 1)) << PAGE_SHIFT;
}

static bool may_walk(const struct hart *hart, uint64_t physical, enum access_type type)
{
    return ram_holds(hart->links.ram, physical, sizeof(uint64_t)) &&
           pmp_allows(hart, physical, sizeof(uint64_t), type, PRIVILEGE_S);
}

/* Sets A, and D for a store, which needs the entry's line as a store does; or leaves that to a
 * handler of page faults. */
static enum access_state mark_leaf(struct hart *hart, uint64_t physical, uint64_t *pte,
                                   uint64_t address, enum access_type type)
{
    uint64_t marked = *pte | PTE_A | (type == ACCESS_WRITE ? PTE_D : 0);
    if (marked == *pte)
        return ACCESS_DONE;
    if (hart->config.svade)
        return access_fault(hart, true, address);
    if (!may_walk(hart, physical, ACCESS_WRITE))
        return access_fault(hart, false, address);
    enum access_state state = access_line(hart, physical, true);
    if (state != ACCESS_DONE)
        return state;
    memcpy(ram_at(hart->links.ram, physical), &marked, sizeof marked);
    code_wrote(hart, physical, sizeof marked);
    *pte = marked;
    return ACCESS_DONE;
}

/* One level. ACCESS_DONE: `pte` is right, and a leaf or the next table. */
static enum access_state walk_level(struct hart *hart, uint64_t address, enum access_type type,
                                    unsigned privilege, uint64_t *pte)
{
    const struct walk *w = &hart->access.walk;
    uint64_t physical = pte_address(w->table, address, w->level);
    if (!may_walk(hart, physical, ACCESS_READ))
        return access_fault(hart, false, address);
    enum access_state state = access_line(hart, physical, false);
    if (state != ACCESS_DONE)
        return state;

    *pte = read_pte(hart, physical);
    if (is_malformed(*pte, w->level))
        return access_fault(hart, true, address);
    if (!is_leaf(*pte))
        return ACCESS_DONE;
    if (!leaf_allows(hart, (uint8_t)*pte, type, privilege))
        return access_fault(hart, true, address);
    return mark_leaf(hart, physical, pte, address, type);
}

/* Walks down to the leaf. A level that had to wait begins anew, so that an entry that changed
 * meanwhile is read as it is. */
static enum access_state walk(struct hart *hart, uint64_t address, enum access_type type,
                              unsigned privilege, struct tlb_entry *found)
{
    struct walk *w = &hart->access.walk;
    uint64_t pte = 0;
    if (!w->active) {
        *w = (struct walk){true, SV39_LEVELS - 1, 0, root_table(hart)};
        hart->counters.page_walks++;
    }
    while (!is_leaf(pte)) {
        enum access_state state = walk_level(hart, address, type, privilege, &pte);
        if (state != ACCESS_DONE)
            return state;
        if (hart->timed)
            hart_stall(hart, STALL_tlb, hart->config.cycles_per_instruction);
        w->inherited |= pte & PTE_G;
        if (!is_leaf(pte)) {
            w->table = PTE_PPN(pte) << PAGE_SHIFT;
            w->level--;
        }
    }
    *found = (struct tlb_entry){
        .virtual_page = address >> PAGE_SHIFT,
        .physical_page = PTE_PPN(pte),
        .asid = asid_now(hart),
        .flags = (uint8_t)(pte | w->inherited),
        .level = (uint8_t)w->level,
    };
    w->active = false;
    return ACCESS_DONE;
}

static uint64_t physical_of(const struct tlb_entry *entry, uint64_t address)
{
    uint64_t mask = page_mask(entry->level);
    uint64_t page = (entry->physical_page & ~mask) | (address >> PAGE_SHIFT & mask);
    return page << PAGE_SHIFT | (address & (PAGE_BYTES - 1));
}

/* The filter of a hart without timing forgets no page by itself, so that it must know by what to
 * forget those that no entry stands for any more. */
static void note_superpage(struct hart *hart, const struct tlb *tlb, const struct tlb_entry *entry)
{
    if (hart->timed || !entry->level || tlb != &hart->dtlb)
        return;
    uint64_t mask = page_mask(entry->level);
    filter_note_superpage(hart, (entry->virtual_page & ~mask) << PAGE_SHIFT,
                          (entry->virtual_page | mask) << PAGE_SHIFT);
}

static enum access_state look_up(struct hart *hart, struct tlb *tlb, uint64_t address,
                                 enum access_type type, unsigned privilege, uint64_t *physical)
{
    if (!is_canonical(address))
        return access_fault(hart, true, address);
    uint64_t page = address >> PAGE_SHIFT;
    const struct tlb_entry *entry = tlb_find(tlb, page, asid_now(hart));

    if (entry && !leaf_allows(hart, entry->flags, type, privilege))
        return access_fault(hart, true, address);
    if (!entry || (type == ACCESS_WRITE && !(entry->flags & PTE_D))) {
        struct tlb_entry found;
        enum access_state state = walk(hart, address, type, privilege, &found);
        if (state != ACCESS_DONE)
            return state;
        tlb_insert(hart, tlb, &found);
        note_superpage(hart, tlb, &found);
        *physical = physical_of(&found, address);
        return ACCESS_DONE;
    }
    note_superpage(hart, tlb, entry);
    *physical = physical_of(entry, address);
    return ACCESS_DONE;
}

static enum access_state translate(struct hart *hart, struct tlb *tlb, uint64_t address,
                                   unsigned bytes, enum access_type type, unsigned privilege,
                                   uint64_t *physical)
{
    *physical = address;
    if (is_translated(hart, privilege)) {
        enum access_state state = look_up(hart, tlb, address, type, privilege, physical);
        if (state != ACCESS_DONE)
            return state;
    }
    if (*physical >> ADDRESS_BITS || !pmp_allows(hart, *physical, bytes, type, privilege))
        return access_fault(hart, false, address);
    return ACCESS_DONE;
}

enum access_state mmu_translate(struct hart *hart, uint64_t address, unsigned bytes,
                                enum access_type type, uint64_t *physical)
{
    return translate(hart, &hart->dtlb, address, bytes, type, data_privilege(hart), physical);
}

enum access_state mmu_translate_fetch(struct hart *hart, uint64_t address, uint64_t *physical)
{
    uint64_t page = address & ~(PAGE_BYTES - 1);
    if (hart->fetch_page == page) {
        *physical = hart->fetch_physical + (address - page);
        return ACCESS_DONE;
    }
    enum access_state state =
        translate(hart, &hart->itlb, address, 2, ACCESS_EXECUTE, hart->privilege, physical);
    if (state == ACCESS_DONE)
        mmu_hold_fetch(hart, address, *physical);
    return state;
}

/* Reads the tables as they are; false: no leaf. */
static bool find_leaf(const struct hart *hart, uint64_t address, uint64_t *physical, uint8_t *flags)
{
    uint64_t table = root_table(hart);
    if (!is_canonical(address))
        return false;
    for (int level = SV39_LEVELS - 1; level >= 0; level--) {
        uint64_t at = pte_address(table, address, level);
        if (!ram_holds(hart->links.ram, at, sizeof(uint64_t)))
            return false;
        uint64_t pte = read_pte(hart, at);
        if (is_malformed(pte, level))
            return false;
        table = PTE_PPN(pte) << PAGE_SHIFT;
        if (is_leaf(pte)) {
            struct tlb_entry leaf = {.physical_page = PTE_PPN(pte), .level = (uint8_t)level};
            *physical = physical_of(&leaf, address);
            *flags = (uint8_t)pte;
            return true;
        }
    }
    return false;
}

bool mmu_peek(const struct hart *hart, uint64_t address, uint64_t *physical)
{
    uint8_t flags;
    unsigned privilege = data_privilege(hart);
    *physical = address;
    return !is_translated(hart, privilege) || (find_leaf(hart, address, physical, &flags) &&
                                               leaf_allows(hart, flags, ACCESS_READ, privilege));
}

bool mmu_locate(const struct hart *hart, uint64_t address, uint64_t *physical)
{
    uint8_t flags;
    *physical = address;
    return !is_translated(hart, data_privilege(hart)) || find_leaf(hart, address, physical, &flags);
}

static void flush(struct hart *hart, struct tlb *tlb, const struct mmu_flush *what)
{
    for (struct tlb_entry *entry = tlb->entries; entry < tlb->entries + TLB_ENTRIES; entry++) {
        uint64_t difference = entry->virtual_page ^ what->address >> PAGE_SHIFT;
        if (what->one_address && (difference & ~page_mask(entry->level)))
            continue;
        if (what->one_asid && ((entry->flags & PTE_G) || entry->asid != what->asid))
            continue;
        drop_entry(hart, tlb, entry);
    }
}

void mmu_flush(struct hart *hart, const struct mmu_flush *what)
{
    flush(hart, &hart->itlb, what);
    flush(hart, &hart->dtlb, what);
    if (!hart->timed)
        filter_flush_pages(hart, what->one_address, what->address);
    mmu_drop_fetch(hart);
}

void mmu_all_changed(struct hart *hart)
{
    filter_flush(hart);
    mmu_drop_fetch(hart);
}
