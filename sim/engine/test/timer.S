# SPDX-License-Identifier: Apache-2.0
# Sleeps until the CLINT's timer, then until Sstc's. Both must come, and not early.
#include "guest.h"
#define TICKS 50
main:
    li s2, MAP_CLINT_BASE
    li t0, 0x80             # MTIE
    csrw mie, t0
    csrr s3, time
    addi s3, s3, TICKS
    li t0, 0x4000
    add t0, s2, t0
    sd s3, 0(t0)            # mtimecmp
1:  wfi
    csrr t1, mip
    andi t1, t1, 0x80
    beqz t1, 1b
    csrr t1, time
    bltu t1, s3, early
    li t1, -1
    sd t1, 0(t0)
    csrr t1, mip
    andi t1, t1, 0x80
    bnez t1, still_pending

    li t0, 1
    slli t0, t0, 63         # menvcfg.STCE
    csrs 0x30a, t0
    li t0, 0x20             # STIE
    csrw mie, t0
    csrr s3, time
    addi s3, s3, TICKS
    csrw 0x14d, s3          # stimecmp
2:  wfi
    csrr t1, mip
    andi t1, t1, 0x20
    beqz t1, 2b
    csrr t1, time
    bltu t1, s3, early
    pass
early:
    fail 1
still_pending:
    fail 2
