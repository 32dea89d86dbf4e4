/* SPDX-License-Identifier: Apache-2.0 */
/* Arbitrary accesses to every device's registers, at arbitrary cycles. Whatever they do: no crash, an answer that keeps
 * device.h's promise, and a next event that does not lie behind once it was served. */
#include "devices/clint.h"
#include "devices/finisher.h"
#include "devices/sswi.h"
#include "devices/uart.h"
#include "fuzz/input.h"

#define HARTS 4

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size);

struct board {
    struct input input;
    struct clint clint;
    struct sswi sswi;
    struct uart uart;
    struct finisher finisher;
    struct device devices[4];
};

static void set_interrupt(void *owner, unsigned hart, unsigned mip_bit, bool level, cycle_t now)
{
    (void)owner, (void)level, (void)now;
    must(hart < HARTS && mip_bit < 12);
}

static void set_line(void *owner, bool level, cycle_t now)
{
    (void)owner, (void)level, (void)now;
}

static void put(void *owner, uint8_t byte)
{
    (void)owner, (void)byte;
}

static int get(void *owner)
{
    struct board *board = owner;
    return (int)input_number(&board->input, 1) - 2 >= 0 ? (int)input_number(&board->input, 1)
           : board->input.left                          ? CHARACTER_NONE
                                                        : CHARACTER_END;
}

static void build(struct board *board)
{
    struct interrupt_port port = {board, set_interrupt};
    clint_init(&board->clint, HARTS, 1 + input_number(&board->input, 1), port);
    sswi_init(&board->sswi, HARTS, port);
    uart_init(&board->uart, 1 + input_number(&board->input, 1),
              (struct character_port){board, put, get}, (struct interrupt_line){board, set_line});
    finisher_init(&board->finisher);
    board->devices[0] = clint_device(&board->clint);
    board->devices[1] = sswi_device(&board->sswi);
    board->devices[2] = uart_device(&board->uart, "uart", MAP_UART0_BASE);
    board->devices[3] = finisher_device(&board->finisher);
}

static void pass_time(struct board *board, cycle_t now)
{
    for (unsigned i = 0; i < 4; i++) {
        struct device *device = &board->devices[i];
        if (device->next_event && device->next_event(device->self) <= now) {
            device->advance(device->self, now);
            must(device->next_event(device->self) > now);
        }
    }
}

static void access_one(struct board *board, cycle_t now)
{
    uint8_t what = (uint8_t)input_number(&board->input, 1);
    struct device *device = &board->devices[what & 3];
    unsigned size_bytes = 1u << (what >> 2 & 3);
    uint64_t offset =
        input_number(&board->input, 2) % device->size_bytes & ~(uint64_t)(size_bytes - 1);
    uint64_t loaded = 0;
    enum status status =
        what & 128 ? device->load(device->self, offset, size_bytes, now, &loaded)
                   : device->store(device->self, offset, size_bytes, now,
                                   input_number(&board->input, what & 64 ? 1 : size_bytes));
    must(status == STATUS_OK || status == STATUS_DENIED || status == STATUS_NO_TARGET);
    must(size_bytes == 8 || loaded >> 8 * size_bytes == 0);
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size)
{
    struct board board = {.input = {bytes, size}};
    cycle_t now = 0;
    build(&board);
    while (board.input.left) {
        pass_time(&board, now);
        access_one(&board, now);
        now += input_number(&board.input, 1) * 8;
    }
    return 0;
}
