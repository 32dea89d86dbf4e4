/* SPDX-License-Identifier: Apache-2.0 */
/* Started by firmware in supervisor mode at 0x80200000: prints "next stage: " and how many harts the
 * firmware lets it start (SBI extension HSM), all of which answer, and shuts down. */
#define SBI_PUT 1
#define SBI_START 0x48534D
#define SBI_RESET 0x53525354

.globl _start
_start:
    mv s0, a0
    csrw stvec, zero /* it must exist: this is supervisor mode */
    lla a1, text
    call print
    li s2, 0
    li s1, 64
next:
    addi s1, s1, -1
    bltz s1, wait
    beq s1, s0, next
    mv a0, s1
    lla a1, other
    li a2, 0
    li a6, 0
    li a7, SBI_START
    ecall
    bnez a0, next
    addi s2, s2, 1
    j next
wait:
    lla t0, answers
    lw t0, 0(t0)
    bne t0, s2, wait
    addi a0, s2, '1'
    call put
    li a0, '\n'
    call put
    li a0, 0
    li a1, 0
    li a6, 0
    li a7, SBI_RESET
    ecall
other:
    lla t0, answers
    li t1, 1
    amoadd.w t1, t1, (t0)
1:  wfi
    j 1b

put:
    li a7, SBI_PUT
    ecall
    ret
print:
    mv s3, ra
    mv s4, a1
1:  lbu a0, 0(s4)
    beqz a0, 2f
    call put
    addi s4, s4, 1
    j 1b
2:  mv ra, s3
    ret

.data
answers: .word 0
text: .asciz "next stage: "
