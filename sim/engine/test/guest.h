/* SPDX-License-Identifier: Apache-2.0 */
/* For bare-metal test programs: every hart comes to `main` in machine mode with s0 = its number.
 * Words named below are set by the test before the start (run_guest.h). */
#include "base/memory_map.h"

.macro finish_with register /* the value stored into the finisher; does not return */
    li t0, MAP_FINISHER_BASE
    sw \register, 0(t0)
9:  j 9b
.endm

.macro pass
    li t1, 0x5555
    finish_with t1
.endm

.macro fail code
    li t1, (\code << 16) | 0x3333
    finish_with t1
.endm

/* Waits until all harts are here. Uses t0 to t2. */
.macro barrier word
    la t0, \word
    li t1, 1
    amoadd.w zero, t1, (t0)
    la t2, harts
    lw t2, 0(t2)
8:  lw t1, 0(t0)
    bne t1, t2, 8b
.endm

/* A word in a cache line of its own. */
.macro shared_word name
    .globl \name
    .balign 64
\name:
    .quad 0
    .balign 64
.endm

    .section .text
    .globl _start
_start:
    mv s0, a0
    mv s1, a1
    la sp, stacks
    addi t0, s0, 1
    slli t0, t0, 10
    add sp, sp, t0
    la t0, unexpected_trap
    csrw mtvec, t0
    j main

    .balign 4
unexpected_trap:
    csrr t1, mcause
    andi t1, t1, 15
    addi t1, t1, 100
    slli t1, t1, 16
    li t2, 0x3333
    or t1, t1, t2
    finish_with t1

    .section .data
    .balign 64
    .globl harts
harts: .quad 1
    .globl rounds
rounds: .quad 100
    .balign 64
stacks: .space 1024 * 64
    .section .text
