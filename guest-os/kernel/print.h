/* SPDX-License-Identifier: Apache-2.0 */
/* The kernel's own words, on the stderr UART. */
#ifndef MISSIVE_GUEST_PRINT_H
#define MISSIVE_GUEST_PRINT_H

#define PANIC_STATUS 0x1ff

/* One piece of text. %s a string, %d a uint64_t in decimal, %x one in hexadecimal with 0x; nothing else. Arguments of %d
 * and %x must be 64 bits wide. */
void print(const char *format, ...);

/* Prints one line and ends the machine with PANIC_STATUS. */
_Noreturn void panic(const char *format, ...);

#endif
