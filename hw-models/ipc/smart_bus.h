/* SPDX-License-Identifier: Apache-2.0 */
/* The smart bus and smart shared memory, as smart_bus_regs.h describes them to software: the
 * state, and what its three files share. A controller beside the memory carries out list
 * operations (smart_list.c) and streams blocks (smart_block.c); smart_bus.c is the promise of
 * mechanism.h.
 *
 * Timing. A list operation holds the bus for the address phase, its data beat, the controller's
 * own cycles and whatever it must wait for in between: memory, and caches with dirty copies. The
 * controller keeps the lines it used last in a small buffer in front of memory, so that a list in
 * use costs no memory latency; being on the memory's side, the buffer needs no snoops, and writes
 * go through it. A block's words cross the bus one by one, each a tenure of one beat that
 * caches snoop; the first of each line also has an address phase. Memory is read two lines ahead
 * into the tag's line buffers, in the background.
 *
 * Not modelled: errors on the bus, and split transactions for list operations. A reconstruction:
 * the figures are assumptions (smart_bus.def), not the paper's. */
#ifndef MISSIVE_IPC_SMART_BUS_H
#define MISSIVE_IPC_SMART_BUS_H

#include "base/memory_map.h"
#include "ipc/mechanism.h"
#include "ipc/smart_bus_regs.h"
#include "memory/cache.h"

struct smart_bus_parameters {
#define PARAMETER(group, name, value, min, max, unit, doc, source) uint64_t name;
#include "ipc/smart_bus.def"
#undef PARAMETER
};

struct smart_block {
    bool active;
    uint32_t bytes, done; /* of the last block once it has ended */
    uint64_t address;     /* of its first byte */
};

struct smart_tag {
    struct smart_block read, write;
    bool refused;
    uint32_t lines_fetched;            /* of the read, from memory into the line buffers */
    cycle_t line_ready[2];             /* when the line buffers have their lines, even and odd */
    uint8_t buffer[SMART_BLOCK_BYTES]; /* the stream buffer */
};

struct smart_master {
    struct smart_tag tag[SMART_TAGS];
    bool dequeue_found;
    bool pending; /* an access waits in `request`, or has been answered, in `response` */
    struct request request;
    struct response response;
};

#define SMART_UNITS                                                                                \
    (MAP_MAX_HARTS * SMART_TAGS * 2) /* the streams there can be: (master, tag, read or write) */

struct smart_bus {
    struct smart_bus_parameters parameters;
    struct mechanism_links links;
    struct cache buffer;               /* of lines; used if parameters.buffer_lines is not 0 */
    uint64_t active[SMART_UNITS / 64]; /* a bit for each stream under way */
    uint64_t ended;     /* a bit for each master whose pending access has been answered */
    unsigned last_unit; /* that moved a word */
    struct smart_master master[MAP_MAX_HARTS];
};

/* List operations of a master: list and elem are physical addresses as software gave them.
 * STATUS_DENIED: something is outside RAM, misaligned or no circle; nothing was changed. */
enum status smart_list_enqueue(struct smart_bus *smart, unsigned master, uint64_t list,
                               uint64_t elem, cycle_t now, struct mechanism_cost *cost);
enum status smart_list_first(struct smart_bus *smart, unsigned master, uint64_t list, cycle_t now,
                             uint64_t *elem, struct mechanism_cost *cost);
enum status smart_list_dequeue(struct smart_bus *smart, unsigned master, uint64_t list,
                               uint64_t elem, cycle_t now, struct mechanism_cost *cost);

/* A store of `data` to the block window at `place` (physical). `cost` is the tenure's; what
 * starts, starts at its end. STATUS_PENDING: the tag is busy. STATUS_DENIED: not a block in RAM. */
enum status smart_block_store(struct smart_bus *smart, const struct request *request, bool write,
                              uint64_t place, cycle_t start);
/* STATUS_PENDING: blocks of this tag are under way. */
enum status smart_block_wait(struct smart_bus *smart, unsigned master, unsigned tag,
                             uint64_t *refused);
cycle_t smart_block_next_word(const struct smart_bus *smart);
struct mechanism_cost smart_block_word(struct smart_bus *smart, cycle_t now,
                                       struct request *request);

/* Tries a pending access again, at `now`; for smart_block.c, when a block has ended. */
void smart_bus_retry(struct smart_bus *smart, unsigned master, cycle_t now);

/* When a tenure ends that begins at `now`. */
static inline cycle_t smart_bus_end(const struct mechanism_cost *cost, cycle_t now)
{
    return cycle_max(now + cost->bus_cycles, cost->not_before);
}

#endif
