/* SPDX-License-Identifier: Apache-2.0 */
/* See noc_nodes.h. */
#include "noc/noc_nodes.h"

#include <assert.h>
#include <string.h>

static void push(struct noc_nodes *nodes, struct noc_list *list, uint32_t slot)
{
    if (list->count++)
        nodes->slot[list->last].next = slot;
    else
        list->first = slot;
    list->last = slot;
}

static uint32_t pop(struct noc_nodes *nodes, struct noc_list *list)
{
    uint32_t slot = list->first;
    list->first = nodes->slot[slot].next;
    list->count--;
    return slot;
}

/* Free slots are a stack, so that few of them stay in the host's cache. */
static void release(struct noc_nodes *nodes, uint32_t slot)
{
    nodes->slot[slot].next = nodes->free.first;
    nodes->free.first = slot;
    nodes->free.count++;
}

static uint8_t route(unsigned width, unsigned here, unsigned destination)
{
    unsigned x = here % width, to_x = destination % width;
    unsigned y = here / width, to_y = destination / width;
    if (x != to_x)
        return to_x > x ? NOC_EAST : NOC_WEST;
    if (y != to_y)
        return to_y > y ? NOC_SOUTH : NOC_NORTH;
    return NOC_LOCAL;
}

enum status noc_nodes_init(struct noc_nodes *nodes, const struct noc_config *config)
{
    enum status status = noc_check(config, NULL);
    if (status)
        return status;
    memset(nodes, 0, offsetof(struct noc_nodes, slot));
    nodes->config = *config;
    unsigned width = (unsigned)config->width, count = width * (unsigned)config->height;
    for (unsigned here = 0; here < count; here++)
        for (unsigned destination = 0; destination < count; destination++)
            nodes->route[here][destination] = route(width, here, destination);
    return STATUS_OK;
}

static bool sound(const struct noc_nodes *nodes, const struct noc_packet *packet)
{
    uint64_t count = nodes->config.width * nodes->config.height;
    return packet->source < count && packet->destination < count &&
           packet->class < nodes->config.classes && packet->size_flits >= 1 &&
           packet->size_flits <= NOC_MAX_FLITS && packet->cycle >= nodes->clock &&
           packet->cycle <= CYCLE_NEVER / 2 &&
           packet->cycle >= nodes->last_cycle[packet->source][packet->class];
}

enum status noc_nodes_inject(struct noc_nodes *nodes, const struct noc_packet *packet)
{
    if (!sound(nodes, packet))
        return STATUS_INVALID;
    struct noc_list *queue = &nodes->queue[packet->source][packet->class];
    if (queue->count == nodes->config.queue_packets ||
        (!nodes->free.count && nodes->unused == NOC_MAX_SLOTS)) {
        nodes->counters.class[packet->class].refusals++;
        return STATUS_FULL;
    }
    uint32_t slot = nodes->free.count ? pop(nodes, &nodes->free) : nodes->unused++;
    nodes->slot[slot].packet = *packet;
    nodes->last_cycle[packet->source][packet->class] = packet->cycle;
    push(nodes, queue, slot);
    nodes->waiting |= UINT64_C(1) << packet->source;
    nodes->refusing += queue->count == nodes->config.queue_packets;
    return STATUS_OK;
}

uint32_t noc_nodes_enter(struct noc_nodes *nodes, unsigned source, unsigned class, cycle_t cycle)
{
    struct noc_list *queue = &nodes->queue[source][class];
    assert(queue->count);
    nodes->refusing -= queue->count == nodes->config.queue_packets;
    uint32_t slot = pop(nodes, queue), left = 0;
    nodes->slot[slot].entered = cycle;
    for (unsigned i = 0; i < nodes->config.classes; i++)
        left += nodes->queue[source][i].count;
    if (!left)
        nodes->waiting &= ~(UINT64_C(1) << source);
    return slot;
}

void noc_nodes_arrive(struct noc_nodes *nodes, uint32_t slot, cycle_t cycle)
{
    nodes->slot[slot].arrived = cycle;
    push(nodes, &nodes->arrivals, slot);
}

static void account(struct noc_nodes *nodes, const struct noc_delivery *delivery)
{
    const struct noc_packet *packet = &delivery->packet;
    struct noc_class_counters *counters = &nodes->counters.class[packet->class];
    counters->packets++;
    counters->flits += packet->size_flits;
    counters->hops += delivery->hops;
    counters->flit_hops += (uint64_t)delivery->hops * packet->size_flits;
    counters->packet_cycles += delivery->arrived - packet->cycle;
    counters->network_cycles += delivery->arrived - delivery->entered;
}

bool noc_nodes_take(struct noc_nodes *nodes, struct noc_delivery *delivery)
{
    if (!nodes->arrivals.count || nodes->slot[nodes->arrivals.first].arrived > nodes->clock)
        return false;
    uint32_t slot = pop(nodes, &nodes->arrivals);
    const struct noc_slot *from = &nodes->slot[slot];
    *delivery = (struct noc_delivery){
        from->packet, from->entered, from->arrived,
        noc_hops(&nodes->config, from->packet.source, from->packet.destination)};
    account(nodes, delivery);
    release(nodes, slot);
    return true;
}

unsigned noc_nodes_room(const struct noc_nodes *nodes, unsigned source, unsigned class)
{
    if (source >= nodes->config.width * nodes->config.height || class >= nodes->config.classes)
        return 0;
    return (unsigned)nodes->config.queue_packets - nodes->queue[source][class].count;
}

cycle_t noc_nodes_next_entry(const struct noc_nodes *nodes)
{
    cycle_t next = CYCLE_NEVER;
    for (uint64_t left = nodes->waiting; left; left &= left - 1)
        for (unsigned class = 0; class < nodes->config.classes; class ++) {
            const struct noc_list *queue = &nodes->queue[__builtin_ctzll(left)][class];
            if (queue->count)
                next = cycle_min(next, nodes->slot[queue->first].packet.cycle);
        }
    return next;
}

cycle_t noc_nodes_next(const struct noc_nodes *nodes, cycle_t earliest)
{
    if (nodes->arrivals.count)
        earliest = cycle_min(earliest, nodes->slot[nodes->arrivals.first].arrived);
    if (nodes->refusing)
        earliest = cycle_min(earliest, nodes->clock + 1);
    return earliest;
}
