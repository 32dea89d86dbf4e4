/* SPDX-License-Identifier: Apache-2.0 */
/* The console: two 16550 UARTs, polled. Bytes go out and come in as they are; there is no terminal (TCGETS says
 * ENOTTY). End of input is carrier loss (DCD low in the modem status register) with nothing left to read. */
#ifndef MISSIVE_GUEST_CONSOLE_H
#define MISSIVE_GUEST_CONSOLE_H

#include <stddef.h>
#include <stdint.h>

enum console { CONSOLE_MAIN, CONSOLE_ERROR };

void console_init(void);

/* Returns when all bytes are in the UART. Pieces of two harts do not mix. */
void console_put(enum console which, const void *bytes, size_t size_bytes);

/* Reads what is there, up to size_bytes: the number of bytes, 0 at the end of input, -EAGAIN if there is nothing at this
 * time. */
int64_t console_get(void *bytes, size_t size_bytes);

#endif
