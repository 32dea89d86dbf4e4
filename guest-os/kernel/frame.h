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
void frame_share(void *frame);
void frame_release(void *frame); /* free when the count reaches 0 */
uint32_t frame_shares(const void *frame);
uint64_t frame_total(void);
uint64_t frame_free(void);

#endif
