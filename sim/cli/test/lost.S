/* SPDX-License-Identifier: Apache-2.0 */
/* A kernel that is lost. NOWHERE: it jumps to where nothing is, and its trap handler is there, too. TABLES: its page tables
 * are outside RAM; machine mode passes if it is told so by an access fault. */
#define FINISHER 0x100000
#define OUTSIDE 0x700000000

.globl _start
_start:
#ifdef NOWHERE
    li t0, OUTSIDE
    csrw mtvec, t0
    jr t0
#else
    lla t0, trapped
    csrw mtvec, t0
    li t0, -1
    csrw pmpaddr0, t0
    li t0, 0x1F
    csrw pmpcfg0, t0
    li t0, 8 << 60 | OUTSIDE >> 12
    csrw satp, t0
    li t0, 1 << 11
    csrs mstatus, t0
    csrw mepc, zero
    mret
.balign 4
trapped:
    li t0, FINISHER
    csrr t1, mcause
    slli t1, t1, 16
    li t2, 0x13333 /* of cause 1, an instruction access fault */
    li t3, 0x3333
    or t1, t1, t3
    bne t1, t2, 1f
    li t1, 0x5555
1:  sw t1, 0(t0)
2:  j 2b
#endif
