/* SPDX-License-Identifier: Apache-2.0 */
/* The five primitives the kernel's IPC rests on, and who implements them: one backend for each line of
 * hw-models/ipc/mechanisms.def, chosen at boot by the device tree. A list is a singly linked circle of control blocks, of
 * which only the backend (or its hardware) touches word and links. */
#ifndef MISSIVE_GUEST_BACKEND_H
#define MISSIVE_GUEST_BACKEND_H

#include "include/spinlock.h"
#include "ipc/control_block.h"

struct ipc_list {
    uint64_t
        last; /* physical address of the last element, or 0; nothing hardware touches shares its line */
    struct spinlock lock; /* of backends that need one */
} __attribute__((aligned(CACHE_LINE_BYTES)));

struct ipc_backend {
    const char *name;
    /* base: the mechanism's registers, virtual; 0 if it has none. Called once, before any list is used. */
    void (*init)(uint64_t base);
    /* Puts cb last. What the caller wrote into cb before is seen by whoever takes it. */
    void (*enqueue)(struct ipc_list *list, struct control_block *cb);
    /* Takes the first off; NULL if the list is empty. */
    struct control_block *(*first)(struct ipc_list *list);
    /* Takes cb out wherever it is; false if it is not on the list. */
    bool (*dequeue)(struct ipc_list *list, struct control_block *cb);
    /* Begins to move bytes (> 0) between places that do not overlap; physical addresses, any alignment, not
     * crossing a page. Done when copy_wait has returned. */
    void (*copy)(uint64_t to, uint64_t from, uint64_t bytes);
    void (*copy_wait)(void);
    /* Interrupts a hart that has nothing to do. */
    void (*notify)(struct hart *hart);
};

extern const struct ipc_backend *ipc; /* the one in use */

/* Chooses the backend for `compatible`; NULL: software. Panics if this kernel has none. */
void backend_choose(const char *compatible, uint64_t base);

/* Makes an empty list; kind: enum list_kind; owner: the number of the hart it serves. */
void ipc_list_init(struct ipc_list *list, uint64_t kind, uint64_t owner);

/* notify for backends without a better way: a store to the ACLINT's supervisor software interrupts. */
void backend_ring(struct hart *hart);

#endif
