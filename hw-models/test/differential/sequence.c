/* SPDX-License-Identifier: Apache-2.0 */
/* Random instruction sequences, see sequence.h. */
#include "test/differential/sequence.h"

#include <string.h>

#include "test/differential/operands.h"

enum group {
    GROUP_INTEGER,
    GROUP_MEMORY,
    GROUP_ATOMIC,
    GROUP_FLOAT,
    GROUP_COMPRESSED,
    GROUP_SYSTEM,
};

static const struct encoding {
    const char *mnemonic;
    uint32_t word;
    const char *fields;
    enum group group;
} encodings[] = {
#define ENCODING(mnemonic, word, fields, group) {mnemonic, word, fields, GROUP_##group},
#include "test/differential/encodings.def"
#undef ENCODING
};
#define ENCODING_COUNT (sizeof encodings / sizeof *encodings)

enum patch {
    PATCH_NONE,
    PATCH_B,
    PATCH_J,
    PATCH_CB,
    PATCH_CJ,
    PATCH_PREVIOUS,
    PATCH_BEFORE,
    PATCH_LOOP
};

#define NOP 0x00000013u
#define C_NOP 0x0001u

static uint32_t bits(uint64_t value, unsigned count, unsigned at)
{
    return (uint32_t)(value & ((UINT64_C(1) << count) - 1)) << at;
}

/* A register to write: one that holds no pointer or counter ... */
static unsigned free_register(const struct sequence *sequence, struct random *random,
                              unsigned first, unsigned count)
{
    unsigned number;
    do
        number = first + (unsigned)random_below(random, count);
    while (sequence->reserved >> number & 1);
    return number;
}

/* ... but for a rare accident, which never hits the counter. */
static unsigned destination(const struct sequence *sequence, struct random *random, unsigned first,
                            unsigned count)
{
    unsigned any = first + (unsigned)random_below(random, count);
    return any != sequence->loop && random_chance(random, 2)
               ? any
               : free_register(sequence, random, first, count);
}

static unsigned pointer(const struct sequence *sequence, struct random *random)
{
    return random_chance(random, 3) ? (unsigned)random_below(random, 32)
                                    : sequence->pointer[random_below(random, 4)];
}

/* Mostly near the pointer, which is near the page boundary. */
static uint64_t offset(struct random *random)
{
    return random_chance(random, 700) ? random_below(random, 48) - 24 : random_word(random);
}

static unsigned rounding_mode(struct random *random)
{
    return random_chance(random, 500)
               ? 7
               : (unsigned)random_below(random, random_chance(random, 20) ? 8 : 5);
}

static uint32_t draw_base(const struct sequence *s, struct random *random, char field)
{
    uint64_t any = random_word(random);
    switch (field) {
    case 'd':
        return bits(destination(s, random, 0, 32), 5, 7);
    case 'D':
        return bits(any, 5, 7);
    case 's':
    case 'S':
    case 'z':
        return bits(any, 5, 15);
    case 't':
    case 'T':
    case '5':
        return bits(any, 5, 20);
    case '6':
        return bits(any, 6, 20);
    case 'R':
        return bits(any, 5, 27);
    case 'p':
        return bits(pointer(s, random), 5, 15);
    case 'a':
        return bits(random_chance(random, 5) ? s->pointer[1] : s->aligned, 5, 15);
    case 'i':
        return bits(any, 12, 20);
    case 'o':
        return bits(offset(random), 12, 20);
    case 'w':
        any = offset(random);
        return bits(any, 5, 7) | bits(any >> 5, 7, 25);
    case 'u':
        return bits(any, 20, 12);
    case 'm':
        return bits(rounding_mode(random), 3, 12);
    case 'q':
        return bits(any, 2, 25);
    case 'f':
        return bits(any, 8, 20);
    default: /* 'c' */
        return bits(1 + any % 3, 12, 20);
    }
}

static uint32_t draw_compressed(const struct sequence *s, struct random *random, char field)
{
    uint64_t any = random_word(random);
    switch (field) {
    case 'x':
        return bits(destination(s, random, 1, 31), 5, 7);
    case 'X':
        return bits(destination(s, random, 8, 8), 3, 7);
    case 'E':
        return bits(destination(s, random, 8, 8), 3, 2);
    case 'e':
    case 'F':
        return bits(any, 3, 2);
    case 'P':
        return bits(s->pointer[1 + any % 2], 3, 7);
    case 'r':
        return bits(1 + any % 31, 5, 2);
    case 'B':
        return bits(any, 5, 2);
    case 'Y':
        return bits(any, 5, 7);
    case 'n':
    case '4':
        return bits(any, 5, 2) | bits(any >> 5, 1, 12);
    case '1':
        return bits(any, 2, 5) | bits(any >> 2, 3, 10);
    case '2':
        return bits(any, 6, 7);
    default: /* '3' */
        return bits(any, 8, 5);
    }
}

static struct piece *add(struct sequence *sequence, const char *mnemonic, const char *fields,
                         uint32_t word)
{
    struct piece *piece = &sequence->pieces[sequence->count++];
    *piece = (struct piece){.mnemonic = mnemonic, .fields = fields, .word = word};
    piece->bytes = (word & 3) == 3 ? 4 : 2;
    return piece;
}

static struct piece *add_encoding(struct sequence *sequence, struct random *random,
                                  const struct encoding *encoding)
{
    uint32_t word = encoding->word;
    for (const char *field = encoding->fields; *field; field++)
        word |= encoding->group == GROUP_COMPRESSED ? draw_compressed(sequence, random, *field)
                                                    : draw_base(sequence, random, *field);
    return add(sequence, encoding->mnemonic, encoding->fields, word);
}

static struct piece *add_simple(struct sequence *sequence, struct random *random)
{
    return add_encoding(sequence, random, &encodings[random_below(random, ENCODING_COUNT)]);
}

/* Any word at all, but none that jumps, enters the system, or takes part in a reservation. */
static void add_any_word(struct sequence *sequence, struct random *random)
{
    for (;;) {
        uint32_t word = (uint32_t)random_word(random), major = word & 0x7f, quadrant = word & 3;
        if (quadrant == 3) {
            bool reservation = major == 0x2f && (word >> 28 & 15) == 1;
            if (major == 0x17 || major == 0x63 || major == 0x67 || major == 0x6f || major == 0x73 ||
                (major & 0x1f) == 0x1f || reservation)
                continue;
            add(sequence, "(any word)", "", word);
            return;
        }
        unsigned top = word >> 13 & 7;
        if ((quadrant == 1 && top >= 5) || (quadrant == 2 && top == 4))
            continue;
        add(sequence, "(any halfword)", "", word & 0xffff);
        return;
    }
}

static void add_branch(struct sequence *sequence, struct random *random)
{
    static const struct {
        const char *mnemonic;
        uint32_t word;
        enum patch patch;
    } kinds[] = {
        {"beq", 0x0063, PATCH_B},     {"bne", 0x1063, PATCH_B},     {"blt", 0x4063, PATCH_B},
        {"bge", 0x5063, PATCH_B},     {"bltu", 0x6063, PATCH_B},    {"bgeu", 0x7063, PATCH_B},
        {"c.beqz", 0xc001, PATCH_CB}, {"c.bnez", 0xe001, PATCH_CB}, {"c.j", 0xa001, PATCH_CJ},
        {"jal", 0x006f, PATCH_J},
    };
    size_t kind = random_below(random, sizeof kinds / sizeof *kinds);
    uint32_t word = kinds[kind].word;
    if (kinds[kind].patch == PATCH_B)
        word |= bits(random_word(random), 10, 15);
    else if (kinds[kind].patch == PATCH_CB)
        word |= bits(random_word(random), 3, 7);
    else if (kinds[kind].patch == PATCH_J)
        word |= bits(destination(sequence, random, 0, 32), 5, 7);
    struct piece *piece = add(sequence, kinds[kind].mnemonic, "", word);
    piece->patch = kinds[kind].patch;
    piece->wanted = (uint8_t)random_below(random, 6);
}

/* auipc and jalr, or auipc, addi and c.jr or c.jalr, to a place ahead. */
static void add_indirect_jump(struct sequence *sequence, struct random *random)
{
    uint32_t scratch = sequence->scratch, wanted = (uint32_t)random_below(random, 6);
    bool compressed = random_chance(random, 500);
    add(sequence, "auipc", "", 0x17 | scratch << 7)->fixed = true;
    struct piece *piece =
        compressed ? add(sequence, "addi", "", 0x13 | scratch << 7 | scratch << 15)
                   : add(sequence, "jalr", "",
                         0x67 | destination(sequence, random, 0, 32) << 7 | scratch << 15);
    piece->patch = PATCH_PREVIOUS;
    piece->wanted = (uint8_t)(wanted + compressed);
    piece->inside = piece->fixed = true;
    if (!compressed)
        return;
    bool link = !(sequence->reserved & 2) && random_chance(random, 500);
    piece = add(sequence, link ? "c.jalr" : "c.jr", "", (link ? 0x9002 : 0x8002) | scratch << 7);
    piece->inside = true;
}

static void add_loop(struct sequence *sequence, struct random *random)
{
    uint32_t loop = sequence->loop, turns = 1 + (uint32_t)random_below(random, 5);
    size_t begin = sequence->count + 1, body = 1 + random_below(random, 6);
    add(sequence, "addi", "dsi", 0x13 | loop << 7 | turns << 20)->fixed = true;
    for (size_t i = 0; i < body; i++)
        add_simple(sequence, random)->inside = true;
    struct piece *piece =
        add(sequence, "addi", "dsi", 0x13 | loop << 7 | loop << 15 | 0xfffu << 20);
    piece->inside = piece->fixed = true;
    piece = add(sequence, "bne", "", 0x1063 | loop << 15);
    piece->inside = true;
    piece->patch = PATCH_LOOP;
    piece->wanted = (uint8_t)begin;
}

/* LR and SC of the same place and size, with arithmetic between them; then, at times, an SC that must fail. */
static void add_reservation(struct sequence *sequence, struct random *random)
{
    uint32_t wide = (uint32_t)random_below(random, 2) << 12,
             base = (uint32_t)sequence->aligned << 15;
    uint32_t order = bits(random_word(random), 2, 25);
    add(sequence, wide ? "lr.d" : "lr.w", "da",
        0x1000202f | wide | base | order | free_register(sequence, random, 0, 32) << 7);
    for (uint64_t between = random_below(random, 4); between; between--)
        add(sequence, "xor", "dst",
            0x4033 | bits(random_word(random), 10, 15) |
                free_register(sequence, random, 0, 32) << 7)
            ->inside = true;
    for (uint64_t tries = 1 + random_below(random, 2); tries; tries--)
        add(sequence, wide ? "sc.d" : "sc.w", "dat",
            0x1800202f | wide | base | order | bits(random_word(random), 5, 20) |
                free_register(sequence, random, 0, 32) << 7)
            ->inside = true;
    sequence->has_reservation = true;
}

/* Who holds pointers: sp, two short registers for compressed accesses, one more, and an aligned one. */
static void cast_registers(struct sequence *sequence, struct random *random)
{
    uint8_t *roles[] = {&sequence->pointer[1], &sequence->pointer[2], &sequence->pointer[3],
                        &sequence->aligned,    &sequence->loop,       &sequence->scratch};
    sequence->pointer[0] = 2;
    sequence->reserved = 1u << 2;
    for (size_t i = 0; i < sizeof roles / sizeof *roles; i++) {
        unsigned number;
        do
            number = i < 2 ? 8 + (unsigned)random_below(random, 8)
                           : 1 + (unsigned)random_below(random, 31);
        while (sequence->reserved >> number & 1);
        *roles[i] = (uint8_t)number;
        sequence->reserved |= 1u << number;
    }
}

static void draw_state(struct sequence *sequence, struct random *random)
{
    struct machine_state *state = &sequence->state;
    uint64_t middle = DATA_ADDRESS + REGION_BYTES / 2;
    unsigned related = random_chance(random, 300) ? 800 : 100; /* permille */
    for (unsigned i = 1; i < 32; i++)
        state->x[i] = random_chance(random, related) ? operand_relative(random, state->x, i)
                                                     : operand_integer(random);
    for (unsigned i = 0; i < 32; i++)
        state->f[i] = i && random_chance(random, related) ? operand_relative(random, state->f, i)
                                                          : operand_float(random);
    for (unsigned i = 0; i < 4; i++)
        state->x[sequence->pointer[i]] = middle + random_below(random, 160) - 96;
    state->x[2] &= ~UINT64_C(7);
    state->x[sequence->pointer[2]] &= ~UINT64_C(7);
    state->x[sequence->aligned] = middle + 8 * random_below(random, 32) - 128;
    state->fcsr = random_below(random, 32) | random_below(random, random_chance(random, 30) ? 8 : 5)
                                                 << 5;
    /* Often across a line or the page boundary; any even address. */
    uint64_t before = 2 * random_below(random, 64);
    state->x[0] = CODE_ADDRESS + (random_chance(random, 500) ? REGION_BYTES / 2 - before : before);
    sequence->data_seed = random_word(random);
}

void sequence_generate(struct sequence *sequence, struct random *random)
{
    memset(sequence, 0, sizeof *sequence);
    cast_registers(sequence, random);
    draw_state(sequence, random);
    size_t length = 1 + random_below(random, 60);
    while (sequence->count < length) {
        uint64_t draw = random_below(random, 1000);
        if (draw < 80)
            add_branch(sequence, random);
        else if (draw < 100)
            add_indirect_jump(sequence, random);
        else if (draw < 120)
            add_loop(sequence, random);
        else if (draw < 140)
            add_reservation(sequence, random);
        else if (draw < 145)
            add_any_word(sequence, random);
        else
            add_simple(sequence, random);
    }
    add(sequence, "ebreak", "", random_chance(random, 500) ? 0x9002 : 0x00100073)->fixed = true;
}

static uint32_t patched(const struct piece *piece, int64_t distance)
{
    uint64_t d = (uint64_t)distance;
    switch ((enum patch)piece->patch) {
    case PATCH_B:
    case PATCH_LOOP:
        return piece->word | bits(d >> 1, 4, 8) | bits(d >> 5, 6, 25) | bits(d >> 11, 1, 7) |
               bits(d >> 12, 1, 31);
    case PATCH_J:
        return piece->word | bits(d >> 1, 10, 21) | bits(d >> 11, 1, 20) | bits(d >> 12, 8, 12) |
               bits(d >> 20, 1, 31);
    case PATCH_CB:
        return piece->word | bits(d >> 1, 2, 3) | bits(d >> 3, 2, 10) | bits(d >> 5, 1, 2) |
               bits(d >> 6, 2, 5) | bits(d >> 8, 1, 12);
    case PATCH_CJ:
        return piece->word | bits(d >> 1, 3, 3) | bits(d >> 4, 1, 11) | bits(d >> 5, 1, 2) |
               bits(d >> 6, 1, 7) | bits(d >> 7, 1, 6) | bits(d >> 8, 2, 9) | bits(d >> 10, 1, 8) |
               bits(d >> 11, 1, 12);
    case PATCH_PREVIOUS:
        return piece->word | bits(d, 12, 20);
    default:
        return piece->word;
    }
}

static size_t target_of(const struct sequence *sequence, size_t index)
{
    const struct piece *piece = &sequence->pieces[index];
    if (piece->patch == PATCH_LOOP)
        return piece->wanted;
    size_t target = index + 1 + piece->wanted;
    while (target < sequence->count && sequence->pieces[target].inside)
        target++;
    return target < sequence->count ? target : sequence->count - 1;
}

void sequence_encode(const struct sequence *sequence, struct trial *trial)
{
    uint32_t at[SEQUENCE_MAX_PIECES + 1] = {0};
    struct random random = {sequence->data_seed};
    for (size_t i = 0; i < sequence->count; i++)
        at[i + 1] = at[i] + sequence->pieces[i].bytes;
    memset(trial, 0, sizeof *trial);
    trial->state = sequence->state;
    trial->code_bytes = at[sequence->count];
    for (size_t i = 0; i < sequence->count; i++) {
        const struct piece *piece = &sequence->pieces[i];
        size_t from = piece->patch == PATCH_PREVIOUS ? i - 1 : i;
        uint32_t word = patched(piece, (int64_t)at[target_of(sequence, i)] - at[from]);
        memcpy(trial->code + at[i], &word, piece->bytes);
    }
    for (size_t i = 0; i < REGION_BYTES; i += 8) {
        uint64_t word = random_chance(&random, 500) ? random_word(&random) : operand_float(&random);
        memcpy(trial->data + i, &word, sizeof word);
    }
}

bool sequence_drop(struct sequence *sequence, size_t index)
{
    struct piece *piece = &sequence->pieces[index];
    uint32_t nop = piece->bytes == 4 ? NOP : C_NOP;
    if (piece->fixed || piece->word == nop)
        return false;
    *piece = (struct piece){.mnemonic = "nop",
                            .fields = "",
                            .word = nop,
                            .bytes = piece->bytes,
                            .inside = piece->inside};
    return true;
}

void sequence_print(const struct sequence *sequence, FILE *to)
{
    struct trial trial;
    uint64_t at = 0;
    sequence_encode(sequence, &trial);
    for (size_t i = 0; i < sequence->count; at += sequence->pieces[i++].bytes) {
        const struct piece *piece = &sequence->pieces[i];
        uint32_t word = 0;
        memcpy(&word, trial.code + at, piece->bytes);
        if (!strcmp(piece->mnemonic, "nop"))
            continue;
        fprintf(to, "  %llx: %0*x  %s", (unsigned long long)(sequence->state.x[0] + at),
                piece->bytes * 2, word, piece->mnemonic);
        if (piece->bytes == 4)
            fprintf(to, "  rd=%u rs1=%u rs2=%u rs3=%u funct3=%u imm=%d", word >> 7 & 31,
                    word >> 15 & 31, word >> 20 & 31, word >> 27, word >> 12 & 7,
                    (int32_t)word >> 20);
        fputc('\n', to);
    }
}
