/* SPDX-License-Identifier: Apache-2.0 */
/* Address spaces: Sv39 page tables, and the areas that say what belongs where. Pages come on first touch; fork shares
 * them until one side writes. A space is used by one running task at a time (after vfork the parent waits), so it
 * needs no lock. The kernel never uses user addresses: it looks up the frame (space_resolve), so no user pointer can make
 * it fault. */
#ifndef MISSIVE_GUEST_SPACE_H
#define MISSIVE_GUEST_SPACE_H

#include <stdbool.h>
#include <stdint.h>

#include "boot/layout.h"

struct area {
    uint64_t begin, end; /* page-aligned */
    uint64_t protection; /* PROT_* */
    uint64_t shared;     /* MAP_SHARED: fork does not copy */
    const uint8_t *data; /* what is at begin at first: data_bytes of it, then zeros */
    uint64_t data_bytes;
};

#define AREA_MAX 64

struct space { /* in a page frame of its own */
    uint64_t *root;
    uint64_t users; /* tasks */
    uint64_t asid, asid_epoch;
    uint64_t stale_harts; /* that may hold translations or instructions which are no longer true */
    uint64_t brk_begin, brk_end;
    uint64_t area_count;
    struct area area[AREA_MAX]; /* by address */
};

void space_init(void);          /* the kernel's own tables */
void space_kernel_enable(void); /* turns this hart's paging on */

struct space *space_create(void);             /* NULL: no memory; one user */
struct space *space_copy(struct space *from); /* for fork; NULL: no memory */
void space_release(
    struct space *space); /* one user less; at none, gone. Never this hart's current one */
void space_activate(struct space *space); /* on this hart; NULL: the kernel's own */

/* A user access that the tables refuse: makes it possible if an area allows it. false: it does not, or no memory. */
bool space_fault(struct space *space, uint64_t address, uint64_t access);
/* Whether an area allows it: then only memory was missing. */
bool space_allows(struct space *space, uint64_t address, uint64_t access);
/* The physical address behind a user address, made present and private as the access (PROT_READ or PROT_WRITE)
 * needs; 0 if not allowed. Good up to the page's end. */
uint64_t space_resolve(struct space *space, uint64_t address, uint64_t access);

/* For area.c: takes pages of [begin, end) away, or gives those present another protection. */
void space_unmap(struct space *space, uint64_t begin, uint64_t end);
void space_protect(struct space *space, uint64_t begin, uint64_t end, const struct area *area);

#endif
