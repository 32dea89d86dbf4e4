# SPDX-License-Identifier: Apache-2.0
# Every hart copies 500 bytes by tagged blocks, from odd to odd addresses, `rounds` times,
# changing the source before each; then compares.
#include "guest.h"
#include "ipc/smart_bus_regs.h"
#define BYTES 500
#define TAG 2
main:
    li t0, 2048
    mul t0, t0, s0
    la s3, areas
    add s3, s3, t0
    addi s3, s3, 3          # source
    addi s4, s3, 1025       # destination
    la s6, rounds
    ld s6, 0(s6)
round:
    li t0, BYTES
    mv t1, s3
1:  mul t2, t0, s6
    sb t2, 0(t1)
    addi t1, t1, 1
    addi t0, t0, -1
    bnez t0, 1b

    li t0, SMART_BLOCK_READ
    mv t1, s3
    call begin_block
    li t0, SMART_BLOCK_WRITE
    mv t1, s4
    call begin_block
    li t0, MAP_MECHANISM_BASE + SMART_BLOCK_WAIT + 8 * TAG
    ld t1, 0(t0)
    bnez t1, refused

    li t0, BYTES
    mv t1, s3
    mv t2, s4
2:  lbu t3, 0(t1)
    lbu t4, 0(t2)
    bne t3, t4, differs
    addi t1, t1, 1
    addi t2, t2, 1
    addi t0, t0, -1
    bnez t0, 2b
    addi s6, s6, -1
    bnez s6, round
    barrier arrived
    bnez s0, .
    pass
begin_block:                # t0: window, t1: address
    li t2, MAP_RAM_BASE
    sub t1, t1, t2
    andi t2, t1, 7
    slli t2, t2, 48
    li t3, TAG << 32 | BYTES
    or t2, t2, t3
    andi t1, t1, -8
    add t0, t0, t1
    li t1, MAP_MECHANISM_BASE
    add t0, t0, t1
    sd t2, 0(t0)
    ret
refused:
    fail 1
differs:
    fail 2
    .section .data
shared_word arrived
areas: .space 2048 * 16
