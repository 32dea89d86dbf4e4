/* SPDX-License-Identifier: Apache-2.0 */
/* The SiFive test finisher's one register (offset 0, 4 bytes). Constants only: shared with the
 * guest. Source: QEMU hw/misc/sifive_test.c. */
#ifndef MISSIVE_DEVICES_FINISHER_REGS_H
#define MISSIVE_DEVICES_FINISHER_REGS_H

#define FINISHER_PASS 0x5555
#define FINISHER_FAIL 0x3333 /* | code << 16 */
#define FINISHER_RESET 0x7777

#endif
