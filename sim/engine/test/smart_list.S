# SPDX-License-Identifier: Apache-2.0
# All harts at one smart-bus list: each puts its own elements on it, then takes and puts back,
# over and over. Element: link, then how often it was taken. At the end hart 0 takes all off and
# adds up.
#include "guest.h"
#include "ipc/smart_bus_regs.h"
#define ELEMENTS 4          /* each hart's */
#define ELEMENT_BYTES 64
main:
    li s2, MAP_MECHANISM_BASE
    la s3, list
    li t0, MAP_RAM_BASE
    sub s3, s3, t0          # the list's place, as an offset into RAM
    li t0, SMART_ENQUEUE
    add s4, s2, t0
    add s4, s4, s3
    li t0, SMART_FIRST
    add s5, s2, t0
    add s5, s5, s3
    la t1, elements
    li t2, ELEMENTS * ELEMENT_BYTES
    mul t2, t2, s0
    add t1, t1, t2
    li t2, ELEMENTS
1:  sd t1, 0(s4)
    addi t1, t1, ELEMENT_BYTES
    addi t2, t2, -1
    bnez t2, 1b
    barrier begun

    la s6, rounds
    ld s6, 0(s6)
2:  ld t1, 0(s5)
    beqz t1, 2b             # all are in others' hands
    ld t2, 8(t1)
    addi t2, t2, 1
    sd t2, 8(t1)
    sd t1, 0(s4)
    addi s6, s6, -1
    bnez s6, 2b
    barrier ended
    bnez s0, .

    li s6, 0                # elements
    li s7, 0                # times taken
3:  ld t1, 0(s5)
    beqz t1, 4f
    ld t2, 8(t1)
    addi s6, s6, 1
    add s7, s7, t2
    j 3b
4:  la t0, found
    sd s6, 0(t0)
    la t0, taken
    sd s7, 0(t0)
    pass
    .section .data
shared_word list
shared_word begun
shared_word ended
shared_word found
shared_word taken
elements: .space ELEMENTS * ELEMENT_BYTES * 16
