/* SPDX-License-Identifier: Apache-2.0 */
/* Loops for ever, and reads nothing. */
.globl _start
_start:
    j _start
