/* SPDX-License-Identifier: Apache-2.0 */
/* The state of the flit-level mesh (noc_flit.c), for its own tests. A channel of a router is numbered port * 8 + virtual
 * channel, so that a set of them is a word in which each port has its byte. */
#ifndef MISSIVE_NOC_NOC_FLIT_H
#define MISSIVE_NOC_NOC_FLIT_H

#include "noc/noc_nodes.h"

#define NOC_CHANNELS (NOC_PORTS * NOC_MAX_CHANNELS)
#define NOC_WHEEL 64 /* a power of two, more than the longest way from router to router */
#define NOC_MAX_EVENTS (NOC_MAX_NODES * NOC_PORTS) /* of a kind, in a cycle: one for each link */

struct noc_router {
    /* Sets of input channels. One with flits is in exactly one of the first three. */
    uint64_t waiting; /* the packet at its head has no output channel yet */
    uint64_t ready;   /* the flit at its head may go */
    uint64_t starved; /* it may not: no credit */
    uint64_t active;  /* has an output channel, with or without flits at the moment */
    uint64_t wants[NOC_PORTS];
    uint64_t free; /* set of output channels that no packet has */
    uint32_t flits;
    uint8_t count[NOC_CHANNELS]; /* of each input channel: flits in its buffer... */
    uint8_t first[NOC_CHANNELS];
    uint8_t output[NOC_CHANNELS];    /* ...its output channel, if active, */
    uint8_t accept[NOC_CHANNELS];    /* and where its turn among offered channels begins */
    uint8_t user[NOC_CHANNELS];      /* of each output channel: the input channel, if not free... */
    uint8_t credits[NOC_CHANNELS];   /* ...free places at the other end, */
    uint8_t grant[NOC_CHANNELS];     /* and where the turn among input channels begins */
    uint8_t switch_grant[NOC_PORTS]; /* where turns begin: an output's among inputs, */
    uint8_t switch_accept[NOC_PORTS];  /* an input's among the outputs that grant it, */
    uint8_t switch_channel[NOC_PORTS]; /* and among its channels */
    uint32_t buffer[NOC_CHANNELS][NOC_MAX_DEPTH];
};

/* How a node puts packets into its router: a flit a cycle. */
struct noc_source {
    uint8_t free; /* set of the router's local input channels */
    uint8_t last_class;
    uint8_t credits[NOC_MAX_CHANNELS];
    uint8_t next_channel[NOC_MAX_CLASSES]; /* where its turn begins */
    uint8_t channel[NOC_MAX_CLASSES];
    uint8_t left[NOC_MAX_CLASSES]; /* flits of the packet under way; 0: none */
    uint16_t slot[NOC_MAX_CLASSES];
};

struct noc_flit_arrival {
    uint8_t node, channel;
    uint32_t flit;
};
struct noc_flit_credit {
    uint8_t node,
        channel; /* the output channel; from NOC_CHANNELS on, those of the node's source */
};

struct noc_flit {
    struct noc_nodes nodes;
    cycle_t entry_cycles, hop_cycles,
        exit_cycles; /* of a flit: from source, router to next, to node */
    cycle_t credit_cycles, source_credit_cycles; /* from a flit's leaving a buffer */
    cycle_t wheel_mask;
    uint64_t active;                                  /* routers with flits */
    uint64_t sending;                                 /* sources with part of a packet left */
    uint64_t class_channels[NOC_MAX_CLASSES];         /* in the byte of every port */
    uint32_t arrivals[NOC_WHEEL], credits[NOC_WHEEL]; /* how many at each cycle to come */
    struct noc_source source[NOC_MAX_NODES];
    struct noc_router router[NOC_MAX_NODES];
    struct noc_flit_arrival arrival[NOC_WHEEL][NOC_MAX_EVENTS];
    struct noc_flit_credit credit[NOC_WHEEL][NOC_MAX_EVENTS];
};

#endif
