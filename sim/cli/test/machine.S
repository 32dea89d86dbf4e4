/* SPDX-License-Identifier: Apache-2.0 */
/* Started in machine mode, anywhere: writes to the last page of RAM below the device tree, and ends
 * with status MiB of its own address above the start of RAM, plus one; 9 if a1 is no device tree, 8
 * if a hart's a0 is not its number. It begins with a Linux Image's header. */
.globl _start
_start:
    j begin
    .balign 8
    .dword 0x400000 /* text_offset */
    .dword 0x100000 /* image_size */
    .dword 0, 0, 0, 0
    .ascii "RSC\x05"
    .word 0
begin:
    csrr t0, mhartid
    li t2, 8
    bne t0, a0, finish
    bnez a0, sleep
    li t2, 9
    lwu t0, 0(a1)
    li t1, 0xEDFE0DD0
    bne t0, t1, finish
    li t0, -4096
    add t0, a1, t0
    sd t0, 0(t0)
    auipc t2, 0
    li t0, 0x80000000
    sub t2, t2, t0
    srli t2, t2, 20
    addi t2, t2, 1
finish:
    slli t2, t2, 16
    li t0, 0x3333
    or t2, t2, t0
    li t0, 0x100000
    sw t2, 0(t0)
sleep:
    wfi
    j sleep
