/* SPDX-License-Identifier: Apache-2.0 */
/* The format of a page table's entries: what the hart's walk reads and the guest kernel writes. Constants only. Source:
 * RISC-V privileged specification 1.12, Sv39. */
#ifndef MISSIVE_BASE_PAGE_TABLE_H
#define MISSIVE_BASE_PAGE_TABLE_H

#define PAGE_SHIFT 12

#define SV39_LEVELS 3
#define SV39_LEVEL_BITS 9 /* of a virtual address, chosen by one level */

#define PTE_V 0x01 /* valid */
#define PTE_R 0x02
#define PTE_W 0x04
#define PTE_X 0x08       /* none of R, W, X: a pointer to the next level's table */
#define PTE_U 0x10       /* of user mode */
#define PTE_G 0x20       /* in every address space */
#define PTE_A 0x40       /* accessed */
#define PTE_D 0x80       /* dirty */
#define PTE_PPN_SHIFT 10 /* the two bits below are free for the kernel */

#endif
