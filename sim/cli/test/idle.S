/* SPDX-License-Identifier: Apache-2.0 */
/* Sleeps until a character comes on the serial line, as an operating system's idle loop does: by its
 * interrupt. 'q' ends it with status 7. */
#define UART 0x10000000
#define PLIC 0x0C000000
#define FINISHER 0x100000
#define SOURCE 10

.globl _start
_start:
    li s0, UART
    li s1, PLIC
    li t0, 1
    sb t0, 1(s0) /* IER: received */
    sw t0, SOURCE * 4(s1)
    li t0, 1 << SOURCE
    li t1, PLIC + 0x2000
    sw t0, 0(t1) /* enabled for context 0: machine mode of hart 0 */
    li t0, 1 << 11
    csrw mie, t0
    li s2, PLIC + 0x200000
sleep:
    wfi
    csrr t0, mip
    srli t0, t0, 11
    beqz t0, sleep
    lw s3, 4(s2) /* claim */
    lbu t1, 0(s0)
    sw s3, 4(s2)
    li t2, 'q'
    bne t1, t2, sleep
    li t0, FINISHER
    li t1, 7 << 16 | 0x3333
    sw t1, 0(t0)
    j sleep
