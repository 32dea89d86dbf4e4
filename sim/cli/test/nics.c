/* SPDX-License-Identifier: Apache-2.0 */
/* Drivers of the first two virtio network devices among the slots, of either register layout: frames of several sizes from each to
 * the other, both at a time. Prints the addresses; ends with status 1 if a link is down, 2 if a frame is not what
 * was sent, 3 if its header is wrong, 4 if there
 * are not two. A frame that is lost is waited for in vain. */
#include "virtio_guest.h"

#define NICS 2
#define BUFFER_BYTES 1536

static unsigned slots[NICS];
static struct queue queues[NICS][2];
static uint8_t sent[NICS][BUFFER_BYTES], received[NICS][BUFFER_BYTES];

static int find_devices(void)
{
    unsigned found = 0;
    for (unsigned slot = 0; slot < MAP_VIRTIO_SLOTS && found < NICS; slot++)
        if (*reg(slot, VIRTIO_DEVICE_ID) == VIRTIO_ID_NET)
            slots[found++] = slot;
    return found == NICS;
}

static const volatile uint8_t *configuration(unsigned nic)
{
    return (const volatile uint8_t *)reg(slots[nic], VIRTIO_CONFIG);
}

static void print_address(unsigned nic)
{
    char text[13];
    for (unsigned i = 0; i < 6; i++) {
        uint8_t byte = configuration(nic)[i];
        text[2 * i] = "0123456789abcdef"[byte >> 4];
        text[2 * i + 1] = "0123456789abcdef"[byte & 15];
    }
    text[12] = 0;
    print(text, sizeof text);
}

static unsigned header_bytes(void)
{
    return *reg(0, VIRTIO_VERSION) == 1 ? VIRTIO_NET_LEGACY_HEADER_BYTES : VIRTIO_NET_HEADER_BYTES;
}

/* The receiver's address, the sender's, and a pattern. */
static void fill(unsigned nic, unsigned frame_bytes)
{
    uint8_t *frame = sent[nic] + header_bytes();
    for (unsigned i = 0; i < frame_bytes; i++)
        frame[i] = i < 6    ? configuration(!nic)[i]
                   : i < 12 ? configuration(nic)[i - 6]
                   : i < 14 ? 0x88 + 0x2D * (i - 12) /* 0x88B5, for experiments */
                            : (uint8_t)(i * 5 + nic + frame_bytes);
}

static void send(unsigned nic, unsigned frame_bytes)
{
    struct queue *queue = &queues[nic][VIRTIO_NET_TRANSMIT];
    unsigned header = header_bytes();
    fill(nic, frame_bytes);
    queue->descriptors[0] = (struct descriptor){(uintptr_t)sent[nic], header, NEXT, 1};
    queue->descriptors[1] = (struct descriptor){(uintptr_t)sent[nic] + header, frame_bytes, 0, 0};
    offer(slots[nic], VIRTIO_NET_TRANSMIT, queue, 0);
}

static void expect(unsigned nic)
{
    struct queue *queue = &queues[nic][VIRTIO_NET_RECEIVE];
    queue->descriptors[0] = (struct descriptor){(uintptr_t)received[nic], BUFFER_BYTES, WRITE, 0};
    offer(slots[nic], VIRTIO_NET_RECEIVE, queue, 0);
}

static int check(unsigned nic, unsigned frame_bytes)
{
    struct queue *queue = &queues[nic][VIRTIO_NET_RECEIVE];
    unsigned header = header_bytes();
    await(queue);
    if (queue->used[(uint16_t)(queue->used_index - 1) % QUEUE_SIZE].size_bytes !=
        header + frame_bytes)
        return 3;
    for (unsigned i = 0; i < header; i++)
        if (received[nic][i] != (i == VIRTIO_NET_LEGACY_HEADER_BYTES))
            return 3;
    for (unsigned i = header; i < header + frame_bytes; i++)
        if (received[nic][i] != sent[!nic][i])
            return 2;
    return 0;
}

static int exercise(void)
{
    static const unsigned sizes[] = {14, 60, 61, 600, 1514, 1518, 64};
    if (!find_devices())
        return 4;
    for (unsigned nic = 0; nic < NICS; nic++) {
        print_address(nic);
        start_device(slots[nic], queues[nic], 2);
        if (!(configuration(nic)[VIRTIO_NET_CONFIG_STATUS] & VIRTIO_NET_LINK_UP))
            return 1;
    }
    for (unsigned i = 0; i < sizeof sizes / sizeof *sizes; i++) {
        for (unsigned nic = 0; nic < NICS; nic++)
            expect(nic);
        for (unsigned nic = 0; nic < NICS; nic++)
            send(nic, sizes[i]);
        for (unsigned nic = 0; nic < NICS; nic++) {
            int status = check(nic, sizes[i]);
            await(&queues[nic][VIRTIO_NET_TRANSMIT]);
            if (status)
                return status;
        }
    }
    return 0;
}

TEST_PROGRAM(exercise)
