/* SPDX-License-Identifier: Apache-2.0 */
/* A driver of the first virtio disk, of either register layout: prints the serial number and the first line of
 * sector 0, overwrites that sector, and ends with status 1 if what it reads back is not what it wrote. */
#include "virtio_guest.h"

#define SECTOR_BYTES 512

static struct queue queue;
static struct {
    uint32_t type, reserved;
    uint64_t sector;
} header;
static char data[SECTOR_BYTES];
static volatile uint8_t outcome;

static int request(uint32_t type, uint32_t size_bytes)
{
    const uint16_t direction = type == VIRTIO_BLOCK_OUT ? 0 : WRITE;
    header.type = type;
    queue.descriptors[0] = (struct descriptor){(uintptr_t)&header, sizeof header, NEXT, 1};
    queue.descriptors[1] = (struct descriptor){(uintptr_t)data, size_bytes, NEXT | direction, 2};
    queue.descriptors[2] = (struct descriptor){(uintptr_t)&outcome, 1, WRITE, 0};
    outcome = 0xFF;
    offer(0, 0, &queue, 0);
    await(&queue);
    return outcome == VIRTIO_BLOCK_OK;
}

static int exercise(void)
{
    static const char text[] = "written by the guest\n";
    start_device(0, &queue, 1);
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

TEST_PROGRAM(exercise)
