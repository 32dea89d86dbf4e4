/* SPDX-License-Identifier: Apache-2.0 */
/* The mesh flit by flit. Each router has input buffers for each virtual channel, and does in a cycle what its pipeline does:
 * a packet's head is routed and allocated a virtual channel of the link it wants, then flit after flit competes for the switch;
 * a flit goes only with a credit for a place at the other end. Both allocators are iSLIP with one iteration: outputs grant,
 * inputs accept, turns move on only where both agree. No speed-up: an input and an output pass one flit a cycle. A virtual
 * channel is free for the next packet when the last flit has left for it.
 *
 * Only routers with flits are visited, cycles in which there are none are skipped. Within a cycle routers see nothing of each
 * other: flits and credits arrive some cycles later, by a wheel of cycles to come. Stages that take more than a cycle are
 * pipelined: they lengthen the way, and the allocators decide at its end.
 *
 * Sources: Dally and Towles (see noc.h), chapters 16 and 17; McKeown, The iSLIP scheduling algorithm (1999); BookSim 2's
 * documentation for the order of stages and the timing of credits that the reference figures were measured with. */
#include "noc/noc_flit.h"

#include <assert.h>
#include <string.h>

#define BIT(n) (UINT64_C(1) << (n))
#define PORT_BYTE(port) (UINT64_C(0xFF) << 8 * (port))
#define EVERY_PORT UINT64_C(0x0101010101)

/* A flit: the packet's slot, its destination, and which end of the packet it is. */
#define FLIT_SLOT 0xFFFFu
#define FLIT_DESTINATION_SHIFT 16
#define FLIT_HEAD (1u << 24)
#define FLIT_TAIL (1u << 25)

static_assert(NOC_MAX_SLOTS == FLIT_SLOT + 1, "a flit names any slot");
static_assert(NOC_CHANNELS + NOC_MAX_CHANNELS <= 64, "a word holds a router's channels");

/* The first member of a set that is not empty, from `start` (below 64) on and around. */
static unsigned turn(uint64_t set, unsigned start)
{
    uint64_t after = set >> start << start;
    return (unsigned)__builtin_ctzll(after ? after : set);
}

static void send_credit(struct noc_flit *noc, cycle_t at, unsigned node, unsigned channel)
{
    unsigned spoke = (unsigned)(at & noc->wheel_mask);
    noc->credit[spoke][noc->credits[spoke]++] =
        (struct noc_flit_credit){(uint8_t)node, (uint8_t)channel};
}

static void send_flit(struct noc_flit *noc, cycle_t at, unsigned node, unsigned channel,
                      uint32_t flit)
{
    unsigned spoke = (unsigned)(at & noc->wheel_mask);
    noc->arrival[spoke][noc->arrivals[spoke]++] =
        (struct noc_flit_arrival){(uint8_t)node, (uint8_t)channel, flit};
}

/* An input channel has a new flit at its head. */
static void come_forward(struct noc_flit *noc, unsigned node, unsigned channel)
{
    struct noc_router *router = &noc->router[node];
    if (router->active & BIT(channel)) {
        if (router->credits[router->output[channel]])
            router->ready |= BIT(channel);
        else
            router->starved |= BIT(channel);
        return;
    }
    uint32_t flit = router->buffer[channel][router->first[channel]];
    assert(flit & FLIT_HEAD);
    unsigned destination = flit >> FLIT_DESTINATION_SHIFT & (NOC_MAX_NODES - 1);
    router->waiting |= BIT(channel);
    router->wants[noc->nodes.route[node][destination]] |= BIT(channel);
}

static void take_credits(struct noc_flit *noc, unsigned spoke)
{
    for (unsigned i = 0; i < noc->credits[spoke]; i++) {
        struct noc_flit_credit credit = noc->credit[spoke][i];
        if (credit.channel >= NOC_CHANNELS) {
            noc->source[credit.node].credits[credit.channel - NOC_CHANNELS]++;
            continue;
        }
        struct noc_router *router = &noc->router[credit.node];
        if (router->credits[credit.channel]++ || router->free & BIT(credit.channel))
            continue;
        uint64_t user = BIT(router->user[credit.channel]) & router->starved;
        router->starved ^= user;
        router->ready |= user;
    }
    noc->credits[spoke] = 0;
}

static void take_flits(struct noc_flit *noc, unsigned spoke)
{
    unsigned depth = (unsigned)noc->nodes.config.depth_flits;
    for (unsigned i = 0; i < noc->arrivals[spoke]; i++) {
        struct noc_flit_arrival arrival = noc->arrival[spoke][i];
        struct noc_router *router = &noc->router[arrival.node];
        unsigned channel = arrival.channel;
        assert(router->count[channel] < depth);
        unsigned last = router->first[channel] + router->count[channel];
        router->buffer[channel][last < depth ? last : last - depth] = arrival.flit;
        router->flits++;
        noc->active |= BIT(arrival.node);
        if (!router->count[channel]++)
            come_forward(noc, arrival.node, channel);
    }
    noc->arrivals[spoke] = 0;
}

/* A packet of the class takes a channel into the router, if there is one with room. */
static bool begin_packet(struct noc_flit *noc, unsigned node, unsigned class)
{
    struct noc_source *source = &noc->source[node];
    uint32_t head = noc_nodes_head(&noc->nodes, node, class, noc->nodes.clock);
    if (head == NOC_NO_SLOT)
        return false;
    uint64_t open = 0;
    for (uint64_t left = noc->class_channels[class] & source->free; left; left &= left - 1)
        if (source->credits[__builtin_ctzll(left)])
            open |= left & -left;
    if (!open)
        return false;
    unsigned channel = turn(open, source->next_channel[class]);
    source->slot[class] = (uint16_t)noc_nodes_enter(&noc->nodes, node, class, noc->nodes.clock);
    source->left[class] = (uint8_t)noc->nodes.slot[head].packet.size_flits;
    source->channel[class] = (uint8_t)channel;
    source->next_channel[class] = (uint8_t)(channel + 1);
    source->free &= (uint8_t)~BIT(channel);
    return true;
}

static void send_from_source(struct noc_flit *noc, unsigned node, unsigned class, uint32_t head)
{
    struct noc_source *source = &noc->source[node];
    unsigned channel = source->channel[class];
    uint32_t flit = head | source->slot[class];
    flit |= (uint32_t)noc->nodes.slot[source->slot[class]].packet.destination
            << FLIT_DESTINATION_SHIFT;
    source->credits[channel]--;
    source->last_class = (uint8_t) class;
    if (!--source->left[class]) {
        flit |= FLIT_TAIL;
        source->free |= (uint8_t)BIT(channel);
    }
    send_flit(noc, noc->nodes.clock + noc->entry_cycles, node, NOC_LOCAL * 8 + channel, flit);
}

/* The source's flit of this cycle; classes take turns. */
static void run_source(struct noc_flit *noc, unsigned node)
{
    struct noc_source *source = &noc->source[node];
    unsigned classes = (unsigned)noc->nodes.config.classes;
    for (unsigned i = 1; i <= classes; i++) {
        unsigned class = (source->last_class + i) % classes;
        if (source->left[class]) {
            if (!source->credits[source->channel[class]])
                continue;
            send_from_source(noc, node, class, 0);
        } else {
            if (!begin_packet(noc, node, class))
                continue;
            send_from_source(noc, node, class, FLIT_HEAD);
        }
        break;
    }
    noc->sending &= ~BIT(node);
    for (unsigned class = 0; class < classes; class ++)
        if (source->left[class])
            noc->sending |= BIT(node);
}

static void take_channel(struct noc_flit *noc, unsigned node, unsigned channel, unsigned output)
{
    struct noc_router *router = &noc->router[node];
    router->grant[output] = (uint8_t)(channel + 1);
    router->accept[channel] = (uint8_t)(output + 1);
    router->free &= ~BIT(output);
    router->user[output] = (uint8_t)channel;
    router->output[channel] = (uint8_t)output;
    router->waiting &= ~BIT(channel);
    router->active |= BIT(channel);
    come_forward(noc, node, channel);
    noc->nodes.counters.router[node].packets++;
}

/* iSLIP between the heads that ask for a link's channels of a class, and those of them that are free. */
static void match_channels(struct noc_flit *noc, unsigned node, uint64_t asking, uint64_t offered)
{
    struct noc_router *router = &noc->router[node];
    uint64_t offers[NOC_CHANNELS], granted = 0;
    if (!(asking & (asking - 1)) && offered) { /* the common case: all offers go to the only one */
        unsigned only = (unsigned)__builtin_ctzll(asking);
        take_channel(noc, node, only, turn(offered, router->accept[only]));
        return;
    }
    for (; offered; offered &= offered - 1) {
        unsigned output = (unsigned)__builtin_ctzll(offered);
        unsigned channel = turn(asking, router->grant[output]);
        if (!(granted & BIT(channel)))
            offers[channel] = 0;
        granted |= BIT(channel);
        offers[channel] |= BIT(output);
    }
    for (; granted; granted &= granted - 1) {
        unsigned channel = (unsigned)__builtin_ctzll(granted);
        take_channel(noc, node, channel, turn(offers[channel], router->accept[channel]));
    }
}

static void allocate_channels(struct noc_flit *noc, unsigned node)
{
    struct noc_router *router = &noc->router[node];
    for (unsigned port = 0; port < NOC_PORTS; port++) {
        uint64_t asking = router->waiting & router->wants[port];
        for (unsigned class = 0; asking; class ++) {
            uint64_t mine = asking & noc->class_channels[class];
            asking ^= mine;
            if (mine)
                match_channels(noc, node, mine,
                               router->free & noc->class_channels[class] & PORT_BYTE(port));
        }
    }
    noc->nodes.counters.router[node].channel_stalls +=
        (unsigned)__builtin_popcountll(router->waiting);
}

/* The place a flit has left is free again for whoever sends into the channel. */
static void return_credit(struct noc_flit *noc, unsigned node, unsigned channel)
{
    unsigned port = channel / 8, number = channel % 8;
    cycle_t now = noc->nodes.clock;
    if (port == NOC_LOCAL)
        send_credit(noc, now + noc->source_credit_cycles, node, NOC_CHANNELS + number);
    else
        send_credit(noc, now + noc->credit_cycles, noc_nodes_neighbour(&noc->nodes, node, port),
                    noc_opposite(port) * 8 + number);
}

static uint32_t pop_flit(struct noc_flit *noc, unsigned node, unsigned channel)
{
    struct noc_router *router = &noc->router[node];
    uint32_t flit = router->buffer[channel][router->first[channel]];
    if (++router->first[channel] == noc->nodes.config.depth_flits)
        router->first[channel] = 0;
    router->count[channel]--;
    if (!--router->flits)
        noc->active &= ~BIT(node);
    return_credit(noc, node, channel);
    return flit;
}

static void traverse(struct noc_flit *noc, unsigned node, unsigned channel)
{
    struct noc_router *router = &noc->router[node];
    unsigned output = router->output[channel], port = output / 8;
    cycle_t now = noc->nodes.clock;
    uint32_t flit = pop_flit(noc, node, channel);
    router->ready &= ~BIT(channel);
    noc->nodes.counters.link[node][port].flits++;
    noc->nodes.counters.link[node][port].busy_cycles++;
    if (port != NOC_LOCAL) {
        router->credits[output]--;
        send_flit(noc, now + noc->hop_cycles, noc_nodes_neighbour(&noc->nodes, node, port),
                  noc_opposite(port) * 8 + output % 8, flit);
    } else if (flit & FLIT_TAIL) {
        noc_nodes_arrive(&noc->nodes, flit & FLIT_SLOT, now + noc->exit_cycles);
    }
    if (flit & FLIT_TAIL) {
        router->active &= ~BIT(channel);
        router->wants[port] &= ~BIT(channel);
        router->free |= BIT(output);
    }
    if (router->count[channel])
        come_forward(noc, node, channel);
}

/* iSLIP between inputs and outputs; of an input's channels that want the output, one in turn. */
static void allocate_switch(struct noc_flit *noc, unsigned node, uint64_t ready)
{
    struct noc_router *router = &noc->router[node];
    uint64_t asking[NOC_PORTS];
    uint8_t offers[NOC_PORTS] = {0};
    for (unsigned port = 0; port < NOC_PORTS; port++) {
        asking[port] = ready & router->wants[port];
        if (asking[port])
            offers[turn(asking[port], router->switch_grant[port] * 8u) / 8] |= (uint8_t)BIT(port);
    }
    unsigned passed = 0;
    for (unsigned input = 0; input < NOC_PORTS; input++) {
        if (!offers[input])
            continue;
        unsigned port = turn(offers[input], router->switch_accept[input]);
        uint64_t channels = asking[port] >> 8 * input & 0xFF;
        unsigned channel = turn(channels, router->switch_channel[input]);
        router->switch_grant[port] = (uint8_t)(input + 1);
        router->switch_accept[input] = (uint8_t)(port + 1);
        router->switch_channel[input] = (uint8_t)(channel + 1);
        traverse(noc, node, input * 8 + channel);
        passed++;
    }
    struct noc_router_counters *counters = &noc->nodes.counters.router[node];
    counters->flits += passed;
    counters->switch_stalls += (unsigned)__builtin_popcountll(ready) - passed;
}

static void run_router(struct noc_flit *noc, unsigned node)
{
    struct noc_router *router = &noc->router[node];
    uint64_t ready = router->ready;
    noc->nodes.counters.router[node].occupancy += router->flits;
    for (uint64_t left = router->starved; left; left &= left - 1) {
        unsigned port = router->output[__builtin_ctzll(left)] / 8u;
        noc->nodes.counters.link[node][port].credit_stalls++;
    }
    if (router->waiting)
        allocate_channels(noc, node);
    if (ready)
        allocate_switch(noc, node, ready);
}

static void run_cycle(struct noc_flit *noc)
{
    unsigned spoke = (unsigned)(noc->nodes.clock & noc->wheel_mask);
    take_credits(noc, spoke);
    take_flits(noc, spoke);
    for (uint64_t left = noc->nodes.waiting | noc->sending; left; left &= left - 1)
        run_source(noc, (unsigned)__builtin_ctzll(left));
    for (uint64_t left = noc->active; left; left &= left - 1)
        run_router(noc, (unsigned)__builtin_ctzll(left));
    noc->nodes.clock++;
}

/* The first cycle, from the clock on, in which something happens. */
static cycle_t next_work(const struct noc_flit *noc)
{
    cycle_t now = noc->nodes.clock;
    if (noc->active | noc->sending)
        return now;
    cycle_t entry = cycle_max(noc_nodes_next_entry(&noc->nodes), now);
    for (cycle_t i = 0; i <= noc->wheel_mask; i++) {
        unsigned spoke = (unsigned)((now + i) & noc->wheel_mask);
        if (noc->arrivals[spoke] | noc->credits[spoke])
            return cycle_min(now + i, entry);
    }
    return entry;
}

static void flit_advance(void *state, cycle_t until)
{
    struct noc_flit *noc = state;
    while (noc->nodes.clock < until) {
        noc->nodes.clock = cycle_min(next_work(noc), until);
        if (noc->nodes.clock < until)
            run_cycle(noc);
    }
}

static cycle_t flit_next(const void *state)
{
    const struct noc_flit *noc = state;
    cycle_t work = next_work(noc);
    return noc_nodes_next(&noc->nodes, work == CYCLE_NEVER ? work : work + noc->exit_cycles);
}

static void init_channels(struct noc_flit *noc)
{
    const struct noc_config *config = &noc->nodes.config;
    for (unsigned class = 0; class < config->classes; class ++)
        noc->class_channels[class] =
            (BIT(noc_first_channel(config, class + 1)) - BIT(noc_first_channel(config, class))) *
            EVERY_PORT;
    for (unsigned node = 0; node < config->width * config->height; node++) {
        struct noc_source *source = &noc->source[node];
        struct noc_router *router = &noc->router[node];
        source->free = (uint8_t)(BIT(config->channels) - 1);
        router->free = (BIT(config->channels) - 1) * EVERY_PORT;
        memset(source->credits, (int)config->depth_flits, sizeof source->credits);
        memset(router->credits, (int)config->depth_flits, sizeof router->credits);
        for (unsigned class = 0; class < config->classes; class ++)
            source->next_channel[class] = (uint8_t)noc_first_channel(config, class);
    }
}

static enum status flit_init(void *state, const struct noc_config *config)
{
    struct noc_flit *noc = state;
    enum status status = noc_nodes_init(&noc->nodes, config);
    if (status)
        return status;
    memset((char *)noc + sizeof noc->nodes, 0, sizeof *noc - sizeof noc->nodes);
    cycle_t head_cycles = config->routing_cycles + config->channel_allocation_cycles - 1;
    noc->exit_cycles =
        config->switch_allocation_cycles + config->switch_cycles + config->link_cycles;
    noc->hop_cycles = noc->exit_cycles + head_cycles;
    noc->entry_cycles = 1 + config->link_cycles + head_cycles;
    noc->source_credit_cycles = 1 + config->link_cycles;
    noc->credit_cycles = noc->source_credit_cycles + config->credit_cycles;
    noc->wheel_mask = 1;
    while (noc->wheel_mask < cycle_max(noc->hop_cycles, noc->entry_cycles) ||
           noc->wheel_mask < noc->credit_cycles)
        noc->wheel_mask = noc->wheel_mask * 2 + 1;
    assert(noc->wheel_mask < NOC_WHEEL);
    init_channels(noc);
    return STATUS_OK;
}

static enum status flit_inject(void *state, const struct noc_packet *packet)
{
    return noc_nodes_inject(&((struct noc_flit *)state)->nodes, packet);
}

static bool flit_take(void *state, struct noc_delivery *delivery)
{
    return noc_nodes_take(&((struct noc_flit *)state)->nodes, delivery);
}

static unsigned flit_room(const void *state, unsigned source, unsigned class)
{
    return noc_nodes_room(&((const struct noc_flit *)state)->nodes, source, class);
}

static const struct noc_counters *flit_counters(const void *state)
{
    return &((const struct noc_flit *)state)->nodes.counters;
}

extern const struct noc_model noc_flit;
const struct noc_model noc_flit = {sizeof(struct noc_flit),
                                   flit_init,
                                   flit_inject,
                                   flit_advance,
                                   flit_next,
                                   flit_take,
                                   flit_room,
                                   flit_counters};
