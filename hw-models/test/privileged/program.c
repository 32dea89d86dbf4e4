/* SPDX-License-Identifier: Apache-2.0 */
/* See program.h. */
#include "test/privileged/program.h"

#include <string.h>

#include "test/privileged/layout.h"

#define MAX_HALVES 128
#define FIRST_RESULT 1
#define FIRST_POINTER 8
#define FIRST_VALUE 20
#define LAST_VALUE 28
#define CSR_SATP 0x180
#define CSR_MSTATUS 0x300
#define CSR_MENVCFG 0x30a

struct program {
    struct steps *steps;
    struct random *random;
    uint64_t *words;
    const struct place *place;
    uint16_t halves[MAX_HALVES];
    unsigned count; /* of half-words */
    unsigned atomic_base;
    unsigned next_value; /* the next register for a value to be written */
};

struct csr_use {
    uint16_t number;
    uint64_t writable;
    bool readable;
};
static const struct csr_use csrs[] = {
#define CSR_USE(name, number, writable, readable) {number, (uint64_t)(writable), readable},
#include "test/privileged/csrs.def"
#undef CSR_USE
};

static void put_half(struct program *p, uint32_t half)
{
    p->halves[p->count++] = (uint16_t)half;
}

static void put(struct program *p, uint32_t word)
{
    put_half(p, word);
    put_half(p, word >> 16);
    p->steps->instructions++;
}

static uint32_t i_type(uint32_t opcode, unsigned function, unsigned rd, unsigned rs1, int immediate)
{
    return opcode | rd << 7 | function << 12 | rs1 << 15 | (uint32_t)immediate << 20;
}

static uint32_t s_type(uint32_t opcode, unsigned function, unsigned rs1, unsigned rs2,
                       int immediate)
{
    uint32_t low = (uint32_t)immediate & 31, high = (uint32_t)immediate >> 5 & 127;
    return opcode | low << 7 | function << 12 | rs1 << 15 | rs2 << 20 | high << 25;
}

static unsigned result(struct program *p)
{
    return FIRST_RESULT + (unsigned)random_below(p->random, 7);
}

static unsigned pointer(struct program *p)
{
    return FIRST_POINTER + (unsigned)random_below(p->random, 8);
}

/* A register that holds the value from the step's beginning. */
static unsigned value_register(struct program *p, uint64_t value)
{
    unsigned number = p->next_value++;
    p->words[STEP_X + number - 1] = value;
    return number;
}

static void put_memory(struct program *p)
{
    int offset = random_chance(p->random, 200) ? (int)random_below(p->random, 16) : 0;
    offset &= p->steps->pmp ? 12 : 15;
    unsigned base = pointer(p);
    switch (random_below(p->random, 6)) {
    case 0:
    case 1:
        put(p, i_type(0x03, (unsigned)random_below(p->random, 7), result(p), base, offset));
        break;
    case 2:
    case 3:
        put(p, s_type(0x23, (unsigned)random_below(p->random, 4), base, result(p), offset));
        break;
    case 4:
        put(p, i_type(0x07, 2 + (unsigned)random_below(p->random, 2), 1, base, offset));
        break;
    default:
        put(p, s_type(0x27, 2 + (unsigned)random_below(p->random, 2), base, 1, offset));
    }
}

/* Not where nothing is (x8 and x9 are certain of that): QEMU's atomic instructions there are loads and stores. LR and SC come in
 * pairs: without a reservation QEMU looks at nothing else. */
static void put_atomic(struct program *p)
{
    static const uint8_t functions[] = {0, 1, 4, 8, 12, 16, 20, 24, 28};
    unsigned width = 2 + (unsigned)random_below(p->random, 2);
    uint32_t pair = 0x2f | width << 12 | p->atomic_base << 15;
    if (random_chance(p->random, 300)) {
        put(p, pair | 2u << 27 | result(p) << 7);
        put(p, pair | 3u << 27 | result(p) << 7 | 7 << 20);
        return;
    }
    put(p, pair | (uint32_t)functions[random_below(p->random, 9)] << 27 | result(p) << 7 | 6 << 20);
}

static uint64_t mpp(struct random *random)
{
    static const uint64_t values[] = {0, 1, 3};
    return values[random_below(random, 3)] << 11;
}

static bool satp_may_change(const struct program *p)
{
    return !p->place->translated || p->place->pc >> 30 == 2;
}

static void put_csr(struct program *p)
{
    const struct csr_use *use = &csrs[random_below(p->random, sizeof csrs / sizeof *csrs)];
    unsigned function = 1 + (unsigned)random_below(p->random, 3);
    unsigned rd = use->readable ? result(p) : 0;
    uint64_t value = random_word(p->random) & use->writable;
    bool satp = use->number == CSR_SATP && satp_may_change(p), write = use->writable || satp;

    if (!write || p->next_value > LAST_VALUE || random_chance(p->random, 250)) {
        put(p, i_type(0x73, 2, rd, 0, use->number));
        return;
    }
    if (satp) {
        function = 1;
        value = random_chance(p->random, 300)
                    ? 0
                    : UINT64_C(8) << 60 | tables_satp(random_below(p->random, 2));
    }
    if (use->number == CSR_MENVCFG && function == 1)
        function = 2;
    if (use->number == CSR_MSTATUS && function == 1)
        value |= mpp(p->random);
    if (use->writable == 1 || random_chance(p->random, 100)) {
        uint32_t immediate = (uint32_t)(random_word(p->random) & use->writable & 31);
        if (!satp && use->number != CSR_MSTATUS) {
            put(p, i_type(0x73, 4 + function, rd, immediate, use->number));
            return;
        }
    }
    put(p, i_type(0x73, function, rd, value_register(p, value), use->number));
}

static void put_fence(struct program *p)
{
    static const uint8_t assids[] = {0, 16};
    unsigned base = random_chance(p->random, 500) ? pointer(p) : 0;
    put(p, 0x12000073 | base << 15 | (uint32_t)assids[random_below(p->random, 2)] << 20);
}

/* What x19 points to, or for a superpage another page of it. */
static uint64_t elsewhere(const struct program *p)
{
    bool super = p->words[STEP_X + 16] < TABLES_BASE + 4 * 4096;
    return p->words[STEP_X + 18] ^ (super ? random_below(p->random, DATA_PAGES) << 12 : 0);
}

/* Uses a translation, changes it, fences, and uses it again. */
static void put_entry_change(struct program *p)
{
    bool narrow = random_chance(p->random, 500);
    unsigned load = random_chance(p->random, 500);
    unsigned first = p->next_value > LAST_VALUE ? 19 : value_register(p, elsewhere(p));
    p->steps->changed_inside = true;
    if (random_chance(p->random, 700))
        put(p, load ? i_type(0x03, 3, result(p), first, 0) : s_type(0x23, 3, first, 5, 0));
    put(p, s_type(0x23, 3, 17, 18, 0));
    put(p, narrow ? 0x12000073 | 19 << 15 : 0x12000073);
    put(p, 0x0000100f); /* fence.i, until which QEMU may go on with what it has fetched */
    put(p, load ? i_type(0x03, 3, result(p), 19, 0) : s_type(0x23, 3, 19, 5, 0));
}

/* To the next instruction, in another mode. */
static void put_return(struct program *p)
{
    bool machine = random_chance(p->random, 400);
    put(p, 0x17 | 5 << 7);                                  /* auipc x5, 0 */
    put(p, i_type(0x13, 0, 5, 5, 16));                      /* addi x5, x5, 16 */
    put(p, i_type(0x73, 1, 0, 5, machine ? 0x341 : 0x141)); /* csrw mepc or sepc */
    put(p, machine ? 0x30200073 : 0x10200073);
}

static void put_odd(struct program *p)
{
    static const uint32_t words[] = {0x00000073, 0x00100073, 0x0000000b, 0x0000100f, 0x0ff0000f,
                                     0x00000053, 0x02007053, 0xffffffff, 0x00200073, 0x7b200073};
    unsigned n = (unsigned)random_below(p->random, 13);
    if (n < 10) {
        put(p, words[n]);
    } else if (n == 10) {
        put_half(p, 0x9002); /* c.ebreak */
    } else if (n == 11) {
        put_half(p, 0);
    } else { /* only where no step writes: there is nothing but illegal instructions */
        if (p->place
                ->privilege) /* QEMU 7.2 may fetch for S through what a load with SUM has left */
            put(p, 0x12000073);
        put(p, i_type(0x67, 0, 1, pointer(p), 0x7f0));
    }
}

static void put_one(struct program *p)
{
    unsigned n = (unsigned)random_below(p->random, 100);
    if (n < 20)
        put_half(p, 0x0085); /* c.addi x1, 1 */
    else if (n < 30)
        put(p, i_type(0x13, 0, result(p), result(p), (int)random_below(p->random, 4096) - 2048));
    else if (n < 55)
        put_memory(p);
    else if (n < 62)
        put_atomic(p);
    else if (n < 88)
        put_csr(p);
    else if (n < 90)
        put_fence(p);
    else if (n < 92)
        put_entry_change(p);
    else if (n < 96)
        put_return(p);
    else
        put_odd(p);
}

static void poke_code(struct program *p)
{
    uint64_t pc = p->place->pc;
    unsigned left = (unsigned)((4096 - pc % 4096) / 2), first = p->count < left ? p->count : left;
    poke(p->steps, tables_code(p->place, pc), p->halves, first);
    if (p->count > first)
        poke(p->steps, tables_code(p->place, pc + 2 * first), p->halves + first, p->count - first);
}

void program_write(struct steps *steps, uint64_t *words, const struct place *place, bool wakes)
{
    struct program p = {.steps = steps,
                        .random = &steps->random,
                        .words = words,
                        .place = place,
                        .next_value = FIRST_VALUE};
    unsigned count = 4 + (unsigned)random_below(p.random, 20);
    p.atomic_base = random_chance(p.random, 300) ? 8 : 9;
    if (wakes && random_chance(p.random, 300))
        put(&p, 0x10500073);
    for (unsigned n = 0; n < count && p.count < MAX_HALVES - 12; n++)
        put_one(&p);
    put(&p, 0x00000073);
    poke_code(&p);
}
