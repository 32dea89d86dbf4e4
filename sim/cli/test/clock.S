/* SPDX-License-Identifier: Apache-2.0 */
/* Hart 0 sets mtime far ahead: `time` of both harts follows, hart 1 is woken by Sstc's timer and then hart 0 by
 * the CLINT's. Passes, or ends with the number of the check that failed. */
#define CLINT 0x2000000
#define MTIME 0xBFF8
#define FINISHER 0x100000
#define AHEAD 0x10000000000
#define LONG 1000

.macro check_time status /* after AHEAD + LONG, but not by much */
    rdtime t0
    li t1, AHEAD + LONG
    sub t0, t0, t1
    li t1, LONG
    li a7, \status
    bgeu t0, t1, wrong
.endm

.globl _start
_start:
    lla s1, flag
    li s2, AHEAD + LONG
    bnez a0, other
1:  ld t0, 0(s1) /* the other is about to sleep */
    beqz t0, 1b
    li t0, LONG * 8
2:  addi t0, t0, -1
    bnez t0, 2b
    li s0, CLINT
    li t0, 0x4000
    add t0, t0, s0
    sd s2, 0(t0)
    li t0, 0x80
    csrw mie, t0
    li t0, MTIME
    add t0, t0, s0
    li t1, AHEAD
    sd t1, 0(t0)
    wfi
    check_time 2
3:  ld t0, 0(s1)
    li t1, 2
    bne t0, t1, 3b
    li t2, 0x5555
    j finish

other:
    li t0, 1 << 63
    csrw 0x30A, t0 /* menvcfg: STCE */
    csrw 0x14D, s2 /* stimecmp */
    li t0, 0x20
    csrw mie, t0
    li t0, 1
    sd t0, 0(s1)
    wfi
    check_time 3
    li t0, 2
    sd t0, 0(s1)
4:  wfi
    j 4b

wrong:
    slli t2, a7, 16
    li t0, 0x3333
    or t2, t2, t0
finish:
    li t0, FINISHER
    sw t2, 0(t0)
    j finish

.data
.balign 8
flag: .dword 0
