/* SPDX-License-Identifier: Apache-2.0 */
/* What the kernel keeps for each hart. In the kernel, register tp holds its address. The kernel runs with interrupts off
 * on one stack per hart: a task that must wait leaves nothing on it. */
#ifndef MISSIVE_GUEST_HART_H
#define MISSIVE_GUEST_HART_H

#include "base/memory_map.h"
#include "ipc/backend.h"

struct task;
struct space;

struct hart {
    uint64_t kernel_stack; /* its upper end; trap.S knows this place */
    uint64_t id;
    struct task *current;
    struct space *space;   /* in satp; NULL: the kernel's own */
    struct task *fp_owner; /* whose values the FP registers hold */
    uint64_t asid_epoch;
    uint64_t slice_end, dispatched; /* in ticks of `time` */
    uint64_t deadline;              /* the earliest of the tasks waiting on this hart */
    uint64_t tasks;                 /* that live here */
    uint32_t tags_used, next_tag;   /* smart bus blocks under way */
    struct ipc_list computation;    /* tasks ready to run here */
    /* Asleep, and nobody has rung yet: written by others, so in a line of its own. */
    uint32_t idle __attribute__((aligned(CACHE_LINE_BYTES)));
    uint64_t sleeps;
} __attribute__((aligned(CACHE_LINE_BYTES)));

extern struct hart harts[MAP_MAX_HARTS];

static inline struct hart *hart_this(void)
{
    struct hart *hart;
    __asm__ volatile("mv %0, tp" : "=r"(hart));
    return hart;
}

/* Prepares all harts' structures and lists; then lets the others begin. */
void harts_init(void);
void harts_release(void);

/* Sets this hart's own registers and turns paging on. */
void hart_enter(uint64_t id);
/* Works for ever, as its role says. */
_Noreturn void hart_work(void);
/* On all harts but the first: waits for harts_release. */
void hart_await_release(void);

/* Waits for an interrupt to be pending; does not take it. */
void hart_sleep(void);

#endif
