/* SPDX-License-Identifier: Apache-2.0 */
/* space.h: page tables. Accessed and dirty bits are set from the start. Source: RISC-V privileged specification 1.12,
 * Sv39. */
#include "kernel/space.h"

#include "base/page_table.h"
#include "boot/machine.h"
#include "include/bytes.h"
#include "include/csr.h"
#include "include/linux.h"
#include "include/probe.h"
#include "kernel/area.h"
#include "kernel/asid.h"
#include "kernel/frame.h"
#include "kernel/hart.h"
#include "kernel/print.h"

#define PTE_COPY 0x100 /* ours: writable once copied */
#define PTE_LEAF (PTE_R | PTE_W | PTE_X)
#define TABLE_ENTRIES (1 << SV39_LEVEL_BITS)
#define GIGAPAGE (1UL << GIGAPAGE_SHIFT)

static uint64_t kernel_root[TABLE_ENTRIES] __attribute__((aligned(PAGE_BYTES), section(".tables")));

static inline void *frame_of(uint64_t pte)
{
    return (void *)(pte >> PTE_PPN_SHIFT << PAGE_SHIFT);
}

static inline uint64_t pte_of(const void *frame, uint64_t flags)
{
    return (uint64_t)frame >> PAGE_SHIFT << PTE_PPN_SHIFT | flags;
}

static inline unsigned index_of(uint64_t address, unsigned level)
{
    return address >> (PAGE_SHIFT + SV39_LEVEL_BITS * level) & (TABLE_ENTRIES - 1);
}

void space_init(void)
{
    uint64_t leaf = PTE_V | PTE_R | PTE_W | PTE_G | PTE_A | PTE_D;
    for (uint64_t i = MAP_RAM_BASE / GIGAPAGE; i < USER_HIGH_BEGIN / GIGAPAGE; i++)
        kernel_root[i] = pte_of((void *)(i * GIGAPAGE), leaf | PTE_X);
    for (uint64_t i = DEVICE_WINDOW_INDEX; i < TABLE_ENTRIES; i++)
        kernel_root[i] = pte_of((void *)((i - DEVICE_WINDOW_INDEX) * GIGAPAGE), leaf);
}

void space_kernel_enable(void)
{
    csr_write(satp, SATP_SV39 | (uint64_t)kernel_root >> PAGE_SHIFT);
    __asm__ volatile("sfence.vma" ::: "memory");
}

static void copy_kernel_entries(uint64_t *root, uint64_t first, uint64_t count)
{
    for (uint64_t i = first; i < first + count; i++)
        root[i] = kernel_root[i];
}

struct space *space_create(void)
{
    struct space *space = frame_allocate_coloured(sizeof *space);
    uint64_t *root = frame_allocate_zeroed();
    if (!space || !root) {
        if (space)
            frame_release(space);
        if (root)
            frame_release(root);
        return 0;
    }
    copy_kernel_entries(root, MAP_RAM_BASE / GIGAPAGE,
                        (machine.ram_bytes + GIGAPAGE - 1) / GIGAPAGE);
    copy_kernel_entries(root, DEVICE_WINDOW_INDEX, 1);
    if (machine.mechanism)
        copy_kernel_entries(root, DEVICE_WINDOW_INDEX + MAP_MECHANISM_BASE / GIGAPAGE,
                            MAP_MECHANISM_SIZE / GIGAPAGE);
    space->root = root;
    space->users = 1;
    space->stale_harts = ~0UL;
    return space;
}

IN(schedule) void space_activate(struct space *space)
{
    struct hart *hart = hart_this();
    uint64_t bit = 1UL << hart->id;
    if (space == hart->space && !(space && (space->stale_harts & bit)))
        return;
    hart->space = space;
    if (!space) {
        csr_write(satp, SATP_SV39 | (uint64_t)kernel_root >> PAGE_SHIFT);
        return;
    }
    uint64_t asid = asid_of(space);
    csr_write(satp, SATP_SV39 | asid << SATP_ASID_SHIFT | (uint64_t)space->root >> PAGE_SHIFT);
    if ((space->stale_harts & bit) || !asid) {
        space->stale_harts &= ~bit;
        asid_flush(asid);
        __asm__ volatile("fence.i" ::: "memory");
    }
}

/* Translations of the space have become untrue: at once on this hart, on others when they next run it. */
static void flush(struct space *space)
{
    space->stale_harts = ~0UL;
    if (hart_this()->space == space) {
        space->stale_harts &= ~(1UL << hart_this()->id);
        asid_flush(space->asid);
    }
}

/* The entry of the lowest level for an address; NULL if a table is missing and not to be made, or no memory. */
static inline uint64_t *entry(struct space *space, uint64_t address, bool make)
{
    uint64_t *table = space->root;
    for (unsigned level = 2; level; level--) {
        uint64_t *at = &table[index_of(address, level)];
        if (!(*at & PTE_V)) {
            void *frame = make ? frame_allocate_zeroed() : 0;
            if (!frame)
                return 0;
            *at = pte_of(frame, PTE_V);
        }
        table = frame_of(*at);
    }
    return &table[index_of(address, 0)];
}

static inline bool user_address(uint64_t address)
{
    return address < USER_LOW_END || (address >= USER_HIGH_BEGIN && address < USER_HIGH_END);
}

static uint64_t flags_of(const struct area *area, bool copied_on_write)
{
    uint64_t flags = PTE_V | PTE_A;
    if (!(area->protection & (PROT_READ | PROT_WRITE | PROT_EXEC)))
        return flags | PTE_R; /* no PTE_U: present, but not the user's */
    flags |= PTE_U;
    if (area->protection & PROT_EXEC)
        flags |= PTE_X;
    if (area->protection & (PROT_READ | PROT_WRITE))
        flags |= PTE_R;
    if (area->protection & PROT_WRITE)
        flags |= copied_on_write ? PTE_COPY : PTE_W | PTE_D;
    return flags;
}

static bool write_to_shared(uint64_t *pte)
{
    void *frame = frame_of(*pte);
    uint64_t flags = ((*pte & 0x3ff) & ~(uint64_t)PTE_COPY) | PTE_W | PTE_D;
    if (frame_shares(frame) > 1) {
        void *copy = frame_allocate();
        if (!copy)
            return false;
        memcpy(copy, frame, PAGE_BYTES);
        frame_release(frame);
        frame = copy;
    }
    *pte = pte_of(frame, flags);
    return true;
}

static void *first_contents(const struct area *area, uint64_t page)
{
    uint64_t offset = page - area->begin;
    uint64_t bytes = area->data_bytes > offset ? MIN(area->data_bytes - offset, PAGE_BYTES) : 0;
    void *frame = bytes == PAGE_BYTES ? frame_allocate() : frame_allocate_zeroed();
    if (frame && bytes)
        memcpy(frame, area->data + offset, bytes);
    return frame;
}

/* The area that allows the access. NULL: none does. */
static struct area *allowing(struct space *space, uint64_t address, uint64_t access)
{
    struct area *area = user_address(address) ? area_find(space, address) : 0;
    if (!area)
        return 0;
    uint64_t allowed = area->protection | (area->protection & PROT_WRITE ? PROT_READ : 0);
    return allowed & access ? area : 0;
}

bool space_allows(struct space *space, uint64_t address, uint64_t access)
{
    return allowing(space, address, access);
}

bool space_fault(struct space *space, uint64_t address, uint64_t access)
{
    struct area *area = allowing(space, address, access);
    if (!area)
        return false;
    uint64_t *pte = entry(space, address, true);
    if (!pte)
        return false;
    if (!(*pte & PTE_V)) {
        void *frame = first_contents(area, ROUND_DOWN(address, PAGE_BYTES));
        if (!frame)
            return false;
        *pte = pte_of(frame, flags_of(area, false));
    } else if (access == PROT_WRITE && (*pte & PTE_COPY)) {
        if (!write_to_shared(pte))
            return false;
        space->stale_harts = ~(1UL << hart_this()->id);
    }
    __asm__ volatile("sfence.vma %0, zero" ::"r"(address) : "memory");
    if (area->protection & PROT_EXEC) {
        space->stale_harts = ~(1UL << hart_this()->id);
        __asm__ volatile("fence.i" ::: "memory");
    }
    return true;
}

IN(checks) uint64_t space_resolve(struct space *space, uint64_t address, uint64_t access)
{
    uint64_t needed = PTE_V | PTE_U | (access == PROT_WRITE ? PTE_W : PTE_R);
    if (!user_address(address))
        return 0;
    uint64_t *pte = entry(space, address, false);
    if (!pte || (*pte & needed) != needed) {
        if (!space_fault(space, address, access))
            return 0;
        pte = entry(space, address, false);
    }
    return (uint64_t)frame_of(*pte) | (address & (PAGE_BYTES - 1));
}

void space_unmap(struct space *space, uint64_t begin, uint64_t end)
{
    for (uint64_t page = begin; page < end; page += PAGE_BYTES) {
        uint64_t *pte = entry(space, page, false);
        if (!pte) { /* no table here: on to the next one's reach */
            page = ROUND_DOWN(page, PAGE_BYTES * TABLE_ENTRIES) + PAGE_BYTES * (TABLE_ENTRIES - 1);
            continue;
        }
        if (*pte & PTE_V)
            frame_release(frame_of(*pte));
        *pte = 0;
    }
    flush(space);
}

void space_protect(struct space *space, uint64_t begin, uint64_t end, const struct area *area)
{
    for (uint64_t page = begin; page < end; page += PAGE_BYTES) {
        uint64_t *pte = entry(space, page, false);
        if (pte && (*pte & PTE_V)) {
            void *frame = frame_of(*pte);
            *pte = pte_of(frame, flags_of(area, !area->shared && frame_shares(frame) > 1));
        }
    }
    flush(space);
}

/* Shares the pages of one area. */
static bool share(struct space *to, struct space *from, const struct area *area)
{
    for (uint64_t page = area->begin; page < area->end; page += PAGE_BYTES) {
        uint64_t *pte = entry(from, page, false);
        if (!pte) {
            page = ROUND_DOWN(page, PAGE_BYTES * TABLE_ENTRIES) + PAGE_BYTES * (TABLE_ENTRIES - 1);
            continue;
        }
        if (!(*pte & PTE_V))
            continue;
        uint64_t *copy = entry(to, page, true);
        if (!copy)
            return false;
        frame_share(frame_of(*pte));
        if (!area->shared)
            *pte = pte_of(frame_of(*pte), flags_of(area, true));
        *copy = *pte;
    }
    return true;
}

struct space *space_copy(struct space *from)
{
    struct space *to = space_create();
    if (!to)
        return 0;
    to->brk_begin = from->brk_begin;
    to->brk_end = from->brk_end;
    to->area_count = from->area_count;
    memcpy(to->area, from->area, from->area_count * sizeof from->area[0]);
    bool complete = true;
    for (uint64_t i = 0; i < from->area_count && complete; i++)
        complete = share(to, from, &from->area[i]);
    flush(from);
    if (complete)
        return to;
    space_release(to);
    return 0;
}

static void free_table(uint64_t *table, unsigned level)
{
    for (unsigned i = 0; i < TABLE_ENTRIES; i++) {
        if (!(table[i] & PTE_V))
            continue;
        if (level)
            free_table(frame_of(table[i]), level - 1);
        else
            frame_release(frame_of(table[i]));
    }
    frame_release(table);
}

void space_release(struct space *space)
{
    if (__atomic_sub_fetch(&space->users, 1, __ATOMIC_ACQ_REL))
        return;
    for (unsigned i = 0; i < TABLE_ENTRIES; i++)
        if ((space->root[i] & PTE_V) && !(space->root[i] & PTE_LEAF))
            free_table(frame_of(space->root[i]), 1);
    frame_release(space->root);
    frame_release(space);
}
