# SPDX-License-Identifier: Apache-2.0
# Hart 0 passes two markers, 6 and 7, and notes the cycle after the second.
#include "guest.h"
main:
    li t0, 30000
1:  addi t0, t0, -1
    bnez t0, 1b
    bnez s0, 2f
    slti zero, zero, 6
    slti zero, zero, 7
    csrr t2, cycle
    la t0, passed
    sd t2, 0(t0)
2:  barrier arrived
    bnez s0, .
    pass
    .section .data
shared_word passed
shared_word arrived
