/* SPDX-License-Identifier: Apache-2.0 */
/* See pmp.h. What is remembered of permissions (by filter, fetch unit, blocks) is remembered by line
 * and page, of RAM alone. So where an entry begins or ends within a page of it (csr.pmp_fine) the first two remember
 * nothing, and blocks are dropped on every change. */
#include "core/pmp.h"

#include "core/block.h"

#define READ 1
#define WRITE 2
#define EXECUTE 4
#define LOCKED 0x80
#define WRITABLE 0x9f
#define MODE(config) ((config) >> 3 & 3)
enum { MODE_OFF, MODE_TOR, MODE_NA4, MODE_NAPOT };

#define ADDRESS_MASK ((UINT64_C(1) << 54) - 1)

static struct pmp_range range_of(const struct csr_file *c, unsigned entry)
{
    uint64_t address = c->pmpaddr[entry], ones = address ^ (address + 1);
    uint64_t before = entry ? c->pmpaddr[entry - 1] : 0;

    switch (MODE(c->pmpcfg[entry])) {
    case MODE_TOR:
        if (before < address)
            return (struct pmp_range){before << 2, (address << 2) - 1};
        break;
    case MODE_NA4:
        return (struct pmp_range){address << 2, (address << 2) + 3};
    case MODE_NAPOT:
        return (struct pmp_range){(address & ~ones) << 2, (address | ones) << 2 | 3};
    }
    return (struct pmp_range){UINT64_MAX, 0};
}

static bool within_page(const struct hart *hart, uint64_t boundary)
{
    return boundary % PAGE_BYTES && ram_holds(hart->links.ram, boundary, 1);
}

static void changed(struct hart *hart)
{
    struct csr_file *c = &hart->csr;
    bool was_fine = c->pmp_fine;

    c->pmp_used = 0;
    c->pmp_fine = false;
    for (unsigned n = 0; n < PMP_ENTRIES; n++) {
        struct pmp_range range = c->pmp_range[n] = range_of(c, n);
        if (range.first > range.last)
            continue;
        c->pmp_used = n + 1;
        c->pmp_fine |= within_page(hart, range.first) || within_page(hart, range.last + 1);
    }
    if (was_fine || c->pmp_fine)
        block_store_drop(hart->links.blocks);
    mmu_all_changed(hart);
}

uint64_t pmp_config(const struct hart *hart, unsigned first)
{
    uint64_t value = 0;
    for (unsigned n = 0; n < 8 && first + n < PMP_ENTRIES; n++)
        value |= (uint64_t)hart->csr.pmpcfg[first + n] << (8 * n);
    return value;
}

void pmp_set_config(struct hart *hart, unsigned first, uint64_t value)
{
    for (unsigned n = 0; n < 8 && first + n < PMP_ENTRIES; n++) {
        uint8_t *config = &hart->csr.pmpcfg[first + n];
        uint8_t wanted = (uint8_t)(value >> (8 * n)) & WRITABLE;
        if ((wanted & (READ | WRITE)) == WRITE) /* reserved */
            wanted &= (uint8_t)~WRITE;
        if (!(*config & LOCKED))
            *config = wanted;
    }
    changed(hart);
}

uint64_t pmp_address(const struct hart *hart, unsigned entry)
{
    return entry < PMP_ENTRIES ? hart->csr.pmpaddr[entry] : 0;
}

/* A locked range keeps its bottom, too. */
static bool is_locked(const struct csr_file *c, unsigned entry)
{
    bool bottom = entry + 1 < PMP_ENTRIES && (c->pmpcfg[entry + 1] & LOCKED) &&
                  MODE(c->pmpcfg[entry + 1]) == MODE_TOR;
    return bottom || (c->pmpcfg[entry] & LOCKED);
}

void pmp_set_address(struct hart *hart, unsigned entry, uint64_t value)
{
    if (entry >= PMP_ENTRIES || is_locked(&hart->csr, entry))
        return;
    hart->csr.pmpaddr[entry] = value & ADDRESS_MASK;
    changed(hart);
}

bool pmp_allows(const struct hart *hart, uint64_t physical, unsigned bytes, enum access_type type,
                unsigned privilege)
{
    static const uint8_t needed[] = {
        [ACCESS_READ] = READ, [ACCESS_WRITE] = WRITE, [ACCESS_EXECUTE] = EXECUTE};
    const struct csr_file *c = &hart->csr;
    uint64_t last = physical + bytes - 1;

    for (unsigned n = 0; n < c->pmp_used; n++) {
        const struct pmp_range *range = &c->pmp_range[n];
        if (physical > range->last || last < range->first)
            continue;
        if (physical < range->first || last > range->last)
            return false;
        return (privilege == PRIVILEGE_M && !(c->pmpcfg[n] & LOCKED)) ||
               (c->pmpcfg[n] & needed[type]);
    }
    return privilege == PRIVILEGE_M;
}

size_t pmp_executable(const struct hart *hart, uint64_t physical, size_t bytes)
{
    size_t good = 0;
    if (!hart->csr.pmp_fine)
        return bytes;
    while (good < bytes && pmp_allows(hart, physical + good, 2, ACCESS_EXECUTE, hart->privilege))
        good += 2;
    return good;
}
