/* SPDX-License-Identifier: Apache-2.0 */
/* The registers of a 16550A, one byte each, and their bits. Constants only: shared with the guest.
 * Source: National Semiconductor PC16550D data sheet. */
#ifndef MISSIVE_DEVICES_UART_REGS_H
#define MISSIVE_DEVICES_UART_REGS_H

#define UART_RBR 0 /* load: received byte */
#define UART_THR 0 /* store: byte to send */
#define UART_DLL 0 /* with LCR_DLAB */
#define UART_IER 1
#define UART_DLM 1 /* with LCR_DLAB */
#define UART_IIR 2 /* load */
#define UART_FCR 2 /* store */
#define UART_LCR 3
#define UART_MCR 4
#define UART_LSR 5
#define UART_MSR 6
#define UART_SCR 7

#define UART_IER_RECEIVED 0x01
#define UART_IER_THR_EMPTY 0x02
#define UART_IER_LINE_STATUS 0x04
#define UART_IER_MODEM_STATUS 0x08

#define UART_IIR_NONE 0x01
#define UART_IIR_MODEM_STATUS 0x00
#define UART_IIR_THR_EMPTY 0x02
#define UART_IIR_RECEIVED 0x04
#define UART_IIR_LINE_STATUS 0x06
#define UART_IIR_TIMEOUT 0x0C
#define UART_IIR_FIFO 0xC0

#define UART_FCR_ENABLE 0x01
#define UART_FCR_CLEAR_RECEIVER 0x02
#define UART_FCR_CLEAR_TRANSMITTER 0x04
#define UART_FCR_TRIGGER_SHIFT 6 /* 0 to 3: receive interrupt at 1, 4, 8, 14 bytes */

#define UART_LCR_DLAB 0x80

#define UART_MCR_DTR 0x01
#define UART_MCR_RTS 0x02 /* ready to receive: only then does the outside send */
#define UART_MCR_OUT1 0x04
#define UART_MCR_OUT2 0x08
#define UART_MCR_LOOP 0x10

#define UART_LSR_DATA_READY 0x01
#define UART_LSR_OVERRUN 0x02
#define UART_LSR_THR_EMPTY 0x20
#define UART_LSR_IDLE 0x40

#define UART_MSR_DELTA_CTS 0x01
#define UART_MSR_DELTA_DSR 0x02
#define UART_MSR_RING_ENDED 0x04
#define UART_MSR_DELTA_DCD 0x08
#define UART_MSR_CTS 0x10
#define UART_MSR_DSR 0x20
#define UART_MSR_RING 0x40
#define UART_MSR_DCD                                                                               \
    0x80 /* falls when the outside has no more to send, and all of it was received */

#define UART_FIFO_BYTES 16

#endif
