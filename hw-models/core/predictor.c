/* SPDX-License-Identifier: Apache-2.0 */
/* See predictor.h. */
#include "core/predictor.h"

#include <string.h>

#define NO_WORD UINT64_C(1)

void predictor_init(struct predictor *p, const struct hart_config *config)
{
    p->config = *config;
    p->bht_mask = config->bht_entries - 1;
    p->history_shift = (uint32_t)__builtin_ctz(config->bht_entries) - 3;
    predictor_reset(p);
}

void predictor_reset(struct predictor *p)
{
    p->history = p->ras_top = p->ras_count = p->btb_count = 0;
    p->older = 0;
    p->called = NO_WORD;
    memset(p->ras, 0, sizeof p->ras);
    memset(p->bht, 0, sizeof p->bht);
    for (unsigned n = 0; n < BTB_MAX; n++)
        p->btb[n] = (struct btb_entry){NO_WORD, 0};
}

void predictor_site(const struct predictor *p, struct jump_site *site, uint64_t pc, unsigned length)
{
    site->word = PREDICTOR_WORD(pc + length - 2);
    uint64_t number = site->word >> 2;
    unsigned bits = (unsigned)__builtin_ctz(p->config.bht_entries);
    site->bht_hash = (uint32_t)((number ^ (number >> bits & 3)) & p->bht_mask);
}

/* Down the tree, to the half used longer ago, if there is one. */
static unsigned least_recent(const struct predictor *p)
{
    unsigned entry = 0, node = 1;
    for (unsigned half = BTB_MAX / 2; half; half /= 2) {
        bool upper = (p->older >> node & 1) && entry + half < p->config.btb_entries;
        entry += upper ? half : 0;
        node = 2 * node + upper;
    }
    return entry;
}

static int find(const struct predictor *p, uint64_t word)
{
    for (unsigned n = 0; n < p->btb_count; n++)
        if (p->btb[n].word == word)
            return (int)n;
    return -1;
}

static void insert(struct predictor *p, struct jump_site *site, int known, uint64_t target)
{
    if (p->config.btb_entries == 0)
        return;
    unsigned entry = known >= 0 ? (unsigned)known : least_recent(p);
    p->btb[entry] = (struct btb_entry){site->word, target};
    if (entry >= p->btb_count)
        p->btb_count = (uint8_t)(entry + 1);
    site->entry = (uint8_t)entry;
    predictor_touch(p, entry);
}

/* `predicted`: it would go where the BTB says or, if that knows nothing, where the instruction itself says, as decoded in fetch. */
unsigned predictor_learn(struct predictor *p, struct jump_site *site, uint64_t target,
                         bool predicted)
{
    int known = find(p, site->word);
    bool right = known >= 0 && p->btb[known].target == target;
    insert(p, site, known, target);
    if (predicted && right)
        return 0;
    if (predicted && known < 0 && site->kind != JUMP_INDIRECT)
        return p->config.decoded_jump_cycles;
    return p->config.misprediction_cycles;
}

static uint64_t stack_at(const struct predictor *p, unsigned below)
{
    unsigned entries = p->config.ras_entries;
    return p->ras[(p->ras_top + entries - below) % entries];
}

/* The BTB only tells that it is a return: where to, the stack says, and failing that the last time. A return fetched
 * right behind its call comes before the call's push. */
unsigned predictor_return(struct predictor *p, struct jump_site *site, uint64_t block,
                          uint64_t target)
{
    unsigned early = site->only && block == p->called;
    int known = find(p, site->word);
    uint64_t expected = known >= 0 ? p->btb[known].target : target + 1;
    bool from_stack = p->ras_count > early;

    if (from_stack)
        expected = stack_at(p, early && known >= 0 ? 1 : 0);
    if (p->ras_count) {
        p->ras_top = (uint8_t)((p->ras_top + p->config.ras_entries - 1) % p->config.ras_entries);
        p->ras_count--;
    }
    p->called = NO_WORD;
    insert(p, site, known, target);
    if (expected != target)
        return p->config.misprediction_cycles;
    return known >= 0 ? 0 : p->config.decoded_jump_cycles;
}

void predictor_call(struct predictor *p, uint64_t target, uint64_t link)
{
    if (p->config.ras_entries == 0)
        return;
    p->ras_top = (uint8_t)((p->ras_top + 1) % p->config.ras_entries);
    p->ras[p->ras_top] = link;
    if (p->ras_count < p->config.ras_entries)
        p->ras_count++;
    p->called = target;
}
