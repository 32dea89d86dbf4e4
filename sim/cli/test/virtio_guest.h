/* SPDX-License-Identifier: Apache-2.0 */
/* For bare-metal test programs: a virtio driver of either register layout, one small queue at a time, that polls. */
#ifndef TEST_VIRTIO_GUEST_H
#define TEST_VIRTIO_GUEST_H

#include <stdint.h>

#include "base/memory_map.h"
#include "devices/finisher_regs.h"
#include "devices/virtio_regs.h"

#define QUEUE_SIZE 4
#define NEXT VIRTIO_DESCRIPTOR_NEXT
#define WRITE VIRTIO_DESCRIPTOR_WRITE

struct descriptor {
    uint64_t address;
    uint32_t size_bytes;
    uint16_t flags, next;
};

/* A legacy queue's layout serves both: descriptors, driver's ring, and from the next page the device's ring. */
struct queue {
    struct descriptor descriptors[QUEUE_SIZE];
    uint16_t flags, index, ring[QUEUE_SIZE];
    _Alignas(4096) volatile uint16_t used_flags;
    volatile uint16_t used_index;
    struct {
        uint32_t head, size_bytes;
    } used[QUEUE_SIZE];
} __attribute__((aligned(4096)));

static inline volatile uint32_t *reg(unsigned slot, unsigned offset)
{
    return (volatile uint32_t *)(MAP_VIRTIO_BASE + (uintptr_t)slot * MAP_VIRTIO_SIZE + offset);
}

static inline void print(const char *text, unsigned limit)
{
    for (unsigned i = 0; i < limit && text[i] && text[i] != '\n'; i++)
        *(volatile uint8_t *)MAP_UART0_BASE = (uint8_t)text[i];
    *(volatile uint8_t *)MAP_UART0_BASE = '\n';
}

static inline void set_address(unsigned slot, unsigned offset, const volatile void *place)
{
    *reg(slot, offset) = (uint32_t)(uintptr_t)place;
    *reg(slot, offset + 4) = (uint32_t)((uintptr_t)place >> 32);
}

static inline void add_queue(unsigned slot, unsigned number, struct queue *queue)
{
    *reg(slot, VIRTIO_QUEUE_SELECT) = number;
    *reg(slot, VIRTIO_QUEUE_SIZE) = QUEUE_SIZE;
    if (*reg(slot, VIRTIO_VERSION) == 1) {
        *reg(slot, VIRTIO_LEGACY_PAGE_SIZE) = 4096;
        *reg(slot, VIRTIO_LEGACY_QUEUE_ALIGN) = 4096;
        *reg(slot, VIRTIO_LEGACY_QUEUE_PAGE) = (uint32_t)((uintptr_t)queue / 4096);
        return;
    }
    set_address(slot, VIRTIO_QUEUE_DESCRIPTORS, queue->descriptors);
    set_address(slot, VIRTIO_QUEUE_DRIVER, &queue->flags);
    set_address(slot, VIRTIO_QUEUE_DEVICE, &queue->used_flags);
    *reg(slot, VIRTIO_QUEUE_READY) = 1;
}

/* With these queues, and VERSION_1 where there is one. */
static inline void start_device(unsigned slot, struct queue *queues, unsigned count)
{
    uint32_t status = VIRTIO_STATUS_ACKNOWLEDGE | VIRTIO_STATUS_DRIVER;
    *reg(slot, VIRTIO_STATUS) = 0;
    *reg(slot, VIRTIO_STATUS) = status;
    *reg(slot, VIRTIO_DRIVER_FEATURES_SELECT) = 1;
    *reg(slot, VIRTIO_DRIVER_FEATURES) = *reg(slot, VIRTIO_VERSION) != 1;
    *reg(slot, VIRTIO_STATUS) = status |= VIRTIO_STATUS_FEATURES_OK;
    for (unsigned i = 0; i < count; i++)
        add_queue(slot, i, &queues[i]);
    *reg(slot, VIRTIO_STATUS) = status | VIRTIO_STATUS_DRIVER_OK;
}

static inline void offer(unsigned slot, unsigned number, struct queue *queue, uint16_t head)
{
    queue->ring[queue->index % QUEUE_SIZE] = head;
    __sync_synchronize();
    queue->index++;
    __sync_synchronize();
    *reg(slot, VIRTIO_QUEUE_NOTIFY) = number;
}

/* Until all that was offered has come back. */
static inline void await(const struct queue *queue)
{
    while (queue->used_index != queue->index)
        ;
    __sync_synchronize();
}

static inline _Noreturn void finish(uint32_t status)
{
    *(volatile uint32_t *)MAP_FINISHER_BASE = status ? status << 16 | FINISHER_FAIL : FINISHER_PASS;
    for (;;)
        ;
}

/* The program's entry: `exercise`, on a stack, ends with its status. */
#define TEST_PROGRAM(exercise)                                                                     \
    __attribute__((used)) void begin(void)                                                         \
    {                                                                                              \
        finish((uint32_t)exercise());                                                              \
    }                                                                                              \
    __attribute__((naked, used, section(".text.start"))) void _start(void)                         \
    {                                                                                              \
        __asm__("la sp, 1f\n call begin\n .pushsection .bss\n .balign 16\n .skip 8192\n 1:\n "     \
                ".popsection");                                                                    \
    }

#endif
