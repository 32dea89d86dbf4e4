# SPDX-License-Identifier: Apache-2.0
# A kernel for test_elf_image.c: code in activity sections, three probes, one symbol. It never runs.
    .section .text.trap, "ax"
    .globl _start
_start:
    nop
2:  nop
    .section .text.copy, "ax"
1:  nop
    nop
    .section .text.nonsense, "ax"
    nop
    .section .data, "aw"
    .balign 8
    .globl answer
answer:
    .quad 42

    .section .missive.probes, "", @progbits
    .balign 8
    .quad 1b                # register, memory
    .word PROBE_EVENT, 2
    .asciz "a0"
    .asciz "-16(s11)"
    .balign 8
    .quad 2b                # two probes on one pc keep their order
    .word PROBE_EVENT, 1
    .asciz "0x7f"
    .balign 8
    .quad 2b
    .word PROBE_EVENT, 0
    .balign 8
