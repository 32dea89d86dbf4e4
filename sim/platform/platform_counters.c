/* SPDX-License-Identifier: Apache-2.0 */
/* All models' counters under one tree of names. See platform.h. */
#include <stdio.h>

#include "platform/platform_state.h"

struct visit {
    platform_counter_visitor *call;
    void *owner;
    char prefix[48];
};

static void visit_one(const struct visit *visit, const char *name, const char *unit,
                      const char *doc, uint64_t value)
{
    char path[96];
    snprintf(path, sizeof path, "%s.%s", visit->prefix, name);
    visit->call(visit->owner, path, unit, doc, value);
}

/* The lists of counters differ, the way to walk them does not. */
#define COUNTER(id, unit, doc) visit_one(visit, #id, unit, doc, counters->id);

static void visit_hart(const struct visit *visit, const struct hart *hart)
{
    const struct hart_counters *counters = hart_counters(hart);
    visit_one(visit, "cycles", "cycles", "the hart's local clock", hart_now(hart));
#include "core/hart_counters.def"
}

static void visit_bus(const struct visit *visit, const struct bus_counters *counters)
{
#include "memory/bus_counters.def"
}

static void visit_coherence(const struct visit *visit, const struct coherence_counters *counters)
{
#include "memory/coherence_counters.def"
}

static void visit_dram(const struct visit *visit, const struct dram_counters *counters)
{
#include "memory/dram_counters.def"
}

static void visit_net(const struct visit *visit, const struct virtio_net_counters *counters)
{
#include "devices/virtio_net_counters.def"
}

static void visit_wire(const struct visit *visit, const struct wire_counters *counters)
{
#include "devices/wire_counters.def"
}
#undef COUNTER

/* A wire's direction is named after the device that sends into it. */
static void visit_nic(struct visit *visit, const struct nic *nic, unsigned number)
{
    snprintf(visit->prefix, sizeof visit->prefix, "nic.%u", number);
    visit_net(visit, &nic->net.counters);
    if (!nic->end.wire)
        return;
    snprintf(visit->prefix, sizeof visit->prefix, "nic.%u.wire", number);
    visit_wire(visit, &nic->end.wire->direction[nic->end.number].counters);
}

void platform_counters_visit(const struct platform *platform, platform_counter_visitor *call,
                             void *owner)
{
    struct visit visit = {call, owner, "bus"};
    const struct bus_counters total = bus_total(&platform->bus);
    visit_bus(&visit, &total);
    for (unsigned kind = 0; kind < REQUEST_KIND_COUNT; kind++) {
        snprintf(visit.prefix, sizeof visit.prefix, "bus.%s",
                 bus_kind_name((enum request_kind)kind));
        visit_bus(&visit, &platform->bus.kind[kind]);
    }
    snprintf(visit.prefix, sizeof visit.prefix, "coherence");
    visit_coherence(&visit, &platform->coherence.counters);
    snprintf(visit.prefix, sizeof visit.prefix, "dram");
    visit_dram(&visit, &platform->dram.counters);
    for (unsigned i = 0; i < platform->hart_count; i++) {
        snprintf(visit.prefix, sizeof visit.prefix, "hart.%u", i);
        visit_hart(&visit, platform->harts[i]);
    }
    call(owner, "machine.untimed_cycles", "cycles",
         "before timing began; all of them where machine.timing stays none",
         platform->untimed_cycles);
    for (unsigned i = 0; i < platform->nic_count; i++)
        visit_nic(&visit, &platform->nics[i], i);
}
