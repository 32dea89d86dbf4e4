/* SPDX-License-Identifier: Apache-2.0 */
/* The SiFive CLINT's and the ACLINT SSWI's registers, as offsets. Constants only: shared with the
 * guest. Source: SiFive U54 manual, chapter CLINT; RISC-V ACLINT specification 1.0-rc4. */
#ifndef MISSIVE_DEVICES_CLINT_REGS_H
#define MISSIVE_DEVICES_CLINT_REGS_H

#define CLINT_MSIP(hart) (4 * (hart))              /* 4 bytes; bit 0 */
#define CLINT_MTIMECMP(hart) (0x4000 + 8 * (hart)) /* 8 bytes */
#define CLINT_REGISTER_HARTS 4095                  /* so many have registers */
#define CLINT_MTIME 0xBFF8                         /* 8 bytes */

#define SSWI_SETSSIP(hart) (4 * (hart)) /* 4 bytes; storing 1 raises SSIP, loads give 0 */

#endif
