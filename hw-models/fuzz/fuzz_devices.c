/* SPDX-License-Identifier: Apache-2.0 */
/* Arbitrary accesses to every device's registers, at arbitrary cycles. Whatever they do: no crash, an answer that keeps
 * device.h's promise, and a next event that does not lie behind once it was served. */
#include <string.h>

#include "devices/clint.h"
#include "devices/finisher.h"
#include "devices/plic.h"
#include "devices/rtc.h"
#include "devices/sswi.h"
#include "devices/uart.h"
#include "devices/virtio_block.h"
#include "devices/virtio_console.h"
#include "devices/virtio_net.h"
#include "devices/wire.h"
#include "fuzz/input.h"

#define HARTS 4
#define DEVICES 10
#define SECTORS 4
#define RAM_BYTES 1024 /* rings and buffers of virtio drivers: of the input's bytes */

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size);

struct board {
    struct input input;
    struct clint clint;
    struct sswi sswi;
    struct uart uart;
    struct finisher finisher;
    struct plic plic;
    struct rtc rtc;
    struct virtio virtio[4];
    struct virtio_block block;
    struct virtio_console console;
    struct virtio_net nets[2]; /* joined by the wire */
    struct wire_end ends[2];
    struct wire *wire;
    struct plic_input inputs[PLIC_SOURCES];
    uint8_t bytes[RAM_BYTES];
    struct ram ram;
    struct dram dram;
    struct coherence coherence;
    struct device devices[DEVICES];
};

static void set_interrupt(void *owner, unsigned hart, unsigned mip_bit, bool level, cycle_t now)
{
    (void)owner, (void)level, (void)now;
    must(hart < HARTS && mip_bit < 12);
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

static enum status read_sector(void *owner, uint64_t sector, uint8_t bytes[BLOCK_SECTOR_BYTES])
{
    (void)owner;
    must(sector < SECTORS);
    memset(bytes, (int)sector, BLOCK_SECTOR_BYTES);
    return STATUS_OK;
}

static enum status write_sector(void *owner, uint64_t sector,
                                const uint8_t bytes[BLOCK_SECTOR_BYTES])
{
    (void)owner;
    must(sector < SECTORS && bytes);
    return sector == 0 ? STATUS_INVALID : STATUS_OK;
}

static enum status flush(void *owner)
{
    (void)owner;
    return STATUS_OK;
}

static struct interrupt_line line_of(struct board *board, unsigned source)
{
    return plic_line(&board->plic, source, &board->inputs[source]);
}

static void build_memory(struct board *board)
{
    const struct dram_config dram = {40, 0, 1, 8, 1};
    const struct coherence_config coherence = {64, 1, 6};
    const struct coherence_links links = {&board->ram, &board->dram, NULL, 0};
    board->ram = (struct ram){board->bytes, MAP_RAM_BASE, RAM_BYTES};
    must(dram_init(&board->dram, &dram, NULL) == STATUS_OK &&
         coherence_init(&board->coherence, &coherence, &links) == STATUS_OK);
}

static void build_virtio(struct board *board, unsigned slot, struct virtio_model model, bool legacy)
{
    const struct virtio_links links = {&board->coherence, line_of(board, IRQ_VIRTIO(slot)), 67,
                                       1000, legacy};
    virtio_init(&board->virtio[slot], &model, &links);
    board->devices[6 + slot] = virtio_device(&board->virtio[slot], "virtio",
                                             MAP_VIRTIO_BASE + slot * (uint64_t)MAP_VIRTIO_SIZE);
}

static void build_nets(struct board *board, bool legacy)
{
    static const uint8_t address[NET_ADDRESS_BYTES] = {2};
    static union {
        struct wire wire;
        uint8_t bytes[1 << 15];
    } memory;
    const struct wire_config config = {10000000000, 1000000000, 1000, 100000, 1};
    must(wire_size(&config) != 0 && wire_size(&config) <= sizeof memory);
    board->wire = &memory.wire;
    wire_init(board->wire, &config, (struct wire_tap){NULL, NULL});
    for (unsigned i = 0; i < 2; i++) {
        const struct wire_bell none = {NULL, NULL};
        virtio_net_init(&board->nets[i], wire_port(board->wire, i, &board->ends[i], none), address);
        build_virtio(board, 2 + i, virtio_net_model(&board->nets[i]), legacy);
    }
}

static void build(struct board *board)
{
    struct interrupt_port port = {board, set_interrupt};
    clint_init(&board->clint, HARTS, 1 + input_number(&board->input, 1), port,
               (struct time_port){NULL, NULL});
    sswi_init(&board->sswi, HARTS, port);
    uart_init(&board->uart, 1 + input_number(&board->input, 1),
              (struct character_port){board, put, get}, line_of(board, IRQ_UART0));
    finisher_init(&board->finisher);
    plic_init(&board->plic, HARTS, port);
    rtc_init(&board->rtc, input_number(&board->input, 4), 1 + input_number(&board->input, 4),
             line_of(board, IRQ_RTC));
    build_memory(board);
    bool legacy = input_number(&board->input, 1) & 1;
    virtio_block_init(&board->block,
                      (struct block_port){board, SECTORS, false, read_sector, write_sector, flush},
                      10, 0);
    virtio_console_init(&board->console, (struct character_port){board, put, get});
    build_virtio(board, 0, virtio_block_model(&board->block), legacy);
    build_virtio(board, 1, virtio_console_model(&board->console), legacy);
    build_nets(board, legacy);
    board->devices[0] = clint_device(&board->clint);
    board->devices[1] = sswi_device(&board->sswi);
    board->devices[2] = uart_device(&board->uart, "uart", MAP_UART0_BASE);
    board->devices[3] = finisher_device(&board->finisher);
    board->devices[4] = plic_device(&board->plic);
    board->devices[5] = rtc_device(&board->rtc);
}

static void pass_time(struct board *board, cycle_t now)
{
    for (unsigned i = 0; i < DEVICES; i++) {
        struct device *device = &board->devices[i];
        if (device->next_event && device->next_event(device->self) <= now) {
            device->advance(device->self, now);
            must(device->next_event(device->self) > now);
        }
    }
}

static void access_one(struct board *board, cycle_t now)
{
    struct device *device = &board->devices[input_number(&board->input, 1) % DEVICES];
    uint8_t what = (uint8_t)input_number(&board->input, 1);
    unsigned size_bytes = 1u << (what & 3);
    uint64_t offset =
        input_number(&board->input, 3) % device->size_bytes & ~(uint64_t)(size_bytes - 1);
    uint64_t loaded = 0;
    enum status status =
        what & 128 ? device->load(device->self, offset, size_bytes, now, &loaded)
                   : device->store(device->self, offset, size_bytes, now,
                                   input_number(&board->input, what & 64 ? 1 : size_bytes));
    must(status == STATUS_OK || status == STATUS_DENIED || status == STATUS_NO_TARGET);
    must(size_bytes == 8 || loaded >> 8 * size_bytes == 0);
}

/* What a virtio driver may do to its rings and buffers at any time. */
static void scribble(struct board *board)
{
    uint64_t at = input_number(&board->input, 2) % RAM_BYTES;
    uint64_t count = input_number(&board->input, 1) % 32;
    for (uint64_t i = 0; i < count && at + i < RAM_BYTES; i++)
        board->bytes[at + i] = (uint8_t)input_number(&board->input, 1);
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size)
{
    struct board board = {.input = {bytes, size}};
    cycle_t now = 0;
    build(&board);
    while (board.input.left) {
        pass_time(&board, now);
        if (input_number(&board.input, 1) & 1)
            scribble(&board);
        else
            access_one(&board, now);
        now += input_number(&board.input, 1) * 8;
    }
    return 0;
}
