/* SPDX-License-Identifier: Apache-2.0 */
/* A split virtqueue as the device sees it, and a chain of buffers taken out of it as two streams of
 * bytes, one to read and one to write. The driver's rings are not trusted: whatever breaks the rules
 * (loops, indices out of range, buffers outside RAM or of no length, a read-only part behind a
 * writable one, more chains than the ring holds) is QUEUE_BROKEN, and nothing was moved for that chain.
 *
 * Not modelled: packed rings, event indices. Source: VIRTIO 1.2, section 2.7. */
#ifndef MISSIVE_DEVICES_VIRTIO_QUEUE_H
#define MISSIVE_DEVICES_VIRTIO_QUEUE_H

#include "devices/dma.h"
#include "devices/virtio_regs.h"

#define VIRTIO_QUEUE_MAX 256 /* descriptors; a chain has no more either */

struct virtio_queue {
    bool ready;
    uint32_t size;                                  /* a power of two */
    uint64_t descriptors, driver_ring, device_ring; /* physical */
    uint32_t legacy_page, legacy_align;
    uint16_t next_available, next_used;
};

struct virtio_segment {
    uint64_t address;
    uint32_t bytes;
};

/* Segments [0, readable) are read by the device, the others written. */
struct virtio_chain {
    uint16_t head;
    unsigned readable, count;
    struct virtio_segment segment[VIRTIO_QUEUE_MAX];
    uint64_t readable_bytes, writable_bytes;
};

enum queue_result { QUEUE_TAKEN, QUEUE_EMPTY, QUEUE_BROKEN };

/* Takes the next chain. indirect: the driver may use indirect descriptors. */
enum queue_result virtio_queue_take(struct virtio_queue *queue, struct dma *dma, bool indirect,
                                    struct virtio_chain *chain);
/* Gives a chain back, of which `written` bytes were written. *interrupt: the driver wants to know.
 * STATUS_NO_TARGET: the ring is not in RAM. */
enum status virtio_queue_give(struct virtio_queue *queue, struct dma *dma, uint16_t head,
                              uint64_t written, bool *interrupt);

/* Moves bytes of the chain's readable or writable part, from `offset` in it on. False: it does not
 * hold so many; nothing was moved. */
bool virtio_chain_read(const struct virtio_chain *chain, struct dma *dma, uint64_t offset,
                       void *bytes, uint64_t size_bytes);
bool virtio_chain_write(const struct virtio_chain *chain, struct dma *dma, uint64_t offset,
                        const void *bytes, uint64_t size_bytes);

#endif
