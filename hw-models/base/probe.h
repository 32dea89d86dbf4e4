/* SPDX-License-Identifier: Apache-2.0 */
/* Where a model drops its events. A model holds a `struct probe *` that may be NULL (nobody looks):
 * then reporting costs one branch. Events of one source arrive in order; over all sources they may
 * run ahead of each other by a quantum, and whoever drains the probe puts them in order. */
#ifndef MISSIVE_BASE_PROBE_H
#define MISSIVE_BASE_PROBE_H

#include <stddef.h>

#include "base/event.h"

struct probe {
    struct event *events; /* caller's memory */
    size_t count;
    size_t capacity;
    void (*drain)(struct probe *probe); /* called when full: must leave count < capacity */
    void *owner;                        /* for drain's use */
};

static inline void probe_emit(struct probe *probe, cycle_t cycle, enum event_kind kind,
                              unsigned source, uint64_t a, uint64_t b, uint64_t c, uint64_t d)
{
    if (!probe)
        return;
    if (probe->count == probe->capacity)
        probe->drain(probe);
    probe->events[probe->count++] =
        (struct event){cycle, (uint16_t)kind, (uint16_t)source, 0, {a, b, c, d}};
}

#endif
