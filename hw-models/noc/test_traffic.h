/* SPDX-License-Identifier: Apache-2.0 */
/* Synthetic traffic for a mesh, as the literature measures networks: each node makes a packet in each cycle with the same
 * probability, into a queue without end, and the latency of packets made in a window is measured after a warm-up. For tests and
 * for the benchmark. Source: Dally and Towles, chapters 3.2 (patterns) and 24 (measurement). */
#ifndef MISSIVE_NOC_TEST_TRAFFIC_H
#define MISSIVE_NOC_TEST_TRAFFIC_H

#include <stdlib.h>
#include <string.h>

#include "noc/noc_table.h"

#define TRAFFIC_BACKLOG 4096 /* packets a node may have waiting; more: the network is saturated */

struct traffic {
    const char *pattern; /* uniform, transpose or neighbor */
    double rate;         /* flits a node and cycle */
    unsigned size_flits;
    cycle_t warmup, window; /* cycles */
    uint64_t seed;
};

struct traffic_result {
    bool saturated; /* the rest is meaningless but accepted_rate and host work */
    uint64_t packets;
    double packet_latency, network_latency, hops; /* means of the packets made in the window */
    double accepted_rate;                         /* flits a node and cycle, in the window */
    cycle_t cycles;                               /* simulated in all */
    uint64_t flit_hops;
};

struct traffic_waiting {
    cycle_t cycle;
    unsigned destination;
};

struct traffic_run {
    struct noc noc;
    const struct noc_config *config;
    const struct traffic *traffic;
    struct traffic_result result;
    uint64_t random, outstanding, accepted_flits;
    uint32_t first[NOC_MAX_NODES], made[NOC_MAX_NODES];
    struct traffic_waiting backlog[NOC_MAX_NODES][TRAFFIC_BACKLOG];
};

/* splitmix64 */
static inline uint64_t traffic_draw(uint64_t *state)
{
    uint64_t z = *state += 0x9E3779B97F4A7C15;
    z = (z ^ z >> 30) * 0xBF58476D1CE4E5B9;
    z = (z ^ z >> 27) * 0x94D049BB133111EB;
    return z ^ z >> 31;
}

static inline unsigned traffic_destination(struct traffic_run *run, unsigned node)
{
    unsigned width = (unsigned)run->config->width, height = (unsigned)run->config->height;
    unsigned x = node % width, y = node / width;
    switch (run->traffic->pattern[0]) {
    case 't':
        return x * width + y;
    case 'n':
        return (y + 1) % height * width + (x + 1) % width;
    default:
        return (unsigned)(traffic_draw(&run->random) >> 32) % (width * height);
    }
}

static inline bool traffic_measured(const struct traffic_run *run, cycle_t made)
{
    return made >= run->traffic->warmup && made < run->traffic->warmup + run->traffic->window;
}

static inline void traffic_make(struct traffic_run *run, cycle_t now)
{
    double chance = run->traffic->rate / run->traffic->size_flits;
    uint64_t limit = (uint64_t)(chance * 18446744073709549568.0);
    for (unsigned node = 0; node < run->config->width * run->config->height; node++) {
        if (traffic_draw(&run->random) >= limit)
            continue;
        if (run->made[node] - run->first[node] == TRAFFIC_BACKLOG) {
            run->result.saturated = true;
            return;
        }
        run->backlog[node][run->made[node]++ % TRAFFIC_BACKLOG] =
            (struct traffic_waiting){now, traffic_destination(run, node)};
        run->outstanding += traffic_measured(run, now);
    }
}

static inline void traffic_inject(struct traffic_run *run, cycle_t now)
{
    for (unsigned node = 0; node < run->config->width * run->config->height; node++)
        while (run->first[node] != run->made[node]) {
            struct traffic_waiting *next = &run->backlog[node][run->first[node] % TRAFFIC_BACKLOG];
            struct noc_packet packet = {(uint16_t)node,
                                        (uint16_t)next->destination,
                                        (uint16_t)run->traffic->size_flits,
                                        0,
                                        next->cycle,
                                        now};
            if (!noc_room(run->noc, node, 0) || noc_inject(run->noc, &packet))
                break;
            run->first[node]++;
        }
}

static inline void traffic_take(struct traffic_run *run)
{
    struct noc_delivery delivery;
    while (noc_take(run->noc, &delivery)) {
        struct traffic_result *result = &run->result;
        result->flit_hops += (uint64_t)delivery.hops * delivery.packet.size_flits;
        if (traffic_measured(run, delivery.arrived))
            run->accepted_flits += delivery.packet.size_flits;
        if (!traffic_measured(run, delivery.packet.token))
            continue;
        run->outstanding--;
        result->packets++;
        result->packet_latency += (double)(delivery.arrived - delivery.packet.token);
        result->network_latency += (double)(delivery.arrived - delivery.entered);
        result->hops += delivery.hops;
    }
}

/* Runs the traffic until all that was made in the window has arrived, making more meanwhile. */
static inline struct traffic_result traffic_run(const struct noc_model *model,
                                                const struct noc_config *config,
                                                const struct traffic *traffic)
{
    struct traffic_run *run = calloc(1, sizeof *run);
    void *state = malloc(model->state_bytes);
    if (!run || !state)
        abort();
    *run = (struct traffic_run){.noc = {model, state}, .config = config, .traffic = traffic};
    run->random = traffic->seed;
    if (noc_init(run->noc, config))
        abort();
    cycle_t now = 0, end = traffic->warmup + traffic->window;
    for (; (now < end || run->outstanding) && !run->result.saturated; now++) {
        noc_advance(run->noc, now);
        traffic_take(run);
        traffic_make(run, now);
        traffic_inject(run, now);
        run->result.saturated |= now > 8 * end;
    }
    struct traffic_result result = run->result;
    result.cycles = now;
    if (result.packets) {
        result.packet_latency /= (double)result.packets;
        result.network_latency /= (double)result.packets;
        result.hops /= (double)result.packets;
    }
    cycle_t nodes = config->width * config->height;
    result.accepted_rate = (double)run->accepted_flits / (double)(nodes * traffic->window);
    free(state);
    free(run);
    return result;
}

#endif
