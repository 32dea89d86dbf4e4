/* SPDX-License-Identifier: Apache-2.0 */
/* A virtio disk: reads, writes, flush and the serial number, sector by sector. Requests are layouts
 * of bytes, not of descriptors. A request costs a fixed time before its data, which stands for the
 * medium. Not modelled: topology, discard, several queues. Source: VIRTIO 1.2, section 5.2. */
#ifndef MISSIVE_DEVICES_VIRTIO_BLOCK_H
#define MISSIVE_DEVICES_VIRTIO_BLOCK_H

#include "devices/virtio.h"

struct virtio_block {
    struct block_port medium;
    uint64_t request_cycles; /* from the request to its first sector */
    char serial[VIRTIO_BLOCK_ID_BYTES];
    uint32_t type; /* of the request under way */
    uint64_t sector, data_bytes;
    uint8_t outcome;
};

/* The serial number is the medium's (its first VIRTIO_BLOCK_ID_BYTES), or else "missive-NUMBER". */
void virtio_block_init(struct virtio_block *block, struct block_port medium,
                       uint64_t request_cycles, unsigned number);
struct virtio_model virtio_block_model(struct virtio_block *block);

#endif
