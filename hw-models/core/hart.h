/* SPDX-License-Identifier: Apache-2.0 */
/* A hardware thread: RV64GC with Zba, Zbb, Zbc, Zbs, Zicsr, Zifencei, Zicntr, Zihpm, Zihintpause and
 * Sstc; M, S and U mode; PMP; Sv39; private L1I and L1D. It runs ahead by itself on what is private to it (registers, L1 hits in a sufficient
 * MESI state) and stops at everything shared, naming the request it needs. Nothing here knows
 * SystemC, allocates, or blocks.
 *
 * Use:  switch (hart_run(h, until)) {
 *       case HART_RAN:     its clock has reached `until`
 *       case HART_REQUEST: carry out hart_request(h) at its cycle, then hart_complete(h, &response)
 *       case HART_WAITING: in WFI; call again at hart_wakeup(h) or when an interrupt line rose
 *       case HART_STOPPED: at a debugger's breakpoint, see debug.h
 *       }
 */
#ifndef MISSIVE_CORE_HART_H
#define MISSIVE_CORE_HART_H

#include "base/cycle.h"
#include "base/probe.h"
#include "base/request.h"
#include "core/annotations.h"
#include "memory/ram.h"

struct hart;         /* hart_state.h: plain data, copied to snapshot */
struct debug_points; /* debug.h */
struct block_store;  /* decoded blocks of one hart: derived state, never part of a snapshot. When a
                       hart is copied back, its store is initialised anew. */

struct hart_config {
    uint16_t id;
    uint32_t line_bytes; /* 64 */
    uint32_t l1i_bytes, l1i_ways;
    uint32_t l1d_bytes, l1d_ways;
    uint32_t l1_enabled;      /* 0: every access is a bus transaction (period-1987) */
    uint32_t cycles_per_tick; /* platform cycles per tick of `time` */
    bool untimed;             /* it begins without timing, see hart_begin_timing */
    uint32_t marker; /* not 0: it stands still at `slti x0, x0, marker` until timing begins */
    /* Of the core itself: see core.def. */
#define PARAMETER(group, name, standard, min, max, unit, doc, source) uint32_t name;
#include "core/core.def"
#undef PARAMETER
};

struct hart_links { /* all owned by the caller, alive as long as the hart */
    struct ram *ram;
    struct block_store *blocks;
    const struct annotations *annotations; /* may be NULL */
    struct probe *probe;                   /* may be NULL */
    const struct debug_points *points;     /* NULL; a debugger's, see hart_debug */
};

enum hart_outcome { HART_RAN, HART_REQUEST, HART_WAITING, HART_STOPPED };

/* STATUS_INVALID if a size is no power of two or out of range. */
enum status hart_init(struct hart *hart, const struct hart_config *config,
                      const struct hart_links *links);

/* Machine mode at pc, x10 = hart id, x11 = a1 (device tree), all else as the privileged spec's
 * reset. */
void hart_reset(struct hart *hart, uint64_t pc, uint64_t a1);

/* The same while the machine runs, at `now`: clock and counters go on, a request under way is
 * dropped, and so is all that was decoded (the store's owner initialises it anew before). */
void hart_restart(struct hart *hart, uint64_t pc, uint64_t a1, cycle_t now);

/* Runs until the local clock is at least `until`, or a request, or WFI. */
enum hart_outcome hart_run(struct hart *hart, cycle_t until);

/* The request outstanding after HART_REQUEST; owned by the hart, valid up to hart_complete. */
const struct request *hart_request(const struct hart *hart);
void hart_complete(struct hart *hart, const struct response *response);

/* A struct snooper's function. May be called at any time except inside hart_run; drops or
 * downgrades copies, breaks a reservation on INVALIDATE. */
struct snoop_result hart_snoop(void *hart, uint64_t line_address, enum snoop_kind kind,
                               cycle_t now);

/* Without timing an instruction is one cycle, memory takes none and is reached without caches, so
 * that nothing but devices is requested, and no snoop finds a copy. This ends that, with cold
 * caches; there is no way back. Not inside hart_run. To be called of all harts at once. */
void hart_begin_timing(struct hart *hart);

/* It stands at config.marker, only its clock goes on. */
bool hart_marked(const struct hart *hart);

/* Another hart has run since this one did: ends a reservation, because without timing nobody tells
 * what was written. */
void hart_other_ran(struct hart *hart);

/* Drives a bit of mip (number as in the privileged spec: 1 SSIP, 3 MSIP, 5 STIP, 7 MTIP, 9 SEIP, 11
 * MEIP). `now`: an idle hart's clock is moved up to it. */
void hart_set_interrupt(struct hart *hart, unsigned bit, bool level, cycle_t now);

/* `time` is the hart's cycle in ticks plus offset_ticks (modulo 2^64; 0 after reset) from now on; Sstc's timer follows.
 * `now` as above. */
void hart_set_time(struct hart *hart, uint64_t offset_ticks, cycle_t now);

cycle_t hart_now(const struct hart *hart);
/* The cycle at which Sstc's timer will wake or interrupt the hart by itself; CYCLE_NEVER if none.
 */
cycle_t hart_wakeup(const struct hart *hart);

struct hart_counters {
#define COUNTER(id, unit, doc) uint64_t id;
#include "core/hart_counters.def"
#undef COUNTER
};
const struct hart_counters *hart_counters(const struct hart *hart);

/* Architectural state, for debuggers, loaders and tests: x0..x31, f0..f31 (raw bits), pc. */
uint64_t hart_x(const struct hart *hart, unsigned number);
void hart_set_x(struct hart *hart, unsigned number, uint64_t value);
uint64_t hart_f(const struct hart *hart, unsigned number);
void hart_set_f(struct hart *hart, unsigned number, uint64_t value);
uint64_t hart_pc(const struct hart *hart);
/* Also ends WFI, and drops the result of an access under way (its request is still to be answered).
 */
void hart_set_pc(struct hart *hart, uint64_t pc);
/* As a csrr / csrw in machine mode would, without side effects on time. STATUS_NO_TARGET: no such
 * CSR. */
enum status hart_csr_read(const struct hart *hart, unsigned number, uint64_t *value);
enum status hart_csr_write(struct hart *hart, unsigned number, uint64_t value);

/* A hart is big: how much the caller must provide, and for how many decoded blocks. */
size_t hart_size(void);
size_t block_store_size(unsigned blocks);
void block_store_init(struct block_store *store, unsigned blocks);

#endif
