/* SPDX-License-Identifier: Apache-2.0 */
/* A 16550A UART. Transmission is instant: a byte stored in THR is outside at once. Modem lines: CTS
 * and DSR are always up; DCD is up until the outside has ended (CHARACTER_END) and its last byte
 * was received, so that software can tell the end of input from a pause.
 *
 * The outside is asked for a byte only when the receiver is empty and software can be waiting: at a
 * load of RBR, LSR, IIR or MSR, and at every poll interval while the receive interrupt is enabled.
 * Once software has stored to MCR, MCR.RTS or the receive interrupt must be on for that: a program
 * that never reads leaves the outside's input alone.
 *
 * The interrupt output is a level for all causes but one: an empty transmitter is an event, told once
 * each time THR runs empty or its interrupt is enabled. IIR reports it, as the data sheet says, until it
 * is loaded or THR stored to; but software that never looks at IIR (it sees from LSR all it wants to know,
 * as teaching kernels do) would find a level up for ever, and take interrupts without end. A
 * handler that stores to THR gets an interrupt for it after it has completed this one, so that
 * software which counts on one interrupt for each character waits in vain for none.
 *
 * Eight-bit lines: an access of any width reaches the one register at its address, by the lowest byte, and
 * loads zeros above it, as on QEMU's board.
 *
 * Not modelled: baud rate, parity, break, framing errors; overrun happens in loopback only, because
 * the outside waits. Source: National Semiconductor PC16550D data sheet. */
#ifndef MISSIVE_DEVICES_UART_H
#define MISSIVE_DEVICES_UART_H

#include "devices/device.h"
#include "devices/uart_regs.h"

struct uart {
    struct character_port outside;
    struct interrupt_line line;
    uint64_t poll_cycles;
    cycle_t poll_at; /* CYCLE_NEVER: no need */
    uint8_t ier, fcr, lcr, mcr, scr, dll, dlm;
    uint8_t msr_delta; /* the low four bits of MSR */
    uint8_t lsr_overrun;
    bool carrier;
    bool flow_control;  /* MCR was stored to */
    bool thr_interrupt; /* the transmitter-empty interrupt is due */
    bool thr_event;     /* the line was not told yet that THR ran empty */
    bool line_level;    /* as driven last */
    unsigned fifo_first, fifo_count;
    uint8_t fifo[UART_FIFO_BYTES];
};

/* poll_cycles (at least 1): how often the outside is asked while the receive interrupt is enabled.
 * `line` may have neither set nor pulse. */
void uart_init(struct uart *uart, uint64_t poll_cycles, struct character_port outside,
               struct interrupt_line line);
/* Attached at `base`, MAP_UART_SIZE bytes; its `self` is uart. */
struct device uart_device(struct uart *uart, const char *name, uint64_t base);

#endif
