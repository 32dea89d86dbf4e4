/* SPDX-License-Identifier: Apache-2.0 */
/* The smart bus's tagged blocks. A unit is one direction of one tag of one master; units with a
 * block under way take turns, a word each. */
#include "ipc/smart_bus.h"

#include <string.h>

#define UNITS_PER_MASTER (SMART_TAGS * 2)

static unsigned unit_of(unsigned master, unsigned tag, bool write)
{
    return master * UNITS_PER_MASTER + tag * 2 + write;
}

static void set_active(struct smart_bus *smart, unsigned unit, bool active)
{
    uint64_t bit = (uint64_t)1 << unit % 64;
    smart->active[unit / 64] =
        active ? smart->active[unit / 64] | bit : smart->active[unit / 64] & ~bit;
}

static struct dram *memory(const struct smart_bus *smart)
{
    return smart->links.coherence->links.dram;
}

/* Fetches the read's next line from memory into the line buffer that is free. */
static void fetch_line(struct smart_bus *smart, unsigned master, struct smart_tag *tag, cycle_t now)
{
    uint64_t line_bytes = smart->links.coherence->config.line_bytes;
    uint64_t begin = tag->read.address, end = begin + tag->read.bytes;
    uint64_t line = (begin & ~(line_bytes - 1)) + tag->lines_fetched * line_bytes;

    if (line >= end)
        return;
    begin = line > begin ? line : begin;
    end = end < line + line_bytes ? end : line + line_bytes;
    tag->line_ready[tag->lines_fetched % 2] =
        dram_read(memory(smart), master, begin, end - begin, now) +
        memory(smart)->config.beat_cycles;
    tag->lines_fetched++;
}

static void report(const struct smart_bus *smart, enum event_kind kind, unsigned unit,
                   const struct smart_block *block, cycle_t now)
{
    probe_emit(smart->links.probe, now, kind, unit / UNITS_PER_MASTER, block->address, block->bytes,
               unit % UNITS_PER_MASTER / 2, unit % 2);
}

static void finish(struct smart_bus *smart, unsigned unit, struct smart_block *block, cycle_t now)
{
    block->active = false;
    set_active(smart, unit, false);
    report(smart, EVENT_smart_block_done, unit, block, now);
    smart_bus_retry(smart, unit / UNITS_PER_MASTER, now);
}

static void start(struct smart_bus *smart, unsigned master, unsigned number, bool write,
                  uint64_t address, uint32_t bytes, cycle_t now)
{
    struct smart_tag *tag = &smart->master[master].tag[number];
    struct smart_block *block = write ? &tag->write : &tag->read;
    unsigned unit = unit_of(master, number, write);

    *block = (struct smart_block){bytes != 0, bytes, 0, address};
    report(smart, EVENT_smart_block, unit, block, now);
    if (bytes == 0) {
        report(smart, EVENT_smart_block_done, unit, block, now);
        return;
    }
    set_active(smart, unit, true);
    if (!write) {
        tag->lines_fetched = 0;
        fetch_line(smart, master, tag, now);
        fetch_line(smart, master, tag, now);
    }
}

enum status smart_block_store(struct smart_bus *smart, const struct request *request, bool write,
                              uint64_t place, cycle_t now)
{
    uint64_t bytes = request->data & UINT32_MAX, number = request->data >> 32 & 0xFFFF,
             low = request->data >> 48;
    uint64_t address = place + low;

    if (number >= SMART_TAGS || bytes > SMART_BLOCK_BYTES || low > 7 ||
        !ram_holds(smart->links.coherence->links.ram, address, bytes))
        return STATUS_DENIED;
    struct smart_tag *tag = &smart->master[request->master].tag[number];
    if (tag->write.active || (!write && tag->read.active))
        return STATUS_PENDING;
    if (write && bytes > tag->read.bytes)
        tag->refused = true;
    else
        start(smart, request->master, (unsigned)number, write, address, (uint32_t)bytes, now);
    return STATUS_OK;
}

enum status smart_block_wait(struct smart_bus *smart, unsigned master, unsigned number,
                             uint64_t *refused)
{
    struct smart_tag *tag = &smart->master[master].tag[number];

    if (tag->read.active || tag->write.active)
        return STATUS_PENDING;
    *refused = tag->refused;
    tag->refused = false;
    return STATUS_OK;
}

/* The bytes of a block that its next word's tenure moves: up to the end of the aligned bus word. */
static uint32_t piece_bytes(const struct smart_bus *smart, const struct smart_block *block)
{
    uint64_t word = memory(smart)->config.word_bytes;
    uint64_t to_end_of_word = word - ((block->address + block->done) & (word - 1));
    uint32_t left = block->bytes - block->done;

    return to_end_of_word < left ? (uint32_t)to_end_of_word : left;
}

/* The cycle from which on a unit's next word can move; CYCLE_NEVER: not before another's has. */
static cycle_t ready_at(const struct smart_bus *smart, unsigned unit)
{
    const struct smart_tag *tag =
        &smart->master[unit / UNITS_PER_MASTER].tag[unit % UNITS_PER_MASTER / 2];
    uint64_t line_bytes = smart->links.coherence->config.line_bytes;
    bool write = unit % 2;

    if (write)
        return tag->write.done + piece_bytes(smart, &tag->write) <= tag->read.done ? 0
                                                                                   : CYCLE_NEVER;
    uint64_t line =
        (tag->read.address + tag->read.done) / line_bytes - tag->read.address / line_bytes;
    return tag->line_ready[line % 2];
}

cycle_t smart_block_next_word(const struct smart_bus *smart)
{
    cycle_t next = CYCLE_NEVER;

    for (unsigned i = 0; i < SMART_UNITS / 64; i++)
        for (uint64_t left = smart->active[i]; left; left &= left - 1)
            next = cycle_min(next, ready_at(smart, i * 64 + (unsigned)__builtin_ctzll(left)));
    return next;
}

/* The next unit in turn whose word can move; SMART_UNITS: none. */
static unsigned choose(const struct smart_bus *smart, cycle_t now)
{
    unsigned first = (smart->last_unit + 1) % SMART_UNITS;

    for (unsigned i = 0; i <= SMART_UNITS / 64; i++) {
        unsigned index = (first / 64 + i) % (SMART_UNITS / 64);
        uint64_t left = smart->active[index];
        if (i == 0)
            left &= ~(uint64_t)0 << first % 64;
        if (i == SMART_UNITS / 64)
            left &= ((uint64_t)1 << first % 64) - 1;
        for (; left; left &= left - 1) {
            unsigned unit = index * 64 + (unsigned)__builtin_ctzll(left);
            if (ready_at(smart, unit) <= now)
                return unit;
        }
    }
    return SMART_UNITS;
}

/* A line's address crosses the bus with the first of its words; the others carry their tag, by which
 * controller and caches know the line. */
static cycle_t address_phase(const struct smart_bus *smart, const struct smart_block *block)
{
    const struct coherence_config *config = &smart->links.coherence->config;
    bool names_line = block->done == 0 || (block->address + block->done) % config->line_bytes == 0;

    return names_line ? config->address_cycles : 0;
}

/* Between stream buffer and memory. */
static void move_bytes(struct smart_bus *smart, unsigned master, struct smart_tag *tag, bool write,
                       uint32_t bytes, cycle_t now)
{
    const struct ram *ram = smart->links.coherence->links.ram;
    struct smart_block *block = write ? &tag->write : &tag->read;
    uint64_t address = block->address + block->done;
    uint64_t line_bytes = smart->links.coherence->config.line_bytes;

    if (write) {
        ram_write(ram, address, tag->buffer + block->done, bytes);
        dram_write(memory(smart), master, address, bytes, now);
    } else {
        memcpy(tag->buffer + block->done, ram_at(ram, address), bytes);
        if ((address + bytes) % line_bytes == 0) /* a line buffer has become free */
            fetch_line(smart, master, tag, now);
    }
    block->done += bytes;
}

struct mechanism_cost smart_block_word(struct smart_bus *smart, cycle_t now,
                                       struct request *request)
{
    struct mechanism_cost cost = {1, 0, ACTIVITY_copy};
    unsigned unit = choose(smart, now);

    request->size_bytes = 0;
    if (unit == SMART_UNITS)
        return cost;
    smart->last_unit = unit;
    unsigned master = unit / UNITS_PER_MASTER;
    struct smart_tag *tag = &smart->master[master].tag[unit % UNITS_PER_MASTER / 2];
    struct smart_block *block = unit % 2 ? &tag->write : &tag->read;
    uint64_t address = block->address + block->done;
    uint32_t bytes = piece_bytes(smart, block);
    cycle_t snooped = address_phase(smart, block);
    struct coherence_reach reached =
        coherence_reach(smart->links.coherence, master, address, unit % 2, now + snooped);

    cost.bus_cycles = snooped + reached.cycles + memory(smart)->config.beat_cycles;
    cost.not_before = reached.not_before;
    request->address = address;
    request->size_bytes = (uint8_t)bytes;
    cycle_t end = smart_bus_end(&cost, now);
    move_bytes(smart, master, tag, unit % 2, bytes, end);
    if (block->done == block->bytes)
        finish(smart, unit, block, end);
    return cost;
}
