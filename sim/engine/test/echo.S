# SPDX-License-Identifier: Apache-2.0
# Gives back on the console what comes in, each byte on the error console plus one, until carrier
# is lost.
#include "guest.h"
#include "devices/uart_regs.h"
main:
    li s2, MAP_UART0_BASE
    li s3, MAP_UART1_BASE
1:  lbu t0, 5(s2)           # LSR
    andi t1, t0, 1          # data ready
    beqz t1, 2f
    lbu t1, 0(s2)
    sb t1, 0(s2)
    addi t1, t1, 1
    sb t1, 0(s3)
    j 1b
2:  lbu t1, 6(s2)           # MSR
    andi t1, t1, 0x80       # DCD
    bnez t1, 1b
    pass
