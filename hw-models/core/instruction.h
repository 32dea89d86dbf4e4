/* SPDX-License-Identifier: Apache-2.0 */
/* The decoded form of an instruction, and the decoder. What instructions there are says
 * instructions.def; compressed ones decode to the same form as what they stand for. */
#ifndef MISSIVE_CORE_INSTRUCTION_H
#define MISSIVE_CORE_INSTRUCTION_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum operation {
    OPERATION_illegal, /* raises illegal instruction; the immediate is the word */
    /* These stand in a block, not in memory: they cost no time and retire nothing. */
    OPERATION_stop,        /* placed for a moment where a quantum ends */
    OPERATION_breakpoint,  /* stands over an instruction before which a debugger wants to stop */
    OPERATION_fallthrough, /* the block ends without a jump */
    OPERATION_probe,       /* reports the annotation points of this pc */
    OPERATION_marker,      /* stands before the marker at which timing begins */
    OPERATION_activity,    /* the following instructions serve another activity */
    OPERATION_await,       /* the next one needs a unit that may be busy */
    OPERATION_replay,      /* the next one is a load that may meet a store on its way */
#define INSTRUCTION(id, mnemonic, encoding, format, timing, body) OPERATION_##id,
#include "core/instructions.def"
#undef INSTRUCTION
    OPERATION_COUNT
};

enum timing {
#define TIMING(id, result, unit, role, ends) TIMING_##id,
#include "core/timings.def"
#undef TIMING
    TIMING_COUNT
};

/* x0 as a destination becomes this extra register, which nobody reads: the dispatch needs no
 * special case. */
#define REGISTER_SINK 32

struct instruction {
    uint16_t operation;     /* enum operation */
    uint8_t rd;             /* REGISTER_SINK where there is none */
    uint8_t rs1, rs2, rs3;  /* 0 where there is none; rs3 of what uses a unit: see schedule_units */
    uint8_t offset;         /* of its first byte from the block's; set by the block store */
    uint8_t length;         /* 2 or 4 bytes */
    int32_t immediate;      /* the whole word where the format has none; see schedule_units */
    uint16_t cycles_before; /* from the block's start; set by the block store */
    uint8_t retired_before; /* instructions from the block's start; set by the block store */
};

/* Encodings as match | care << 32. */
#define E_BITS(match, care) ((uint64_t)(match) | (uint64_t)(care) << 32)
#define E_OP(op) E_BITS(op, 0x7f)
#define E_F3(op, f3) E_BITS((op) | (f3) << 12, 0x707f)
#define E_F6(op, f3, f6) E_BITS((op) | (f3) << 12 | (uint32_t)(f6) << 26, 0xfc00707f)
#define E_F7(op, f3, f7) E_BITS((op) | (f3) << 12 | (uint32_t)(f7) << 25, 0xfe00707f)
#define E_UNARY(op, f3, f12) E_BITS((op) | (f3) << 12 | (uint32_t)(f12) << 20, 0xfff0707f)
#define E_WORD(word) E_BITS(word, 0xffffffff)
#define E_SFENCE E_BITS(0x12000073, 0xfe007fff)
#define E_ATOMIC(f3, f5) E_BITS(0x2f | (f3) << 12 | (uint32_t)(f5) << 27, 0xf800707f)
#define E_LR(f3) E_BITS(0x2f | (f3) << 12 | 0x02u << 27, 0xf9f0707f)
#define E_R4(op, fmt) E_BITS((op) | (fmt) << 25, 0x0600007f)
#define E_FP(f7) E_BITS(0x53 | (uint32_t)(f7) << 25, 0xfe00007f)
#define E_FP_F3(f7, f3) E_BITS(0x53 | (f3) << 12 | (uint32_t)(f7) << 25, 0xfe00707f)
#define E_FP_RS2(f7, rs2) E_BITS(0x53 | (rs2) << 20 | (uint32_t)(f7) << 25, 0xfff0007f)
#define E_FP_RS2_F3(f7, rs2, f3)                                                                   \
    E_BITS(0x53 | (f3) << 12 | (rs2) << 20 | (uint32_t)(f7) << 25, 0xfff0707f)

static inline bool instruction_is_short(uint32_t word)
{
    return (word & 3) != 3;
}

/* Decodes the instruction whose first bytes, little endian, are `word` (of a compressed one the
 * upper half is ignored). Never fails: what is no instruction becomes OPERATION_illegal. */
struct instruction instruction_decode(uint32_t word);

enum register_file { REGISTER_NONE, REGISTER_X, REGISTER_F };

struct instruction_format {    /* a line of formats.def */
    uint8_t rd, rs1, rs2, rs3; /* enum register_file */
    uint8_t immediate;
    const char *syntax;
};

const struct instruction_format *instruction_format(const struct instruction *instruction);

/* Whether it computes with floating-point registers or flags: illegal while mstatus.FS is off. */
bool instruction_is_floating(const struct instruction *instruction);

enum timing instruction_timing(const struct instruction *instruction);
bool instruction_ends_block(const struct instruction *instruction);

/* Writes the assembly text of the instruction `word` at `pc`, always terminated. */
void instruction_print(char *text, size_t size, uint32_t word, uint64_t pc);

#endif
