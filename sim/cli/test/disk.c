/* SPDX-License-Identifier: Apache-2.0 */
/* A driver of the first virtio disk, of either register layout: prints the serial number and the first line of
 * sector 0, overwrites that sector, and ends with status 1 if what it reads back is not what it wrote. */
#include <stdint.h>

#include "base/memory_map.h"
#include "devices/finisher_regs.h"
#include "devices/virtio_regs.h"

#define SECTOR_BYTES 512
#define QUEUE_SIZE 4
#define NEXT 1
#define WRITE 2

struct descriptor {
    uint64_t address;
    uint32_t size_bytes;
    uint16_t flags, next;
};

/* One legacy queue's layout serves both: descriptors, driver's ring, and from the next page the device's ring. */
static struct {
    struct descriptor descriptors[QUEUE_SIZE];
    uint16_t flags, index, ring[QUEUE_SIZE];
    _Alignas(4096) volatile uint16_t used_flags;
    volatile uint16_t used_index;
    uint32_t used[2 * QUEUE_SIZE];
} queue __attribute__((aligned(4096)));
static struct {
    uint32_t type, reserved;
    uint64_t sector;
} header;
static char data[SECTOR_BYTES];
static volatile uint8_t outcome;

static volatile uint32_t *reg(unsigned offset)
{
    return (volatile uint32_t *)(MAP_VIRTIO_BASE + (uintptr_t)offset);
}

static void print(const char *text, unsigned limit)
{
    for (unsigned i = 0; i < limit && text[i] && text[i] != '\n'; i++)
        *(volatile uint8_t *)MAP_UART0_BASE = (uint8_t)text[i];
    *(volatile uint8_t *)MAP_UART0_BASE = '\n';
}

static void set_address(unsigned offset, const volatile void *place)
{
    *reg(offset) = (uint32_t)(uintptr_t)place;
    *reg(offset + 4) = (uint32_t)((uintptr_t)place >> 32);
}

static void start(void)
{
    *reg(VIRTIO_STATUS) = 0;
    *reg(VIRTIO_STATUS) = 1 | 2 | 8;
    *reg(VIRTIO_QUEUE_SELECT) = 0;
    *reg(VIRTIO_QUEUE_SIZE) = QUEUE_SIZE;
    if (*reg(VIRTIO_VERSION) == 1) {
        *reg(VIRTIO_LEGACY_PAGE_SIZE) = 4096;
        *reg(VIRTIO_LEGACY_QUEUE_ALIGN) = 4096;
        *reg(VIRTIO_LEGACY_QUEUE_PAGE) = (uint32_t)((uintptr_t)&queue / 4096);
    } else {
        set_address(VIRTIO_QUEUE_DESCRIPTORS, queue.descriptors);
        set_address(VIRTIO_QUEUE_DRIVER, &queue.flags);
        set_address(VIRTIO_QUEUE_DEVICE, &queue.used_flags);
        *reg(VIRTIO_QUEUE_READY) = 1;
    }
    *reg(VIRTIO_STATUS) = 1 | 2 | 8 | 4;
}

static int request(uint32_t type, uint32_t size_bytes)
{
    const uint16_t direction = type == VIRTIO_BLOCK_OUT ? 0 : WRITE;
    header.type = type;
    queue.descriptors[0] = (struct descriptor){(uintptr_t)&header, sizeof header, NEXT, 1};
    queue.descriptors[1] = (struct descriptor){(uintptr_t)data, size_bytes, NEXT | direction, 2};
    queue.descriptors[2] = (struct descriptor){(uintptr_t)&outcome, 1, WRITE, 0};
    queue.ring[queue.index % QUEUE_SIZE] = 0;
    outcome = 0xFF;
    __sync_synchronize();
    queue.index++;
    __sync_synchronize();
    *reg(VIRTIO_QUEUE_NOTIFY) = 0;
    while (queue.used_index != queue.index)
        ;
    __sync_synchronize();
    return outcome == VIRTIO_BLOCK_OK;
}

static int exercise(void)
{
    static const char text[] = "written by the guest\n";
    start();
    if (!request(VIRTIO_BLOCK_GET_ID, VIRTIO_BLOCK_ID_BYTES))
        return 2;
    print(data, VIRTIO_BLOCK_ID_BYTES);
    if (!request(VIRTIO_BLOCK_IN, SECTOR_BYTES))
        return 3;
    print(data, SECTOR_BYTES);
    for (unsigned i = 0; i < sizeof text - 1; i++)
        data[i] = text[i];
    if (!request(VIRTIO_BLOCK_OUT, SECTOR_BYTES))
        return 4;
    data[0] = 0;
    if (!request(VIRTIO_BLOCK_IN, SECTOR_BYTES) || data[0] != text[0])
        return 1;
    return 0;
}

__attribute__((used)) void begin(void)
{
    const uint32_t status = (uint32_t)exercise();
    *(volatile uint32_t *)MAP_FINISHER_BASE = status ? status << 16 | FINISHER_FAIL : FINISHER_PASS;
    for (;;)
        ;
}

__attribute__((naked, used, section(".text.start"))) void _start(void)
{
    __asm__(
        "la sp, 1f\n call begin\n .pushsection .bss\n .balign 16\n .skip 4096\n 1:\n .popsection");
}
