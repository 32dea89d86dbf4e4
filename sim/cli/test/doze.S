/* SPDX-License-Identifier: Apache-2.0 */
/* Sleeps, and nothing will ever wake it. */
.globl _start
_start:
    wfi
    j _start
