/* SPDX-License-Identifier: Apache-2.0 */
/* See tables.h. Four kinds of slots are poked and pointed into: 4 KiB pages under the root's fourth gigabyte, 2 MiB and 1 GiB
 * superpages, and 1 GiB superpages at the top of the address space. A superpage maps RAM from its beginning, so that code and data
 * are at their offsets in it. The first four 4 KiB slots always name code, the others data or nothing. */
#include "test/privileged/tables.h"

#include <string.h>

#include "base/page_table.h"
#include "test/privileged/layout.h"

#define PAGE UINT64_C(4096)
#define SMALL_BASE (UINT64_C(3) << 30) /* where nothing is, physically */
#define SMALL_SLOTS 16
#define CODE_SLOTS CODE_PAGES
#define FIRST_HOLE 12 /* the slots that may map what is not there */
#define PTE_LEAF_ALL (PTE_V | PTE_R | PTE_W | PTE_X | PTE_A | PTE_D)

struct slot {
    uint64_t entry;   /* the physical address of its page table entry */
    uint64_t address; /* what it maps: its first, or for superpages that of RAM's code and data */
    unsigned level;
    bool code;
};

static const uint64_t holes[] = {0x01000000, 0x90000000, UINT64_C(1) << 40};

static uint64_t table(unsigned level, unsigned space)
{
    return TABLES_BASE + PAGE * (2 * (2 - level) + space);
}

static struct slot small_slot(unsigned space, unsigned n)
{
    return (struct slot){table(0, space) + 8 * n, SMALL_BASE + n * PAGE, 0, n < CODE_SLOTS};
}

static struct slot any_slot(struct random *random, unsigned space)
{
    unsigned n = (unsigned)random_below(random, 4);
    switch (random_below(random, 6)) {
    case 0:
        return (struct slot){table(1, space) + 8 * (8 + n),
                             SMALL_BASE + (uint64_t)(8 + n) * 0x200000, 1, false};
    case 1:
        return (struct slot){table(2, space) + 8 * (4 + n), (uint64_t)(4 + n) << 30, 2, false};
    case 2:
        return (struct slot){table(2, space) + 8 * (508 + n),
                             UINT64_MAX << 39 | (uint64_t)(508 + n) << 30, 2, false};
    default:
        return small_slot(space, (unsigned)random_below(random, SMALL_SLOTS));
    }
}

/* Half of the slots are mostly the user's, so that not every other access faults. */
static bool is_users(const struct slot *slot)
{
    return slot->entry / 8 % 2 == 0;
}

static uint64_t leaf_flags(const struct steps *steps, struct random *random, bool user)
{
    static const uint8_t common[] = {PTE_R | PTE_W | PTE_X, PTE_R | PTE_W, PTE_R | PTE_X, PTE_X,
                                     PTE_R};
    uint64_t flags = PTE_V | (random_chance(random, 850) ? common[random_below(random, 5)]
                                                         : random_below(random, 8) << 1);
    flags |= random_chance(random, user ? 900 : 100) ? PTE_U : 0;
    flags |= random_chance(random, 800) || steps->preset_marks ? PTE_A : 0;
    flags |= random_chance(random, 800) || steps->preset_marks ? PTE_D : 0;
    flags |= steps->global && random_chance(random, 200) ? PTE_G : 0;
    flags |= random_below(random, 4) << 8; /* RSW */
    if (random_chance(random, 40))
        flags &= ~(uint64_t)PTE_V;
    if (random_chance(random, 30))
        flags |= UINT64_C(1) << (54 + random_below(random, 10));
    return flags;
}

static uint64_t frame(struct random *random, const struct slot *slot)
{
    if (slot->level > 0) {
        uint64_t skew = random_chance(random, 80) ? UINT64_C(1) << random_below(random, 9) : 0;
        return RAM_BASE / PAGE | skew;
    }
    unsigned n = (unsigned)(slot->address / PAGE % CODE_SLOTS);
    unsigned space = (unsigned)(slot->entry >> 12 & 1);
    if (slot->code)
        return CODE_BASE / PAGE + (n ^ space);
    if (slot->address / PAGE % 512 >= FIRST_HOLE && random_chance(random, 300))
        return holes[random_below(random, 3)] / PAGE;
    return DATA_BASE / PAGE + random_below(random, DATA_PAGES);
}

static uint64_t new_entry(struct steps *steps, const struct slot *slot)
{
    struct random *random = &steps->random;
    if (slot->level == 1 &&
        random_chance(random, 150)) { /* a pointer, good or with what only leaves may have */
        uint64_t odd =
            random_chance(random, 300) ? UINT64_C(0x10) << 2 * random_below(random, 2) : 0;
        unsigned space = (unsigned)(slot->entry >> 12 & 1);
        return table(0, space) >> 2 | PTE_V | odd | (random_chance(random, 200) ? PTE_D : 0);
    }
    return frame(random, slot) << PTE_PPN_SHIFT | leaf_flags(steps, random, is_users(slot));
}

static void write_entry(const struct steps *steps, uint64_t address, uint64_t entry)
{
    memcpy(steps->ram + (address - RAM_BASE), &entry, sizeof entry);
}

uint64_t tables_satp(uint64_t space)
{
    return (space + 1) << 44 | table(2, (unsigned)space) / PAGE;
}

void tables_init(struct steps *steps)
{
    for (unsigned space = 0; space < 2; space++) {
        write_entry(steps, table(2, space) + 8 * (SMALL_BASE >> 30), table(1, space) >> 2 | PTE_V);
        write_entry(steps, table(2, space) + 16, (uint64_t)RAM_BASE >> 2 | PTE_LEAF_ALL | PTE_G);
        write_entry(steps, table(1, space), table(0, space) >> 2 | PTE_V);
        for (unsigned n = 0; n < 200; n++) {
            struct slot slot = any_slot(&steps->random, space);
            write_entry(steps, slot.entry, new_entry(steps, &slot));
        }
        for (unsigned n = 0; n < 24; n++) { /* a superpage's code and data, if it becomes a table */
            uint64_t page = CODE_BASE / PAGE + n;
            write_entry(steps, table(0, space) + 8 * (page % 512),
                        page << PTE_PPN_SHIFT | leaf_flags(steps, &steps->random, n % 2 == 0));
        }
    }
}

void poke(struct steps *steps, uint64_t address, const uint16_t *halves, unsigned count)
{
    *steps->next++ = address;
    *steps->next++ = count;
    steps->next[(count - 1) / 4] = 0;
    memcpy(steps->next, halves, count * sizeof *halves);
    steps->next += (count + 3) / 4;
}

static void poke_entry(struct steps *steps, uint64_t address, uint64_t entry)
{
    uint16_t halves[4];
    memcpy(halves, &entry, sizeof halves);
    poke(steps, address, halves, 4);
}

/* The two pointers above the small slots, for a while as they should not be. */
static void change_pointers(struct steps *steps, unsigned space)
{
    struct random *random = &steps->random;
    static const uint64_t spoilt[] = {
        0, PTE_V | PTE_U, PTE_V | PTE_A, PTE_V | PTE_D, PTE_V | PTE_W, PTE_V | PTE_R};
    bool root = random_chance(random, 500);
    uint64_t flags = random_chance(random, 250) ? spoilt[random_below(random, 6)] : PTE_V;
    if (steps->global && random_chance(random, 200))
        flags |= PTE_G;
    uint64_t next = table(root ? 1 : 0, space);
    poke_entry(steps, root ? table(2, space) + 8 * (SMALL_BASE >> 30) : table(1, space),
               next >> 2 | flags);
}

void tables_change(struct steps *steps, uint64_t *words)
{
    struct random *random = &steps->random;
    unsigned count = random_chance(random, 500) ? 0 : (unsigned)random_below(random, 5);
    words[STEP_FLUSH] = steps->global || steps->changed_inside || count > 1;
    steps->changed_inside = false;
    for (unsigned n = 0; n < count; n++) {
        unsigned space = (unsigned)random_below(random, 2);
        struct slot slot = any_slot(random, space);
        if (count > 1 && random_chance(random, 100)) {
            change_pointers(steps, space);
            continue;
        }
        poke_entry(steps, slot.entry, new_entry(steps, &slot));
        words[STEP_FLUSH_ADDRESS] = slot.address + random_below(random, PAGE << 9 * slot.level);
        words[STEP_FLUSH_ASID] = space + 1;
    }
    if (count == 1 && !words[STEP_FLUSH])
        words[STEP_FLUSH] = 1 + random_below(random, 4);
}

/* The last slot but one, so that a program may go on into the next. */
void tables_place(struct steps *steps, struct place *place)
{
    struct random *random = &steps->random;
    static const uint8_t privileges[] = {0, 0, 1, 1, 1, 3};
    static const uint16_t ends[] = {0xffe, 0xffc, 0xffa, 0xff0};
    uint64_t offset = random_chance(random, 200) ? ends[random_below(random, 4)]
                                                 : random_below(random, 0x700) << 1;
    unsigned page = (unsigned)random_below(random, CODE_SLOTS - 1);

    place->privilege = privileges[random_below(random, 6)];
    place->translated = place->privilege != 3 && random_chance(random, 850);
    place->space = (unsigned)random_below(random, 2);
    place->pc = CODE_BASE + page * PAGE + offset;
    if (!place->translated || (place->privilege == 1 && random_chance(random, 300)))
        return;
    struct slot slot = any_slot(random, place->space);
    if (is_users(&slot) != (place->privilege == 0))
        slot = any_slot(random, place->space);
    place->pc = slot.level ? slot.address + (place->pc - RAM_BASE)
                           : small_slot(place->space, page).address + offset;
}

uint64_t tables_code(const struct place *place, uint64_t pc)
{
    unsigned n = (unsigned)(pc / PAGE % 512);
    if (place->translated && pc - SMALL_BASE < CODE_SLOTS * PAGE)
        return CODE_BASE + (n ^ place->space) * PAGE + pc % PAGE;
    return RAM_BASE + (pc & 0x1fffff);
}

static uint64_t offset_in_page(const struct steps *steps, struct random *random)
{
    static const uint16_t ends[] = {0xff8, 0xffc, 0xffe, 0xfff};
    uint64_t odd = random_chance(random, 150) ? random_below(random, 8) : 0;
    odd &= steps->pmp ? 4 : 7;
    bool end = random_chance(random, 150) && !steps->pmp;
    return end ? ends[random_below(random, 4)] : random_below(random, 0xe0) << 3 | odd;
}

uint64_t tables_pointer(struct steps *steps, enum where where, bool user)
{
    struct random *random = &steps->random;
    uint64_t offset = offset_in_page(steps, random);
    uint64_t data = DATA_BASE + random_below(random, DATA_PAGES) * PAGE;
    struct slot slot = any_slot(random, 0);
    while (is_users(&slot) != user && random_chance(random, 750))
        slot = any_slot(random, 0);
    bool risky = !slot.level && slot.address / PAGE % 512 >= FIRST_HOLE;
    if (!slot.level && slot.address / PAGE % 512 >= FIRST_HOLE - 1)
        offset &= 0x7f8; /* what becomes of an access in parts is anybody's */
    if (slot.code || (where == IN_SLOT && risky))
        slot = small_slot(0, CODE_SLOTS + 1);
    if (where == IN_RAM || (where == ANYWHERE && random_chance(random, 150)))
        return data + offset;
    if (where == ANYWHERE && random_chance(random, 60))
        return holes[random_below(random, 3)] + offset;
    if (where == ANYWHERE && random_chance(random, 60)) /* not canonical */
        return data + offset + (UINT64_C(1) << (38 + random_below(random, 18)));
    return (slot.level ? slot.address + (data - RAM_BASE) : slot.address) + offset;
}

static bool maps_code(const struct slot *slot, uint64_t pc)
{
    return slot->code || (slot->level && (slot->address ^ pc) >> (12 + 9 * slot->level) == 0);
}

void tables_entry(struct steps *steps, uint64_t *words, uint64_t pc)
{
    struct random *random = &steps->random;
    unsigned space = (unsigned)random_below(random, 2);
    struct slot slot = any_slot(random, space);
    while (maps_code(&slot, pc))
        slot = any_slot(random, space);
    words[STEP_X + 15] = 1 + random_below(random, 2);
    words[STEP_X + 16] = slot.entry;
    words[STEP_X + 17] = new_entry(steps, &slot);
    words[STEP_X + 18] =
        slot.address + (slot.level ? DATA_BASE - RAM_BASE : 0) + random_below(random, 0x100) * 8;
}
