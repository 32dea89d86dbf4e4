/* SPDX-License-Identifier: Apache-2.0 */
/* What all models of the mesh share: the nodes' side of it. Packets under way, the queues they wait in at their sources, and
 * the list of those that have arrived; the counters; routes. Part of a model's state: plain data, no pointers. */
#ifndef MISSIVE_NOC_NOC_NODES_H
#define MISSIVE_NOC_NOC_NODES_H

#include "noc/noc.h"

/* More than all queues, all buffers and all links at their largest can hold: only a caller that does not take its packets
 * runs out of slots. */
#define NOC_MAX_SLOTS 65536
#define NOC_NO_SLOT UINT32_MAX

struct noc_slot {
    struct noc_packet packet;
    cycle_t entered;
    cycle_t arrived;
    uint32_t next; /* in the queue, the list of arrivals, or the list of free slots */
};

struct noc_list {
    uint32_t first, last; /* slots; meaningless when count is 0 */
    uint32_t count;
};

struct noc_nodes {
    struct noc_config config;
    struct noc_counters counters;
    cycle_t clock;     /* everything before has happened */
    uint64_t waiting;  /* nodes with a packet in a queue */
    uint32_t refusing; /* queues that are full */
    uint32_t unused;   /* slots from here on have never been used */
    struct noc_list free;
    struct noc_list arrivals; /* in the order of (cycle, node) */
    struct noc_list queue[NOC_MAX_NODES][NOC_MAX_CLASSES];
    cycle_t last_cycle[NOC_MAX_NODES][NOC_MAX_CLASSES]; /* of the packet queued last */
    uint8_t route[NOC_MAX_NODES][NOC_MAX_NODES];        /* the port to take: [here][destination] */
    struct noc_slot slot[NOC_MAX_SLOTS];
};

enum status noc_nodes_init(struct noc_nodes *nodes, const struct noc_config *config);
enum status noc_nodes_inject(struct noc_nodes *nodes, const struct noc_packet *packet);
bool noc_nodes_take(struct noc_nodes *nodes, struct noc_delivery *delivery);
unsigned noc_nodes_room(const struct noc_nodes *nodes, unsigned source, unsigned class);

/* The packet at the head of the queue leaves it at `cycle`: its slot. The queue is not empty. */
uint32_t noc_nodes_enter(struct noc_nodes *nodes, unsigned source, unsigned class, cycle_t cycle);

/* The packet's last flit reaches its destination at `cycle`, which is not before that of the last call; calls of one cycle come
 * in the order of nodes. */
void noc_nodes_arrive(struct noc_nodes *nodes, uint32_t slot, cycle_t cycle);

/* The earliest cycle of a packet at the head of a queue; CYCLE_NEVER: none. */
cycle_t noc_nodes_next_entry(const struct noc_nodes *nodes);

/* noc_next, where nothing can arrive before `earliest` but what is in the list of arrivals. */
cycle_t noc_nodes_next(const struct noc_nodes *nodes, cycle_t earliest);

/* The head of a queue, if it is there at `cycle`; else NOC_NO_SLOT. */
static inline uint32_t noc_nodes_head(const struct noc_nodes *nodes, unsigned source,
                                      unsigned class, cycle_t cycle)
{
    const struct noc_list *queue = &nodes->queue[source][class];
    return queue->count && nodes->slot[queue->first].packet.cycle <= cycle ? queue->first
                                                                           : NOC_NO_SLOT;
}

/* The node on the other side of a port that is not NOC_LOCAL; the mesh goes on there. */
static inline unsigned noc_nodes_neighbour(const struct noc_nodes *nodes, unsigned node,
                                           unsigned port)
{
    unsigned width = (unsigned)nodes->config.width;
    return port == NOC_EAST    ? node + 1
           : port == NOC_WEST  ? node - 1
           : port == NOC_SOUTH ? node + width
                               : node - width;
}

/* The port by which a neighbour's output comes in. */
static inline unsigned noc_opposite(unsigned port)
{
    return port ^ 1;
}

static inline unsigned noc_first_channel(const struct noc_config *config, unsigned class)
{
    return (unsigned)(config->channels * class / config->classes);
}

#endif
