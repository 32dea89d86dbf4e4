/* SPDX-License-Identifier: Apache-2.0 */
/* A virtio source of entropy: drawn from a seed, so that runs repeat. Generator: SplitMix64 (Steele,
 * Lea, Flood 2014); no guest may take it for a secret. Source: VIRTIO 1.2, section 5.4. */
#ifndef MISSIVE_DEVICES_VIRTIO_ENTROPY_H
#define MISSIVE_DEVICES_VIRTIO_ENTROPY_H

#include "devices/virtio.h"

struct virtio_entropy {
    uint64_t random; /* the generator's state */
};

void virtio_entropy_init(struct virtio_entropy *entropy, uint64_t seed);
struct virtio_model virtio_entropy_model(struct virtio_entropy *entropy);

#endif
