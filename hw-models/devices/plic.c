/* SPDX-License-Identifier: Apache-2.0 */
/* See plic.h. After anything that may change them, all outputs are worked out anew: a few words for
 * each context, and changes are rare. */
#include "devices/plic.h"

#include <assert.h>
#include <string.h>

#define MIP_SEIP 9
#define MIP_MEIP 11

void plic_init(struct plic *plic, unsigned hart_count, struct interrupt_port port)
{
    assert(hart_count <= MAP_MAX_HARTS);
    memset(plic, 0, sizeof *plic);
    plic->port = port;
    plic->context_count = 2 * hart_count;
}

static uint32_t bit_of(unsigned source)
{
    return (uint32_t)1 << source % 32;
}

/* The sources that there are, of 32. */
static uint32_t sources_of_word(unsigned word)
{
    const unsigned end = PLIC_SOURCES - 32 * word;
    const uint32_t all = end < 32 ? bit_of(end) - 1 : UINT32_MAX;
    return word == 0 ? all & ~(uint32_t)1 : all;
}

/* The pending source of the highest priority above `floor` that the context has enabled, of equals
 * the lowest; 0: none. */
static unsigned best(const struct plic *plic, unsigned context, unsigned floor)
{
    unsigned chosen = 0;
    for (unsigned word = 0; word < PLIC_WORDS; word++)
        for (uint32_t left = plic->pending[word] & plic->enable[context][word]; left;
             left &= left - 1) {
            unsigned source = word * 32 + (unsigned)__builtin_ctz(left);
            if (plic->priority[source] > floor) {
                floor = plic->priority[source];
                chosen = source;
            }
        }
    return chosen;
}

static void settle(struct plic *plic, cycle_t now)
{
    for (unsigned word = 0; word < PLIC_WORDS; word++) {
        uint32_t open = ~plic->in_service[word];
        plic->pending[word] |= (plic->level[word] | plic->pulsed[word]) & open;
        plic->pulsed[word] &= ~open;
    }
    for (unsigned context = 0; context < plic->context_count; context++) {
        bool output = best(plic, context, plic->threshold[context]) != 0;
        if (output == plic->output[context])
            continue;
        plic->output[context] = output;
        plic->port.set(plic->port.owner, context / 2, context % 2 ? MIP_SEIP : MIP_MEIP, output,
                       now);
    }
}

void plic_set_line(struct plic *plic, unsigned source, bool level, cycle_t now)
{
    assert(source > 0 && source < PLIC_SOURCES);
    uint32_t *word = &plic->level[source / 32];
    *word = level ? *word | bit_of(source) : *word & ~bit_of(source);
    settle(plic, now);
}

void plic_pulse(struct plic *plic, unsigned source, cycle_t now)
{
    assert(source > 0 && source < PLIC_SOURCES);
    plic->pulsed[source / 32] |= bit_of(source);
    settle(plic, now);
}

static void set_input(void *owner, bool level, cycle_t now)
{
    const struct plic_input *input = owner;
    plic_set_line(input->plic, input->source, level, now);
}

static void pulse_input(void *owner, cycle_t now)
{
    const struct plic_input *input = owner;
    plic_pulse(input->plic, input->source, now);
}

struct interrupt_line plic_line(struct plic *plic, unsigned source, struct plic_input *input)
{
    *input = (struct plic_input){plic, source};
    return (struct interrupt_line){input, set_input, pulse_input};
}

static unsigned claim(struct plic *plic, unsigned context)
{
    unsigned source = best(plic, context, 0);
    plic->pending[source / 32] &= ~bit_of(source);
    if (source != 0)
        plic->in_service[source / 32] |= bit_of(source);
    return source;
}

static void complete(struct plic *plic, unsigned context, uint64_t source)
{
    if (source < PLIC_SOURCES)
        plic->in_service[source / 32] &=
            ~(plic->enable[context][source / 32] & bit_of((unsigned)source));
}

/* What an offset names. */
enum place {
    PLACE_NOTHING,
    PLACE_PRIORITY,
    PLACE_PENDING,
    PLACE_ENABLE,
    PLACE_THRESHOLD,
    PLACE_CLAIM
};

static enum place find(const struct plic *plic, uint64_t offset, unsigned *context, unsigned *index)
{
    *context = 0;
    if (offset < PLIC_PENDING(0)) {
        *index = (unsigned)offset / 4;
        return *index > 0 && *index < PLIC_SOURCES ? PLACE_PRIORITY : PLACE_NOTHING;
    }
    if (offset < PLIC_ENABLE(0, 0)) {
        *index = (unsigned)(offset - PLIC_PENDING(0)) / 4;
        return *index < PLIC_WORDS ? PLACE_PENDING : PLACE_NOTHING;
    }
    if (offset < PLIC_THRESHOLD(0)) {
        *context = (unsigned)(offset - PLIC_ENABLE(0, 0)) / PLIC_ENABLE_STRIDE;
        *index = (unsigned)offset % PLIC_ENABLE_STRIDE / 4;
        return *context < plic->context_count && *index < PLIC_WORDS ? PLACE_ENABLE : PLACE_NOTHING;
    }
    *context = (unsigned)(offset - PLIC_THRESHOLD(0)) / PLIC_CONTEXT_STRIDE;
    *index = (unsigned)offset % PLIC_CONTEXT_STRIDE / 4;
    if (*context >= plic->context_count || *index > 1)
        return PLACE_NOTHING;
    return *index == 0 ? PLACE_THRESHOLD : PLACE_CLAIM;
}

static enum status plic_load(void *self, uint64_t offset, unsigned size_bytes, cycle_t now,
                             uint64_t *value)
{
    struct plic *plic = self;
    unsigned context, index;

    *value = 0;
    if (size_bytes != 4)
        return STATUS_DENIED;
    switch (find(plic, offset, &context, &index)) {
    case PLACE_PRIORITY:
        *value = plic->priority[index];
        break;
    case PLACE_PENDING:
        *value = plic->pending[index];
        break;
    case PLACE_ENABLE:
        *value = plic->enable[context][index];
        break;
    case PLACE_THRESHOLD:
        *value = plic->threshold[context];
        break;
    case PLACE_CLAIM:
        *value = claim(plic, context);
        settle(plic, now);
        break;
    case PLACE_NOTHING:
        break;
    }
    return STATUS_OK;
}

static enum status plic_store(void *self, uint64_t offset, unsigned size_bytes, cycle_t now,
                              uint64_t value)
{
    struct plic *plic = self;
    unsigned context, index;

    if (size_bytes != 4)
        return STATUS_DENIED;
    switch (find(plic, offset, &context, &index)) {
    case PLACE_PRIORITY:
        plic->priority[index] = value & PLIC_PRIORITY_MAX;
        break;
    case PLACE_ENABLE:
        plic->enable[context][index] = (uint32_t)value & sources_of_word(index);
        break;
    case PLACE_THRESHOLD:
        plic->threshold[context] = value & PLIC_PRIORITY_MAX;
        break;
    case PLACE_CLAIM:
        complete(plic, context, value);
        break;
    case PLACE_PENDING:
    case PLACE_NOTHING:
        return STATUS_OK;
    }
    settle(plic, now);
    return STATUS_OK;
}

struct device plic_device(struct plic *plic)
{
    return (struct device){
        .name = "plic",
        .base = MAP_PLIC_BASE,
        .size_bytes = MAP_PLIC_SIZE,
        .self = plic,
        .load = plic_load,
        .store = plic_store,
    };
}
