# SPDX-License-Identifier: Apache-2.0
# Meets a target and an initiator of somebody else's (test_extend.cpp): stores to the target,
# reads it back, then waits for the initiator to write a word that this hart has cached. Then an
# address at which nobody answers.
#include "guest.h"
#define TARGET 0x40000000
main:
    li s2, TARGET
    li t0, 0x1234
    sw t0, 8(s2)
    lw t1, 8(s2)
    bne t0, t1, wrong
    la s3, mailbox
1:  ld t1, 0(s3)
    beqz t1, 1b
    li t0, 77
    bne t0, t1, wrong
    la t0, expected_fault
    csrw mtvec, t0
    li s2, 0x50000000
    lw t1, 0(s2)
wrong:
    fail 1
    .balign 4
expected_fault:
    csrr t0, mcause
    li t1, 5                # load access fault
    bne t0, t1, wrong
    pass
    .section .data
shared_word mailbox
