/* SPDX-License-Identifier: Apache-2.0 */
/* The state of the mesh of whole packets (noc_packet.c), for its own tests. Channels are numbered as in noc_flit.h. */
#ifndef MISSIVE_NOC_NOC_PACKET_H
#define MISSIVE_NOC_NOC_PACKET_H

#include "noc/noc_nodes.h"

#define NOC_PACKET_CHANNELS (NOC_PORTS * NOC_MAX_CHANNELS)
#define NOC_PACKET_WHEEL 128 /* a power of two, more than the time from any event to what follows */
#define NOC_PACKET_EVENTS 2048 /* in a cycle: some for each port */
#define NOC_SOURCE NOC_PORTS /* the node's own link into its router, beside the router's outputs */

/* A virtual channel of an input: the packets in it, in order, which the slots' `next` link. */
struct noc_lane {
    uint32_t first, last, count; /* slots */
    uint32_t room;               /* flits, as whoever sends into it knows */
    cycle_t begins;              /* the packet at the head may go from this cycle on */
};

struct noc_crossing {
    uint64_t asking[NOC_PORTS]; /* sets of input channels whose packet wants the output */
    uint8_t turn[NOC_PORTS +
                 1]; /* where an output's turn among inputs begins; the source's among classes */
    uint8_t channel_turn[NOC_PORTS + 1][NOC_MAX_CLASSES];
    cycle_t busy_until[NOC_PORTS + 1]; /* an output, or the source's link */
    cycle_t input_until[NOC_PORTS];    /* an input, on its way to an output */
    cycle_t full_since[NOC_PORTS];     /* of an output that found no room; 0: it did */
    struct noc_lane lane[NOC_PACKET_CHANNELS];
};

enum noc_packet_event_kind { NOC_FRONT, NOC_ROOM, NOC_ARRIVE };

struct noc_packet_event {
    uint8_t kind, node, port; /* NOC_FRONT: port is a channel */
    uint8_t channel, flits;   /* NOC_ROOM: of the output */
    uint32_t slot;            /* NOC_ARRIVE */
};

struct noc_packet_mesh {
    struct noc_nodes nodes;
    cycle_t entry_cycles, hop_cycles, exit_cycles;
    cycle_t credit_cycles, source_credit_cycles;
    uint64_t class_channels[NOC_MAX_CLASSES];
    uint8_t class_of[NOC_MAX_CHANNELS];
    uint64_t dirty_nodes;
    uint8_t dirty[NOC_MAX_NODES]; /* outputs, and the source, to look at in this cycle */
    uint64_t occupied[NOC_PACKET_WHEEL / 64]; /* spokes with anything */
    uint64_t look_nodes[NOC_PACKET_WHEEL]; /* where an output or the source is to be looked at... */
    uint8_t looks[NOC_PACKET_WHEEL][NOC_MAX_NODES]; /* ...and which */
    uint32_t events[NOC_PACKET_WHEEL];              /* how many */
    struct noc_crossing crossing[NOC_MAX_NODES];
    struct noc_packet_event event[NOC_PACKET_WHEEL][NOC_PACKET_EVENTS];
};

#endif
