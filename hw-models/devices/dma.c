/* SPDX-License-Identifier: Apache-2.0 */
/* See dma.h. Lines of one access are asked for an address phase apart; their latencies overlap. */
#include "devices/dma.h"

#include <string.h>

void dma_begin(struct dma *dma, cycle_t now)
{
    dma->now = now;
    dma->spent = 0;
}

bool dma_reaches(const struct dma *dma, uint64_t address, uint64_t size_bytes)
{
    return ram_holds(dma->coherence->links.ram, address, size_bytes);
}

/* The end of the transfer of a part of a line, asked for at `at`. */
static cycle_t move_line(struct dma *dma, uint64_t address, uint64_t bytes, bool write, cycle_t at)
{
    struct dram *dram = dma->coherence->links.dram;
    struct coherence_reach reach = coherence_reach(dma->coherence, dma->master, address, write, at);
    cycle_t end = at + reach.cycles;
    if (write)
        end = dram_write(dram, dma->master, address, bytes, end) + dram_beats(dram, address, bytes);
    else if (!reach.dirty) /* else the beats of the write-back are the data */
        end = dram_read(dram, dma->master, address, bytes, end) + dram_beats(dram, address, bytes);
    return cycle_max(end, reach.not_before);
}

static void pass(struct dma *dma, uint64_t address, uint64_t size_bytes, bool write)
{
    const struct coherence_config *config = &dma->coherence->config;
    cycle_t at = dma->now, end = dma->now;
    for (uint64_t done = 0; done < size_bytes;) {
        uint64_t bytes = config->line_bytes - ((address + done) & (config->line_bytes - 1));
        if (bytes > size_bytes - done)
            bytes = size_bytes - done;
        at += config->address_cycles;
        end = cycle_max(end, move_line(dma, address + done, bytes, write, at));
        done += bytes;
    }
    dma->spent += end - dma->now;
}

enum status dma_read(struct dma *dma, uint64_t address, void *bytes, uint64_t size_bytes)
{
    if (!dma_reaches(dma, address, size_bytes))
        return STATUS_NO_TARGET;
    pass(dma, address, size_bytes, false);
    memcpy(bytes, ram_at(dma->coherence->links.ram, address), size_bytes);
    return STATUS_OK;
}

enum status dma_write(struct dma *dma, uint64_t address, const void *bytes, uint64_t size_bytes)
{
    if (!dma_reaches(dma, address, size_bytes))
        return STATUS_NO_TARGET;
    pass(dma, address, size_bytes, true);
    ram_write(dma->coherence->links.ram, address, bytes, size_bytes);
    return STATUS_OK;
}
