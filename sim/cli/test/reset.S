/* SPDX-License-Identifier: Apache-2.0 */
/* Four harts. Until cycle LATE they write to shared memory, with interrupts on their way; then hart 0 resets the
 * machine. After that they find everything as at first, print "again" and pass; else the status says what is not. */
#define LATE 200000
#define HARTS 4
#define FINISHER 0x100000
#define CLINT 0x2000000
#define UART 0x10000000
#define PLIC 0xC000000

.macro check register, expected, status
    li t1, \expected
    li a7, \status
    bne \register, t1, wrong
.endm

.globl _start
_start:
    rdcycle s0
    li t0, LATE
    bgtu s0, t0, again
    csrw mtvec, t0
    li t1, 0x888
    csrw mie, t1
    la s1, value
    li t1, CLINT + 0x4000
    slli t2, a0, 3
    add t1, t1, t2
    sd zero, 0(t1) /* the timer: due */
    li t1, UART
    sb s0, 7(t1)
    li t2, 3
    sb t2, 1(t1)
    li t1, PLIC
    sw t2, 40(t1)
busy:
    li t1, 1
    amoadd.d zero, t1, (s1)
    rdcycle s0
    bnez a0, busy
    bltu s0, t0, busy
    li t1, FINISHER
    li t0, 0x7777
    sw t0, 0(t1)
    j busy

again:
    li a7, 2
    csrr t0, mie
    bnez t0, wrong
    csrr t0, mip
    li a7, 3
    bnez t0, wrong
    csrr t0, mtvec
    li a7, 4
    bnez t0, wrong
    csrr t0, mhartid
    li a7, 5
    bne t0, a0, wrong
    lwu t0, 0(a1)
    check t0, 0xEDFE0DD0, 6
    la s1, count
    li t0, 1
    amoadd.d zero, t0, (s1)
    bnez a0, sleep
1:  ld t0, 0(s1)
    li t1, HARTS
    bltu t0, t1, 1b
    ld t0, value
    check t0, 77, 7
    li t2, UART
    lbu t0, 1(t2)
    check t0, 0, 8
    lbu t0, 7(t2)
    check t0, 0, 9
    li t1, PLIC
    lw t0, 40(t1)
    check t0, 0, 10
    la t1, text
2:  lbu t0, 0(t1)
    beqz t0, passed
    sb t0, 0(t2)
    addi t1, t1, 1
    j 2b
passed:
    li t0, 0x5555
    j finish
wrong:
    slli t0, a7, 16
    li t1, 0x3333
    or t0, t0, t1
finish:
    li t1, FINISHER
    sw t0, 0(t1)
sleep:
    wfi
    j sleep

.data
text: .asciz "again"
.balign 8
value: .dword 77
count: .dword 0
