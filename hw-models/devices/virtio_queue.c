/* SPDX-License-Identifier: Apache-2.0 */
/* See virtio_queue.h. Every buffer is held against RAM when its descriptor is read, so that moving
 * data cannot fail any more. */
#include "devices/virtio_queue.h"

#define INDIRECT_ENTRIES_MAX VIRTIO_QUEUE_MAX

struct descriptor {
    uint64_t address;
    uint32_t bytes;
    uint16_t flags, next;
};

static uint64_t number(const uint8_t *bytes, unsigned size_bytes)
{
    uint64_t value = 0;
    for (unsigned i = 0; i < size_bytes; i++)
        value |= (uint64_t)bytes[i] << 8 * i;
    return value;
}

static void put_number(uint8_t *bytes, unsigned size_bytes, uint64_t value)
{
    for (unsigned i = 0; i < size_bytes; i++)
        bytes[i] = (uint8_t)(value >> 8 * i);
}

static bool read_u16(struct dma *dma, uint64_t address, uint16_t *value)
{
    uint8_t bytes[2];
    if (dma_read(dma, address, bytes, sizeof bytes) != STATUS_OK)
        return false;
    *value = (uint16_t)number(bytes, 2);
    return true;
}

static bool read_descriptor(struct dma *dma, uint64_t table, unsigned index,
                            struct descriptor *descriptor)
{
    uint8_t bytes[VIRTIO_DESCRIPTOR_BYTES];
    uint64_t address = table + (uint64_t)index * VIRTIO_DESCRIPTOR_BYTES;
    if (dma_read(dma, address, bytes, sizeof bytes) != STATUS_OK)
        return false;
    descriptor->address = number(bytes, 8);
    descriptor->bytes = (uint32_t)number(bytes + 8, 4);
    descriptor->flags = (uint16_t)number(bytes + 12, 2);
    descriptor->next = (uint16_t)number(bytes + 14, 2);
    return true;
}

static bool add_segment(struct virtio_chain *chain, const struct dma *dma,
                        const struct descriptor *descriptor)
{
    bool write = descriptor->flags & VIRTIO_DESCRIPTOR_WRITE;
    if (chain->count == VIRTIO_QUEUE_MAX || descriptor->bytes == 0 ||
        !dma_reaches(dma, descriptor->address, descriptor->bytes) ||
        (!write && chain->count > chain->readable))
        return false;
    chain->segment[chain->count++] =
        (struct virtio_segment){descriptor->address, descriptor->bytes};
    if (write) {
        chain->writable_bytes += descriptor->bytes;
    } else {
        chain->readable = chain->count;
        chain->readable_bytes += descriptor->bytes;
    }
    return true;
}

/* A table of `entries` descriptors from `index` on. In a queue's own table (indirect not NULL) one
 * may lead to an indirect table: *indirect is it, and the walk ends. */
static bool walk(struct virtio_chain *chain, struct dma *dma, uint64_t table, unsigned entries,
                 unsigned index, struct descriptor *indirect)
{
    struct descriptor descriptor;
    for (unsigned steps = 0; steps < entries; steps++) {
        if (index >= entries || !read_descriptor(dma, table, index, &descriptor))
            return false;
        if (descriptor.flags & VIRTIO_DESCRIPTOR_INDIRECT) {
            if (!indirect || descriptor.flags & VIRTIO_DESCRIPTOR_NEXT)
                return false;
            *indirect = descriptor;
            return true;
        }
        if (!add_segment(chain, dma, &descriptor))
            return false;
        if (!(descriptor.flags & VIRTIO_DESCRIPTOR_NEXT))
            return true;
        index = descriptor.next;
    }
    return false; /* a loop */
}

static bool read_chain(const struct virtio_queue *queue, struct dma *dma, bool indirect,
                       struct virtio_chain *chain)
{
    struct descriptor table = {0};
    if (!walk(chain, dma, queue->descriptors, queue->size, chain->head, indirect ? &table : NULL))
        return false;
    if (!(table.flags & VIRTIO_DESCRIPTOR_INDIRECT))
        return true;
    uint32_t entries = table.bytes / VIRTIO_DESCRIPTOR_BYTES;
    return table.bytes % VIRTIO_DESCRIPTOR_BYTES == 0 && entries != 0 &&
           entries <= INDIRECT_ENTRIES_MAX && walk(chain, dma, table.address, entries, 0, NULL);
}

enum queue_result virtio_queue_take(struct virtio_queue *queue, struct dma *dma, bool indirect,
                                    struct virtio_chain *chain)
{
    uint16_t index;
    if (!read_u16(dma, queue->driver_ring + VIRTIO_AVAILABLE_INDEX, &index))
        return QUEUE_BROKEN;
    if (index == queue->next_available)
        return QUEUE_EMPTY;
    if ((uint16_t)(index - queue->next_available) > queue->size)
        return QUEUE_BROKEN;
    chain->readable = chain->count = 0;
    chain->readable_bytes = chain->writable_bytes = 0;
    uint64_t place = VIRTIO_AVAILABLE_RING + 2 * (uint64_t)(queue->next_available % queue->size);
    if (!read_u16(dma, queue->driver_ring + place, &chain->head) ||
        !read_chain(queue, dma, indirect, chain))
        return QUEUE_BROKEN;
    queue->next_available++;
    return QUEUE_TAKEN;
}

enum status virtio_queue_give(struct virtio_queue *queue, struct dma *dma, uint16_t head,
                              uint64_t written, bool *interrupt)
{
    uint8_t element[8], index[2];
    uint16_t flags;
    uint64_t place = VIRTIO_USED_RING + 8 * (uint64_t)(queue->next_used % queue->size);
    put_number(element, 4, head);
    put_number(element + 4, 4, written);
    put_number(index, 2, (uint16_t)(queue->next_used + 1));
    if (dma_write(dma, queue->device_ring + place, element, sizeof element) != STATUS_OK ||
        dma_write(dma, queue->device_ring + VIRTIO_USED_INDEX, index, sizeof index) != STATUS_OK ||
        !read_u16(dma, queue->driver_ring, &flags))
        return STATUS_NO_TARGET;
    queue->next_used++;
    *interrupt = !(flags & VIRTIO_AVAILABLE_NO_INTERRUPT);
    return STATUS_OK;
}

/* Between a buffer (into `in`, or from `out` if the chain is written) and the segments of the chain's
 * readable or writable part. */
static void stream(const struct virtio_chain *chain, struct dma *dma, uint64_t offset, uint8_t *in,
                   const uint8_t *out, uint64_t size_bytes)
{
    uint64_t done = 0;
    for (unsigned i = out ? chain->readable : 0; done < size_bytes; i++) {
        const struct virtio_segment *segment = &chain->segment[i];
        if (offset >= segment->bytes) {
            offset -= segment->bytes;
            continue;
        }
        uint64_t part = segment->bytes - offset;
        if (part > size_bytes - done)
            part = size_bytes - done;
        if (out)
            dma_write(dma, segment->address + offset, out + done, part);
        else
            dma_read(dma, segment->address + offset, in + done, part);
        done += part;
        offset = 0;
    }
}

static bool within(uint64_t total, uint64_t offset, uint64_t size_bytes)
{
    return offset <= total && size_bytes <= total - offset;
}

bool virtio_chain_read(const struct virtio_chain *chain, struct dma *dma, uint64_t offset,
                       void *bytes, uint64_t size_bytes)
{
    if (!within(chain->readable_bytes, offset, size_bytes))
        return false;
    stream(chain, dma, offset, bytes, NULL, size_bytes);
    return true;
}

bool virtio_chain_write(const struct virtio_chain *chain, struct dma *dma, uint64_t offset,
                        const void *bytes, uint64_t size_bytes)
{
    if (!within(chain->writable_bytes, offset, size_bytes))
        return false;
    stream(chain, dma, offset, NULL, bytes, size_bytes);
    return true;
}
