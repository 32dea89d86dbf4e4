/* SPDX-License-Identifier: Apache-2.0 */
/* The smart memory's list operations. Each works in two steps: read and check everything, then
 * write; so that a refused operation changes nothing. Words in RAM may be anything: no link is
 * followed that was not checked. */
#include "ipc/smart_bus.h"

#include <string.h>

/* One operation under way: what it has cost up to now. */
struct operation {
    struct smart_bus *smart;
    unsigned master;
    cycle_t now;   /* of the grant */
    cycle_t clock; /* how far the operation has come */
    cycle_t not_before;
};

static struct operation begin(struct smart_bus *smart, unsigned master, cycle_t now)
{
    const struct coherence *coherence = smart->links.coherence;
    cycle_t beats = dram_beats(coherence->links.dram, 0, sizeof(uint64_t));
    cycle_t clock = now + coherence->config.address_cycles + beats;

    return (struct operation){smart, master, now, clock, 0};
}

/* Ends the operation: its cost, and the cycle at which it takes effect. */
static cycle_t end(const struct operation *op, struct mechanism_cost *cost)
{
    *cost = (struct mechanism_cost){op->clock - op->now, op->not_before, ACTIVITY_queue};
    return smart_bus_end(cost, op->now);
}

static bool is_word(const struct operation *op, uint64_t address)
{
    return (address & 7) == 0 &&
           ram_holds(op->smart->links.coherence->links.ram, address, sizeof(uint64_t));
}

/* Makes the caches give way. True: the line has just come by. */
static bool reach(struct operation *op, uint64_t address, bool write)
{
    struct coherence_reach reached =
        coherence_reach(op->smart->links.coherence, op->master, address, write, op->clock);

    op->clock += reached.cycles;
    op->not_before = cycle_max(op->not_before, reached.not_before);
    return reached.dirty;
}

/* Waits until the controller has the word's line at hand. */
static void fetch(struct operation *op, uint64_t address, bool came_by)
{
    struct smart_bus *smart = op->smart;
    struct dram *dram = smart->links.coherence->links.dram;
    bool buffered = smart->parameters.buffer_lines != 0;
    struct cache_line *line = buffered ? cache_find(&smart->buffer, address) : NULL;

    if (line) {
        cache_touch(&smart->buffer, line);
        return;
    }
    if (buffered)
        cache_insert(&smart->buffer, address, MESI_SHARED, NULL);
    if (came_by)
        return;
    uint64_t line_bytes = smart->links.coherence->config.line_bytes;
    uint64_t from = buffered ? address & ~(line_bytes - 1) : address;
    uint64_t bytes = buffered ? line_bytes : sizeof(uint64_t);
    op->clock = dram_read(dram, op->master, from, bytes, op->clock) +
                dram_beats(dram, address, sizeof(uint64_t));
}

/* Reads a checked word; `write`: it will be written as well. */
static uint64_t read_word(struct operation *op, uint64_t address, bool write)
{
    uint64_t value;

    fetch(op, address, reach(op, address, write));
    memcpy(&value, ram_at(op->smart->links.coherence->links.ram, address), sizeof value);
    return value;
}

/* Writes a checked word that caches have given up. Posted: costs nothing but the memory's port. */
static void write_word(struct operation *op, uint64_t address, uint64_t value)
{
    const struct coherence_links *links = &op->smart->links.coherence->links;

    ram_write(links->ram, address, &value, sizeof value);
    dram_write(links->dram, op->master, address, sizeof value, op->clock);
}

static enum status denied(const struct operation *op, struct mechanism_cost *cost)
{
    end(op, cost);
    return STATUS_DENIED;
}

enum status smart_list_enqueue(struct smart_bus *smart, unsigned master, uint64_t list,
                               uint64_t elem, cycle_t now, struct mechanism_cost *cost)
{
    struct operation op = begin(smart, master, now);
    uint64_t first = elem;

    if (!is_word(&op, list) || !is_word(&op, elem))
        return denied(&op, cost);
    op.clock += smart->parameters.enqueue_cycles;
    uint64_t last = read_word(&op, list, true);
    if (last != 0) {
        if (!is_word(&op, last))
            return denied(&op, cost);
        first = read_word(&op, last, true);
        if (!is_word(&op, first))
            return denied(&op, cost);
    }
    reach(&op, elem, true);
    write_word(&op, elem, first);
    if (last != 0)
        write_word(&op, last, elem);
    write_word(&op, list, elem);
    probe_emit(smart->links.probe, end(&op, cost), EVENT_smart_enqueue, master, list, elem, 0, 0);
    return STATUS_OK;
}

/* Takes `elem`, which follows `previous`, off a list whose last element is `last`. False: its link
 * leads nowhere. */
static bool unlink_element(struct operation *op, uint64_t list, uint64_t last, uint64_t previous,
                           uint64_t elem)
{
    if (previous == elem) { /* the only one */
        reach(op, list, true);
        write_word(op, list, 0);
        return true;
    }
    uint64_t next = read_word(op, elem, false);
    if (!is_word(op, next))
        return false;
    reach(op, previous, true);
    write_word(op, previous, next);
    if (elem == last) {
        reach(op, list, true);
        write_word(op, list, previous);
    }
    return true;
}

enum status smart_list_first(struct smart_bus *smart, unsigned master, uint64_t list, cycle_t now,
                             uint64_t *elem, struct mechanism_cost *cost)
{
    struct operation op = begin(smart, master, now);
    uint64_t first = 0;

    if (!is_word(&op, list))
        return denied(&op, cost);
    op.clock += smart->parameters.first_cycles;
    uint64_t last = read_word(&op, list, false);
    if (last != 0) {
        if (!is_word(&op, last))
            return denied(&op, cost);
        first = read_word(&op, last, false);
        if (!is_word(&op, first) || !unlink_element(&op, list, last, last, first))
            return denied(&op, cost);
    }
    *elem = first;
    probe_emit(smart->links.probe, end(&op, cost), EVENT_smart_first, master, list, first, 0, 0);
    return STATUS_OK;
}

/* Looks for elem's predecessor in the circle. STATUS_NO_TARGET: elem is not in it. */
static enum status find_previous(struct operation *op, uint64_t last, uint64_t elem,
                                 uint64_t *previous)
{
    uint64_t at = last;

    for (unsigned walked = 0; walked < SMART_MAX_WALK; walked++) {
        if (!is_word(op, at))
            return STATUS_DENIED;
        op->clock += op->smart->parameters.dequeue_cycles;
        uint64_t next = read_word(op, at, false);
        if (next == elem) {
            *previous = at;
            return STATUS_OK;
        }
        if (next == last)
            return STATUS_NO_TARGET;
        at = next;
    }
    return STATUS_DENIED;
}

enum status smart_list_dequeue(struct smart_bus *smart, unsigned master, uint64_t list,
                               uint64_t elem, cycle_t now, struct mechanism_cost *cost)
{
    struct operation op = begin(smart, master, now);
    uint64_t previous = 0;
    enum status found = STATUS_NO_TARGET;

    if (!is_word(&op, list) || !is_word(&op, elem))
        return denied(&op, cost);
    uint64_t last = read_word(&op, list, false);
    if (last == 0)
        op.clock += smart->parameters.dequeue_cycles;
    else
        found = find_previous(&op, last, elem, &previous);
    if (found == STATUS_DENIED)
        return denied(&op, cost);
    if (found == STATUS_OK && !unlink_element(&op, list, last, previous, elem))
        return denied(&op, cost);
    smart->master[master].dequeue_found = found == STATUS_OK;
    probe_emit(smart->links.probe, end(&op, cost), EVENT_smart_dequeue, master, list, elem,
               found == STATUS_OK, 0);
    return STATUS_OK;
}
