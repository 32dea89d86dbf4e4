/* SPDX-License-Identifier: Apache-2.0 */
/* The promise every model of the on-chip network keeps: a 2-D mesh of width x height nodes that carries packets. This file
 * names no member; noc_models.def does. Sources: Dally and Towles, Principles and Practices of Interconnection Networks
 * (2004), chapters 8 (dimension-order routing), 12 to 14 (wormhole, virtual channels, credits, deadlock), 16 to 19 (router).
 *
 * Nodes are numbered row by row: node = y * width + x, x grows to the east, y to the south. A packet goes along x first, then
 * along y. A packet of a node to itself visits the node's router and comes back.
 *
 * Use, at a cycle `now`:
 *
 *   noc_advance(noc, now);                     everything before `now` happens
 *   while (noc_take(noc, &delivery)) ...       what has arrived up to and at `now`, in the order of (cycle, node)
 *   noc_inject(noc, &packet);                  packet.cycle >= now; STATUS_FULL: the source's queue is full, ask again later
 *   wake up at noc_next(noc)                   nothing arrives, and no full queue gets room, before that cycle
 *
 * What is injected at `now` arrives after `now`, so that the order of calls within a cycle decides nothing but the places in
 * one source's queue.
 *
 * Promised: nothing is lost, doubled or misrouted. A node takes what arrives, a flit a cycle, so that a network nobody injects
 * into drains; take all packets at each cycle, and keep what cannot be answered yet (as many as there are transactions). Classes
 * (virtual networks) share links but no virtual channel and no queue, and none waits for another that stands: a protocol whose
 * packets cause only packets of later classes does not deadlock. Packets of one class from one node to another keep their
 * order where noc_keeps_order says so. Same calls, same results.
 *
 * Not modelled: the packets' contents, faults, adaptive or multicast routing, links of different widths, power. */
#ifndef MISSIVE_NOC_NOC_H
#define MISSIVE_NOC_NOC_H

#include <stdbool.h>
#include <stddef.h>

#include "base/cycle.h"
#include "base/status.h"

#define NOC_MAX_SIDE 8
#define NOC_MAX_NODES 64
#define NOC_MAX_CLASSES 4
#define NOC_MAX_CHANNELS 8 /* virtual channels of a link */
#define NOC_MAX_DEPTH 16
#define NOC_MAX_QUEUE 16
#define NOC_MAX_FLITS 64 /* of a packet */

/* What a directory protocol needs; a network may be made with fewer classes or one more. */
enum noc_class { NOC_REQUEST, NOC_FORWARD, NOC_RESPONSE };

/* A router's outputs, and by the same names its inputs: the one on its east side... */
enum noc_port { NOC_EAST, NOC_WEST, NOC_SOUTH, NOC_NORTH, NOC_LOCAL, NOC_PORTS };

/* The parameters of noc.def, by name. Class c of C has the virtual channels V * c / C to V * (c + 1) / C - 1. */
struct noc_config {
    uint64_t classes; /* 1 to NOC_MAX_CLASSES, at most `channels` */
#define PARAMETER(group, name, value, min, max, unit, doc, source) uint64_t name;
#include "noc/noc.def"
#undef PARAMETER
};

struct noc_packet {
    uint16_t source, destination; /* nodes */
    uint16_t size_flits;          /* 1 to NOC_MAX_FLITS */
    uint8_t class;
    uint64_t token; /* the sender's, handed back at delivery */
    cycle_t cycle;  /* when it enters its source's queue */
};

struct noc_delivery {
    struct noc_packet packet;
    cycle_t entered; /* its head left the source's queue */
    cycle_t arrived; /* its last flit reached the destination */
    unsigned hops;   /* routers it passed, those of source and destination included */
};

/* The counters of noc_counters.def; `link`: of the link that leaves by a router's port, NOC_LOCAL towards its own node. */
struct noc_link_counters {
#define LINK_COUNTER(id, unit, doc) uint64_t id;
#include "noc/noc_counters.def"
#undef LINK_COUNTER
};
struct noc_router_counters {
#define ROUTER_COUNTER(id, unit, doc) uint64_t id;
#include "noc/noc_counters.def"
#undef ROUTER_COUNTER
};
struct noc_class_counters {
#define CLASS_COUNTER(id, unit, doc) uint64_t id;
#include "noc/noc_counters.def"
#undef CLASS_COUNTER
};

struct noc_counters {
    struct noc_link_counters link[NOC_MAX_NODES][NOC_PORTS];
    struct noc_router_counters router[NOC_MAX_NODES];
    struct noc_class_counters class[NOC_MAX_CLASSES];
};

/* A member of noc_models.def. Its state is plain data without pointers, copied to snapshot. */
struct noc_model {
    size_t state_bytes; /* the caller provides this much, aligned as malloc's */
    enum status (*init)(void *state, const struct noc_config *config);
    enum status (*inject)(void *state, const struct noc_packet *packet);
    void (*advance)(void *state, cycle_t until);
    cycle_t (*next)(const void *state);
    bool (*take)(void *state, struct noc_delivery *delivery);
    unsigned (*room)(const void *state, unsigned source, unsigned class);
    const struct noc_counters *(*counters)(const void *state);
};

struct noc {
    const struct noc_model *model;
    void *state; /* model->state_bytes */
};

/* The defaults of noc.def, with classes for a directory protocol. Width and height are still 0: see noc_shape. */
void noc_config_default(struct noc_config *config);

/* Where width or height is 0, chooses the most nearly square mesh that holds `nodes` (1 to 64), wider than high.
 * STATUS_INVALID: no mesh within the limits, or with the side that was given, does. */
enum status noc_shape(struct noc_config *config, unsigned nodes);

/* STATUS_OK if a network can be made so, else STATUS_INVALID. `wrong` (may be NULL) gets the parameter's name. */
enum status noc_check(const struct noc_config *config, const char **wrong);

/* True if each class has one virtual channel, so that its packets between two nodes cannot overtake each other. */
bool noc_keeps_order(const struct noc_config *config, unsigned class);

/* Flits of a packet with that much payload: one for the header and address, the rest for data. */
unsigned noc_flits(const struct noc_config *config, unsigned payload_bytes);

/* Routers between two nodes, both included. */
unsigned noc_hops(const struct noc_config *config, unsigned source, unsigned destination);

/* Cycles from a packet's entering an idle network to its arrival. */
cycle_t noc_idle_latency(const struct noc_config *config, unsigned hops, unsigned size_flits);

const char *noc_port_name(enum noc_port port);

/* STATUS_INVALID: see noc_check. */
static inline enum status noc_init(struct noc noc, const struct noc_config *config)
{
    return noc.model->init(noc.state, config);
}

/* Copies the packet into the queue of its source and class. STATUS_FULL: no room, nothing is changed. STATUS_INVALID: no such
 * node or class, no such size, or a cycle before the network's or before that of the queue's last packet. */
static inline enum status noc_inject(struct noc noc, const struct noc_packet *packet)
{
    return noc.model->inject(noc.state, packet);
}

/* Everything before the cycle `until` happens; does nothing if it already has. */
static inline void noc_advance(struct noc noc, cycle_t until)
{
    noc.model->advance(noc.state, until);
}

/* The cycle at which to call noc_advance again: no packet arrives before, and while a source's queue is full it is the next
 * cycle. May be early. CYCLE_NEVER: the network is empty. */
static inline cycle_t noc_next(struct noc noc)
{
    return noc.model->next(noc.state);
}

/* Hands over the next packet that has arrived by the cycle of the last noc_advance; false: none. */
static inline bool noc_take(struct noc noc, struct noc_delivery *delivery)
{
    return noc.model->take(noc.state, delivery);
}

/* How many packets the queue of a source and class has room for. */
static inline unsigned noc_room(struct noc noc, unsigned source, unsigned class)
{
    return noc.model->room(noc.state, source, class);
}

/* Since init; the caller keeps a copy to take differences. */
static inline const struct noc_counters *noc_counters(struct noc noc)
{
    return noc.model->counters(noc.state);
}

#endif
