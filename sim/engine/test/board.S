# SPDX-License-Identifier: Apache-2.0
# Interrupts through the PLIC: echoes the console asleep between bytes up to the first `.`, then has
# the virtio source of entropy fill a buffer by its ring, asleep until it is done.
#include "guest.h"
#include "devices/plic_regs.h"
#include "devices/uart_regs.h"
#include "devices/virtio_regs.h"
#define ENTROPY_SLOT 7
#define BYTES 16
    .macro set_register offset, value
    li t0, \value
    sw t0, \offset(s3)
    .endm
    .macro set_address offset, symbol
    la t0, \symbol
    sw t0, \offset(s3)
    srli t0, t0, 32
    sw t0, \offset + 4(s3)
    .endm
main:
    li s2, MAP_PLIC_BASE
    li t0, 1
    sw t0, PLIC_PRIORITY(IRQ_UART0)(s2)
    sw t0, PLIC_PRIORITY(IRQ_VIRTIO(ENTROPY_SLOT))(s2)
    li t1, PLIC_ENABLE(0, 0)
    add t1, t1, s2
    li t0, (1 << IRQ_UART0) | (1 << IRQ_VIRTIO(ENTROPY_SLOT))
    sw t0, 0(t1)
    li s4, PLIC_CLAIM(0)
    add s4, s4, s2
    li t0, 0x800            # MEIE
    csrw mie, t0

    li s3, MAP_UART0_BASE
    li t0, UART_IER_RECEIVED
    sb t0, UART_IER(s3)
    li s5, IRQ_UART0
echo:
    call claim
    lbu t0, UART_RBR(s3)
    sb t0, UART_THR(s3)
    sw s5, 0(s4)            # complete
    li t1, '.'
    bne t0, t1, echo
    sb zero, UART_IER(s3)

    li s3, MAP_VIRTIO_BASE + ENTROPY_SLOT * MAP_VIRTIO_SIZE
    li s5, IRQ_VIRTIO(ENTROPY_SLOT)
    lw t0, VIRTIO_DEVICE_ID(s3)
    li t1, VIRTIO_ID_ENTROPY
    bne t0, t1, no_device
    set_register VIRTIO_STATUS, 3
    set_register VIRTIO_DRIVER_FEATURES_SELECT, 1
    set_register VIRTIO_DRIVER_FEATURES, 1      # VERSION_1
    set_register VIRTIO_STATUS, 0xB
    set_register VIRTIO_QUEUE_SIZE, 2
    set_address VIRTIO_QUEUE_DESCRIPTORS, descriptors
    set_address VIRTIO_QUEUE_DRIVER, available
    set_address VIRTIO_QUEUE_DEVICE, used
    set_register VIRTIO_QUEUE_READY, 1
    set_register VIRTIO_STATUS, 0xF
    fence
    set_register VIRTIO_QUEUE_NOTIFY, 0
    call claim
    set_register VIRTIO_INTERRUPT_ACK, 1
    sw s5, 0(s4)
    la t1, used
    ld t0, 0(t1)            # flags 0, index 1, head 0
    li t2, 0x10000
    bne t0, t2, not_used
    lw t0, 8(t1)
    li t2, BYTES
    bne t0, t2, not_used
    pass

claim:                      # sleeps until a source can be claimed; it must be s5
    wfi
    csrr t0, mip
    srli t0, t0, 11
    andi t0, t0, 1
    beqz t0, claim
    lw t0, 0(s4)
    bne t0, s5, wrong_source
    ret
wrong_source:
    fail 1
no_device:
    fail 2
not_used:
    fail 3

    .section .data
    .balign 16
descriptors:
    .quad random
    .word BYTES
    .half VIRTIO_DESCRIPTOR_WRITE, 0
    .space 16
available:
    .half 0, 1, 0, 0
    .balign 8
used:
    .space 24
    .globl random
shared_word random
    .space 8
