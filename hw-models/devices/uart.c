/* SPDX-License-Identifier: Apache-2.0 */
/* See uart.h. */
#include "devices/uart.h"

#include <assert.h>
#include <string.h>

#include "base/memory_map.h"

static const uint8_t trigger_bytes[4] = {1, 4, 8, 14};

void uart_init(struct uart *uart, uint64_t poll_cycles, struct character_port outside,
               struct interrupt_line line)
{
    assert(poll_cycles > 0);
    memset(uart, 0, sizeof *uart);
    uart->outside = outside;
    uart->line = line;
    uart->poll_cycles = poll_cycles;
    uart->poll_at = CYCLE_NEVER;
    uart->carrier = true;
}

static bool loopback(const struct uart *uart)
{
    return uart->mcr & UART_MCR_LOOP;
}

static unsigned fifo_capacity(const struct uart *uart)
{
    return uart->fcr & UART_FCR_ENABLE ? UART_FIFO_BYTES : 1;
}

static void fifo_push(struct uart *uart, uint8_t byte)
{
    if (uart->fifo_count == fifo_capacity(uart)) {
        uart->lsr_overrun = UART_LSR_OVERRUN;
        if (!(uart->fcr & UART_FCR_ENABLE)) /* without FIFOs the new byte destroys the old one */
            uart->fifo[uart->fifo_first] = byte;
        return;
    }
    uart->fifo[(uart->fifo_first + uart->fifo_count) % UART_FIFO_BYTES] = byte;
    uart->fifo_count++;
}

static uint8_t fifo_pop(struct uart *uart)
{
    if (uart->fifo_count == 0)
        return 0;
    uint8_t byte = uart->fifo[uart->fifo_first];
    uart->fifo_first = (uart->fifo_first + 1) % UART_FIFO_BYTES;
    uart->fifo_count--;
    return byte;
}

static bool receiver_open(const struct uart *uart)
{
    return !loopback(uart) &&
           (!uart->flow_control || (uart->mcr & UART_MCR_RTS) || (uart->ier & UART_IER_RECEIVED));
}

static void receive(struct uart *uart)
{
    if (uart->fifo_count != 0 || !uart->carrier || !receiver_open(uart))
        return;
    int byte = uart->outside.get(uart->outside.owner);
    if (byte >= 0) {
        fifo_push(uart, (uint8_t)byte);
    } else if (byte == CHARACTER_END) {
        uart->carrier = false;
        uart->msr_delta |= UART_MSR_DELTA_DCD;
    }
}

static void transmit(struct uart *uart, uint8_t byte)
{
    if (loopback(uart))
        fifo_push(uart, byte);
    else
        uart->outside.put(uart->outside.owner, byte);
    uart->thr_interrupt = uart->thr_event = true;
}

/* The upper four bits of MSR. In loopback the MCR's outputs are wired to them. */
static uint8_t modem_lines(const struct uart *uart)
{
    if (!loopback(uart))
        return UART_MSR_CTS | UART_MSR_DSR | (uart->carrier ? UART_MSR_DCD : 0);
    return (uart->mcr & UART_MCR_RTS ? UART_MSR_CTS : 0) |
           (uart->mcr & UART_MCR_DTR ? UART_MSR_DSR : 0) |
           (uart->mcr & UART_MCR_OUT1 ? UART_MSR_RING : 0) |
           (uart->mcr & UART_MCR_OUT2 ? UART_MSR_DCD : 0);
}

static void set_modem_control(struct uart *uart, uint8_t value)
{
    uint8_t before = modem_lines(uart);
    uart->mcr = value & 0x1F;
    uart->flow_control = true;
    uint8_t changed = before ^ modem_lines(uart);
    if (before & ~modem_lines(uart) & UART_MSR_RING)
        uart->msr_delta |= UART_MSR_RING_ENDED;
    uart->msr_delta |= (changed & (UART_MSR_CTS | UART_MSR_DSR | UART_MSR_DCD)) >> 4;
}

static void set_fifo_control(struct uart *uart, uint8_t value)
{
    if ((value ^ uart->fcr) & UART_FCR_ENABLE || value & UART_FCR_CLEAR_RECEIVER)
        uart->fifo_first = uart->fifo_count = 0;
    /* The other bits stick only while the FIFOs are enabled. */
    uart->fcr =
        value & UART_FCR_ENABLE ? value & (UART_FCR_ENABLE | 3 << UART_FCR_TRIGGER_SHIFT) : 0;
}

static void set_interrupt_enable(struct uart *uart, uint8_t value)
{
    /* Enabling the transmitter's interrupt while it is empty raises it. */
    if (value & ~uart->ier & UART_IER_THR_EMPTY)
        uart->thr_interrupt = uart->thr_event = true;
    uart->ier = value & 0x0F;
}

static bool line_status_due(const struct uart *uart)
{
    return uart->ier & UART_IER_LINE_STATUS && uart->lsr_overrun;
}

static bool received_due(const struct uart *uart)
{
    return uart->ier & UART_IER_RECEIVED && uart->fifo_count != 0;
}

static bool modem_status_due(const struct uart *uart)
{
    return uart->ier & UART_IER_MODEM_STATUS && uart->msr_delta;
}

static uint8_t interrupt_cause(const struct uart *uart)
{
    if (line_status_due(uart))
        return UART_IIR_LINE_STATUS;
    if (received_due(uart)) {
        bool few = uart->fifo_count < trigger_bytes[uart->fcr >> UART_FCR_TRIGGER_SHIFT];
        return few ? UART_IIR_TIMEOUT : UART_IIR_RECEIVED;
    }
    if (uart->ier & UART_IER_THR_EMPTY && uart->thr_interrupt)
        return UART_IIR_THR_EMPTY;
    if (modem_status_due(uart))
        return UART_IIR_MODEM_STATUS;
    return UART_IIR_NONE;
}

/* After anything that may have changed the interrupt or the need to poll. */
static void settle(struct uart *uart, cycle_t now)
{
    bool level = line_status_due(uart) || received_due(uart) || modem_status_due(uart);
    bool polls =
        uart->ier & UART_IER_RECEIVED && uart->fifo_count == 0 && uart->carrier && !loopback(uart);

    if (level != uart->line_level) {
        uart->line_level = level;
        if (uart->line.set)
            uart->line.set(uart->line.owner, level, now);
    }
    if (uart->thr_event && uart->ier & UART_IER_THR_EMPTY && uart->line.pulse)
        uart->line.pulse(uart->line.owner, now);
    uart->thr_event = false;
    if (!polls)
        uart->poll_at = CYCLE_NEVER;
    else if (uart->poll_at == CYCLE_NEVER)
        uart->poll_at = now + uart->poll_cycles;
}

static uint8_t load_interrupt_identification(struct uart *uart)
{
    receive(uart);
    uint8_t cause = interrupt_cause(uart);
    if (cause == UART_IIR_THR_EMPTY)
        uart->thr_interrupt = false;
    return cause | (uart->fcr & UART_FCR_ENABLE ? UART_IIR_FIFO : 0);
}

static uint8_t load_line_status(struct uart *uart)
{
    receive(uart);
    uint8_t status = UART_LSR_THR_EMPTY | UART_LSR_IDLE | uart->lsr_overrun;
    uart->lsr_overrun = 0;
    return status | (uart->fifo_count != 0 ? UART_LSR_DATA_READY : 0);
}

static uint8_t load_modem_status(struct uart *uart)
{
    receive(uart);
    uint8_t status = modem_lines(uart) | uart->msr_delta;
    uart->msr_delta = 0;
    return status;
}

static uint8_t load_received(struct uart *uart)
{
    receive(uart);
    return fifo_pop(uart);
}

static enum status uart_load(void *self, uint64_t offset, unsigned size_bytes, cycle_t now,
                             uint64_t *value)
{
    struct uart *uart = self;
    bool dlab = uart->lcr & UART_LCR_DLAB;

    (void)size_bytes;
    switch (offset) {
    case UART_RBR:
        *value = dlab ? uart->dll : load_received(uart);
        break;
    case UART_IER:
        *value = dlab ? uart->dlm : uart->ier;
        break;
    case UART_IIR:
        *value = load_interrupt_identification(uart);
        break;
    case UART_LCR:
        *value = uart->lcr;
        break;
    case UART_MCR:
        *value = uart->mcr;
        break;
    case UART_LSR:
        *value = load_line_status(uart);
        break;
    case UART_MSR:
        *value = load_modem_status(uart);
        break;
    case UART_SCR:
        *value = uart->scr;
        break;
    default:
        *value = 0;
    }
    settle(uart, now);
    return STATUS_OK;
}

static void store_low(struct uart *uart, uint8_t byte)
{
    if (uart->lcr & UART_LCR_DLAB)
        uart->dll = byte;
    else
        transmit(uart, byte);
}

static enum status uart_store(void *self, uint64_t offset, unsigned size_bytes, cycle_t now,
                              uint64_t value)
{
    struct uart *uart = self;
    uint8_t byte = (uint8_t)value;

    (void)size_bytes;
    switch (offset) {
    case UART_THR:
        store_low(uart, byte);
        break;
    case UART_IER:
        if (uart->lcr & UART_LCR_DLAB)
            uart->dlm = byte;
        else
            set_interrupt_enable(uart, byte);
        break;
    case UART_FCR:
        set_fifo_control(uart, byte);
        break;
    case UART_LCR:
        uart->lcr = byte;
        break;
    case UART_MCR:
        set_modem_control(uart, byte);
        break;
    case UART_SCR:
        uart->scr = byte;
        break;
    }
    settle(uart, now);
    return STATUS_OK;
}

static cycle_t uart_next_event(const void *self)
{
    return ((const struct uart *)self)->poll_at;
}

static void uart_advance(void *self, cycle_t now)
{
    struct uart *uart = self;

    if (uart->poll_at > now)
        return;
    uart->poll_at = CYCLE_NEVER;
    receive(uart);
    settle(uart, now);
}

struct device uart_device(struct uart *uart, const char *name, uint64_t base)
{
    return (struct device){
        .name = name,
        .base = base,
        .size_bytes = MAP_UART_SIZE,
        .self = uart,
        .load = uart_load,
        .store = uart_store,
        .next_event = uart_next_event,
        .advance = uart_advance,
    };
}
