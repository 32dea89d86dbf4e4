/* SPDX-License-Identifier: Apache-2.0 */
/* The SiFive CLINT (as on QEMU's virt board): machine software interrupts, the time, and machine
 * timer interrupts. Registers take aligned accesses of 4 bytes, mtimecmp and mtime also of 8. mtime
 * cannot be set: harts derive their `time` from the same clock, and it is one clock. Registers of
 * absent harts read 0 and ignore stores. */
#ifndef MISSIVE_DEVICES_CLINT_H
#define MISSIVE_DEVICES_CLINT_H

#include "base/memory_map.h"
#include "devices/clint_regs.h"
#include "devices/device.h"

struct clint {
    struct interrupt_port port;
    unsigned hart_count;
    uint64_t cycles_per_tick;
    uint64_t mtimecmp[MAP_MAX_HARTS]; /* ticks; reset to the highest value: no interrupt */
    bool msip[MAP_MAX_HARTS];
    bool mtip[MAP_MAX_HARTS];
    cycle_t next_cycle; /* the earliest timer interrupt not raised yet */
};

/* hart_count is at most MAP_MAX_HARTS, cycles_per_tick at least 1. */
void clint_init(struct clint *clint, unsigned hart_count, uint64_t cycles_per_tick,
                struct interrupt_port port);
/* Attached at MAP_CLINT_BASE; its `self` is clint. */
struct device clint_device(struct clint *clint);

#endif
