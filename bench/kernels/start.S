# SPDX-License-Identifier: Apache-2.0
# Every hart comes to kernel_main(hart, device tree, its own 2 MiB) with a stack at the end of these; one that has no work
# sleeps for ever.
    .section .text.start
    .globl _start
_start:
    la t0, sleep                # a trap of a kernel is its end
    csrw mtvec, t0
    la a2, private_memory
    slli t0, a0, 21
    add a2, a2, t0
    li t1, 0x200000
    add sp, a2, t1
    call kernel_main
    .balign 4
sleep:
    csrw mie, zero
1:  wfi
    j 1b
