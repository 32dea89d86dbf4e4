/* SPDX-License-Identifier: Apache-2.0 */
/* The PLIC's registers, 4 bytes each, as offsets. Constants only: shared with the guest. Source:
 * RISC-V Platform-Level Interrupt Controller specification 1.0.0. */
#ifndef MISSIVE_DEVICES_PLIC_REGS_H
#define MISSIVE_DEVICES_PLIC_REGS_H

#define PLIC_PRIORITY(source) (4 * (source))
#define PLIC_PENDING(word) (0x1000 + 4 * (word)) /* load only; a bit for each source */
#define PLIC_ENABLE(context, word) (0x2000 + 0x80 * (context) + 4 * (word))
#define PLIC_ENABLE_STRIDE 0x80
#define PLIC_THRESHOLD(context) (0x200000 + 0x1000 * (context))
#define PLIC_CLAIM(context) (0x200004 + 0x1000 * (context)) /* load: claim; store: complete */
#define PLIC_CONTEXT_STRIDE 0x1000

/* Contexts of a hart on this board. */
#define PLIC_CONTEXT_M(hart) (2 * (hart))
#define PLIC_CONTEXT_S(hart) (2 * (hart) + 1)

#define PLIC_SOURCES 97 /* 0 is none: 96 interrupts, as on QEMU's board */
#define PLIC_PRIORITY_MAX 7

#endif
