/* SPDX-License-Identifier: Apache-2.0 */
/* The physical memory map: that of QEMU's `virt` board (qemu hw/riscv/virt.c, virt_memmap), and the
 * hardware under study in a part that board leaves free. Shared with the guest; constants only, so that assembly
 * can include it. The guest learns what is present, and where, from the device tree. */
#ifndef MISSIVE_BASE_MEMORY_MAP_H
#define MISSIVE_BASE_MEMORY_MAP_H

#define MAP_FINISHER_BASE 0x00100000
#define MAP_FINISHER_SIZE 0x1000
#define MAP_CLINT_BASE 0x02000000
#define MAP_CLINT_SIZE 0x10000
#define MAP_SSWI_BASE                                                                              \
    0x02F00000 /* ACLINT supervisor software interrupts: setssip[hart], 4 bytes each */
#define MAP_SSWI_SIZE 0x4000
#define MAP_RTC_BASE 0x00101000
#define MAP_RTC_SIZE 0x1000
#define MAP_PLIC_BASE 0x0C000000
#define MAP_PLIC_SIZE 0x600000
#define MAP_VIRTIO_BASE 0x10001000 /* the first of the virtio-mmio slots */
#define MAP_VIRTIO_SIZE 0x1000     /* of each */
#define MAP_VIRTIO_SLOTS 8
#define MAP_UART0_BASE 0x10000000 /* console: stdin and stdout */
#define MAP_UART_SIZE 0x100
#define MAP_UART1_BASE 0x10009000 /* not on QEMU's board: stderr of `missive exec` */
#define MAP_RAM_BASE 0x80000000

/* The message mechanism's windows (see hw-models/ipc). Each window is 16 GiB: its offset is an offset into RAM. */
#define MAP_MECHANISM_BASE 0x1000000000
#define MAP_MECHANISM_WINDOW 0x400000000
#define MAP_MECHANISM_SIZE 0x2000000000

#define MAP_MAX_HARTS 64
#define MAP_MAX_DRIVES 6 /* the other virtio slots: console, entropy */
#define MAP_MAX_NICS 6   /* behind the drives: six of both */

/* Interrupt sources of the PLIC; as on QEMU's board but UART1's. */
#define IRQ_VIRTIO(slot) (1 + (slot))
#define IRQ_UART0 10
#define IRQ_RTC 11
#define IRQ_UART1 12

#endif
