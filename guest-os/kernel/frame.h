/* SPDX-License-Identifier: Apache-2.0 */
/* Page frames: all RAM that kernel, archive and device tree leave. Each frame in use has a count of those who
 * share it. Addresses are physical, which are the kernel's own. */
#ifndef MISSIVE_GUEST_FRAME_H
#define MISSIVE_GUEST_FRAME_H

#include <stdint.h>

/* Placement is permuted by machine.seed within groups of frames, as it varies on real machines. */
void frame_init(void);

void *frame_allocate(void); /* NULL: no memory. Contents undefined, count 1 */
void *frame_allocate_zeroed(void);
/* For a structure of the kernel: a zeroed frame's address, moved by some cache lines as the structure's size allows, another
 * number each time. At equal places in their pages the same fields of all tasks would share one set of a
 * cache (Bonwick, "The slab allocator", USENIX 1994: colouring). */
void *frame_allocate_coloured(uint64_t size_bytes);
/* Both take any address in the frame. */
void frame_share(void *frame);
void frame_release(void *frame); /* free when the count reaches 0 */
uint32_t frame_shares(const void *frame);
uint64_t frame_total(void);
uint64_t frame_free(void);

#endif
