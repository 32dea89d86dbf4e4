/* SPDX-License-Identifier: Apache-2.0 */
/* See virtio.h: the registers. As on QEMU, an access to a register that is not of 4 bytes reads 0 and
 * stores nothing; the configuration behind them takes all sizes. */
#include <string.h>

#include "base/memory_map.h"
#include "devices/virtio.h"

static struct virtio_queue *selected(struct virtio *virtio)
{
    return virtio->queue_select < virtio->model.queue_count ? &virtio->queue[virtio->queue_select]
                                                            : NULL;
}

static bool is_power_of_two(uint64_t n)
{
    return n != 0 && (n & (n - 1)) == 0;
}

static uint32_t half(uint64_t value, uint32_t select)
{
    return select > 1 ? 0 : (uint32_t)(value >> 32 * select);
}

static void set_half(uint64_t *value, unsigned select, uint64_t word)
{
    uint64_t mask = (uint64_t)UINT32_MAX << 32 * select;
    *value = (*value & ~mask) | (word << 32 * select & mask);
}

static uint64_t load_queue(struct virtio *virtio, uint64_t offset)
{
    const struct virtio_queue *queue = selected(virtio);
    bool legacy = virtio->links.legacy;
    if (!queue)
        return 0;
    switch (offset) {
    case VIRTIO_QUEUE_SIZE_MAX:
        return VIRTIO_QUEUE_MAX;
    case VIRTIO_LEGACY_QUEUE_PAGE:
        return legacy ? queue->legacy_page : 0;
    default:
        return legacy ? 0 : queue->ready;
    }
}

static uint64_t load_register(struct virtio *virtio, uint64_t offset)
{
    if (virtio->model.id == VIRTIO_ID_NONE && offset > VIRTIO_VENDOR_ID)
        return 0;
    switch (offset) {
    case VIRTIO_MAGIC:
        return VIRTIO_MAGIC_VALUE;
    case VIRTIO_VERSION:
        return virtio->links.legacy ? 1 : 2;
    case VIRTIO_DEVICE_ID:
        return virtio->model.id;
    case VIRTIO_VENDOR_ID:
        return VIRTIO_VENDOR_VALUE;
    case VIRTIO_DEVICE_FEATURES:
        return half(virtio_features(virtio), virtio->device_features_select);
    case VIRTIO_QUEUE_SIZE_MAX:
    case VIRTIO_LEGACY_QUEUE_PAGE:
    case VIRTIO_QUEUE_READY:
        return load_queue(virtio, offset);
    case VIRTIO_INTERRUPT_STATUS:
        return virtio->interrupt_status;
    case VIRTIO_STATUS:
        return virtio->status;
    case VIRTIO_CONFIG_GENERATION:
        return virtio->links.legacy ? 0 : virtio->config_generation;
    case VIRTIO_SHARED_MEMORY_LENGTH: /* there is none: all ones */
    case VIRTIO_SHARED_MEMORY_LENGTH + 4:
    case VIRTIO_SHARED_MEMORY_BASE:
    case VIRTIO_SHARED_MEMORY_BASE + 4:
        return virtio->links.legacy ? 0 : UINT32_MAX;
    default:
        return 0;
    }
}

static uint64_t load_config(const struct virtio *virtio, uint64_t offset, unsigned size_bytes)
{
    uint64_t value = 0;
    for (unsigned i = 0; i < size_bytes && offset + i < VIRTIO_MAX_CONFIG_BYTES; i++)
        value |= (uint64_t)virtio->config[offset + i] << 8 * i;
    return value;
}

static enum status virtio_load(void *self, uint64_t offset, unsigned size_bytes, cycle_t now,
                               uint64_t *value)
{
    struct virtio *virtio = self;
    (void)now;
    if (offset >= VIRTIO_CONFIG)
        *value = load_config(virtio, offset - VIRTIO_CONFIG, size_bytes);
    else
        *value = size_bytes == 4 ? load_register(virtio, offset) : 0;
    return STATUS_OK;
}

static void store_driver_features(struct virtio *virtio, uint64_t value)
{
    if (!(virtio->status & VIRTIO_STATUS_FEATURES_OK) && virtio->driver_features_select <= 1)
        set_half(&virtio->driver_features, virtio->driver_features_select, value);
    virtio_accept(virtio);
}

/* FEATURES_OK stays off if the driver asks for what was not offered; DEVICE_NEEDS_RESET is ours. */
static void store_status(struct virtio *virtio, uint64_t value, cycle_t now)
{
    if ((value & 0xFF) == 0) {
        virtio_reset(virtio, now);
        return;
    }
    uint32_t status = (uint32_t)value & 0xFF & ~(uint32_t)VIRTIO_STATUS_NEEDS_RESET;
    if (virtio->driver_features & ~virtio_features(virtio))
        status &= ~(uint32_t)VIRTIO_STATUS_FEATURES_OK;
    virtio->status = status | (virtio->status & VIRTIO_STATUS_NEEDS_RESET);
    virtio_notify(virtio, VIRTIO_MAX_QUEUES, now); /* what was notified before DRIVER_OK */
}

static void enable(struct virtio *virtio, struct virtio_queue *queue, bool ready)
{
    queue->ready = ready && is_power_of_two(queue->size) && queue->size <= VIRTIO_QUEUE_MAX;
    queue->next_available = queue->next_used = 0;
    if (queue == &virtio->queue[virtio->active])
        virtio->phase = VIRTIO_IDLE; /* its chain is dropped; at work_at the next one is taken */
}

/* The layout of a legacy queue: all in one piece from its page on. */
static void set_legacy_page(struct virtio *virtio, struct virtio_queue *queue, uint32_t page)
{
    uint64_t align = queue->legacy_align;
    queue->legacy_page = page;
    queue->descriptors = (uint64_t)page * virtio->legacy_page_size;
    queue->driver_ring = queue->descriptors + (uint64_t)VIRTIO_DESCRIPTOR_BYTES * queue->size;
    uint64_t end = queue->driver_ring + VIRTIO_AVAILABLE_RING + 2 * ((uint64_t)queue->size + 1);
    queue->device_ring = (end + align - 1) & ~(align - 1);
    enable(virtio, queue,
           page != 0 && is_power_of_two(virtio->legacy_page_size) && is_power_of_two(align));
}

static void store_legacy(struct virtio *virtio, uint64_t offset, uint32_t value)
{
    struct virtio_queue *queue = selected(virtio);
    if (offset == VIRTIO_LEGACY_PAGE_SIZE)
        virtio->legacy_page_size = value;
    else if (queue && offset == VIRTIO_LEGACY_QUEUE_ALIGN)
        queue->legacy_align = value;
    else if (queue && offset == VIRTIO_LEGACY_QUEUE_PAGE)
        set_legacy_page(virtio, queue, value);
}

static void store_modern(struct virtio *virtio, uint64_t offset, uint32_t value)
{
    struct virtio_queue *queue = selected(virtio);
    if (!queue)
        return;
    if (offset == VIRTIO_QUEUE_READY)
        enable(virtio, queue, value & 1);
    if (queue->ready)
        return;
    switch (offset & ~(uint64_t)4) {
    case VIRTIO_QUEUE_DESCRIPTORS:
        set_half(&queue->descriptors, offset / 4 % 2, value);
        break;
    case VIRTIO_QUEUE_DRIVER:
        set_half(&queue->driver_ring, offset / 4 % 2, value);
        break;
    case VIRTIO_QUEUE_DEVICE:
        set_half(&queue->device_ring, offset / 4 % 2, value);
        break;
    }
}

static void store_register(struct virtio *virtio, uint64_t offset, uint32_t value, cycle_t now)
{
    struct virtio_queue *queue = selected(virtio);
    switch (offset) {
    case VIRTIO_DEVICE_FEATURES_SELECT:
        virtio->device_features_select = value;
        break;
    case VIRTIO_DRIVER_FEATURES:
        store_driver_features(virtio, value);
        break;
    case VIRTIO_DRIVER_FEATURES_SELECT:
        virtio->driver_features_select = value;
        break;
    case VIRTIO_QUEUE_SELECT:
        virtio->queue_select = value;
        break;
    case VIRTIO_QUEUE_SIZE:
        if (queue && !queue->ready)
            queue->size = value;
        break;
    case VIRTIO_QUEUE_NOTIFY:
        virtio_notify(virtio, value, now);
        break;
    case VIRTIO_INTERRUPT_ACK:
        virtio->interrupt_status &= ~value;
        virtio_settle(virtio, now);
        break;
    case VIRTIO_STATUS:
        store_status(virtio, value, now);
        break;
    default:
        if (virtio->links.legacy)
            store_legacy(virtio, offset, value);
        else
            store_modern(virtio, offset, value);
    }
}

/* A byte after the other, as a driver of version 1 may in part of it. */
static void store_config(struct virtio *virtio, uint64_t offset, unsigned size_bytes,
                         uint64_t value)
{
    unsigned writable = virtio->links.legacy ? virtio->model.legacy_writable : 0;
    for (unsigned i = 0; i < size_bytes && offset + i < writable; i++)
        virtio->config[offset + i] = (uint8_t)(value >> 8 * i);
}

static enum status virtio_store(void *self, uint64_t offset, unsigned size_bytes, cycle_t now,
                                uint64_t value)
{
    struct virtio *virtio = self;
    if (offset >= VIRTIO_CONFIG)
        store_config(virtio, offset - VIRTIO_CONFIG, size_bytes, value);
    else if (size_bytes == 4 && virtio->model.id != VIRTIO_ID_NONE)
        store_register(virtio, offset, (uint32_t)value, now);
    return STATUS_OK;
}

static cycle_t virtio_next_event(const void *self)
{
    return virtio_next(self);
}

static void virtio_advance(void *self, cycle_t now)
{
    virtio_work(self, now);
}

struct device virtio_device(struct virtio *virtio, const char *name, uint64_t base)
{
    return (struct device){
        .name = name,
        .base = base,
        .size_bytes = MAP_VIRTIO_SIZE,
        .self = virtio,
        .load = virtio_load,
        .store = virtio_store,
        .next_event = virtio_next_event,
        .advance = virtio_advance,
    };
}
