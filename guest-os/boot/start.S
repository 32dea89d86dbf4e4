/* SPDX-License-Identifier: Apache-2.0 */
/* Reset: every hart comes here in machine mode, a0 = hart id, a1 = device tree. Opens memory, hands traps and
 * interrupts to supervisor mode, allows the timer and the counters there, and goes on in main. Machine mode is
 * not used again: a trap that reaches it is a bug, and ends the machine as a panic does. */
#include "base/memory_map.h"
#include "boot/layout.h"
#include "include/csr.h"

#define DELEGATED_EXCEPTIONS 0xb1ff /* all but those of supervisor and machine calls */
#define DELEGATED_INTERRUPTS 0x222
#define MSTATUS_MPP_SUPERVISOR (1 << 11)
#define MSTATUS_MPP_MASK (3 << 11)
#define PMP_NAPOT_RWX 0x1f

    .section .head, "ax", @progbits
    .globl start
start:
    li t0, MAP_MAX_HARTS
    bgeu a0, t0, park
    la t0, machine_trap
    csrw mtvec, t0
    li t0, -1
    srli t0, t0, 10
    csrw pmpaddr0, t0
    li t0, PMP_NAPOT_RWX
    csrw pmpcfg0, t0
    li t0, DELEGATED_EXCEPTIONS
    csrw medeleg, t0
    li t0, DELEGATED_INTERRUPTS
    csrw mideleg, t0
    li t0, 7
    csrw mcounteren, t0
    csrw scounteren, t0
    li t0, 1
    slli t0, t0, 63
    csrs CSR_MENVCFG, t0
    li t0, -1
    csrw CSR_STIMECMP, t0
    csrw satp, zero
    csrw sie, zero
    li t0, MSTATUS_MPP_MASK
    csrc mstatus, t0
    li t0, MSTATUS_MPP_SUPERVISOR
    csrs mstatus, t0

    la sp, stacks
    addi t0, a0, 1
    li t1, KERNEL_STACK_BYTES
    mul t0, t0, t1
    add sp, sp, t0
    li t0, BOOT_HART
    bne a0, t0, 2f
    la t0, bss_begin
    la t1, bss_end
1:  bgeu t0, t1, 2f
    sd zero, 0(t0)
    addi t0, t0, 8
    j 1b
2:  la t0, main
    csrw mepc, t0
    mret

park:
    wfi
    j park

    .balign 4
machine_trap:
    li t0, MAP_FINISHER_BASE
    li t1, (0x1ff << 16) | 0x3333
    sw t1, 0(t0)
    j park

    .section .noinit, "aw", @nobits
    .balign 64
    .globl stacks
stacks:
    .space MAP_MAX_HARTS * KERNEL_STACK_BYTES
