/* SPDX-License-Identifier: Apache-2.0 */
/* See steps.h. x1 to x7 are the results; x8 to x15 pointers; x16 an ASID; x17 to x19 a page table entry's place, its new value
 * and an address that it maps; x20 to x28 what is written to registers. */
#include "test/privileged/steps.h"

#include <string.h>

#include "test/privileged/layout.h"
#include "test/privileged/program.h"
#include "test/privileged/tables.h"

enum setting {
#define SETTING(name, number) SETTING_##name,
#include "test/privileged/settings.def"
#undef SETTING
    SETTING_COUNT
};
_Static_assert(SETTING_COUNT == SETTINGS, "layout.h counts the settings");

#define MSTATUS_BITS UINT64_C(0x7e79a2) /* all but MIE, which would let interrupts in too early */
#define EXCEPTIONS UINT64_C(0xb3ff)
#define INTERRUPTS UINT64_C(0xaaa)
#define SATP_SV39 (UINT64_C(8) << 60)
#define STCE (UINT64_C(1) << 63)
#define FETCH_FAULTS (1u << 1 | 1u << 12)

static const unsigned endings[] = {9, 3, 2}; /* by ecall, ebreak, an illegal instruction */

void steps_begin(struct steps *steps)
{
    static const uint32_t ending_words[] = {0x00000073, 0x00100073, 0x0000000b};
    uint32_t *vectors = (uint32_t *)(steps->ram + VECTORS_BASE - RAM_BASE);
    uint16_t *data = (uint16_t *)(steps->ram + DATA_BASE - RAM_BASE);

    tables_init(steps);
    for (unsigned n = 0; n < 3 * VECTORS_STRIDE / 4; n++)
        vectors[n] = ending_words[n / (VECTORS_STRIDE / 4)];
    for (unsigned n = 0; n < DATA_PAGES * 4096 / 2; n++) /* illegal, wherever it is executed */
        data[n] = (uint16_t)((random_word(&steps->random) & ~UINT64_C(0x7f)) | 0x0b);
    steps->next = (uint64_t *)(steps->ram + STEPS_BASE - RAM_BASE);
}

static uint64_t mask_of(struct random *random, uint64_t bits)
{
    uint64_t some = random_word(random) & bits;
    return random_chance(random, 300) ? 0 : random_chance(random, 300) ? bits : some;
}

/* QEMU 7.2 does not ask whether a walk may write the A and D that it sets: an entry that may lie over a table gives writing with
 * reading, unless there is nothing to set. */
static uint64_t pmp_config(const struct steps *steps, struct random *random)
{
    uint64_t value = 0;
    for (unsigned n = 0; n < 4; n++) {
        uint64_t one = random_word(random) & 0x1f;
        if ((one & 3) == 2) /* reserved */
            one |= 1;
        if (!steps->preset_marks)
            one = (one & ~UINT64_C(2)) | (one & 1) << 1;
        value |= random_chance(random, 750) ? one << 8 * n : 0;
    }
    return value;
}

/* Boundaries within data pages lie anywhere, but not at a line's: there the hart and QEMU divide a misaligned access
 * differently, as they may. */
static uint64_t data_boundary(struct random *random, bool napot)
{
    uint64_t page = random_below(random, DATA_PAGES) << 12;
    uint64_t fine = random_below(random, 64) << 6 | (random_below(random, 5) + 1) << 2;
    switch (random_below(random, napot ? 3 : 4)) {
    case 0:
        return (DATA_BASE + page) >> 2;
    case 1: /* NAPOT, 4 KiB */
        return (DATA_BASE + page) >> 2 | 0x1ff;
    case 2: /* NAPOT, 8 or 16 bytes */
        return (DATA_BASE + page + (fine & ~UINT64_C(0x1f)) + 0x10) >> 2 | random_below(random, 2);
    default:
        return (DATA_BASE + page + fine) >> 2;
    }
}

/* Of code and tables, whole pages: QEMU asks for the rest of a fetch's page. */
static uint64_t page_boundary(struct random *random)
{
    bool code = random_chance(random, 600);
    uint64_t page = random_below(random, code ? CODE_PAGES + 1 : TABLES_PAGES) << 12;
    return ((code ? CODE_BASE : TABLES_BASE) + page) >> 2;
}

/* Three pointers to where entries begin and end; no access there lies across lines. */
static void point_to_boundaries(struct random *random, uint64_t *words)
{
    for (unsigned n = 10; n < 13; n++) {
        uint64_t address = words[STEP_SETTINGS + SETTING_pmpaddr0 + random_below(random, 4)] << 2;
        if (address <= DATA_BASE || address >= DATA_BASE + DATA_PAGES * 4096)
            continue;
        bool within = address % 64 && address % 64 <= 32;
        words[STEP_X + n - 1] =
            within ? address + 4 - random_below(random, 4) * 4 : address & ~UINT64_C(0xfff);
    }
}

static void set_pmp(struct steps *steps, uint64_t *words)
{
    struct random *random = &steps->random;
    uint64_t *settings = words + STEP_SETTINGS, config = pmp_config(steps, random);
    if (!steps->pmp)
        return;
    for (unsigned n = 0; n < 4; n++) {
        uint64_t *address = &settings[SETTING_pmpaddr0 + n], mode = config >> (8 * n + 3) & 3;
        bool bottom = (config >> (8 * n + 11) & 3) == 1; /* the next is TOR */
        bool pages = random_chance(random, 400) && mode != 2 && !(mode == 3 && bottom);
        *address = pages ? page_boundary(random) | (mode == 3 ? 0x1ff : 0)
                         : data_boundary(random, mode == 3);
    }
    settings[SETTING_pmpcfg0] = config;
    point_to_boundaries(random, words);
    words[STEP_FLUSH] = 1;
    steps->changed_inside = true; /* to be fenced again when it is off */
    /* A fetch of the supervisor's vectors that faults must not come back to them. */
    settings[SETTING_medeleg] &= ~(uint64_t)FETCH_FAULTS;
}

static void set_interrupts(struct random *random, uint64_t *words, uint64_t *settings)
{
    bool sstc = random_chance(random, 500), due = sstc && random_chance(random, 300);
    bool quiet = random_chance(random, 600);

    settings[SETTING_menvcfg] = (sstc ? STCE : 0) | random_below(random, 2);
    settings[SETTING_stimecmp] = due ? 0 : UINT64_MAX;
    settings[SETTING_mip] = quiet ? 0 : mask_of(random, INTERRUPTS);
    settings[SETTING_mie] = mask_of(random, INTERRUPTS);
    words[STEP_MSIP] = !quiet && random_chance(random, 200);
    words[STEP_MTIMECMP] = !quiet && random_chance(random, 200) ? 0 : UINT64_MAX;
    words[STEP_UART_IER] = !quiet && random_chance(random, 300) ? 2 : 0;
    words[STEP_PLIC_M] = random_below(random, 2) << 10;
    words[STEP_PLIC_S] = random_below(random, 2) << 10;
}

static void set_registers(struct steps *steps, uint64_t *settings, const struct place *place)
{
    struct random *random = &steps->random;
    unsigned ending = (unsigned)random_below(random, 3);

    settings[SETTING_satp] = place->translated ? SATP_SV39 | tables_satp(place->space)
                             : place->privilege == 3 && random_chance(random, 500)
                                 ? SATP_SV39 | tables_satp(random_below(random, 2))
                                 : 0;
    settings[SETTING_medeleg] = mask_of(random, EXCEPTIONS) & ~(UINT64_C(1) << endings[ending]);
    settings[SETTING_mideleg] = mask_of(random, 0x222);
    settings[SETTING_mtvec] = MACHINE_VECTORS | random_below(random, 2);
    settings[SETTING_stvec] = (VECTORS_BASE + VECTORS_STRIDE * ending) | random_below(random, 2);
    settings[SETTING_mcounteren] = (uint32_t)mask_of(random, UINT32_MAX);
    settings[SETTING_scounteren] = (uint32_t)mask_of(random, UINT32_MAX);
    settings[SETTING_senvcfg] = random_below(random, 2);
    settings[SETTING_sscratch] = random_word(random);
    settings[SETTING_sepc] = random_word(random) & ~UINT64_C(1);
    settings[SETTING_scause] = random_below(random, 16);
    settings[SETTING_stval] = random_word(random);
    settings[SETTING_mscratch] = random_word(random);
    settings[SETTING_mepc] = place->pc;
}

static uint64_t first_mstatus(struct random *random, unsigned privilege)
{
    uint64_t value = mask_of(random, MSTATUS_BITS) & ~(UINT64_C(3) << 11);
    if (random_chance(random, 800))
        value |= UINT64_C(1) << 13; /* FS */
    return value | (uint64_t)privilege << 11;
}

void steps_add(struct steps *steps)
{
    struct random *random = &steps->random;
    uint64_t *words = steps->next, *settings = words + STEP_SETTINGS;
    struct place place;

    memset(words, 0, (STEP_SETTINGS + SETTINGS) * sizeof *words);
    steps->next = settings + SETTINGS;
    steps->pmp = random_chance(random, 250);
    tables_change(steps, words);
    tables_place(steps, &place);
    set_registers(steps, settings, &place);
    set_interrupts(random, words, settings);
    words[STEP_MSTATUS] = first_mstatus(random, place.privilege);
    bool wakes =
        settings[SETTING_mip] & settings[SETTING_mie] & 0x222; /* by what no device takes back */
    wakes &= !(settings[SETTING_menvcfg] & STCE);
    for (unsigned n = 0; n < STEP_REGISTERS; n++)
        words[STEP_X + n] = random_word(random);
    bool may_be_bare = !place.translated || place.pc >> 30 == RAM_BASE >> 30;
    enum where safe = may_be_bare ? IN_RAM : IN_SLOT;
    for (unsigned n = 8; n < 16; n++)
        words[STEP_X + n - 1] =
            tables_pointer(steps, n > 9 ? ANYWHERE : safe, place.privilege == 0);
    tables_entry(steps, words, place.pc);
    program_write(steps, words, &place, wakes);
    set_pmp(steps, words);
    *steps->next++ = 0;
    words[STEP_WORDS] = (uint64_t)(steps->next - words);
    *steps->next = 0;
}
