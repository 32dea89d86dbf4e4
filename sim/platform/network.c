/* SPDX-License-Identifier: Apache-2.0 */
/* See network.h. */
#include "platform/network.h"

#include <assert.h>
#include <stdlib.h>

static struct wire *create_wire(const struct platform *platform, unsigned number,
                                struct wire_tap tap, struct problem *problem)
{
    const struct parameters *p = &platform->parameters;
    const struct wire_config config = {
        .bits_per_second = p->wire_bits_per_second,
        .clock_hz = p->machine_clock_hz,
        .latency_cycles = p->wire_latency_cycles,
        .lost_per_million = p->wire_lost_per_million,
        .seed = p->machine_seed + ((uint64_t)(number + 1) << 32), /* no two draw the same */
    };
    size_t size_bytes = wire_size(&config);
    struct wire *wire = size_bytes ? calloc(1, size_bytes) : NULL; /* pages when needed */
    if (!size_bytes)
        problem_set(problem,
                    "wire.latency_cycles: with this wire.bits_per_second more than %zu "
                    "MiB would be on their way",
                    WIRE_MAX_BYTES >> 20);
    else if (!wire)
        problem_set(problem, "the host has no memory for a wire");
    else
        wire_init(wire, &config, tap);
    return wire;
}

/* A frame is on its way to this device, which knows when it comes. */
static void ring(void *owner)
{
    const struct nic *nic = owner;
    const struct device_watch *watch = &nic->platform->device_watch;
    if (watch->changed)
        watch->changed(watch->owner, nic->device);
}

static bool init_wire(struct platform *platform, const struct platform_config *config,
                      unsigned number, struct problem *problem)
{
    struct nic *nics[2];
    unsigned ends = 0;
    for (unsigned i = 0; i < config->nic_count; i++) {
        assert(config->nics[i].wire < MAP_MAX_NICS);
        if (config->nics[i].wire != number)
            continue;
        assert(ends < 2);
        nics[ends++] = &platform->nics[i];
    }
    if (ends < 2)
        return true;
    struct wire *wire = create_wire(platform, number, config->frame_tap, problem);
    platform->wires[number] = wire;
    for (unsigned end = 0; wire && end < 2; end++)
        nics[end]->port =
            wire_port(wire, end, &nics[end]->end, (struct wire_bell){nics[end], ring});
    return wire != NULL;
}

bool network_init(struct platform *platform, const struct platform_config *config,
                  struct problem *problem)
{
    assert(config->nic_count <= MAP_MAX_NICS - config->drive_count);
    platform->nic_count = config->nic_count;
    for (unsigned number = 0; number < MAP_MAX_NICS; number++)
        if (!init_wire(platform, config, number, problem))
            return false;
    for (unsigned i = 0; i < config->nic_count; i++) {
        struct nic *nic = &platform->nics[i];
        nic->platform = platform;
        virtio_net_init(&nic->net, nic->port, config->nics[i].address);
    }
    return true;
}

void network_destroy(struct platform *platform)
{
    for (unsigned number = 0; number < MAP_MAX_NICS; number++)
        free(platform->wires[number]);
}
