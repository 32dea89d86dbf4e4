/* SPDX-License-Identifier: Apache-2.0 */
/* Where things lie in the RAM of the privileged differential test, and what a step and its record consist of. Constants
 * only: harness.S includes it. Of a step's words only the settings of settings.def have no name here: they stand between
 * STEP_SETTINGS and STEP_MSTATUS. All words are 8 bytes. */
#ifndef MISSIVE_TEST_PRIVILEGED_LAYOUT_H
#define MISSIVE_TEST_PRIVILEGED_LAYOUT_H

#define RAM_BASE 0x80000000
#define RAM_SIZE 0x02000000
#define MACHINE_VECTORS 0x80000100
#define TABLES_BASE 0x80010000 /* two address spaces: roots, level 1, level 0, a page each */
#define TABLES_PAGES 6
#define VECTORS_BASE 0x80020000 /* supervisor's: one page, a table for each way to end */
#define VECTORS_STRIDE 0x100
#define CODE_BASE 0x80030000
#define CODE_PAGES 4
#define DATA_BASE 0x80040000
#define DATA_PAGES 8
#define STEPS_BASE 0x80200000
#define RECORDS_BASE 0x81200000
#define RECORDS_END 0x81d00000 /* QEMU puts its device tree above */

#define STEP_WORDS 0 /* of this step; 0: no more */
#define STEP_FLUSH                                                                                 \
    1 /* 0: none, 1: all, 2: of an address, 3: of an address in an ASID, 4: of an ASID */
#define STEP_FLUSH_ADDRESS 2
#define STEP_FLUSH_ASID 3
#define STEP_MSIP 4
#define STEP_MTIMECMP 5
#define STEP_UART_IER 6
#define STEP_PLIC_M 7
#define STEP_PLIC_S 8
#define STEP_MSTATUS 9
#define STEP_X 10 /* x1 to x28 */
#define STEP_REGISTERS 28
#define STEP_SETTINGS (STEP_X + STEP_REGISTERS)
#define SETTINGS 25 /* lines of settings.def */
/* Then the settings, then pokes: address, count of half-words, half-words padded to a word; address 0 ends. */

#define RECORD_MSTATUS 0
#define RECORD_LINK 1 /* which of the vectors was used */
#define RECORD_FCSR 2
#define RECORD_TABLES 3 /* a sum of the page table entries that change */
#define RECORD_X 4
#define RECORD_RESULTS (RECORD_X + STEP_REGISTERS)

#endif
