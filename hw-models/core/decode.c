/* SPDX-License-Identifier: Apache-2.0 */
/* The decoder: a walk over the tables. An instruction is decoded once and then lives in a block, so
 * that the walk need not be fast. */
#include "core/instruction.h"

enum immediate_kind {
    IMMEDIATE_RAW,
    IMMEDIATE_I,
    IMMEDIATE_S,
    IMMEDIATE_B,
    IMMEDIATE_U,
    IMMEDIATE_J,
    IMMEDIATE_SHIFT6,
    IMMEDIATE_SHIFT5,
};

enum {
#define FORMAT(id, rd, rs1, rs2, rs3, immediate, syntax) FORMAT_##id,
#include "core/formats.def"
#undef FORMAT
};

static const struct instruction_format formats[] = {
#define FORMAT(id, rd, rs1, rs2, rs3, immediate, syntax)                                           \
    {REGISTER_##rd, REGISTER_##rs1, REGISTER_##rs2, REGISTER_##rs3, IMMEDIATE_##immediate, syntax},
#include "core/formats.def"
#undef FORMAT
};

struct row {
    uint32_t match, care;
    uint8_t format, timing;
};

#define FIRST_ROW (OPERATION_replay + 1)

static const struct row rows[] = {
#define INSTRUCTION(id, mnemonic, encoding, format, timing, body)                                  \
    {(uint32_t)(encoding), (uint32_t)((encoding) >> 32), FORMAT_##format, TIMING_##timing},
#include "core/instructions.def"
#undef INSTRUCTION
};

static const bool timing_ends[] = {
#define TIMING(id, result, unit, role, ends) ends,
#include "core/timings.def"
#undef TIMING
};

static const struct row *row_of(const struct instruction *instruction)
{
    return instruction->operation < FIRST_ROW ? NULL : &rows[instruction->operation - FIRST_ROW];
}

const struct instruction_format *instruction_format(const struct instruction *instruction)
{
    const struct row *row = row_of(instruction);
    return &formats[row ? row->format : FORMAT_NONE];
}

static uint32_t bits(uint32_t word, unsigned high, unsigned low)
{
    return word >> low & ((2u << (high - low)) - 1);
}

static int32_t sign_extend(uint32_t value, unsigned width)
{
    uint32_t sign = 1u << (width - 1);
    return (int32_t)((value ^ sign) - sign);
}

static int32_t immediate_of(uint32_t w, enum immediate_kind kind)
{
    switch (kind) {
    case IMMEDIATE_I:
        return sign_extend(bits(w, 31, 20), 12);
    case IMMEDIATE_S:
        return sign_extend(bits(w, 31, 25) << 5 | bits(w, 11, 7), 12);
    case IMMEDIATE_B:
        return sign_extend(bits(w, 31, 31) << 12 | bits(w, 7, 7) << 11 | bits(w, 30, 25) << 5 |
                               bits(w, 11, 8) << 1,
                           13);
    case IMMEDIATE_U:
        return (int32_t)(w & 0xfffff000);
    case IMMEDIATE_J:
        return sign_extend(bits(w, 31, 31) << 20 | bits(w, 19, 12) << 12 | bits(w, 20, 20) << 11 |
                               bits(w, 30, 21) << 1,
                           21);
    case IMMEDIATE_SHIFT6:
        return (int32_t)bits(w, 25, 20);
    case IMMEDIATE_SHIFT5:
        return (int32_t)bits(w, 24, 20);
    case IMMEDIATE_RAW:
        break;
    }
    return (int32_t)w;
}

static struct instruction illegal(uint32_t word, uint8_t length)
{
    return (struct instruction){.operation = OPERATION_illegal,
                                .rd = REGISTER_SINK,
                                .length = length,
                                .immediate = (int32_t)word};
}

/* x0 as an integer destination goes to the sink; f0 is a register like the others. */
static uint8_t destination(uint8_t file, uint32_t number)
{
    return file == REGISTER_NONE || (file == REGISTER_X && number == 0) ? REGISTER_SINK
                                                                        : (uint8_t)number;
}

static struct instruction decode_long(uint32_t word)
{
    for (size_t n = 0; n < sizeof rows / sizeof rows[0]; n++) {
        if ((word & rows[n].care) != rows[n].match)
            continue;
        const struct instruction_format *f = &formats[rows[n].format];
        return (struct instruction){
            .operation = (uint16_t)(FIRST_ROW + n),
            .rd = destination(f->rd, bits(word, 11, 7)),
            .rs1 = f->rs1 ? (uint8_t)bits(word, 19, 15) : 0,
            .rs2 = f->rs2 ? (uint8_t)bits(word, 24, 20) : 0,
            .rs3 = f->rs3 ? (uint8_t)bits(word, 31, 27) : 0,
            .length = 4,
            .immediate = immediate_of(word, f->immediate),
        };
    }
    return illegal(word, 4);
}

#define C_RD bits(c, 11, 7)
#define C_RS2 bits(c, 6, 2)
#define C_RD_SHORT (8 + bits(c, 4, 2))
#define C_RS1_SHORT (8 + bits(c, 9, 7))
#define C_SHIFT (int32_t)(bits(c, 12, 12) << 5 | bits(c, 6, 2))
#define C_IMM sign_extend(bits(c, 12, 12) << 5 | bits(c, 6, 2), 6)
#define C_OFFSET_W (int32_t)(bits(c, 12, 10) << 3 | bits(c, 6, 6) << 2 | bits(c, 5, 5) << 6)
#define C_OFFSET_D (int32_t)(bits(c, 12, 10) << 3 | bits(c, 6, 5) << 6)
#define C_IMM_ADDI4SPN                                                                             \
    (int32_t)(bits(c, 12, 11) << 4 | bits(c, 10, 7) << 6 | bits(c, 6, 6) << 2 | bits(c, 5, 5) << 3)
#define C_IMM_ADDI16SP                                                                             \
    sign_extend(bits(c, 12, 12) << 9 | bits(c, 6, 6) << 4 | bits(c, 5, 5) << 6 |                   \
                    bits(c, 4, 3) << 7 | bits(c, 2, 2) << 5,                                       \
                10)
#define C_IMM_LWSP (int32_t)(bits(c, 12, 12) << 5 | bits(c, 6, 4) << 2 | bits(c, 3, 2) << 6)
#define C_IMM_LDSP (int32_t)(bits(c, 12, 12) << 5 | bits(c, 6, 5) << 3 | bits(c, 4, 2) << 6)
#define C_IMM_SWSP (int32_t)(bits(c, 12, 9) << 2 | bits(c, 8, 7) << 6)
#define C_IMM_SDSP (int32_t)(bits(c, 12, 10) << 3 | bits(c, 9, 7) << 6)
#define C_IMM_B                                                                                    \
    sign_extend(bits(c, 12, 12) << 8 | bits(c, 11, 10) << 3 | bits(c, 6, 5) << 6 |                 \
                    bits(c, 4, 3) << 1 | bits(c, 2, 2) << 5,                                       \
                9)
#define C_IMM_J                                                                                    \
    sign_extend(bits(c, 12, 12) << 11 | bits(c, 11, 11) << 4 | bits(c, 10, 9) << 8 |               \
                    bits(c, 8, 8) << 10 | bits(c, 7, 7) << 6 | bits(c, 6, 6) << 7 |                \
                    bits(c, 5, 3) << 1 | bits(c, 2, 2) << 5,                                       \
                12)

static struct instruction expand(enum operation operation, uint32_t rd, uint32_t rs1, uint32_t rs2,
                                 int32_t immediate, uint32_t c)
{
    const struct row *row = &rows[operation - FIRST_ROW];
    const struct instruction_format *f = &formats[row->format];

    return (struct instruction){
        .operation = (uint16_t)operation,
        .rd = destination(f->rd, rd),
        .rs1 = (uint8_t)rs1,
        .rs2 = (uint8_t)rs2,
        .length = 2,
        .immediate = f->immediate == IMMEDIATE_RAW ? (int32_t)c : immediate,
    };
}

static struct instruction decode_short(uint32_t c)
{
#define COMPRESSED(pattern, care_bits, condition, target, rd, rs1, rs2, immediate)                 \
    if ((c & (care_bits)) == (pattern) && (condition))                                             \
        return expand(OPERATION_##target, rd, rs1, rs2, immediate, c);
#include "core/compressed.def"
#undef COMPRESSED
    return illegal(c, 2);
}

struct instruction instruction_decode(uint32_t word)
{
    return instruction_is_short(word) ? decode_short(word & 0xffff) : decode_long(word);
}

bool instruction_is_floating(const struct instruction *instruction)
{
    const struct instruction_format *f = instruction_format(instruction);
    return f->rd == REGISTER_F || f->rs1 == REGISTER_F || f->rs2 == REGISTER_F;
}

enum timing instruction_timing(const struct instruction *instruction)
{
    const struct row *row = row_of(instruction);
    return row ? (enum timing)row->timing : TIMING_flush;
}

bool instruction_ends_block(const struct instruction *instruction)
{
    return timing_ends[instruction_timing(instruction)];
}
