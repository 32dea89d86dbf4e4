/* SPDX-License-Identifier: Apache-2.0 */
/* See virtio_entropy.h. */
#include "devices/virtio_entropy.h"

#define STEP_BYTES 512u

void virtio_entropy_init(struct virtio_entropy *entropy, uint64_t seed)
{
    entropy->random = seed;
}

static uint64_t draw(struct virtio_entropy *entropy)
{
    uint64_t z = entropy->random += 0x9E3779B97F4A7C15;
    z = (z ^ z >> 30) * 0xBF58476D1CE4E5B9;
    z = (z ^ z >> 27) * 0x94D049BB133111EB;
    return z ^ z >> 31;
}

static enum virtio_step entropy_step(void *self, unsigned queue, const struct virtio_chain *chain,
                                     struct dma *dma, uint64_t *progress, uint64_t *written)
{
    struct virtio_entropy *entropy = self;
    uint8_t bytes[STEP_BYTES];
    uint64_t left = chain->writable_bytes - *progress;
    uint64_t part = left < STEP_BYTES ? left : STEP_BYTES;
    (void)queue;
    for (unsigned i = 0; i < part; i += 8) {
        uint64_t number = draw(entropy);
        for (unsigned j = 0; j < 8; j++)
            bytes[i + j] = (uint8_t)(number >> 8 * j);
    }
    virtio_chain_write(chain, dma, *progress, bytes, part);
    *progress += part;
    *written = *progress;
    return *progress < chain->writable_bytes ? VIRTIO_MORE : VIRTIO_DONE;
}

struct virtio_model virtio_entropy_model(struct virtio_entropy *entropy)
{
    return (struct virtio_model){
        .id = VIRTIO_ID_ENTROPY, .queue_count = 1, .self = entropy, .step = entropy_step};
}
