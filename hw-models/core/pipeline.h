/* SPDX-License-Identifier: Apache-2.0 */
/* When instructions of a single-issue in-order pipeline issue. What the code alone decides is worked out once, when a block
 * is decoded: each instruction's issue, if nothing from outside delays it. What reaches beyond the block's
 * end is kept with it as a residue, from which the delay of each edge to a following block comes, also once. Only what operands
 * decide is left for the run: units that are not pipelined (`await` before the first instruction that needs one), addresses of a store
 * and a load after it that may be the same (`replay`).
 *
 * Does not model: a residue that outlives a whole block; static delays that a miss within
 * the same block would hide; an await's effect before the block's first instruction that needs it. Source: what was measured of Rocket's
 * RTL, see core.def; multiplier and divider are a reconstruction from the latencies measured there, with early out. */
#ifndef MISSIVE_CORE_PIPELINE_H
#define MISSIVE_CORE_PIPELINE_H

#include "core/hart.h"
#include "core/instruction.h"

enum stall {
#define STALL(id, doc) STALL_##id,
#include "core/cpi_stack.def"
#undef STALL
    STALL_COUNT
};

/* Delays that come with a block are added up three to a word. */
#define STALL_PACKED 3
#define STALL_PACKED_BITS 21
#define STALL_PACKED_ONE(cause) (UINT64_C(1) << STALL_PACKED_BITS * (cause))

enum unit { UNIT_MULTIPLY, UNIT_FP_DIVIDE, UNIT_COUNT, UNIT_NONE };

struct unit_state {
    uint64_t ready; /* the cycle at which its last result can be used, and it begins another */
    uint8_t rd;
};

/* A register, x0.. then f0.., or one of these. */
enum { NEXT_ACCESS = 64, NEXT_RELEASE, WAITED_FOR };

#define RESIDUE_WAITS 6

/* Counted from the block's end. */
struct residue {
    uint8_t count;
    struct {
        uint8_t what, cycles;
    } waits[RESIDUE_WAITS];
    uint8_t store_cycles; /* 0: no store that a load could meet */
    uint8_t store_base, store_bytes;
    int32_t store_offset;
};

struct delay {
    uint16_t cycles;
    uint8_t cause; /* enum stall */
};

/* The schedule of a block while it is decoded. Begins as {.config = ...}. */
struct schedule {
    const struct hart_config *config;
    uint32_t now;               /* the earliest issue of the next instruction */
    uint32_t ready[WAITED_FOR]; /* registers */
    uint64_t stalls;            /* packed */
    uint32_t last_access;
    bool accessed, fenced;
    bool busy[UNIT_COUNT];
    uint8_t unit_rd[UNIT_COUNT];
    bool stored;
    uint8_t store_base, store_bytes;
    int32_t store_offset;
    uint32_t store_drains; /* a load is met up to this cycle */
};

/* What is to stand before an instruction. */
struct schedule_notes {
    bool await[UNIT_COUNT];
    bool replay; /* compare with the last store: */
    uint8_t store_base, store_bytes, load_bytes;
    int32_t offset; /* the load's less the store's */
};

/* Moves `now` to the issue of `instruction`. */
struct schedule_notes schedule_issue(struct schedule *schedule,
                                     const struct instruction *instruction);
/* It issued. */
void schedule_issued(struct schedule *schedule, const struct instruction *instruction);
struct residue schedule_residue(const struct schedule *schedule);

/* Tells instructions that use a unit which later ones of the block occupy the write port, and which results nobody awaits here. */
void schedule_units(struct instruction *instructions, unsigned count);

/* How much later than by itself the block of these instructions goes on if it follows what left `residue`. */
struct delay residue_delay(const struct residue *residue, const struct hart_config *config,
                           const struct instruction *instructions, unsigned count);

/* The first instruction that needs the unit or its result `rd`, or NULL. */
const struct instruction *unit_needed(enum unit unit, uint8_t rd,
                                      const struct instruction *instructions, unsigned count);

/* When a multiplication's or division's result comes, if the instructions up to `end`, of which the first issues at `begin`,
 * are in the way of its write. */
uint64_t unit_meets(uint64_t ready, const struct hart_config *config, uint64_t begin,
                    const struct instruction *instructions, const struct instruction *end);

/* Whether a load `distance` bytes behind a store meets it: the cache compares some bits of the address. */
static inline bool pipeline_overlap(uint64_t distance, unsigned load_bytes, unsigned store_bytes)
{
    const uint64_t compared = 0xfff;
    return (distance & compared) < store_bytes || (-distance & compared) < load_bytes;
}

enum multiply_kind { MULTIPLY_FULL, MULTIPLY_HIGH, MULTIPLY_WORD };

static inline unsigned multiply_cycles(const struct hart_config *c, enum multiply_kind kind,
                                       uint64_t rs1)
{
    unsigned bits = kind == MULTIPLY_WORD ? 32 : 64;
    unsigned step = c->multiply_step_bits;
    unsigned all = (bits + step - 1) / step;
    if (kind == MULTIPLY_HIGH || !c->multiply_early_out)
        return c->multiply_start_cycles + all;
    uint64_t factor = (kind == MULTIPLY_WORD ? (uint32_t)rs1 : rs1) | 1;
    unsigned significant = 64 - (unsigned)__builtin_clzll(factor);
    unsigned steps = (significant + step - 1) / step + 1;
    return c->multiply_start_cycles + (steps < all ? steps : all);
}

/* Of magnitudes. The divider shifts the dividend in one step to where the quotient can begin. */
static inline unsigned divide_cycles(const struct hart_config *c, uint64_t dividend,
                                     uint64_t divisor)
{
    unsigned steps = 64;
    if (divisor && c->divide_early_out) {
        unsigned from = (unsigned)__builtin_clzll(divisor | 1);
        unsigned shorter = from - (unsigned)__builtin_clzll(dividend | 1);
        steps = (shorter & 63) + 2;
    }
    return c->divide_start_cycles + (steps < 64 ? steps : 64);
}

static inline unsigned divide_signed_cycles(const struct hart_config *c, uint64_t dividend,
                                            uint64_t divisor, bool remainder)
{
    bool a = dividend >> 63, b = divisor >> 63;
    bool negative = remainder ? a : a != b && divisor;
    return divide_cycles(c, a ? -dividend : dividend, b ? -divisor : divisor) +
           c->divide_negate_cycles * ((a || b) + negative);
}

/* A result waits for a cycle in which no instruction behind it writes; bit n of `writes` is the one issued n cycles later. */
static inline unsigned write_port_wait(const struct hart_config *c, uint32_t writes,
                                       unsigned latency)
{
    unsigned slot = latency - c->write_port_cycles;
    if (!c->write_port_cycles || slot > 31)
        return 0;
    return (unsigned)__builtin_ctzll(~((uint64_t)writes >> slot));
}

#endif
