/* SPDX-License-Identifier: Apache-2.0 */
/* See virtio_net.h. `progress` counts the bytes of the frame that were moved; the header goes with the
 * first of them. */
#include "devices/virtio_net.h"

#include <assert.h>
#include <string.h>

#define STEP_BYTES 512u

void virtio_net_init(struct virtio_net *net, struct net_port outside,
                     const uint8_t address[NET_ADDRESS_BYTES])
{
    memset(net, 0, sizeof *net);
    net->outside = outside;
    net->link_up = outside.send != NULL;
    memcpy(net->address, address, sizeof net->address);
}

static uint64_t part_of(uint64_t bytes, uint64_t progress)
{
    uint64_t left = bytes - progress;
    return left < STEP_BYTES ? left : STEP_BYTES;
}

/* A frame of the driver's is complete. */
static void take_outgoing(struct virtio_net *net, unsigned frame_bytes, const struct dma *dma)
{
    if (!net->link_up) {
        net->counters.link_drops++;
        return;
    }
    net->outgoing.bytes = (uint16_t)frame_bytes;
    net->outgoing_from = dma->now + cycle_max(dma->spent, 1);
}

static enum virtio_step transmit(struct virtio_net *net, const struct virtio_chain *chain,
                                 struct dma *dma, uint64_t *progress)
{
    uint8_t header[VIRTIO_NET_HEADER_BYTES];
    if (!virtio_chain_read(chain, dma, 0, header, *progress == 0 ? net->header_bytes : 0))
        return VIRTIO_BROKEN;
    uint64_t frame_bytes = chain->readable_bytes - net->header_bytes;
    if (frame_bytes < NET_FRAME_MIN_BYTES || frame_bytes > NET_FRAME_MAX_BYTES) {
        net->counters.bad_frames++;
        return VIRTIO_DONE;
    }
    uint64_t part = part_of(frame_bytes, *progress);
    virtio_chain_read(chain, dma, net->header_bytes + *progress, net->outgoing.byte + *progress,
                      part);
    *progress += part;
    if (*progress < frame_bytes)
        return VIRTIO_MORE;
    take_outgoing(net, (unsigned)frame_bytes, dma);
    return VIRTIO_DONE;
}

static void drop_first(struct virtio_net *net)
{
    net->first_waiting = (net->first_waiting + 1) % VIRTIO_NET_WAITING_FRAMES;
    net->waiting_count--;
}

static enum virtio_step receive(struct virtio_net *net, const struct virtio_chain *chain,
                                struct dma *dma, uint64_t *progress, uint64_t *written)
{
    /* num_buffers, the last field where there is one, is 1. */
    static const uint8_t header[VIRTIO_NET_HEADER_BYTES] = {[VIRTIO_NET_LEGACY_HEADER_BYTES] = 1};
    const struct net_frame *frame = &net->waiting[net->first_waiting];
    if (chain->writable_bytes == 0)
        return VIRTIO_BROKEN;
    if (chain->writable_bytes < (uint64_t)net->header_bytes + frame->bytes) {
        net->counters.buffer_drops++;
        drop_first(net);
        return VIRTIO_DONE;
    }
    if (*progress == 0)
        virtio_chain_write(chain, dma, 0, header, net->header_bytes);
    uint64_t part = part_of(frame->bytes, *progress);
    virtio_chain_write(chain, dma, net->header_bytes + *progress, frame->byte + *progress, part);
    *progress += part;
    if (*progress < frame->bytes)
        return VIRTIO_MORE;
    *written = (uint64_t)net->header_bytes + frame->bytes;
    net->counters.received_frames++;
    net->counters.received_bytes += frame->bytes;
    drop_first(net);
    return VIRTIO_DONE;
}

static enum virtio_step net_step(void *self, unsigned queue, const struct virtio_chain *chain,
                                 struct dma *dma, uint64_t *progress, uint64_t *written)
{
    return queue == VIRTIO_NET_RECEIVE ? receive(self, chain, dma, progress, written)
                                       : transmit(self, chain, dma, progress);
}

static bool net_ready(void *self, unsigned queue)
{
    const struct virtio_net *net = self;
    return queue == VIRTIO_NET_RECEIVE ? net->waiting_count > 0 : net->outgoing.bytes == 0;
}

static cycle_t next_departure(const struct virtio_net *net)
{
    return net->outgoing.bytes
               ? cycle_max(net->outgoing_from, net->outside.send_from(net->outside.owner))
               : CYCLE_NEVER;
}

static cycle_t next_arrival(const struct virtio_net *net)
{
    return net->outside.arrival ? net->outside.arrival(net->outside.owner) : CYCLE_NEVER;
}

static cycle_t net_next_event(const void *self)
{
    return cycle_min(next_departure(self), next_arrival(self));
}

static void arrive(struct virtio_net *net, unsigned open)
{
    struct net_frame dropped, *frame = &dropped;
    uint64_t *drops = !net->link_up                        ? &net->counters.link_drops
                      : !(open & 1u << VIRTIO_NET_RECEIVE) ? &net->counters.closed_drops
                      : net->waiting_count == VIRTIO_NET_WAITING_FRAMES ? &net->counters.full_drops
                                                                        : NULL;
    if (drops)
        ++*drops;
    else
        frame =
            &net->waiting[(net->first_waiting + net->waiting_count++) % VIRTIO_NET_WAITING_FRAMES];
    frame->bytes = (uint16_t)net->outside.receive(net->outside.owner, frame->byte);
}

static void net_advance(void *self, unsigned open, cycle_t now)
{
    struct virtio_net *net = self;
    while (next_arrival(net) <= now)
        arrive(net, open);
    if (next_departure(net) > now)
        return;
    net->outside.send(net->outside.owner, net->outgoing.byte, net->outgoing.bytes, now);
    net->counters.sent_frames++;
    net->counters.sent_bytes += net->outgoing.bytes;
    net->outgoing.bytes = 0;
}

static void net_accept(void *self, uint64_t features)
{
    struct virtio_net *net = self;
    net->header_bytes = features >> VIRTIO_FEATURE_VERSION_1 & 1 ? VIRTIO_NET_HEADER_BYTES
                                                                 : VIRTIO_NET_LEGACY_HEADER_BYTES;
    net->outgoing.bytes = 0;
    net->first_waiting = net->waiting_count = 0;
}

static void status_bytes(bool link_up, uint8_t bytes[2])
{
    bytes[0] = link_up ? VIRTIO_NET_LINK_UP : 0;
    bytes[1] = 0;
}

struct virtio_model virtio_net_model(struct virtio_net *net)
{
    struct virtio_model model = {
        .id = VIRTIO_ID_NET,
        .queue_count = 2,
        .features = 1u << VIRTIO_NET_FEATURE_MAC | 1u << VIRTIO_NET_FEATURE_STATUS |
                    1u << VIRTIO_NET_FEATURE_MTU,
        .self = net,
        .step = net_step,
        .ready = net_ready,
        .next_event = net_next_event,
        .advance = net_advance,
        .accept = net_accept,
        .legacy_writable = NET_ADDRESS_BYTES,
    };
    memcpy(model.config + VIRTIO_NET_CONFIG_MAC, net->address, sizeof net->address);
    status_bytes(net->link_up, model.config + VIRTIO_NET_CONFIG_STATUS);
    model.config[VIRTIO_NET_CONFIG_MTU] = NET_MTU_BYTES & 0xFF;
    model.config[VIRTIO_NET_CONFIG_MTU + 1] = NET_MTU_BYTES >> 8;
    return model;
}

void virtio_net_set_link(struct virtio *virtio, bool up, cycle_t now)
{
    struct virtio_net *net = virtio->model.self;
    uint8_t status[2];
    assert(net->outside.send || !up);
    if (net->link_up == up)
        return;
    net->link_up = up;
    net->counters.link_drops += net->outgoing.bytes != 0; /* the link was up till now */
    net->outgoing.bytes = 0;
    status_bytes(up, status);
    virtio_configure(virtio, VIRTIO_NET_CONFIG_STATUS, status, sizeof status, now);
}
