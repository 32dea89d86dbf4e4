# SPDX-License-Identifier: Apache-2.0
# Two harts take turns: one makes the word odd, the other even. Each turn moves the line.
#include "guest.h"
main:
    la s2, rounds
    ld s2, 0(s2)
    slli s2, s2, 1
    la s3, turn
1:  ld t0, 0(s3)
    bge t0, s2, 3f
    andi t1, t0, 1
    bne t1, s0, 1b
    addi t0, t0, 1
    sd t0, 0(s3)
    j 1b
3:  barrier arrived
    bnez s0, .
    pass
    .section .data
shared_word turn
shared_word arrived
