/* SPDX-License-Identifier: Apache-2.0 */
/* Blocks are found by virtual pc, physical address and mode: jump targets are absolute, annotations
 * belong to virtual addresses, and what is illegal depends on the mode. What a block holds and
 * costs depends on the code alone, never on when it is decoded. */
#include "core/block.h"

#include <string.h>

#include "core/code.h"
#include "core/debug.h"
#include "core/pmp.h"

#define ARENA_BYTES_PER_BLOCK 288
#define MAX_BLOCK_BYTES                                                                            \
    (sizeof(struct block) + BLOCK_MAX_INSTRUCTIONS * sizeof(struct instruction) + LINE_BYTES + 16)

static uint32_t bucket_count(unsigned blocks)
{
    uint32_t count = 64;
    while (count < blocks && count < 1u << 24)
        count *= 2;
    return count;
}

static size_t arena_bytes(unsigned blocks)
{
    return 4 * MAX_BLOCK_BYTES + (size_t)blocks * ARENA_BYTES_PER_BLOCK;
}

size_t block_store_size(unsigned blocks)
{
    return sizeof(struct block_store) + bucket_count(blocks) * sizeof(struct block *) +
           arena_bytes(blocks);
}

void block_store_drop(struct block_store *store)
{
    memset(store->buckets, 0, ((size_t)store->bucket_mask + 1) * sizeof store->buckets[0]);
    memset(store->jumps, 0, sizeof store->jumps);
    store->used_bytes = 0;
    store->generation++;
}

void block_store_init(struct block_store *store, unsigned blocks)
{
    store->epoch = 1;
    store->generation = 0;
    store->bucket_mask = bucket_count(blocks) - 1;
    store->size_bytes = arena_bytes(blocks);
    block_store_drop(store);
}

static struct block *allocate(struct block_store *store)
{
    if (store->used_bytes + MAX_BLOCK_BYTES > store->size_bytes)
        block_store_drop(store);
    uint8_t *arena = (uint8_t *)&store->buckets[(size_t)store->bucket_mask + 1];
    return (struct block *)(arena + store->used_bytes);
}

static struct block **bucket_of(struct block_store *store, uint64_t physical, uint8_t mode)
{
    uint64_t hash = (physical >> 1) * UINT64_C(0x9e3779b97f4a7c15) + mode;
    return &store->buckets[hash >> 32 & store->bucket_mask];
}

/* Line by line, a block's bytes as they are in RAM now. */
static void copy_code(const struct ram *ram, uint64_t physical, uint64_t second, size_t bytes,
                      uint8_t *out)
{
    size_t first = second ? 2 : bytes;
    memcpy(out, ram_at(ram, physical), first);
    if (second)
        memcpy(out + 2, ram_at(ram, second), bytes - first);
}

static uint8_t *bytes_of(struct block *block)
{
    return (uint8_t *)&block->instructions[block->count];
}

static uint32_t cost_of(const struct hart_config *config, enum timing timing)
{
    switch (timing) {
#define TIMING(id, cost, ends)                                                                     \
    case TIMING_##id:                                                                              \
        return config->cost;
#include "core/timings.def"
#undef TIMING
    case TIMING_COUNT:
        break;
    }
    return config->cycles_per_instruction;
}

static uint16_t activity_at(const struct hart *hart, uint64_t pc)
{
    const struct annotations *notes = hart->links.annotations;
    enum activity activity = hart->privilege == PRIVILEGE_U ? ACTIVITY_work : ACTIVITY_other;

    if (notes && hart->privilege != PRIVILEGE_U) {
        size_t low = 0, high = notes->range_count;
        while (low < high) {
            size_t middle = low + (high - low) / 2;
            if (notes->ranges[middle].end <= pc)
                low = middle + 1;
            else
                high = middle;
        }
        if (low < notes->range_count && notes->ranges[low].begin <= pc)
            activity = (enum activity)notes->ranges[low].activity;
    }
    return (uint16_t)(activity | hart->privilege << 8);
}

/* The first annotation point at `pc`, or -1. */
static int32_t point_at(const struct hart *hart, uint64_t pc)
{
    const struct annotations *notes = hart->links.annotations;
    if (!notes || hart->privilege == PRIVILEGE_U)
        return -1;
    size_t low = 0, high = notes->point_count;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (notes->points[middle].pc < pc)
            low = middle + 1;
        else
            high = middle;
    }
    return low < notes->point_count && notes->points[low].pc == pc ? (int32_t)low : -1;
}

struct decoder {
    struct hart *hart;
    struct block *block;
    struct instruction *last; /* real one; NULL at the block's beginning */
    uint32_t cycles;
    uint16_t activity;
};

static struct instruction *append(struct decoder *d, struct instruction instruction)
{
    struct block *block = d->block;
    instruction.offset = block->bytes;
    instruction.cycles_before = (uint16_t)d->cycles;
    instruction.retired_before = block->retired;
    block->instructions[block->count] = instruction;
    return &block->instructions[block->count++];
}

static void append_pseudo(struct decoder *d, enum operation operation, int32_t immediate)
{
    append(d, (struct instruction){
                  .operation = (uint16_t)operation, .rd = REGISTER_SINK, .immediate = immediate});
}

static void append_notes(struct decoder *d)
{
    uint64_t pc = d->block->pc + d->block->bytes;
    uint16_t activity = activity_at(d->hart, pc);
    int32_t point = point_at(d->hart, pc);

    if (activity != d->activity)
        append_pseudo(d, OPERATION_activity, activity);
    d->activity = activity;
    if (point >= 0)
        append_pseudo(d, OPERATION_probe, point);
}

/* The hint `slti x0, x0, N`, for the N at which timing is to begin. */
static bool is_marker(const struct hart *hart, const struct instruction *instruction)
{
    return !hart->timed && hart->config.marker && instruction->operation == OPERATION_slti &&
           instruction->rd == REGISTER_SINK && instruction->rs1 == 0 &&
           instruction->immediate == (int32_t)hart->config.marker;
}

static void append_instruction(struct decoder *d, uint32_t word)
{
    const struct hart_config *config = &d->hart->config;
    struct instruction instruction = instruction_decode(word);
    bool floating_off = !(d->hart->mode & MODE_FLOATING);

    if (floating_off && instruction_is_floating(&instruction)) {
        if (instruction.length == 2)
            word &= 0xffff;
        instruction = (struct instruction){.operation = OPERATION_illegal,
                                           .rd = REGISTER_SINK,
                                           .length = instruction.length,
                                           .immediate = (int32_t)word};
    }
    if (d->last && instruction_needs(&instruction, d->last))
        d->cycles += config->load_use_cycles;
    append_notes(d);
    if (is_marker(d->hart, &instruction))
        append_pseudo(d, OPERATION_marker, 0);
    d->last = append(d, instruction);
    d->cycles += cost_of(config, instruction_timing(&instruction));
    d->block->bytes = (uint8_t)(d->block->bytes + instruction.length);
    d->block->retired++;
}

/* Up to the end of the line, or an instruction that ends the block, or one that lies across lines.
 */
static void decode_line(struct decoder *d, const uint8_t *code, size_t available)
{
    struct block *block = d->block;
    while (block->bytes + 2u <= available) {
        uint32_t word = 0;
        size_t left = available - block->bytes;
        memcpy(&word, code + block->bytes, left < 4 ? left : 4);
        if (!instruction_is_short(word) && left < 4)
            break;
        append_instruction(d, word);
        if (instruction_ends_block(d->last))
            return;
    }
    append_pseudo(d, OPERATION_fallthrough, 0);
}

static bool is_breakpoint(const struct debug_points *points, uint64_t pc)
{
    for (unsigned n = 0; n < points->breakpoint_count; n++)
        if (points->breakpoints[n] == pc)
            return true;
    return false;
}

/* In place, so that a hart that stands inside the block finds its instruction where it was. */
static void place_breakpoints(const struct debug_points *points, struct block *block)
{
    for (struct instruction *i = block->instructions; i < block->instructions + block->count; i++) {
        bool pseudo = i->operation == OPERATION_fallthrough || i->operation == OPERATION_probe ||
                      i->operation == OPERATION_activity || i->operation == OPERATION_marker;
        if (!pseudo && is_breakpoint(points, block->pc + i->offset))
            i->operation = OPERATION_breakpoint;
    }
}

static void set_lines(struct block *block)
{
    uint64_t first = block->physical & ~(LINE_BYTES - 1);
    uint64_t second = block->second ? block->second & ~(LINE_BYTES - 1) : first;

    block->crosses_page = block->second && block->second != block->physical + 2;
    block->lines = block->second ? 2 : 1;
    block->line_tag[0] = first | MESI_SHARED;
    block->line_tag[1] = second | MESI_SHARED;
}

static void mark_lines(struct hart *hart, const struct block *block)
{
    for (unsigned n = 0; n < block->lines; n++)
        code_mark(hart, block->line_tag[n] & ~(LINE_BYTES - 1));
}

static struct block *decode(struct hart *hart, uint64_t pc, uint64_t physical, uint64_t second)
{
    struct block_store *store = hart->links.blocks;
    struct block *block = allocate(store);
    uint8_t code[LINE_BYTES];
    size_t to_line_end = LINE_BYTES - physical % LINE_BYTES;
    size_t available = second ? 4 : pmp_executable(hart, physical, to_line_end);

    *block = (struct block){.pc = pc,
                            .physical = physical,
                            .second = second,
                            .epoch = store->epoch,
                            .mode = hart->mode,
                            .activity = activity_at(hart, pc)};
    struct decoder d = {.hart = hart, .block = block, .activity = block->activity};
    copy_code(hart->links.ram, physical, second, available, code);
    decode_line(&d, code, available);
    if (hart->links.points)
        place_breakpoints(hart->links.points, block);
    block->cycles = d.cycles;
    set_lines(block);
    memcpy(bytes_of(block), code, block->bytes);
    mark_lines(hart, block);

    size_t size = (size_t)(bytes_of(block) + block->bytes - (uint8_t *)block);
    store->used_bytes += (size + 15) & ~(size_t)15;
    return block;
}

/* After a fence.i, or a write to any code: still what is in RAM? */
static bool is_current(struct hart *hart, struct block *block)
{
    uint8_t code[LINE_BYTES];
    if (block->epoch == hart->links.blocks->epoch)
        return true;
    copy_code(hart->links.ram, block->physical, block->second, block->bytes, code);
    if (memcmp(code, bytes_of(block), block->bytes) != 0)
        return false;
    block->epoch = hart->links.blocks->epoch;
    mark_lines(hart, block);
    return true;
}

struct block *block_get(struct hart *hart, uint64_t pc, uint64_t physical, uint64_t second)
{
    struct block **bucket = bucket_of(hart->links.blocks, physical, hart->mode);

    for (struct block **at = bucket; *at; at = &(*at)->next) {
        struct block *block = *at;
        if (block->physical != physical || block->pc != pc || block->mode != hart->mode ||
            block->second != second)
            continue;
        if (is_current(hart, block))
            return block;
        *at = block->next; /* its epoch stays old: no link leads into it any more */
        break;
    }
    struct block *block = decode(hart, pc, physical, second);
    block->next = *bucket;
    *bucket = block;
    return block;
}
