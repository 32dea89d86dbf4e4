# SPDX-License-Identifier: Apache-2.0
# Two harts take turns: one makes the word odd, the other even. Each turn moves the line. With the
# word goes the cycle at which it was written: nobody may see it earlier.
#include "guest.h"
main:
    la s2, rounds
    ld s2, 0(s2)
    slli s2, s2, 1
    la s3, turn
    li s4, MAP_CLINT_BASE + 0xBFF8 # mtime
1:  beqz s0, 2f
    ld zero, 0(s4)          # keeps hart 1 from running ahead
2:  ld t0, 0(s3)
    bge t0, s2, 3f
    andi t1, t0, 1
    bne t1, s0, 1b
    csrr t2, mcycle
    ld t1, 8(s3)
    bltu t2, t1, before_its_cause
    bnez s0, 5f
    sd zero, 16(s3)         # owns the line, and then
    li t1, 200              # writes well ahead of hart 1's clock
4:  addi t1, t1, -1
    bnez t1, 4b
5:  csrr t2, mcycle
    sd t2, 8(s3)
    addi t0, t0, 1
    sd t0, 0(s3)
    j 1b
before_its_cause:
    fail 1
3:  barrier arrived
    bnez s0, .
    pass
    .section .data
shared_word turn
shared_word arrived
