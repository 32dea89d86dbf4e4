/* SPDX-License-Identifier: Apache-2.0 */
/* A virtio network device: one queue each way, MAC address, link state, MTU. It has memory for one
 * frame on its way out, read from the driver's buffers while the one before is being sent, and for
 * some that have arrived and wait for the driver's buffers; what finds no room is dropped and
 * counted. Every frame that arrives is received, whoever it is for, as without a control queue
 * drivers expect; the header before a frame that is sent says nothing, because no offload is offered.
 *
 * A buffer too small for a frame is given back with nothing in it. Not modelled: merged receive
 * buffers, checksum and segmentation offloads, control queue, several pairs of queues. Source: VIRTIO
 * 1.2, section 5.1. */
#ifndef MISSIVE_DEVICES_VIRTIO_NET_H
#define MISSIVE_DEVICES_VIRTIO_NET_H

#include "devices/virtio.h"

#define VIRTIO_NET_WAITING_FRAMES 32 /* 48 KiB, as much as small adapters have */

struct virtio_net_counters {
#define COUNTER(id, unit, doc) uint64_t id;
#include "devices/virtio_net_counters.def"
#undef COUNTER
};

struct net_frame {
    uint16_t bytes;
    uint8_t byte[NET_FRAME_MAX_BYTES];
};

struct virtio_net {
    struct net_port outside;
    uint8_t address[NET_ADDRESS_BYTES];
    bool link_up;
    unsigned header_bytes;                               /* by what the driver has accepted */
    struct net_frame outgoing;                           /* bytes 0: none */
    cycle_t outgoing_from;                               /* when its last byte is there */
    struct net_frame waiting[VIRTIO_NET_WAITING_FRAMES]; /* a ring */
    unsigned first_waiting, waiting_count;
    struct virtio_net_counters counters;
};

/* The link is up if `outside` has functions, and down if all of them are NULL. */
void virtio_net_init(struct virtio_net *net, struct net_port outside,
                     const uint8_t address[NET_ADDRESS_BYTES]);
struct virtio_model virtio_net_model(struct virtio_net *net);
/* The link of the device whose model this is goes up, which takes an outside, or down. */
void virtio_net_set_link(struct virtio *virtio, bool up, cycle_t now);

#endif
