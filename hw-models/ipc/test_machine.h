/* SPDX-License-Identifier: Apache-2.0 */
/* For tests: a mechanism on a bus with memory, caches and masters that make requests, in simulated
 * time, without harts or an engine. What the engine promises a mechanism, this keeps. */
#ifndef MISSIVE_IPC_TEST_MACHINE_H
#define MISSIVE_IPC_TEST_MACHINE_H

#include <stddef.h>
#include <stdlib.h>

#include "ipc/mechanism.h"
#include "memory/bus.h"
#include "memory/test_caches.h"

#define TEST_EVENTS 4096
#define TEST_PATIENCE 1000000 /* cycles: nothing takes that long */

struct test_master {
    bool busy; /* a request is on its way */
    bool answered;
    cycle_t asked; /* when */
    struct response response;
};

struct test_machine {
    const struct mechanism *mechanism;
    void *state;
    struct test_caches caches;
    struct dram dram;
    struct coherence coherence;
    struct bus bus;
    struct probe probe;
    struct event events[TEST_EVENTS];
    struct test_master master[TEST_CACHES];
    bool word_asked;
    cycle_t now;
    uint64_t denied, words;
};

static inline void test_machine_drain(struct probe *probe)
{
    probe->count = 0;
}

static inline enum status
test_machine_init(struct test_machine *m, const struct mechanism *mechanism, const uint64_t *values)
{
    const struct dram_config timing = {40, 0, 1, 8, 0};
    const struct coherence_config config = {64, 1, 6};
    const struct bus_config bus = {1, 200, 64};
    const struct coherence_links links = {&m->caches.ram, &m->dram, m->caches.snooper, TEST_CACHES};
    const struct mechanism_links mechanism_links = {&m->coherence, &m->probe};

    free(m->state);
    memset(m, 0, sizeof *m);
    test_caches_init(&m->caches, 16384, 4);
    m->probe = (struct probe){m->events, 0, TEST_EVENTS, test_machine_drain, NULL};
    dram_init(&m->dram, &timing, NULL);
    coherence_init(&m->coherence, &config, &links);
    bus_init(&m->bus, &bus, NULL);
    m->mechanism = mechanism;
    m->state = malloc(mechanism->state_bytes);
    return m->state ? mechanism->init(m->state, values, &mechanism_links) : STATUS_FULL;
}

static inline void test_machine_free(struct test_machine *m)
{
    free(m->state);
    m->state = NULL;
}

/* Makes a request at the current cycle; the master must not be busy. */
static inline void test_machine_ask(struct test_machine *m, unsigned master, enum request_kind kind,
                                    uint64_t address, uint64_t data)
{
    struct request request = {kind, (uint16_t)master, 8, address, data, m->now};

    m->master[master] = (struct test_master){.busy = true, .asked = m->now};
    bus_request(&m->bus, &request);
}

static inline void test_machine_answer(struct test_machine *m, unsigned master,
                                       struct response response)
{
    m->master[master].answered = true;
    m->master[master].response = response;
}

static inline void test_machine_word(struct test_machine *m, struct request *request)
{
    uint16_t master;
    struct response response;
    struct mechanism_cost cost = m->mechanism->word(m->state, m->now, request);
    cycle_t end = bus_hold(&m->bus, m->now, request, cost.bus_cycles, cost.not_before, cost.wait);

    m->word_asked = false;
    m->words += request->size_bytes != 0;
    while (m->mechanism->ready(m->state, m->now, &master, &response)) {
        response.cycle = cycle_max(response.cycle, end);
        test_machine_answer(m, master, response);
    }
}

static inline void test_machine_access(struct test_machine *m, const struct request *request)
{
    struct response response;
    struct mechanism_cost cost;
    enum status status = m->mechanism->access(m->state, request, m->now, &response, &cost);
    cycle_t end = bus_hold(&m->bus, m->now, request, cost.bus_cycles, cost.not_before, cost.wait);

    m->denied += status == STATUS_DENIED || status == STATUS_NO_TARGET;
    response.cycle = end;
    if (status != STATUS_PENDING)
        test_machine_answer(m, request->master, response);
}

/* One cycle: answers that are due, then a grant, then the stream's next word. */
static inline void test_machine_step(struct test_machine *m)
{
    struct request request;

    for (unsigned i = 0; i < TEST_CACHES; i++)
        if (m->master[i].answered && m->master[i].response.cycle <= m->now)
            m->master[i].busy = false;
    if (!m->word_asked && m->mechanism->next_word(m->state, m->now) <= m->now) {
        struct request word = {REQUEST_BLOCK_WORD, EVENT_SOURCE_CONTROLLER, 0, 0, 0, m->now};
        bus_request(&m->bus, &word);
        m->word_asked = true;
    }
    if (bus_next(&m->bus) <= m->now && bus_grant(&m->bus, m->now, &request)) {
        if (request.kind == REQUEST_BLOCK_WORD)
            test_machine_word(m, &request);
        else
            test_machine_access(m, &request);
    }
    m->now++;
}

static inline bool test_machine_busy(const struct test_machine *m, unsigned master)
{
    return m->master[master].busy;
}

static inline bool test_machine_idle(const struct test_machine *m)
{
    for (unsigned i = 0; i < TEST_CACHES; i++)
        if (m->master[i].busy)
            return false;
    return m->mechanism->next_word(m->state, m->now) == CYCLE_NEVER;
}

/* Runs until nothing is under way; false: that took longer than `limit` cycles. */
static inline bool test_machine_settle(struct test_machine *m, cycle_t limit)
{
    cycle_t end = m->now + limit;

    while (!test_machine_idle(m) && m->now < end)
        test_machine_step(m);
    return test_machine_idle(m);
}

/* A request from beginning to end; its status. `data` takes what a load gives. */
static inline enum status test_machine_do(struct test_machine *m, unsigned master,
                                          enum request_kind kind, uint64_t address, uint64_t *data)
{
    test_machine_ask(m, master, kind, address, *data);
    for (cycle_t end = m->now + TEST_PATIENCE; test_machine_busy(m, master); test_machine_step(m))
        if (m->now == end)
            return STATUS_PENDING; /* it hangs */
    if (kind == REQUEST_LOAD)
        *data = m->master[master].response.data;
    return m->master[master].response.status;
}

#endif
