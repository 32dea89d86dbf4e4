# SPDX-License-Identifier: Apache-2.0
# All harts add to two words, one with AMO, one with LR and SC; every addition must count.
#include "guest.h"
main:
    la s2, rounds
    ld s2, 0(s2)
    la s3, by_amo
    la s4, by_lr_sc
1:  li t0, 1
    amoadd.d zero, t0, (s3)
2:  lr.d t1, (s4)
    addi t1, t1, 1
    sc.d t2, t1, (s4)
    bnez t2, 2b
    addi s2, s2, -1
    bnez s2, 1b
    barrier arrived
    bnez s0, .
    pass
    .section .data
shared_word by_amo
shared_word by_lr_sc
shared_word arrived
