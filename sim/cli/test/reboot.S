/* SPDX-License-Identifier: Apache-2.0 */
/* Started by firmware in supervisor mode: asks it for a reset at once (SBI extension SRST; TYPE 1: cold, 2: warm). */
#define SBI_RESET 0x53525354

.globl _start
_start:
    li a0, TYPE
    li a1, 0
    li a6, 0
    li a7, SBI_RESET
    ecall
1:  j 1b
