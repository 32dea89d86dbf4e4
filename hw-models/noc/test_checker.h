/* SPDX-License-Identifier: Apache-2.0 */
/* What every mesh promises, checked while packets go through it: each arrives once, where it should and as it was, not earlier
 * than over an idle network, in the order of (cycle, node), and in the order it was sent where that is promised; when all have arrived the
 * counters agree with them and the network is as it was at first. For tests and for the fuzzer: checker_broken says what is wrong. */
#ifndef MISSIVE_NOC_TEST_CHECKER_H
#define MISSIVE_NOC_TEST_CHECKER_H

#include <string.h>

#include "noc/noc_flit.h"
#include "noc/noc_packet.h"
#include "noc/noc_table.h"

#define CHECKER_PACKETS 65536 /* at most, in a run */

struct checker {
    struct noc noc;
    struct noc_config config;
    uint64_t count, outstanding;
    uint64_t flit_hops, flits[NOC_MAX_NODES];
    cycle_t now, last_arrival;
    unsigned last_node;
    uint64_t last_token[NOC_MAX_NODES][NOC_MAX_NODES][NOC_MAX_CLASSES];
    const char *broken; /* the first promise that was not kept; NULL: none */
    struct noc_packet
        sent[CHECKER_PACKETS]; /* the token is the index; size 0 once it has arrived */
};

static inline void checker_demand(struct checker *checker, bool kept, const char *promise)
{
    if (!kept && !checker->broken)
        checker->broken = promise;
}

static inline enum status checker_init(struct checker *checker, const struct noc_model *model,
                                       void *state, const struct noc_config *config)
{
    memset(checker, 0, offsetof(struct checker, sent));
    checker->noc = (struct noc){model, state};
    checker->config = *config;
    return noc_init(checker->noc, config);
}

static inline enum status checker_send(struct checker *checker, struct noc_packet packet)
{
    if (checker->count == CHECKER_PACKETS)
        return STATUS_FULL;
    packet.token = checker->count;
    unsigned room = noc_room(checker->noc, packet.source, packet.class);
    enum status status = noc_inject(checker->noc, &packet);
    checker_demand(checker, status != STATUS_OK || room,
                   "a queue takes no more than it has room for");
    checker_demand(checker, status != STATUS_FULL || !room, "a queue with room takes a packet");
    if (status)
        return status;
    checker->sent[checker->count++] = packet;
    checker->outstanding++;
    checker->flits[packet.destination] += packet.size_flits;
    checker->flit_hops +=
        packet.size_flits * noc_hops(&checker->config, packet.source, packet.destination);
    return status;
}

static inline void checker_judge(struct checker *checker, const struct noc_delivery *delivery)
{
    const struct noc_packet *packet = &delivery->packet;
    bool known = packet->token < checker->count && checker->sent[packet->token].size_flits;
    checker_demand(checker, known, "a packet arrives once");
    if (!known)
        return;
    struct noc_packet *sent = &checker->sent[packet->token];
    checker_demand(checker,
                   sent->source == packet->source && sent->destination == packet->destination &&
                       sent->class == packet->class && sent->size_flits == packet->size_flits &&
                       sent->cycle == packet->cycle,
                   "a packet arrives as it was sent");
    sent->size_flits = 0;
    checker->outstanding--;
    checker_demand(checker, delivery->entered >= packet->cycle,
                   "no packet enters before it is sent");
    checker_demand(checker,
                   delivery->arrived >=
                       delivery->entered +
                           noc_idle_latency(&checker->config, delivery->hops, packet->size_flits),
                   "no packet is faster than in an idle network");
    checker_demand(checker,
                   delivery->arrived > checker->last_arrival ||
                       (delivery->arrived == checker->last_arrival &&
                        packet->destination > checker->last_node) ||
                       !checker->last_arrival,
                   "packets arrive in the order of cycle and node");
    checker->last_arrival = delivery->arrived;
    checker->last_node = packet->destination;
    uint64_t *last = &checker->last_token[packet->source][packet->destination][packet->class];
    if (noc_keeps_order(&checker->config, packet->class))
        checker_demand(checker, packet->token + 1 > *last,
                       "packets of one channel keep their order");
    *last = packet->token + 1;
}

/* On to the cycle, which is not before the last; takes what has arrived. */
static inline void checker_advance(struct checker *checker, cycle_t now)
{
    struct noc_delivery delivery;
    noc_advance(checker->noc, now);
    while (noc_take(checker->noc, &delivery)) {
        checker_demand(checker, delivery.arrived <= now, "no packet is taken before it arrives");
        checker_demand(checker, delivery.arrived > checker->now || !checker->now,
                       "a packet can be taken at the cycle it arrives");
        checker_judge(checker, &delivery);
    }
    checker->now = now;
}

/* On by noc_next alone until all has arrived; false: it has not after so many cycles. */
static inline bool checker_drain(struct checker *checker, cycle_t cycles)
{
    cycle_t end = checker->now + cycles;
    while (checker->outstanding && checker->now < end) {
        cycle_t next = noc_next(checker->noc);
        checker_demand(checker, next != CYCLE_NEVER, "a network with packets has something to do");
        checker_advance(checker, cycle_min(cycle_max(next, checker->now + 1), end));
    }
    checker_demand(checker, !checker->outstanding, "all packets arrive");
    checker_advance(checker, checker->now + 100); /* the last credits */
    return !checker->outstanding;
}

static inline bool checker_flit_rests(const struct noc_flit *noc)
{
    const struct noc_config *config = &noc->nodes.config;
    bool rests = !(noc->active | noc->sending);
    for (unsigned node = 0; node < config->width * config->height; node++) {
        const struct noc_router *router = &noc->router[node];
        rests &= !(router->waiting | router->ready | router->starved | router->active);
        for (unsigned port = 0; port < NOC_PORTS; port++)
            for (unsigned i = 0; i < config->channels; i++)
                rests &= router->free >> (port * 8 + i) & 1 && !router->count[port * 8 + i] &&
                         router->credits[port * 8 + i] == config->depth_flits;
        for (unsigned i = 0; i < config->channels; i++)
            rests &= noc->source[node].free >> i & 1 &&
                     noc->source[node].credits[i] == config->depth_flits;
    }
    return rests;
}

static inline bool checker_packet_rests(const struct noc_packet_mesh *mesh)
{
    const struct noc_config *config = &mesh->nodes.config;
    bool rests = true;
    for (unsigned node = 0; node < config->width * config->height; node++)
        for (unsigned channel = 0; channel < NOC_PACKET_CHANNELS; channel++) {
            const struct noc_lane *lane = &mesh->crossing[node].lane[channel];
            rests &= !lane->count && lane->room == config->depth_flits;
        }
    return rests;
}

/* After checker_drain: nothing is left in the network, and the counters say what was sent. */
static inline void checker_finish(struct checker *checker)
{
    const struct noc_counters *counters = noc_counters(checker->noc);
    uint64_t links = 0, routers = 0, classes = 0, packets = 0;
    for (unsigned node = 0; node < NOC_MAX_NODES; node++) {
        routers += counters->router[node].flits;
        for (unsigned port = 0; port < NOC_PORTS; port++)
            links += counters->link[node][port].flits;
        checker_demand(checker, counters->link[node][NOC_LOCAL].flits == checker->flits[node],
                       "a node's link counts its flits");
    }
    for (unsigned class = 0; class < NOC_MAX_CLASSES; class ++) {
        classes += counters->class[class].flit_hops;
        packets += counters->class[class].packets;
    }
    checker_demand(checker, links == checker->flit_hops && routers == links && classes == links,
                   "the counters of links, routers and classes agree");
    checker_demand(checker, packets == checker->count, "the packets are counted");
    checker_demand(checker, noc_next(checker->noc) == CYCLE_NEVER, "an empty network sleeps");
    if (checker->noc.model == noc_find("flit")->model)
        checker_demand(checker, checker_flit_rests(checker->noc.state), "all credits come back");
    if (checker->noc.model == noc_find("packet")->model)
        checker_demand(checker, checker_packet_rests(checker->noc.state), "all room comes back");
}

#endif
