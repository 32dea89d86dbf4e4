/* SPDX-License-Identifier: Apache-2.0 */
/* The mesh by whole packets, in the order of events: no cycle is visited in which nothing is decided. A packet at the head of
 * its virtual channel asks for its output; when its input and that output are free, and the next router has room for the
 * packet, or for as much of it as a buffer is deep, both are the packet's for as many cycles as it has flits (virtual
 * cut-through: Dally and Towles, chapter 13.2.2). Lengths of stages, channels, buffers and their division among classes are
 * those of the flit-level mesh (noc_flit.c), which calibrates it.
 *
 * Not modelled: flits of several packets that alternate on a link, packets that stretch over several routers when they stand
 * (one that cannot go on as a whole waits as a whole), and collisions within the allocators. Hence latencies are somewhat low
 * under load. Counters of stalls and occupancy are reckoned by packets. */
#include "noc/noc_packet.h"

#include <assert.h>
#include <string.h>

#define BIT(n) (UINT64_C(1) << (n))
#define EVERY_PORT UINT64_C(0x0101010101)

static unsigned turn(uint64_t set, unsigned start)
{
    uint64_t after = set >> start << start;
    return (unsigned)__builtin_ctzll(after ? after : set);
}

static unsigned spoke_of(struct noc_packet_mesh *mesh, cycle_t at)
{
    assert(at - mesh->nodes.clock < NOC_PACKET_WHEEL);
    unsigned spoke = at % NOC_PACKET_WHEEL;
    mesh->occupied[spoke / 64] |= BIT(spoke % 64);
    return spoke;
}

static void schedule(struct noc_packet_mesh *mesh, cycle_t at, struct noc_packet_event event)
{
    unsigned spoke = spoke_of(mesh, at);
    assert(mesh->events[spoke] < NOC_PACKET_EVENTS);
    mesh->event[spoke][mesh->events[spoke]++] = event;
}

/* Looks at an output, or the source, again at `at`, or as late as the wheel reaches. */
static void schedule_look(struct noc_packet_mesh *mesh, unsigned node, unsigned port, cycle_t at)
{
    unsigned spoke = spoke_of(mesh, cycle_min(at, mesh->nodes.clock + NOC_PACKET_WHEEL - 1));
    mesh->look_nodes[spoke] |= BIT(node);
    mesh->looks[spoke][node] |= (uint8_t)BIT(port);
}

static void look_at(struct noc_packet_mesh *mesh, unsigned node, unsigned port)
{
    mesh->dirty_nodes |= BIT(node);
    mesh->dirty[node] |= (uint8_t)BIT(port);
}

static void schedule_front(struct noc_packet_mesh *mesh, unsigned node, unsigned channel)
{
    schedule(mesh, mesh->crossing[node].lane[channel].begins,
             (struct noc_packet_event){NOC_FRONT, (uint8_t)node, (uint8_t)channel, 0, 0, 0});
}

static uint32_t flits_held(const struct noc_packet_mesh *mesh, uint32_t slot)
{
    uint32_t size = mesh->nodes.slot[slot].packet.size_flits;
    return size < mesh->nodes.config.depth_flits ? size : (uint32_t)mesh->nodes.config.depth_flits;
}

/* A lane of the packet's class with room for it, at a router's input port; in turn. False: none. */
static bool find_lane(const struct noc_packet_mesh *mesh, unsigned node, unsigned port,
                      uint32_t slot, unsigned start, unsigned *channel)
{
    const struct noc_crossing *crossing = &mesh->crossing[node];
    unsigned class = mesh->nodes.slot[slot].packet.class;
    uint64_t open = 0;
    for (uint64_t left = mesh->class_channels[class] & 0xFF; left; left &= left - 1)
        if (crossing->lane[port * 8 + (unsigned)__builtin_ctzll(left)].room >=
            flits_held(mesh, slot))
            open |= left & -left;
    if (open)
        *channel = port * 8 + turn(open, start);
    return open;
}

/* The packet sets out for a router's input channel at this cycle, and its head is there at `at`. */
static void send(struct noc_packet_mesh *mesh, uint32_t slot, unsigned node, unsigned channel,
                 cycle_t at)
{
    struct noc_lane *lane = &mesh->crossing[node].lane[channel];
    lane->room -= flits_held(mesh, slot);
    mesh->nodes.slot[slot].arrived = at;
    if (lane->count++) {
        mesh->nodes.slot[lane->last].next = slot;
    } else {
        lane->first = slot;
        lane->begins = cycle_max(at + 1, lane->begins);
        schedule_front(mesh, node, channel);
    }
    lane->last = slot;
}

/* The packet at the head of an input channel leaves by a link, at this cycle. */
static uint32_t leave(struct noc_packet_mesh *mesh, unsigned node, unsigned channel)
{
    struct noc_lane *lane = &mesh->crossing[node].lane[channel];
    unsigned port = channel / 8, number = channel % 8;
    uint32_t slot = lane->first;
    cycle_t now = mesh->nodes.clock;
    uint8_t flits = (uint8_t)flits_held(mesh, slot);
    lane->begins = now + mesh->nodes.slot[slot].packet.size_flits + 1;
    if (--lane->count) {
        lane->first = mesh->nodes.slot[slot].next;
        lane->begins = cycle_max(lane->begins, mesh->nodes.slot[lane->first].arrived + 1);
        schedule_front(mesh, node, channel);
    }
    if (port == NOC_LOCAL)
        schedule(mesh, now + mesh->source_credit_cycles,
                 (struct noc_packet_event){NOC_ROOM, (uint8_t)node, NOC_SOURCE, (uint8_t)number,
                                           flits, 0});
    else
        schedule(mesh, now + mesh->credit_cycles,
                 (struct noc_packet_event){NOC_ROOM,
                                           (uint8_t)noc_nodes_neighbour(&mesh->nodes, node, port),
                                           (uint8_t)noc_opposite(port), (uint8_t)number, flits, 0});
    return slot;
}

static void count_passage(struct noc_packet_mesh *mesh, unsigned node, unsigned port, uint32_t slot)
{
    struct noc_counters *counters = &mesh->nodes.counters;
    const struct noc_slot *packet = &mesh->nodes.slot[slot];
    uint64_t stay = mesh->nodes.clock - packet->arrived, size = packet->packet.size_flits;
    counters->link[node][port].flits += size;
    counters->link[node][port].busy_cycles += size;
    counters->router[node].flits += size;
    counters->router[node].packets++;
    counters->router[node].switch_stalls += stay - 1;
    counters->router[node].occupancy += (stay + 1) * size;
}

/* Gives a free output to an input channel's packet. */
static void pass(struct noc_packet_mesh *mesh, unsigned node, unsigned port, unsigned input,
                 unsigned next_channel)
{
    struct noc_crossing *crossing = &mesh->crossing[node];
    cycle_t now = mesh->nodes.clock;
    crossing->asking[port] &= ~BIT(input);
    crossing->turn[port] = (uint8_t)((input / 8 + 1) * 8);
    count_passage(mesh, node, port, crossing->lane[input].first);
    uint32_t slot = leave(mesh, node, input);
    const struct noc_packet *packet = &mesh->nodes.slot[slot].packet;
    crossing->busy_until[port] = crossing->input_until[input / 8] = now + packet->size_flits;
    if (port == NOC_LOCAL) {
        /* The cycle before, so that it is known when its cycle comes. */
        schedule(mesh, now + mesh->exit_cycles + packet->size_flits - 2,
                 (struct noc_packet_event){NOC_ARRIVE, (uint8_t)node, 0, 0, 0, slot});
        return;
    }
    crossing->channel_turn[port][packet->class] = (uint8_t)(next_channel % 8 + 1);
    send(mesh, slot, noc_nodes_neighbour(&mesh->nodes, node, port), next_channel,
         now + mesh->hop_cycles);
}

/* Whether an input channel's packet could go on by an output; to which channel. */
static bool may_pass(const struct noc_packet_mesh *mesh, unsigned node, unsigned port,
                     unsigned input, unsigned *next_channel)
{
    const struct noc_crossing *crossing = &mesh->crossing[node];
    if (port == NOC_LOCAL)
        return true;
    uint32_t slot = crossing->lane[input].first;
    unsigned class = mesh->nodes.slot[slot].packet.class;
    return find_lane(mesh, noc_nodes_neighbour(&mesh->nodes, node, port), noc_opposite(port), slot,
                     crossing->channel_turn[port][class], next_channel);
}

static void run_output(struct noc_packet_mesh *mesh, unsigned node, unsigned port)
{
    struct noc_crossing *crossing = &mesh->crossing[node];
    cycle_t now = mesh->nodes.clock;
    uint64_t left = crossing->asking[port];
    if (left && crossing->busy_until[port] > now) {
        schedule_look(mesh, node, port, crossing->busy_until[port]);
        return;
    }
    for (unsigned next_channel = 0; left;) {
        unsigned input = turn(left, crossing->turn[port]);
        left &= ~BIT(input);
        if (crossing->input_until[input / 8] > now) {
            schedule_look(mesh, node, port, crossing->input_until[input / 8]);
            continue;
        }
        if (!may_pass(mesh, node, port, input, &next_channel))
            continue;
        if (crossing->full_since[port])
            mesh->nodes.counters.link[node][port].credit_stalls += now - crossing->full_since[port];
        crossing->full_since[port] = 0;
        pass(mesh, node, port, input, next_channel);
        if (crossing->asking[port])
            schedule_look(mesh, node, port, crossing->busy_until[port]);
        return;
    }
    if (crossing->asking[port] && !crossing->full_since[port])
        crossing->full_since[port] = now;
}

static bool enter(struct noc_packet_mesh *mesh, unsigned node, unsigned class)
{
    struct noc_crossing *crossing = &mesh->crossing[node];
    cycle_t now = mesh->nodes.clock;
    uint32_t slot = noc_nodes_head(&mesh->nodes, node, class, now);
    unsigned channel;
    if (slot == NOC_NO_SLOT || !find_lane(mesh, node, NOC_LOCAL, slot,
                                          crossing->channel_turn[NOC_SOURCE][class], &channel))
        return false;
    noc_nodes_enter(&mesh->nodes, node, class, now);
    crossing->turn[NOC_SOURCE] = (uint8_t) class;
    crossing->channel_turn[NOC_SOURCE][class] = (uint8_t)(channel % 8 + 1);
    crossing->busy_until[NOC_SOURCE] = now + mesh->nodes.slot[slot].packet.size_flits;
    send(mesh, slot, node, channel, now + mesh->entry_cycles);
    return true;
}

static void run_source(struct noc_packet_mesh *mesh, unsigned node)
{
    struct noc_crossing *crossing = &mesh->crossing[node];
    unsigned classes = (unsigned)mesh->nodes.config.classes;
    cycle_t now = mesh->nodes.clock;
    if (crossing->busy_until[NOC_SOURCE] > now) {
        schedule_look(mesh, node, NOC_SOURCE, crossing->busy_until[NOC_SOURCE]);
        return;
    }
    for (unsigned i = 1; i <= classes; i++)
        if (enter(mesh, node, (crossing->turn[NOC_SOURCE] + i) % classes))
            break;
    if (!(mesh->nodes.waiting & BIT(node)))
        return;
    if (crossing->busy_until[NOC_SOURCE] > now)
        schedule_look(mesh, node, NOC_SOURCE, crossing->busy_until[NOC_SOURCE]);
    for (unsigned class = 0; class < classes; class ++) {
        const struct noc_list *queue = &mesh->nodes.queue[node][class];
        if (queue->count && mesh->nodes.slot[queue->first].packet.cycle > now)
            schedule_look(mesh, node, NOC_SOURCE, mesh->nodes.slot[queue->first].packet.cycle);
    }
}

static void happen(struct noc_packet_mesh *mesh, const struct noc_packet_event *event,
                   uint32_t arriving[NOC_MAX_NODES], uint64_t *arrived)
{
    struct noc_crossing *crossing = &mesh->crossing[event->node];
    unsigned node = event->node, port = event->port;
    switch (event->kind) {
    case NOC_FRONT: {
        uint32_t slot = crossing->lane[port].first;
        unsigned output = mesh->nodes.route[node][mesh->nodes.slot[slot].packet.destination];
        crossing->asking[output] |= BIT(port);
        look_at(mesh, node, output);
        break;
    }
    case NOC_ROOM:
        if (port == NOC_SOURCE)
            crossing->lane[NOC_LOCAL * 8 + event->channel].room += event->flits;
        else
            mesh->crossing[noc_nodes_neighbour(&mesh->nodes, node, port)]
                .lane[noc_opposite(port) * 8 + event->channel]
                .room += event->flits;
        look_at(mesh, node, port);
        break;
    case NOC_ARRIVE:
        arriving[node] = event->slot;
        *arrived |= BIT(node);
        break;
    }
}

static void run_cycle(struct noc_packet_mesh *mesh)
{
    unsigned spoke = mesh->nodes.clock % NOC_PACKET_WHEEL;
    uint32_t arriving[NOC_MAX_NODES];
    uint64_t arrived = 0;
    for (unsigned i = 0; i < mesh->events[spoke]; i++)
        happen(mesh, &mesh->event[spoke][i], arriving, &arrived);
    for (uint64_t left = mesh->look_nodes[spoke]; left; left &= left - 1) {
        unsigned node = (unsigned)__builtin_ctzll(left);
        mesh->dirty[node] |= mesh->looks[spoke][node];
        mesh->looks[spoke][node] = 0;
    }
    mesh->dirty_nodes |= mesh->look_nodes[spoke];
    mesh->events[spoke] = 0;
    mesh->look_nodes[spoke] = 0;
    mesh->occupied[spoke / 64] &= ~BIT(spoke % 64);
    for (; arrived; arrived &= arrived - 1)
        noc_nodes_arrive(&mesh->nodes, arriving[__builtin_ctzll(arrived)], mesh->nodes.clock + 1);
    for (; mesh->dirty_nodes; mesh->dirty_nodes &= mesh->dirty_nodes - 1) {
        unsigned node = (unsigned)__builtin_ctzll(mesh->dirty_nodes);
        for (unsigned left = mesh->dirty[node]; left; left &= left - 1) {
            unsigned port = (unsigned)__builtin_ctz(left);
            if (port == NOC_SOURCE)
                run_source(mesh, node);
            else
                run_output(mesh, node, port);
        }
        mesh->dirty[node] = 0;
    }
    mesh->nodes.clock++;
}

/* The first cycle, from the clock on, in which something happens. */
static cycle_t next_work(const struct noc_packet_mesh *mesh)
{
    cycle_t now = mesh->nodes.clock;
    unsigned here = now % NOC_PACKET_WHEEL;
    for (unsigned i = 0; i <= NOC_PACKET_WHEEL / 64; i++) {
        unsigned word = (here / 64 + i) % (NOC_PACKET_WHEEL / 64);
        uint64_t set = mesh->occupied[word];
        if (i == 0)
            set = set >> here % 64 << here % 64;
        if (set)
            return now + (word * 64 + (unsigned)__builtin_ctzll(set) - here) % NOC_PACKET_WHEEL;
    }
    return CYCLE_NEVER;
}

static void packet_advance(void *state, cycle_t until)
{
    struct noc_packet_mesh *mesh = state;
    while (mesh->nodes.clock < until) {
        mesh->nodes.clock = cycle_min(next_work(mesh), until);
        if (mesh->nodes.clock < until)
            run_cycle(mesh);
    }
}

static cycle_t packet_next(const void *state)
{
    const struct noc_packet_mesh *mesh = state;
    cycle_t work = next_work(mesh);
    return noc_nodes_next(&mesh->nodes, work == CYCLE_NEVER ? work : work + 1);
}

static enum status packet_inject(void *state, const struct noc_packet *packet)
{
    struct noc_packet_mesh *mesh = state;
    enum status status = noc_nodes_inject(&mesh->nodes, packet);
    if (status == STATUS_OK)
        schedule_look(mesh, packet->source, NOC_SOURCE, packet->cycle);
    return status;
}

static enum status packet_init(void *state, const struct noc_config *config)
{
    struct noc_packet_mesh *mesh = state;
    enum status status = noc_nodes_init(&mesh->nodes, config);
    if (status)
        return status;
    memset((char *)mesh + sizeof mesh->nodes, 0,
           offsetof(struct noc_packet_mesh, event) - sizeof mesh->nodes);
    cycle_t head_cycles = config->routing_cycles + config->channel_allocation_cycles - 1;
    mesh->exit_cycles =
        config->switch_allocation_cycles + config->switch_cycles + config->link_cycles;
    mesh->hop_cycles = mesh->exit_cycles + head_cycles;
    mesh->entry_cycles = 1 + config->link_cycles + head_cycles;
    mesh->source_credit_cycles = 1 + config->link_cycles;
    mesh->credit_cycles = mesh->source_credit_cycles + config->credit_cycles;
    for (unsigned class = 0; class < config->classes; class ++)
        mesh->class_channels[class] =
            (BIT(noc_first_channel(config, class + 1)) - BIT(noc_first_channel(config, class))) *
            EVERY_PORT;
    for (unsigned node = 0; node < config->width * config->height; node++)
        for (unsigned channel = 0; channel < NOC_PACKET_CHANNELS; channel++)
            mesh->crossing[node].lane[channel].room = (uint32_t)config->depth_flits;
    return STATUS_OK;
}

static bool packet_take(void *state, struct noc_delivery *delivery)
{
    return noc_nodes_take(&((struct noc_packet_mesh *)state)->nodes, delivery);
}

static unsigned packet_room(const void *state, unsigned source, unsigned class)
{
    return noc_nodes_room(&((const struct noc_packet_mesh *)state)->nodes, source, class);
}

static const struct noc_counters *packet_counters(const void *state)
{
    return &((const struct noc_packet_mesh *)state)->nodes.counters;
}

extern const struct noc_model noc_packet;
const struct noc_model noc_packet = {sizeof(struct noc_packet_mesh),
                                     packet_init,
                                     packet_inject,
                                     packet_advance,
                                     packet_next,
                                     packet_take,
                                     packet_room,
                                     packet_counters};
