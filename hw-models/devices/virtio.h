/* SPDX-License-Identifier: Apache-2.0 */
/* A virtio device behind MMIO registers: version 2, or the legacy version 1. What the device does
 * with a chain of buffers is its model's (virtio_block.h, ...); registers (virtio_mmio.c), queues
 * and the order of things (virtio.c) are the same for all.
 *
 * One chain is worked on at a time, step by step: take it, let the model step until it is done, give
 * it back; what a step moves and costs is its struct dma's. A driver that breaks the rules of the
 * rings finds the device stopped, with DEVICE_NEEDS_RESET, until it resets it.
 *
 * As on QEMU, a driver of version 2 may leave VERSION_1 unaccepted. Not modelled: packed rings, event
 * indices, shared memory, resetting one queue. Source: VIRTIO 1.2, sections 2 and 4.2. */
#ifndef MISSIVE_DEVICES_VIRTIO_H
#define MISSIVE_DEVICES_VIRTIO_H

#include "devices/device.h"
#include "devices/virtio_queue.h"

#define VIRTIO_MAX_QUEUES 2
#define VIRTIO_MAX_CONFIG_BYTES 16

enum virtio_step { VIRTIO_MORE, VIRTIO_DONE, VIRTIO_BROKEN };

struct virtio_model {
    uint32_t id; /* VIRTIO_ID_NONE: an empty slot, all else unused */
    unsigned queue_count;
    uint64_t features; /* the model's own; a bit each */
    uint8_t config[VIRTIO_MAX_CONFIG_BYTES];
    void *self;
    /* Works on a chain, `progress` is 0 in its first step and the model's afterwards. VIRTIO_MORE:
     * call again. VIRTIO_DONE: *written says how many bytes were written. VIRTIO_BROKEN: the chain
     * is not what the device's rules allow. A step moves a sector or so. */
    enum virtio_step (*step)(void *self, unsigned queue, const struct virtio_chain *chain,
                             struct dma *dma, uint64_t *progress, uint64_t *written);
    /* Whether there is a use for a chain of this queue now. NULL: always. Else it is asked again a
     * poll interval later, or of a model with events of its own after each of them. */
    bool (*ready)(void *self, unsigned queue);
    /* The model's own events: when the next one is, and what is done then. `open`: a bit for each
     * queue that the driver has set up. NULL: there are none. */
    cycle_t (*next_event)(const void *self);
    void (*advance)(void *self, unsigned open, cycle_t now);
    /* The driver has accepted these features; 0 once more after a reset, when all that was under way
     * is forgotten. May be NULL. */
    void (*accept)(void *self, uint64_t features);
    unsigned legacy_writable; /* as many bytes of `config` a driver of version 1 may write */
};

struct virtio_links {
    struct coherence *coherence;
    struct interrupt_line line; /* may have no set */
    unsigned master;            /* as the memory reports its transfers */
    uint64_t poll_cycles;       /* at least 1 */
    bool legacy;                /* version 1 */
};

enum virtio_phase { VIRTIO_IDLE, VIRTIO_STEPPING, VIRTIO_GIVING };

struct virtio {
    struct virtio_model model;
    struct virtio_links links;
    struct dma dma;
    /* registers */
    uint32_t status, interrupt_status;
    uint32_t device_features_select, driver_features_select, queue_select;
    uint32_t legacy_page_size;
    uint64_t driver_features;
    uint32_t config_generation;
    uint8_t config[VIRTIO_MAX_CONFIG_BYTES]; /* the model's, and what has become of it */
    struct virtio_queue queue[VIRTIO_MAX_QUEUES];
    bool line_level; /* as driven last */
    /* work */
    cycle_t work_at;
    unsigned notified; /* a bit for each queue that may hold chains */
    enum virtio_phase phase;
    unsigned active; /* the queue whose chain is worked on */
    uint64_t progress, written;
    struct virtio_chain chain;
};

void virtio_init(struct virtio *virtio, const struct virtio_model *model,
                 const struct virtio_links *links);
/* Attached at `base`, MAP_VIRTIO_SIZE bytes; its `self` is virtio. */
struct device virtio_device(struct virtio *virtio, const char *name, uint64_t base);

/* The device's configuration has changed: the driver is told. */
void virtio_configure(struct virtio *virtio, unsigned offset, const uint8_t *bytes, unsigned count,
                      cycle_t now);

/* For virtio_mmio.c. */
uint64_t virtio_features(const struct virtio *virtio); /* all that are offered */
void virtio_reset(struct virtio *virtio, cycle_t now);
void virtio_notify(struct virtio *virtio, unsigned queue, cycle_t now);
void virtio_accept(struct virtio *virtio);            /* after a change of the driver's features */
cycle_t virtio_next(const struct virtio *virtio);     /* the next event */
void virtio_work(struct virtio *virtio, cycle_t now); /* when it has come */
void virtio_settle(struct virtio *virtio, cycle_t now); /* after a change of the interrupt status */

#endif
