/* SPDX-License-Identifier: Apache-2.0 */
/* A device's own way to RAM, coherent with the harts' caches. A device works in steps: all that a
 * step moves is asked of caches and memory in the step's first cycle, so that nobody else waits for
 * more than its beats, and takes the device itself as long as one access after the other does.
 *
 * Not modelled: contention for the address bus (the memory has a port of its own for devices). */
#ifndef MISSIVE_DEVICES_DMA_H
#define MISSIVE_DEVICES_DMA_H

#include "memory/coherence.h"

struct dma {
    struct coherence *coherence;
    unsigned master; /* as the memory reports it */
    cycle_t now;     /* the step's first cycle */
    cycle_t spent;   /* what it has taken so far */
};

void dma_begin(struct dma *dma, cycle_t now);
/* Between RAM and a buffer. STATUS_NO_TARGET: not all of it is in RAM, nothing was moved. */
enum status dma_read(struct dma *dma, uint64_t address, void *bytes, uint64_t size_bytes);
enum status dma_write(struct dma *dma, uint64_t address, const void *bytes, uint64_t size_bytes);
bool dma_reaches(const struct dma *dma, uint64_t address, uint64_t size_bytes);

#endif
