/* SPDX-License-Identifier: Apache-2.0 */
/* See dram.h. The jitter generator is SplitMix64 (Steele, Lea, Flood, "Fast splittable pseudorandom
 * number generators", OOPSLA 2014). */
#include "memory/dram.h"

enum status dram_init(struct dram *dram, const struct dram_config *config, struct probe *probe)
{
    if (config->word_bytes == 0 || (config->word_bytes & (config->word_bytes - 1)) != 0 ||
        config->beat_cycles == 0)
        return STATUS_INVALID;
    *dram = (struct dram){.config = *config, .probe = probe, .random = config->seed};
    return STATUS_OK;
}

cycle_t dram_beats(const struct dram *dram, uint64_t address, uint64_t bytes)
{
    uint64_t word = dram->config.word_bytes;
    return ((address & (word - 1)) + bytes + word - 1) / word * dram->config.beat_cycles;
}

static uint64_t draw(struct dram *dram)
{
    uint64_t z = dram->random += 0x9E3779B97F4A7C15;
    z = (z ^ z >> 30) * 0xBF58476D1CE4E5B9;
    z = (z ^ z >> 27) * 0x94D049BB133111EB;
    return z ^ z >> 31;
}

static cycle_t draw_jitter(struct dram *dram)
{
    if (dram->config.jitter_cycles == 0)
        return 0;
    cycle_t jitter = draw(dram) % (dram->config.jitter_cycles + 1);
    dram->counters.jitter_cycles += jitter;
    return jitter;
}

static cycle_t occupy_port(struct dram *dram, unsigned master, uint64_t address, uint64_t bytes,
                           cycle_t from)
{
    cycle_t begin = cycle_max(from, dram->port_free);
    cycle_t beats = dram_beats(dram, address, bytes);

    dram->port_free = begin + beats;
    dram->counters.busy_cycles += beats;
    probe_emit(dram->probe, begin, EVENT_memory_access, EVENT_SOURCE_MEMORY, master, bytes, address,
               begin + beats);
    return begin;
}

cycle_t dram_read(struct dram *dram, unsigned master, uint64_t address, uint64_t bytes, cycle_t now)
{
    dram->counters.reads++;
    dram->counters.read_bytes += bytes;
    return occupy_port(dram, master, address, bytes,
                       now + dram->config.latency_cycles + draw_jitter(dram));
}

cycle_t dram_write(struct dram *dram, unsigned master, uint64_t address, uint64_t bytes,
                   cycle_t now)
{
    dram->counters.writes++;
    dram->counters.write_bytes += bytes;
    return occupy_port(dram, master, address, bytes, now);
}
