/* SPDX-License-Identifier: Apache-2.0 */
/* See board.h. */
#include "test/privileged/board.h"

#include <string.h>

#include "test/privileged/layout.h"

static void set_interrupt(void *owner, unsigned hart, unsigned bit, bool level, cycle_t now)
{
    struct board *board = owner;
    (void)hart;
    hart_set_interrupt(board->platform.harts[0].hart, bit, level, now);
    lockstep_wake(&board->platform, 0);
}

static void put_nowhere(void *owner, uint8_t byte)
{
    (void)owner;
    (void)byte;
}

static int get_nothing(void *owner)
{
    (void)owner;
    return CHARACTER_NONE;
}

static enum status finish_load(void *self, uint64_t offset, unsigned size_bytes, cycle_t now,
                               uint64_t *value)
{
    (void)self, (void)offset, (void)size_bytes, (void)now;
    *value = 0;
    return STATUS_OK;
}

static enum status finish_store(void *self, uint64_t offset, unsigned size_bytes, cycle_t now,
                                uint64_t value)
{
    struct board *board = self;
    (void)offset, (void)size_bytes, (void)now, (void)value;
    board->finished = true;
    return STATUS_OK;
}

static void set_time(void *owner, uint64_t offset_ticks, cycle_t now)
{
    struct board *board = owner;
    hart_set_time(board->platform.harts[0].hart, offset_ticks, now);
    lockstep_wake(&board->platform, 0);
}

static void init_devices(struct board *board, uint64_t cycles_per_tick)
{
    struct interrupt_port port = {board, set_interrupt};
    struct character_port nowhere = {board, put_nowhere, get_nothing};

    clint_init(&board->clint, 1, cycles_per_tick, port, (struct time_port){board, set_time});
    plic_init(&board->plic, 1, port);
    uart_init(&board->uart, 1000, nowhere, plic_line(&board->plic, IRQ_UART0, &board->uart_input));
    board->devices[0] = clint_device(&board->clint);
    board->devices[1] = plic_device(&board->plic);
    board->devices[2] = uart_device(&board->uart, "uart", MAP_UART0_BASE);
    board->devices[3] = (struct device){.name = "finisher",
                                        .base = MAP_FINISHER_BASE,
                                        .size_bytes = MAP_FINISHER_SIZE,
                                        .self = board,
                                        .load = finish_load,
                                        .store = finish_store};
}

bool board_init(struct board *board, struct random *random, bool svade, bool untimed)
{
    memset(board, 0, sizeof *board);
    struct lockstep_options options = {
        .hart_count = 1,
        .config = lockstep_random_config(random),
        .ram_base = RAM_BASE,
        .ram_bytes = RAM_SIZE,
        .seed = random_word(random),
        .max_delay_cycles = (unsigned)random_below(random, 50),
        .max_slice_cycles = 1 + (unsigned)random_below(random, 1000),
        .disturb_permille = 20,
        .devices = board->devices,
        .device_count = 4,
    };
    options.config.svade = svade;
    options.config.untimed = untimed;
    options.config.l1d_ways = 4; /* see test/differential/subject.c */
    init_devices(board, options.config.cycles_per_tick);
    return lockstep_init(&board->platform, &options);
}

void board_free(struct board *board)
{
    lockstep_free(&board->platform);
}

const char *board_run(struct board *board, uint64_t max_actions)
{
    while (!board->finished && max_actions--) {
        lockstep_step(&board->platform);
        if (board->platform.error)
            return board->platform.error;
        if (board->platform.harts[0].state == LOCKSTEP_WAITING)
            return "a step sleeps for ever";
    }
    return board->finished ? NULL : "a step does not end";
}
