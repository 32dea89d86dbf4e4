/* SPDX-License-Identifier: Apache-2.0 */
/* See virtio.h: what the device does by itself. */
#include "devices/virtio.h"

#include <assert.h>
#include <string.h>

#define BIT(number) (UINT64_C(1) << (number))

void virtio_init(struct virtio *virtio, const struct virtio_model *model,
                 const struct virtio_links *links)
{
    assert(model->queue_count <= VIRTIO_MAX_QUEUES && links->poll_cycles > 0);
    memset(virtio, 0, sizeof *virtio);
    virtio->model = *model;
    virtio->links = *links;
    memcpy(virtio->config, model->config, sizeof virtio->config);
    virtio->dma = (struct dma){.coherence = links->coherence, .master = links->master};
    virtio_reset(virtio, 0);
}

uint64_t virtio_features(const struct virtio *virtio)
{
    if (virtio->model.id == VIRTIO_ID_NONE)
        return 0;
    return virtio->model.features | BIT(VIRTIO_FEATURE_INDIRECT) |
           BIT(virtio->links.legacy ? VIRTIO_FEATURE_ANY_LAYOUT : VIRTIO_FEATURE_VERSION_1);
}

void virtio_settle(struct virtio *virtio, cycle_t now)
{
    bool level = virtio->interrupt_status != 0;
    if (level == virtio->line_level)
        return;
    virtio->line_level = level;
    if (virtio->links.line.set)
        virtio->links.line.set(virtio->links.line.owner, level, now);
}

void virtio_reset(struct virtio *virtio, cycle_t now)
{
    virtio->status = virtio->interrupt_status = 0;
    virtio->device_features_select = virtio->driver_features_select = virtio->queue_select = 0;
    virtio->legacy_page_size = 0;
    virtio->driver_features = 0;
    memcpy(virtio->config, virtio->model.config, virtio->model.legacy_writable);
    virtio_accept(virtio);
    for (unsigned i = 0; i < VIRTIO_MAX_QUEUES; i++)
        virtio->queue[i] = (struct virtio_queue){.size = VIRTIO_QUEUE_MAX, .legacy_align = 4096};
    virtio->work_at = CYCLE_NEVER;
    virtio->notified = 0;
    virtio->phase = VIRTIO_IDLE;
    virtio_settle(virtio, now);
}

void virtio_accept(struct virtio *virtio)
{
    if (virtio->model.accept)
        virtio->model.accept(virtio->model.self, virtio->driver_features);
}

void virtio_configure(struct virtio *virtio, unsigned offset, const uint8_t *bytes, unsigned count,
                      cycle_t now)
{
    assert(offset + count <= VIRTIO_MAX_CONFIG_BYTES);
    memcpy(virtio->config + offset, bytes, count);
    virtio->config_generation++;
    if (virtio->status & VIRTIO_STATUS_DRIVER_OK)
        virtio->interrupt_status |= VIRTIO_INTERRUPT_CONFIG;
    virtio_settle(virtio, now);
}

static void stop(struct virtio *virtio, cycle_t now)
{
    virtio->status |= VIRTIO_STATUS_NEEDS_RESET;
    if (virtio->status & VIRTIO_STATUS_DRIVER_OK)
        virtio->interrupt_status |= VIRTIO_INTERRUPT_CONFIG;
    virtio->phase = VIRTIO_IDLE;
    virtio->notified = 0;
    virtio->work_at = CYCLE_NEVER;
    virtio_settle(virtio, now);
}

/* Drivers of the legacy version may use the device before they say that they are ready. */
static bool runs(const struct virtio *virtio)
{
    return !(virtio->status & VIRTIO_STATUS_NEEDS_RESET) &&
           (virtio->links.legacy || virtio->status & VIRTIO_STATUS_DRIVER_OK);
}

void virtio_notify(struct virtio *virtio, unsigned queue, cycle_t now)
{
    if (queue < virtio->model.queue_count && !(virtio->status & VIRTIO_STATUS_NEEDS_RESET))
        virtio->notified |= 1u << queue;
    if (virtio->notified && runs(virtio) && virtio->phase == VIRTIO_IDLE)
        virtio->work_at = cycle_min(virtio->work_at, now + 1);
}

/* Whether a chain can be taken out of a queue that was notified. */
static bool wanted(const struct virtio *virtio, unsigned queue)
{
    const struct virtio_model *model = &virtio->model;
    return virtio->notified >> queue & 1 && virtio->queue[queue].ready &&
           (!model->ready || model->ready(model->self, queue));
}

/* The next chain of the first queue that has one. False: a queue is broken. */
static bool take(struct virtio *virtio)
{
    bool indirect = virtio->driver_features & BIT(VIRTIO_FEATURE_INDIRECT);
    for (unsigned i = 0; i < virtio->model.queue_count; i++) {
        unsigned queue = (virtio->active + 1 + i) % virtio->model.queue_count;
        if (!wanted(virtio, queue))
            continue;
        switch (virtio_queue_take(&virtio->queue[queue], &virtio->dma, indirect, &virtio->chain)) {
        case QUEUE_BROKEN:
            return false;
        case QUEUE_EMPTY:
            virtio->notified &= ~(1u << queue);
            break;
        case QUEUE_TAKEN:
            virtio->active = queue;
            virtio->phase = VIRTIO_STEPPING;
            virtio->progress = virtio->written = 0;
            return true;
        }
    }
    return true;
}

static bool step(struct virtio *virtio)
{
    const struct virtio_model *model = &virtio->model;
    enum virtio_step result = model->step(model->self, virtio->active, &virtio->chain, &virtio->dma,
                                          &virtio->progress, &virtio->written);
    if (result == VIRTIO_DONE)
        virtio->phase = VIRTIO_GIVING;
    return result != VIRTIO_BROKEN;
}

static bool give(struct virtio *virtio, cycle_t now)
{
    bool interrupt;
    if (virtio_queue_give(&virtio->queue[virtio->active], &virtio->dma, virtio->chain.head,
                          virtio->written, &interrupt) != STATUS_OK)
        return false;
    virtio->phase = VIRTIO_IDLE;
    if (interrupt)
        virtio->interrupt_status |= VIRTIO_INTERRUPT_USED;
    virtio_settle(virtio, now);
    return true;
}

/* Nothing under way and chains left only in queues that the model has no use for yet: poll, or wait
 * for the model's own events. */
static cycle_t next_work(const struct virtio *virtio, cycle_t now)
{
    bool waits = false;
    if (virtio->phase != VIRTIO_IDLE)
        return now + cycle_max(virtio->dma.spent, 1);
    for (unsigned i = 0; i < virtio->model.queue_count; i++) {
        if (wanted(virtio, i))
            return now + cycle_max(virtio->dma.spent, 1);
        waits |= virtio->notified >> i & 1 && virtio->queue[i].ready;
    }
    return waits && !virtio->model.advance ? now + virtio->links.poll_cycles : CYCLE_NEVER;
}

static void step_queues(struct virtio *virtio, cycle_t now)
{
    bool good = true;
    dma_begin(&virtio->dma, now);
    switch (virtio->phase) {
    case VIRTIO_IDLE:
        good = take(virtio);
        break;
    case VIRTIO_STEPPING:
        good = step(virtio);
        break;
    case VIRTIO_GIVING:
        good = give(virtio, now);
        break;
    }
    if (good)
        virtio->work_at = next_work(virtio, now);
    else
        stop(virtio, now);
}

/* A bit for each queue that is set up, once the device runs. */
static unsigned open_queues(const struct virtio *virtio)
{
    unsigned open = 0;
    for (unsigned i = 0; runs(virtio) && i < virtio->model.queue_count; i++)
        open |= (unsigned)virtio->queue[i].ready << i;
    return open;
}

cycle_t virtio_next(const struct virtio *virtio)
{
    const struct virtio_model *model = &virtio->model;
    return model->advance ? cycle_min(virtio->work_at, model->next_event(model->self))
                          : virtio->work_at;
}

void virtio_work(struct virtio *virtio, cycle_t now)
{
    const struct virtio_model *model = &virtio->model;
    if (model->advance && model->next_event(model->self) <= now) {
        model->advance(model->self, open_queues(virtio), now);
        virtio_notify(virtio, VIRTIO_MAX_QUEUES, now);
    }
    if (virtio->work_at <= now)
        step_queues(virtio, now);
}
