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
    struct schedule schedule;
    uint16_t activity;
};

static struct instruction *append(struct decoder *d, struct instruction instruction)
{
    struct block *block = d->block;
    instruction.offset = block->bytes;
    instruction.cycles_before = (uint16_t)d->schedule.now;
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

/* What must be asked when it runs, because operands decide. */
static void append_waits(struct decoder *d, const struct instruction *instruction,
                         const struct schedule_notes *notes)
{
    for (unsigned unit = 0; unit < UNIT_COUNT; unit++)
        if (notes->await[unit])
            append_pseudo(d, OPERATION_await, (int32_t)unit);
    if (notes->replay)
        append(d, (struct instruction){.operation = OPERATION_replay,
                                       .rd = notes->load_bytes,
                                       .rs1 = instruction->rs1,
                                       .rs2 = notes->store_base,
                                       .rs3 = notes->store_bytes,
                                       .immediate = notes->offset});
}

static struct instruction decode_in(uint8_t mode, uint32_t word)
{
    struct instruction instruction = instruction_decode(word);
    if ((mode & MODE_FLOATING) || !instruction_is_floating(&instruction))
        return instruction;
    if (instruction.length == 2)
        word &= 0xffff;
    return (struct instruction){.operation = OPERATION_illegal,
                                .rd = REGISTER_SINK,
                                .length = instruction.length,
                                .immediate = (int32_t)word};
}

static void append_instruction(struct decoder *d, uint32_t word)
{
    struct instruction instruction = decode_in(d->hart->mode, word);
    struct schedule_notes notes = {0};
    if (d->hart->timed)
        notes = schedule_issue(&d->schedule, &instruction);
    append_notes(d);
    append_waits(d, &instruction, &notes);
    if (is_marker(d->hart, &instruction))
        append_pseudo(d, OPERATION_marker, 0);
    d->last = append(d, instruction);
    if (d->hart->timed)
        schedule_issued(&d->schedule, &instruction);
    else
        d->schedule.now++;
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
        bool pseudo = i->length == 0;
        if (!pseudo && is_breakpoint(points, block->pc + i->offset))
            i->operation = OPERATION_breakpoint;
    }
}

static void lift_breakpoints(struct block *block)
{
    for (struct instruction *i = block->instructions; i < block->instructions + block->count; i++) {
        uint32_t word = 0;
        if (i->operation != OPERATION_breakpoint)
            continue;
        memcpy(&word, bytes_of(block) + i->offset, i->length);
        i->operation = decode_in(block->mode, word).operation;
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

static bool is_link(uint8_t number)
{
    return number == 1 || number == 5;
}

static enum jump_kind jump_kind(const struct instruction *last)
{
    if (instruction_timing(last) != TIMING_branch)
        return JUMP_NONE;
    if (last->operation == OPERATION_jal)
        return JUMP_DIRECT;
    if (last->operation != OPERATION_jalr)
        return JUMP_BRANCH;
    return is_link(last->rs1) && !is_link(last->rd) ? JUMP_RETURN : JUMP_INDIRECT;
}

/* What is known about time once all instructions are there. */
static void set_times(struct decoder *d, uint32_t first)
{
    struct block *block = d->block;
    const struct instruction *last = d->last;
    block->cycles = d->schedule.now;
    block->straddles = block->pc % 4 == 2 && !instruction_is_short(first);
    if (!d->hart->timed || !last)
        return;
    schedule_units(block->instructions, block->count);
    block->stalls = d->schedule.stalls;
    block->residue = schedule_residue(&d->schedule);
    block->jump.kind = jump_kind(last);
    block->jump.call = block->jump.kind != JUMP_BRANCH && is_link(last->rd);
    block->jump.only = block->retired == 1;
    predictor_site(&d->hart->predictor, &block->jump, block->pc + last->offset, last->length);
}

static struct block *decode(struct hart *hart, uint64_t pc, uint64_t physical, uint64_t second)
{
    struct block_store *store = hart->links.blocks;
    struct block *block = allocate(store);
    uint8_t code[LINE_BYTES] = {0};
    uint32_t first = 0;
    size_t to_line_end = LINE_BYTES - physical % LINE_BYTES;
    size_t available = second ? 4 : pmp_executable(hart, physical, to_line_end);

    *block = (struct block){.pc = pc,
                            .physical = physical,
                            .second = second,
                            .epoch = store->epoch,
                            .mode = hart->mode,
                            .activity = activity_at(hart, pc)};
    struct decoder d = {.hart = hart,
                        .block = block,
                        .activity = block->activity,
                        .schedule.config = &hart->config};
    copy_code(hart->links.ram, physical, second, available, code);
    decode_line(&d, code, available);
    memcpy(&first, code, sizeof first);
    set_times(&d, first);
    if (hart->links.points)
        place_breakpoints(hart->links.points, block);
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

/* A result that is still to come when the block begins. */
static void enter_behind_unit(struct hart *hart, const struct block *block, enum unit unit)
{
    struct unit_state *state = &hart->units[unit];
    const struct instruction *first =
        unit_needed(unit, state->rd, block->instructions, block->count);
    const struct instruction *end = first ? first : block->instructions + block->count;
    if (unit == UNIT_MULTIPLY && hart->config.write_port_cycles)
        state->ready = unit_meets(state->ready, &hart->config, hart->now, block->instructions, end);
    cycle_t begin = hart->now + (first ? first->cycles_before : 0);
    if (first && state->ready > begin)
        hart_stall(hart, unit == UNIT_MULTIPLY ? STALL_multiply : STALL_fp, state->ready - begin);
    if (first || state->ready <= hart->now)
        hart->units_pending &= (uint8_t) ~(1u << unit);
}

static struct delay delay_of(const struct hart *hart, const struct block *block)
{
    if (block == hart->linked && hart->linked_generation == hart->links.blocks->generation)
        return hart->linked_delay;
    return residue_delay(&hart->residue, &hart->config, block->instructions, block->count);
}

struct delay hart_enter_block(struct hart *hart, struct block *block)
{
    if (hart->links.points)
        lift_breakpoints(block);
    if (hart->jumped && block->straddles)
        hart_stall(hart, STALL_fetch, hart->config.straddle_cycles);
    struct delay delay = delay_of(hart, block);
    cycle_t passed = hart->now - hart->residue_at;
    if (delay.cycles > passed)
        hart_stall(hart, (enum stall)delay.cause, delay.cycles - passed);
    hart->jumped = false;
    hart->residue = (struct residue){0};
    hart->linked = NULL;

    for (unsigned unit = 0; unit < UNIT_COUNT; unit++)
        if (hart->units_pending >> unit & 1)
            enter_behind_unit(hart, block, (enum unit)unit);
    if (hart->links.points)
        place_breakpoints(hart->links.points, block);
    return delay;
}
