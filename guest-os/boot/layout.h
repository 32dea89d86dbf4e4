/* SPDX-License-Identifier: Apache-2.0 */
/* Where things are in virtual memory (Sv39). The kernel runs identity-mapped at the start of RAM, by global
 * gigapages that every address space holds and no user may touch; devices and the message mechanism are reached
 * through a second window, because their physical addresses are the user's virtual ones. Constants only. */
#ifndef MISSIVE_GUEST_LAYOUT_H
#define MISSIVE_GUEST_LAYOUT_H

#define PAGE_BYTES 4096
#define GIGAPAGE_SHIFT 30

/* device at physical address P: virtual DEVICE_WINDOW + P */
#define DEVICE_WINDOW 0xffffffc000000000
#define DEVICE_WINDOW_INDEX 256 /* in the root page table */

#define USER_LOW_BEGIN 0x1000
#define USER_LOW_END 0x80000000
#define USER_HIGH_BEGIN 0x2000000000
#define USER_HIGH_END 0x3ffffff000
#define USER_STACK_BYTES 0x800000
#define USER_STACK_PLACES 256 /* pages: where a stack ends varies with the seed, as on Linux */
#define USER_PIE_BASE 0x2aaaaaa000

#define KERNEL_STACK_BYTES 8192
#define BOOT_HART 0

#endif
