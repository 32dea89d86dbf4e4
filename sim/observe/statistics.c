/* SPDX-License-Identifier: Apache-2.0 */
/* See statistics.h. */
#include "observe/statistics.h"

#include <stdlib.h>

#include "observe/address_map.h"

struct conversation {
    bool called;    /* made an IPC call before */
    bool initiator; /* its first was a send */
    bool sent;      /* and awaits an answer since `since` */
    bool receiving; /* in the receive call that will bring it */
    cycle_t since;
};

struct statistics {
    uint64_t warmup, measure;
    const struct messages *messages;
    struct occupancy *occupancy;
    struct address_map conversations; /* by control block */
    struct samples one_way, round_trip;
    struct occupancy_totals before, after;
    struct statistics_results results;
    cycle_t now;
};

static void on_end(void *owner, const struct message *message);

struct statistics *statistics_create(const struct machine_view *view, struct messages *messages,
                                     struct occupancy *occupancy)
{
    struct statistics *statistics = calloc(1, sizeof *statistics);
    if (!statistics || !messages_on_end(messages, on_end, statistics)) {
        free(statistics);
        return NULL;
    }
    statistics->warmup = view->warmup_messages;
    statistics->measure = view->measure_messages;
    statistics->messages = messages;
    statistics->occupancy = occupancy;
    return statistics;
}

void statistics_destroy(struct statistics *statistics)
{
    if (!statistics)
        return;
    address_map_clear(&statistics->conversations);
    samples_clear(&statistics->one_way);
    samples_clear(&statistics->round_trip);
    free(statistics);
}

/* --- the window --- */

static void begin(struct statistics *statistics, cycle_t now)
{
    statistics->results.began = true;
    statistics->results.begin = statistics->results.end = now;
    occupancy_read(statistics->occupancy, now, &statistics->before);
    occupancy_cut(statistics->occupancy);
    statistics->after = statistics->before;
}

static void measure(struct statistics *statistics, const struct message *message)
{
    struct statistics_results *results = &statistics->results;
    samples_add(&statistics->one_way, message->ended - message->born);
    results->bytes += message->bytes;
    for (unsigned i = 0; i < ACTIVITY_COUNT; i++)
        results->charged[i] += message->charged[i];
    results->end = message->ended;
    results->complete =
        statistics->measure && results->delivered == statistics->warmup + statistics->measure;
    if (results->complete || !statistics->measure)
        occupancy_read(statistics->occupancy, message->ended, &statistics->after);
}

static void on_end(void *owner, const struct message *message)
{
    struct statistics *statistics = owner;
    struct statistics_results *results = &statistics->results;
    if (message->end != MESSAGE_DELIVERED) {
        results->dropped++;
        return;
    }
    results->delivered++;
    if (results->delivered > statistics->warmup && !results->complete)
        measure(statistics, message);
    else if (results->delivered == statistics->warmup)
        begin(statistics, message->ended);
}

/* --- round trips --- */

static void on_request(struct statistics *statistics, const struct event *event)
{
    uint64_t op = event->arg[1];
    if (op == REQUEST_OP_SEND && !statistics->warmup && !statistics->results.began)
        begin(statistics, event->cycle);
    struct conversation *conversation =
        address_map_get(&statistics->conversations, event->arg[0], sizeof *conversation);
    if (!conversation || (op != REQUEST_OP_SEND && op != REQUEST_OP_RECEIVE))
        return;
    if (!conversation->called)
        conversation->initiator = op == REQUEST_OP_SEND;
    conversation->called = true;
    conversation->receiving = op == REQUEST_OP_RECEIVE && conversation->sent;
    if (op == REQUEST_OP_SEND) {
        conversation->sent = conversation->initiator;
        conversation->since = messages_hart(statistics->messages, event->source)->entered;
    }
}

static void on_return(struct statistics *statistics, const struct event *event)
{
    const struct statistics_results *results = &statistics->results;
    uint64_t task = messages_hart_task(statistics->messages, event->source);
    struct conversation *conversation = address_map_find(&statistics->conversations, task);
    if (!conversation || !conversation->receiving)
        return;
    conversation->sent = conversation->receiving = false;
    bool ended = results->complete && event->cycle > results->end;
    if (results->began && event->cycle > results->begin && !ended)
        samples_add(&statistics->round_trip, event->cycle - conversation->since);
}

void statistics_event(void *owner, const struct event *event)
{
    struct statistics *statistics = owner;
    statistics->now = event->cycle;
    if (event->source >= MAP_MAX_HARTS)
        return;
    if (event->kind == EVENT_request)
        on_request(statistics, event);
    else if (event->kind == EVENT_trap_return && event->arg[0] == PRIVILEGE_USER)
        on_return(statistics, event);
    else if (event->kind == EVENT_task_end)
        address_map_remove(&statistics->conversations, event->arg[0]);
}

/* --- results --- */

static void subtract(struct occupancy_ledger *ledger, const struct occupancy_ledger *before)
{
    for (unsigned owner = 0; owner < OWNER_COUNT; owner++)
        for (unsigned i = 0; i < ACTIVITY_COUNT; i++)
            ledger->cycles[owner][i] -= before->cycles[owner][i];
    ledger->sleep -= before->sleep;
    ledger->stall -= before->stall;
}

static void window_occupancy(const struct statistics *statistics, struct occupancy_totals *totals)
{
    const struct occupancy_totals *before = &statistics->before;
    *totals = statistics->after;
    totals->until -= before->until;
    totals->bus_requests -= before->bus_requests;
    totals->bus_words -= before->bus_words;
    totals->bus_bytes -= before->bus_bytes;
    subtract(&totals->bus, &before->bus);
    subtract(&totals->memory, &before->memory);
    for (unsigned i = 0; i < MAP_MAX_HARTS; i++)
        subtract(&totals->harts[i], &before->harts[i]);
}

void statistics_results(struct statistics *statistics, struct statistics_results *results)
{
    struct statistics_results *own = &statistics->results;
    if (own->began && !own->complete && statistics->measure) {
        own->end = statistics->now;
        occupancy_read(statistics->occupancy, statistics->now, &statistics->after);
    }
    own->one_way = samples_summary(&statistics->one_way);
    own->round_trip = samples_summary(&statistics->round_trip);
    window_occupancy(statistics, &own->occupancy);
    *results = *own;
    results->complete = own->complete || (own->began && !statistics->measure);
}
