/* SPDX-License-Identifier: Apache-2.0 */
/* Decoded blocks: straight-line code within one line (or one instruction across two), decoded once,
 * with its cycles summed up. Derived state: dropping it changes no cycle. A block is only taken
 * away when the store is full, and then all are. */
#ifndef MISSIVE_CORE_BLOCK_H
#define MISSIVE_CORE_BLOCK_H

#include "core/hart_state.h"

/* Each may have a probe, an activity, an await of each unit and a replay before it; a fallthrough ends the block. */
#define BLOCK_MAX_INSTRUCTIONS (6 * LINE_BYTES / 2 + 1)

struct block {
    uint64_t pc, physical;
    uint64_t second;        /* where the other half lies, if it lies across two lines; else 0 */
    uint64_t line_tag[2];   /* what L1I must hold to enter ... */
    uint32_t line_index[2]; /* ... and where it did last time */
    struct block *link[2];  /* the block that follows, in the same page: [1] after a taken jump */
    struct delay link_delay[2]; /* what it waits for because this one ran before; see pipeline.h */
    uint8_t link_fetch[2];      /* ... and because it begins across two words */
    struct jump_site jump;
    uint64_t stalls; /* packed, see pipeline.h */
    struct residue residue;
    struct block *next; /* in the same bucket */
    uint32_t epoch;     /* its bytes were right at this epoch of the store */
    uint32_t cycles;    /* all instructions, no stall, no jump taken */
    uint16_t activity;  /* as hart.activity, at its first instruction */
    uint8_t mode;       /* as hart.mode */
    uint8_t retired;    /* instructions, pseudo ones not counted */
    uint8_t count;      /* pseudo ones included */
    uint8_t bytes;
    uint8_t lines; /* look-ups in L1I */
    bool crosses_page;
    bool straddles; /* its first instruction lies across two words of the fetch unit */
    struct instruction instructions[]; /* count, then a copy of the bytes */
};

/* Where a jump to `pc` led last time. Right as long as neither the instruction TLB nor satp nor PMP
 * changed since (hart.fetch_epoch), because a hit in that TLB changes nothing. */
#define JUMP_ENTRIES 1024
struct jump {
    uint64_t pc;
    uint64_t epoch;
    struct block *block; /* NULL: none */
};

struct block_store {
    uint32_t
        epoch; /* fence.i makes a new one: then a block's bytes are compared before its next use */
    uint32_t generation; /* grows when all blocks are dropped */
    uint32_t bucket_mask;
    size_t used_bytes, size_bytes; /* of the arena, which follows the buckets */
    struct jump jumps[JUMP_ENTRIES];
    struct block *buckets[];
};

static inline struct jump *jump_slot(struct block_store *store, uint64_t pc)
{
    return &store->jumps[(pc >> 1 ^ pc >> 12) % JUMP_ENTRIES];
}

/* The block at `pc`, if that is still known; NULL: fetch it. */
static inline struct block *jump_find(const struct hart *hart, uint64_t pc)
{
    const struct jump *jump = jump_slot(hart->links.blocks, pc);
    bool known = jump->pc == pc && jump->epoch == hart->fetch_epoch && jump->block &&
                 jump->block->mode == hart->mode;
    return known ? jump->block : NULL;
}

/* To be remembered after a fetch of that block. */
static inline void jump_remember(const struct hart *hart, struct block *block)
{
    if (!block->crosses_page)
        *jump_slot(hart->links.blocks, block->pc) =
            (struct jump){block->pc, hart->fetch_epoch, block};
}

/* Forgets all blocks. Those in use remain as they are until the next is decoded. */
void block_store_drop(struct block_store *store);

/* The block at `pc`, which lies at `physical` (and `second`, or 0) in RAM; decoded if need be. */
struct block *block_get(struct hart *hart, uint64_t pc, uint64_t physical, uint64_t second);

#endif
