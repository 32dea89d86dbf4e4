# SPDX-License-Identifier: Apache-2.0
# Hart 1 sends hart 0 a machine software interrupt, then a supervisor one; hart 0 sleeps until each.
#include "guest.h"
main:
    bnez s0, sender
    li t0, 0xA              # MSIE, SSIE
    csrw mie, t0
    la s2, ready
    li t0, 1
    sd t0, 0(s2)
1:  wfi
    csrr t1, mip
    andi t1, t1, 8
    beqz t1, 1b
    li t0, MAP_CLINT_BASE
    sw zero, 0(t0)
    li t0, 2
    sd t0, 0(s2)
2:  wfi
    csrr t1, mip
    andi t1, t1, 2
    beqz t1, 2b
    pass
sender:
    li s2, 1
    call wait_for
    li t0, MAP_CLINT_BASE
    li t1, 1
    sw t1, 0(t0)
    li s2, 2
    call wait_for
    li t0, MAP_SSWI_BASE
    li t1, 1
    sw t1, 0(t0)
    j .
wait_for:                   # and give hart 0 time to fall asleep
    la t0, ready
3:  ld t1, 0(t0)
    bne t1, s2, 3b
    li t2, 500
4:  addi t2, t2, -1
    bnez t2, 4b
    ret
    .section .data
shared_word ready
