/* SPDX-License-Identifier: Apache-2.0 */
/* console.h; registers as in the 16550's data sheet (National Semiconductor PC16550D), one byte each. */
#include "kernel/console.h"

#include <stdbool.h>

#include "boot/machine.h"
#include "include/linux.h"
#include "include/spinlock.h"

#define UART_DATA 0
#define UART_FIFO_CONTROL 2
#define UART_MODEM_CONTROL 4
#define UART_LINE_STATUS 5
#define UART_MODEM_STATUS 6
#define FIFO_ENABLE 1
#define LINE_DATA_READY 0x01
#define LINE_TRANSMIT_EMPTY 0x20
#define MODEM_CARRIER 0x80
#define MODEM_REQUEST_TO_SEND 0x02
#define FIFO_BYTES 16

static struct spinlock locks[2];

static inline volatile uint8_t *reg(enum console which, unsigned number)
{
    return (volatile uint8_t *)(machine.uart[which] + number);
}

void console_init(void)
{
    *reg(CONSOLE_MAIN, UART_FIFO_CONTROL) = FIFO_ENABLE;
    *reg(CONSOLE_ERROR, UART_FIFO_CONTROL) = FIFO_ENABLE;
    *reg(CONSOLE_MAIN, UART_MODEM_CONTROL) = 0;
    *reg(CONSOLE_ERROR, UART_MODEM_CONTROL) = 0;
}

/* Both names of a single UART share its lock. */
static struct spinlock *lock_of(enum console which)
{
    return &locks[machine.uart[which] == machine.uart[CONSOLE_MAIN] ? CONSOLE_MAIN : which];
}

void console_put(enum console which, const void *bytes, size_t size_bytes)
{
    const uint8_t *byte = bytes;
    if (!machine.uart[which])
        return;
    spinlock_take(lock_of(which));
    for (size_t sent = 0; sent < size_bytes; sent++) {
        if (sent % FIFO_BYTES == 0)
            while (!(*reg(which, UART_LINE_STATUS) & LINE_TRANSMIT_EMPTY))
                ;
        *reg(which, UART_DATA) = byte[sent];
    }
    spinlock_give(lock_of(which));
}

int64_t console_get(void *bytes, size_t size_bytes)
{
    uint8_t *byte = bytes;
    size_t count = 0;
    spinlock_take(lock_of(CONSOLE_MAIN));
    /* The outside sends only while it is asked to, so that input nobody reads is left to the next program. */
    *reg(CONSOLE_MAIN, UART_MODEM_CONTROL) = MODEM_REQUEST_TO_SEND;
    /* Carrier first: bytes that came in before it fell are read after it. */
    bool carrier = *reg(CONSOLE_MAIN, UART_MODEM_STATUS) & MODEM_CARRIER;
    while (count < size_bytes && (*reg(CONSOLE_MAIN, UART_LINE_STATUS) & LINE_DATA_READY))
        byte[count++] = *reg(CONSOLE_MAIN, UART_DATA);
    *reg(CONSOLE_MAIN, UART_MODEM_CONTROL) = 0;
    spinlock_give(lock_of(CONSOLE_MAIN));
    return count || !carrier ? (int64_t)count : -EAGAIN;
}
