/* SPDX-License-Identifier: Apache-2.0 */
/* Where the fetch unit expects the code to go on, as Rocket's does: a branch target buffer (fully associative, tree
 * pseudo-LRU), a branch history table of single bits indexed by pc and hashed global history, a return address stack. Asked at the
 * end of a block, once, when the outcome is known; answers how many cycles that outcome costs, and learns it.
 *
 * Does not model: updates that come late, the page entries of the BTB, a wrong path's effects, bubbles hidden by what was fetched ahead.
 * Source: a reconstruction from a description of Rocket's RTL (sizes, replacement, hash of the history) and from cycles measured on it. */
#ifndef MISSIVE_CORE_PREDICTOR_H
#define MISSIVE_CORE_PREDICTOR_H

#include "core/hart.h"

#define BTB_MAX 32
#define BHT_MAX 4096
#define RAS_MAX 16

struct btb_entry {
    uint64_t word;   /* pc of the fetch word in which the jump ends; 1: none */
    uint64_t target; /* of its last time */
};

struct predictor {
    uint8_t history; /* outcomes of branches, the newest on top */
    uint8_t ras_top, ras_count;
    uint8_t btb_count; /* entries in use */
    uint32_t
        older; /* bit n: of node n of a tree over the entries, the upper half was used longer ago */
    uint32_t bht_mask;
    uint32_t history_shift;
    struct hart_config config;
    uint64_t called; /* where the last call led */
    uint64_t ras[RAS_MAX];
    struct btb_entry btb[BTB_MAX];
    uint8_t bht[BHT_MAX];
};

enum jump_kind { JUMP_NONE, JUMP_BRANCH, JUMP_DIRECT, JUMP_INDIRECT, JUMP_RETURN };

/* What is known of the jump that ends a block; kept with the block. */
struct jump_site {
    uint64_t word;     /* pc of the fetch word in which it ends */
    uint32_t bht_hash; /* of the word */
    uint8_t entry;     /* where it was in the BTB last time */
    uint8_t kind;      /* enum jump_kind */
    bool call;
    bool only; /* its block has no other instruction */
};

/* A jump is known by the word that was fetched last of it. */
#define PREDICTOR_WORD(pc_of_last_half) ((pc_of_last_half) & ~UINT64_C(3))

void predictor_init(struct predictor *predictor, const struct hart_config *config);
void predictor_reset(struct predictor *predictor);

/* Of the jump or branch at `pc`, `length` bytes long; all but its kind. */
void predictor_site(const struct predictor *predictor, struct jump_site *site, uint64_t pc,
                    unsigned length);

/* These answer with the cycles that the jump costs: `misprediction_cycles`, `decoded_jump_cycles` or none. predictor_learn is the rest of
 * predictor_taken: not where it was in the BTB, or not predicted. */
unsigned predictor_learn(struct predictor *predictor, struct jump_site *site, uint64_t target,
                         bool predicted);
unsigned predictor_return(struct predictor *predictor, struct jump_site *site, uint64_t block,
                          uint64_t target);
void predictor_call(struct predictor *predictor, uint64_t target, uint64_t link);

/* Marks an entry as used last, on its path through the tree. */
static inline void predictor_touch(struct predictor *p, unsigned entry)
{
    static const struct {
        uint32_t keep, older;
    } paths[BTB_MAX] = {
#define NODE(e, depth) ((1u << (depth)) + ((unsigned)(e) >> (5 - (depth)))) /* node 1 is the root */
#define BIT(e, depth) (UINT32_C(1) << NODE(e, depth))
#define OLDER(e, depth) ((e) >> (4 - (depth)) & 1 ? 0 : BIT(e, depth))
#define PATH(e)                                                                                    \
    {~(BIT(e, 0) | BIT(e, 1) | BIT(e, 2) | BIT(e, 3) | BIT(e, 4)),                                 \
     OLDER(e, 0) | OLDER(e, 1) | OLDER(e, 2) | OLDER(e, 3) | OLDER(e, 4)}
#define PATHS(e) PATH(e), PATH(e + 1), PATH(e + 2), PATH(e + 3)
        PATHS(0), PATHS(4), PATHS(8), PATHS(12), PATHS(16), PATHS(20), PATHS(24), PATHS(28),
#undef NODE
#undef BIT
#undef OLDER
#undef PATH
#undef PATHS
    };
    p->older = (p->older & paths[entry].keep) | paths[entry].older;
}

static inline unsigned predictor_taken(struct predictor *p, struct jump_site *site, uint64_t target,
                                       bool predicted)
{
    const struct btb_entry *entry = &p->btb[site->entry];
    if (__builtin_expect(predicted && entry->word == site->word && entry->target == target, 1)) {
        predictor_touch(p, site->entry);
        return 0;
    }
    return predictor_learn(p, site, target, predicted);
}

static inline unsigned predictor_branch(struct predictor *p, struct jump_site *site, bool taken,
                                        uint64_t target)
{
    /* The hash takes the upper 3 of 8 bits of a product with 2^8 sqrt(3) / 2. */
    uint32_t hashed = (uint32_t)((p->history * 0xddu & 0xff) >> 5) << p->history_shift;
    uint8_t *bit = &p->bht[(site->bht_hash ^ hashed) & p->bht_mask];
    bool predicted = *bit;
    *bit = taken;
    p->history = (uint8_t)(p->history >> 1 | taken << 7);
    if (taken)
        return predictor_taken(p, site, target, predicted);
    return predicted ? p->config.misprediction_cycles : 0;
}

#endif
