/* SPDX-License-Identifier: Apache-2.0 */
/* The UART, register by register, against a scripted outside. */
#include "devices/uart.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

#define POLL 1000

static struct uart uart;
static struct device device;
static uint8_t sent[64];
static unsigned sent_count, asked, line_changes, pulses;
static const int *input; /* what the outside answers, one after the other; CHARACTER_END repeats */
static bool line;

static void put(void *owner, uint8_t byte)
{
    (void)owner;
    sent[sent_count++ % sizeof sent] = byte;
}

static int get(void *owner)
{
    (void)owner;
    asked++;
    return *input == CHARACTER_END ? *input : *input++;
}

static void set_line(void *owner, bool level, cycle_t now)
{
    (void)owner, (void)now;
    assert_true(level != line);
    line = level;
    line_changes++;
}

static void pulse_line(void *owner, cycle_t now)
{
    (void)owner, (void)now;
    pulses++;
}

static int setup(void **state)
{
    static const int nothing[] = {CHARACTER_END};
    (void)state;
    sent_count = asked = line_changes = pulses = 0;
    line = false;
    input = nothing;
    uart_init(&uart, POLL, (struct character_port){NULL, put, get},
              (struct interrupt_line){NULL, set_line, pulse_line});
    device = uart_device(&uart, "uart", 0x10000000);
    return 0;
}

static uint8_t load_at(uint64_t offset, cycle_t now)
{
    uint64_t value = UINT64_MAX;
    assert_int_equal(device.load(device.self, offset, 1, now, &value), STATUS_OK);
    assert_in_range(value, 0, 255);
    return (uint8_t)value;
}

static uint8_t load(uint64_t offset)
{
    return load_at(offset, 0);
}

static void store(uint64_t offset, uint8_t value)
{
    assert_int_equal(device.store(device.self, offset, 1, 0, value), STATUS_OK);
}

/* Loads after reset, and what a store of all ones leaves behind. */
static void test_registers(void **state)
{
    static const struct {
        uint64_t offset;
        uint8_t reset, ones;
    } table[] = {
        {UART_IER, 0x00, 0x0F}, {UART_LCR, 0x00, 0xFF}, {UART_MCR, 0x00, 0x1F},
        {UART_SCR, 0x00, 0xFF}, {8, 0x00, 0x00},        {255, 0x00, 0x00},
    };
    for (size_t i = 0; i < sizeof table / sizeof *table; i++) {
        setup(state);
        assert_int_equal(load(table[i].offset), table[i].reset);
        store(table[i].offset, 0xFF);
        assert_int_equal(load(table[i].offset), table[i].ones);
    }
}

static void test_wide_accesses(void **state)
{
    static const unsigned sizes[] = {2, 4, 8};
    (void)state;
    for (size_t i = 0; i < sizeof sizes / sizeof *sizes; i++) {
        uint64_t value = 0;
        uint64_t word = UINT64_C(0x1122334455667700) + i;
        assert_int_equal(device.store(device.self, UART_IER, sizes[i], 0, word), STATUS_OK);
        assert_int_equal(device.load(device.self, UART_IER, sizes[i], 0, &value), STATUS_OK);
        assert_int_equal(value, i);
        assert_int_equal(load(UART_LCR), 0); /* the neighbours are not reached */
        assert_int_equal(device.store(device.self, UART_THR, sizes[i], 0, word), STATUS_OK);
        assert_int_equal(sent_count, i + 1);
        assert_int_equal(sent[i], i);
    }
}

static void test_divisor_latch(void **state)
{
    (void)state;
    store(UART_LCR, UART_LCR_DLAB | 3);
    store(UART_DLL, 0x12);
    store(UART_DLM, 0x34);
    assert_int_equal(load(UART_DLL), 0x12);
    assert_int_equal(load(UART_DLM), 0x34);
    store(UART_LCR, 3);
    assert_int_equal(load(UART_IER), 0);
    assert_int_equal(sent_count, 0);
}

static void test_transmit(void **state)
{
    (void)state;
    for (const char *c = "hello"; *c; c++) {
        assert_int_equal(load(UART_LSR) & (UART_LSR_THR_EMPTY | UART_LSR_IDLE), 0x60);
        store(UART_THR, (uint8_t)*c);
    }
    assert_int_equal(sent_count, 5);
    assert_memory_equal(sent, "hello", 5);
}

static void test_receive_and_end(void **state)
{
    static const int script[] = {'a', CHARACTER_NONE, 'b', CHARACTER_END};
    (void)state;
    input = script;
    assert_int_equal(load(UART_MSR), UART_MSR_DCD | UART_MSR_DSR | UART_MSR_CTS);
    assert_int_equal(load(UART_LSR), 0x61);
    assert_int_equal(load(UART_LSR), 0x61); /* does not ask for more while one waits */
    assert_int_equal(asked, 1);
    assert_int_equal(load(UART_RBR), 'a');
    assert_int_equal(load(UART_LSR), 0x60);
    assert_int_equal(load(UART_MSR), UART_MSR_DCD | UART_MSR_DSR |
                                         UART_MSR_CTS); /* 'b' has come: carrier still up */
    assert_int_equal(load(UART_RBR), 'b');
    assert_int_equal(load(UART_MSR), UART_MSR_DSR | UART_MSR_CTS | UART_MSR_DELTA_DCD);
    assert_int_equal(load(UART_MSR), UART_MSR_DSR | UART_MSR_CTS);
    assert_int_equal(load(UART_LSR), 0x60);
    assert_int_equal(load(UART_RBR), 0);
    unsigned before = asked;
    load(UART_LSR);
    assert_int_equal(asked, before); /* it has ended: nobody is asked again */
}

static void test_flow_control(void **state)
{
    static const int script[] = {'x', 'y', CHARACTER_END};
    (void)state;
    input = script;
    store(UART_MCR, UART_MCR_DTR);
    assert_int_equal(load(UART_LSR), 0x60);
    assert_int_equal(load(UART_RBR), 0);
    assert_true(load(UART_MSR) & UART_MSR_DCD);
    assert_int_equal(asked, 0);
    store(UART_MCR, UART_MCR_RTS);
    assert_int_equal(load(UART_RBR), 'x');
    store(UART_MCR, 0);
    load(UART_LSR);
    assert_int_equal(asked, 1);
    store(UART_IER, UART_IER_RECEIVED);
    assert_int_equal(load(UART_RBR), 'y');
}

static void test_receive_interrupt(void **state)
{
    static const int script[] = {CHARACTER_NONE, 'q', CHARACTER_END};
    (void)state;
    input = script;
    assert_int_equal(device.next_event(device.self), CYCLE_NEVER);
    store(UART_IER, UART_IER_RECEIVED);
    assert_int_equal(device.next_event(device.self), POLL);
    device.advance(device.self, POLL);
    assert_false(line);
    assert_int_equal(device.next_event(device.self), 2 * POLL);
    device.advance(device.self, 2 * POLL);
    assert_true(line);
    assert_int_equal(device.next_event(device.self), CYCLE_NEVER); /* one waits to be read */
    assert_int_equal(load_at(UART_IIR, 2 * POLL) & 0x0F, UART_IIR_RECEIVED);
    assert_int_equal(load_at(UART_RBR, 2 * POLL), 'q');
    assert_false(line);
    assert_int_equal(load_at(UART_IIR, 2 * POLL), UART_IIR_NONE);
    device.advance(device.self, 3 * POLL);
    assert_int_equal(device.next_event(device.self), CYCLE_NEVER); /* the end */
}

static void test_transmit_interrupt(void **state)
{
    (void)state;
    store(UART_THR, 'y');
    assert_int_equal(pulses, 0);
    store(UART_IER, UART_IER_THR_EMPTY);
    assert_int_equal(pulses, 1);
    assert_int_equal(load(UART_IIR), UART_IIR_THR_EMPTY); /* this load clears it */
    assert_int_equal(load(UART_IIR), UART_IIR_NONE);
    store(UART_IER, UART_IER_THR_EMPTY); /* is on already */
    assert_int_equal(load(UART_IIR), UART_IIR_NONE);
    assert_int_equal(pulses, 1);
    store(UART_THR, 'z');
    assert_int_equal(pulses, 2);
    store(UART_IER, 0);
    assert_int_equal(load(UART_IIR), UART_IIR_NONE);
    store(UART_IER, UART_IER_THR_EMPTY);
    assert_int_equal(load(UART_IIR), UART_IIR_THR_EMPTY);
    assert_int_equal(pulses, 3);
    assert_int_equal(line_changes, 0);
}

/* Software that never loads IIR is told of each byte once, and of received ones by the level. */
static void test_transmit_without_iir(void **state)
{
    static const int script[] = {'a', CHARACTER_NONE, CHARACTER_END};
    (void)state;
    input = script;
    store(UART_IER, UART_IER_THR_EMPTY | UART_IER_RECEIVED);
    for (unsigned i = 0; i < 3; i++) {
        assert_int_equal(pulses, 1 + i);
        store(UART_THR, 'z');
    }
    device.advance(device.self, POLL);
    assert_true(line);
    assert_int_equal(load(UART_RBR), 'a');
    assert_false(line); /* though IIR still says that THR is empty */
    assert_int_equal(load(UART_LSR), 0x60);
    assert_int_equal(pulses, 4);
    assert_int_equal(load(UART_IIR), UART_IIR_THR_EMPTY);
}

static void test_modem_interrupt(void **state)
{
    (void)state;
    store(UART_IER, UART_IER_MODEM_STATUS | UART_IER_RECEIVED);
    load(UART_LSR); /* asks, and learns of the end */
    assert_true(line);
    assert_int_equal(load(UART_IIR), UART_IIR_MODEM_STATUS);
    load(UART_MSR);
    assert_false(line);
}

static void fill_loopback(unsigned count)
{
    for (unsigned i = 0; i < count; i++)
        store(UART_THR, (uint8_t)(0x40 + i));
}

static void test_loopback_fifo(void **state)
{
    (void)state;
    store(UART_FCR, UART_FCR_ENABLE | 2 << UART_FCR_TRIGGER_SHIFT);
    store(UART_IER, UART_IER_RECEIVED | UART_IER_LINE_STATUS);
    store(UART_MCR, UART_MCR_LOOP);
    assert_int_equal(load(UART_IIR), UART_IIR_FIFO | UART_IIR_NONE);
    fill_loopback(7);
    assert_int_equal(load(UART_IIR), UART_IIR_FIFO | UART_IIR_TIMEOUT);
    fill_loopback(1);
    assert_int_equal(load(UART_IIR), UART_IIR_FIFO | UART_IIR_RECEIVED);
    fill_loopback(9); /* one too many */
    assert_int_equal(load(UART_IIR), UART_IIR_FIFO | UART_IIR_LINE_STATUS);
    assert_int_equal(load(UART_LSR), 0x60 | UART_LSR_DATA_READY | UART_LSR_OVERRUN);
    for (unsigned i = 0; i < 16; i++)
        assert_int_equal(load(UART_RBR), 0x40 + (i < 7 ? i : i == 7 ? 0 : i - 8));
    assert_int_equal(load(UART_LSR), 0x60);
    assert_int_equal(sent_count + asked, 0);
}

static void test_loopback_modem(void **state)
{
    static const struct {
        uint8_t mcr, msr;
    } table[] = {
        {UART_MCR_DTR, UART_MSR_DSR},
        {UART_MCR_RTS, UART_MSR_CTS},
        {UART_MCR_OUT1, UART_MSR_RING},
        {UART_MCR_OUT2, UART_MSR_DCD},
        {0x0F, 0xF0},
    };
    for (size_t i = 0; i < sizeof table / sizeof *table; i++) {
        setup(state);
        store(UART_MCR, UART_MCR_LOOP);
        load(UART_MSR);
        store(UART_MCR, UART_MCR_LOOP | table[i].mcr);
        assert_int_equal(load(UART_MSR) & 0xF0, table[i].msr);
        store(UART_MCR, UART_MCR_LOOP);
        assert_int_equal(load(UART_MSR) & UART_MSR_RING_ENDED,
                         table[i].msr & UART_MSR_RING ? UART_MSR_RING_ENDED : 0);
    }
}

static void test_fifo_control(void **state)
{
    (void)state;
    store(UART_MCR, UART_MCR_LOOP);
    fill_loopback(2); /* without FIFOs: the second is an overrun */
    assert_int_equal(load(UART_LSR) & 3, UART_LSR_DATA_READY | UART_LSR_OVERRUN);
    assert_int_equal(load(UART_RBR), 0x41); /* it has destroyed the first */
    fill_loopback(1);
    store(UART_FCR, UART_FCR_ENABLE); /* a change of mode empties */
    assert_int_equal(load(UART_LSR) & 1, 0);
    fill_loopback(3);
    store(UART_FCR, UART_FCR_ENABLE | UART_FCR_CLEAR_TRANSMITTER);
    assert_int_equal(load(UART_LSR) & 1, 1);
    store(UART_FCR, UART_FCR_ENABLE | UART_FCR_CLEAR_RECEIVER);
    assert_int_equal(load(UART_LSR) & 1, 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup(test_registers, setup),
        cmocka_unit_test_setup(test_wide_accesses, setup),
        cmocka_unit_test_setup(test_divisor_latch, setup),
        cmocka_unit_test_setup(test_transmit, setup),
        cmocka_unit_test_setup(test_receive_and_end, setup),
        cmocka_unit_test_setup(test_flow_control, setup),
        cmocka_unit_test_setup(test_receive_interrupt, setup),
        cmocka_unit_test_setup(test_transmit_interrupt, setup),
        cmocka_unit_test_setup(test_transmit_without_iir, setup),
        cmocka_unit_test_setup(test_modem_interrupt, setup),
        cmocka_unit_test_setup(test_loopback_fifo, setup),
        cmocka_unit_test_setup(test_loopback_modem, setup),
        cmocka_unit_test_setup(test_fifo_control, setup),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
