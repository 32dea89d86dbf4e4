/* SPDX-License-Identifier: Apache-2.0 */
/* The hart model as the differential test's subject, see subject.h. */
#include "test/differential/subject.h"

#include <string.h>

#define RAM_ADDRESS UINT64_C(0xa0000000)
#define RAM_BYTES UINT64_C(0x100000)
#define HANDLER (RAM_ADDRESS + 0x40)
#define TABLES (RAM_ADDRESS + 0x40000)
#define PAGE UINT64_C(4096)
#define MAX_STEPS 400000

#define CSR_FCSR 0x003
#define CSR_SATP 0x180
#define CSR_MSTATUS 0x300
#define CSR_MIE 0x304
#define CSR_MTVEC 0x305
#define CSR_MEPC 0x341
#define CSR_MCAUSE 0x342
#define CSR_PMPCFG0 0x3a0
#define CSR_PMPADDR0 0x3b0
#define MSTATUS_FS_DIRTY UINT64_C(0x6000)
#define INTERRUPT_MSI 3

/* Where a page of the trial's addresses lies under Sv39. Neighbours are apart. */
static const struct {
    uint64_t virtual_page, physical_page;
} pages[] = {
    {CODE_ADDRESS, RAM_ADDRESS + 0x72000},
    {CODE_ADDRESS + PAGE, RAM_ADDRESS + 0x51000},
    {DATA_ADDRESS, RAM_ADDRESS + 0x93000},
    {DATA_ADDRESS + PAGE, RAM_ADDRESS + 0x81000},
};

static uint64_t physical(const struct subject *subject, uint64_t address)
{
    for (size_t i = 0; subject->paged && i < sizeof pages / sizeof *pages; i++)
        if (address - pages[i].virtual_page < PAGE)
            return pages[i].physical_page + (address - pages[i].virtual_page);
    return address;
}

static void copy_in(struct subject *subject, uint64_t address, const uint8_t *bytes, size_t count)
{
    for (size_t i = 0; i < count; i++)
        *ram_at(&subject->platform.memory, physical(subject, address + i)) = bytes[i];
}

static void write_word(struct subject *subject, uint64_t address, uint64_t word)
{
    memcpy(ram_at(&subject->platform.memory, address), &word, sizeof word);
}

/* Three levels; accessed and dirty bits are left to the hart on every other page. */
static void write_tables(struct subject *subject)
{
    uint64_t pointer = 1, code = 0x1b, data = 0x17;
    write_word(subject, TABLES + 8 * (RAM_ADDRESS >> 30), (TABLES + PAGE) >> 2 | pointer);
    write_word(subject, TABLES + PAGE + 8 * (RAM_ADDRESS >> 21 & 511),
               (TABLES + 2 * PAGE) >> 2 | pointer);
    for (size_t i = 0; i < sizeof pages / sizeof *pages; i++)
        write_word(subject, TABLES + 2 * PAGE + 8 * (pages[i].virtual_page >> 12 & 511),
                   pages[i].physical_page >> 2 | (i < 2 ? code : data) | (i % 2 ? 0xc0 : 0));
}

static void write_firmware(struct subject *subject)
{
    static const uint32_t boot[] = {
        0x12000073, /* sfence.vma */
        0x0000100f, /* fence.i */
        0x30200073, /* mret */
    };
    static const uint32_t handler[] = {
        0x0000006f,                         /* exceptions: j here */
        0x00000000, 0x00000000, 0x30200073, /* machine software interrupt: mret */
    };
    copy_in(subject, RAM_ADDRESS, (const uint8_t *)boot, sizeof boot);
    copy_in(subject, HANDLER, (const uint8_t *)handler, sizeof handler);
}

/* Bare: the two regions only, as PMP's naturally aligned powers of two. Paged: the tables say. */
static void open_memory(struct hart *hart, bool paged)
{
    uint64_t half = REGION_BYTES / 2 - 1;
    hart_csr_write(hart, CSR_PMPADDR0, paged ? ~UINT64_C(0) >> 10 : (CODE_ADDRESS | half) >> 2);
    hart_csr_write(hart, CSR_PMPADDR0 + 1, (DATA_ADDRESS | half) >> 2);
    hart_csr_write(hart, CSR_PMPCFG0, paged ? 0x1f : 0x1b1d);
}

bool subject_init(struct subject *subject, struct random *random, bool untimed)
{
    struct lockstep_options options = {
        .hart_count = 1,
        .config = lockstep_random_config(random),
        .ram_base = RAM_ADDRESS,
        .ram_bytes = RAM_BYTES,
        .seed = random_word(random),
        .max_delay_cycles = (unsigned)random_below(random, 50),
        .max_slice_cycles = 1 + (unsigned)random_below(random, 200),
        .disturb_permille = random_chance(random, 500) ? 200 : 0,
    };
    options.config.l1_enabled = !random_chance(random, 100);
    options.config.untimed = untimed;
    /* A page walk between LR and SC may not evict their line, for then SC fails, which qemu's never does. */
    options.config.l1d_ways = 4;
    options.config.l1_random = 0;
    if (!lockstep_init(&subject->platform, &options))
        return false;
    subject->paged = random_chance(random, 500);
    struct hart *hart = subject->platform.harts[0].hart;
    write_firmware(subject);
    write_tables(subject);
    hart_csr_write(hart, CSR_SATP, subject->paged ? UINT64_C(8) << 60 | TABLES >> 12 : 0);
    hart_csr_write(hart, CSR_MTVEC, HANDLER | 1);
    hart_csr_write(hart, CSR_MIE, 1u << INTERRUPT_MSI);
    open_memory(hart, subject->paged);
    return true;
}

void subject_free(struct subject *subject)
{
    lockstep_free(&subject->platform);
}

static void load(struct subject *subject, const struct trial *trial)
{
    static const uint8_t zeros[REGION_BYTES];
    struct hart *hart = subject->platform.harts[0].hart;
    copy_in(subject, CODE_ADDRESS, zeros, REGION_BYTES);
    copy_in(subject, trial->state.x[0], trial->code, trial->code_bytes);
    copy_in(subject, DATA_ADDRESS, trial->data, REGION_BYTES);
    hart_csr_write(hart, CSR_MSTATUS, MSTATUS_FS_DIRTY);
    hart_csr_write(hart, CSR_MEPC, trial->state.x[0]);
    hart_csr_write(hart, CSR_FCSR, trial->state.fcsr);
    for (unsigned i = 0; i < 32; i++) {
        hart_set_x(hart, i, i ? trial->state.x[i] : 0);
        hart_set_f(hart, i, trial->state.f[i]);
    }
    hart_set_pc(hart, RAM_ADDRESS);
}

/* Steps until the exception handler is reached; interrupts come and go meanwhile. */
static bool run(struct subject *subject, bool interrupts)
{
    struct lockstep *platform = &subject->platform;
    struct hart *hart = platform->harts[0].hart;
    for (unsigned step = 0; step < MAX_STEPS; step++) {
        if (platform->harts[0].state == LOCKSTEP_RUNNING && hart_pc(hart) == HANDLER)
            return true;
        bool level = interrupts && random_chance(&platform->random, 20);
        if (level)
            hart_set_interrupt(hart, INTERRUPT_MSI, true, hart_now(hart));
        lockstep_step(platform);
        if (level)
            hart_set_interrupt(hart, INTERRUPT_MSI, false, hart_now(hart));
        if (platform->error)
            return false;
    }
    platform->error = "the sequence does not end";
    return false;
}

static enum stop stop_of(uint64_t cause)
{
    switch (cause) {
    case 2:
        return STOP_ILLEGAL;
    case 3:
        return STOP_BREAKPOINT;
    case 4:
    case 6:
        return STOP_BUS;
    case 1:
    case 5:
    case 7:
    case 12:
    case 13:
    case 15:
        return STOP_SEGMENT;
    default:
        return STOP_OTHER;
    }
}

static void save(struct subject *subject, struct outcome *outcome)
{
    const struct hart *hart = subject->platform.harts[0].hart;
    struct machine_state *state = &outcome->state;
    hart_csr_read(hart, CSR_MEPC, &state->x[0]);
    hart_csr_read(hart, CSR_FCSR, &state->fcsr);
    state->stop = stop_of(subject->cause);
    for (unsigned i = 0; i < 32; i++) {
        if (i)
            state->x[i] = hart_x(hart, i);
        state->f[i] = hart_f(hart, i);
    }
    for (size_t i = 0; i < REGION_BYTES; i++)
        outcome->data[i] = *ram_at(&subject->platform.memory, physical(subject, DATA_ADDRESS + i));
}

bool subject_run(struct subject *subject, const struct trial *trial, bool has_reservation,
                 struct outcome *outcome, const char **why)
{
    subject->platform.error = NULL;
    subject->platform.options.disturb_invalidate = !has_reservation;
    load(subject, trial);
    bool interrupts = !has_reservation && random_chance(&subject->platform.random, 300);
    bool ended = run(subject, interrupts);
    *why = subject->platform.error;
    hart_csr_read(subject->platform.harts[0].hart, CSR_MCAUSE, &subject->cause);
    if (ended)
        save(subject, outcome);

    return ended;
}
