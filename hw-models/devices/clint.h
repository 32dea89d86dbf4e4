/* SPDX-License-Identifier: Apache-2.0 */
/* The SiFive CLINT (as on QEMU's virt board): machine software interrupts, the time, and machine
 * timer interrupts. Registers take aligned accesses of 4 bytes, mtimecmp and mtime also of 8. All
 * time on the board is mtime: what software stores there, harts learn of in the same cycle (those that
 * ran ahead, in their next turn), and `time` and Sstc's timers follow. Registers of absent harts read 0 and
 * ignore stores. */
#ifndef MISSIVE_DEVICES_CLINT_H
#define MISSIVE_DEVICES_CLINT_H

#include "base/memory_map.h"
#include "devices/clint_regs.h"
#include "devices/device.h"

/* Who else knows the time. Filled in by the platform. */
struct time_port {
    void *owner;
    /* From `now` on, mtime is the cycle's number in ticks plus `offset_ticks`, modulo 2^64. */
    void (*set)(void *owner, uint64_t offset_ticks, cycle_t now);
};

struct clint {
    struct interrupt_port port;
    struct time_port time;
    unsigned hart_count;
    uint64_t cycles_per_tick, offset_ticks;
    uint64_t mtimecmp[MAP_MAX_HARTS]; /* ticks; reset to the highest value: no interrupt */
    bool msip[MAP_MAX_HARTS];
    bool mtip[MAP_MAX_HARTS];
    cycle_t next_cycle; /* when the next timer interrupt rises, or falls since mtime overflows */
};

/* hart_count is at most MAP_MAX_HARTS, cycles_per_tick at least 1. mtime begins as the cycle's number in ticks,
 * of which `time`, whose set may be NULL, is not told. */
void clint_init(struct clint *clint, unsigned hart_count, uint64_t cycles_per_tick,
                struct interrupt_port port, struct time_port time);
/* Attached at MAP_CLINT_BASE; its `self` is clint. */
struct device clint_device(struct clint *clint);

#endif
