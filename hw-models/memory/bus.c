/* SPDX-License-Identifier: Apache-2.0 */
/* See bus.h. */
#include "memory/bus.h"

#include <assert.h>
#include <string.h>

#include "base/memory_map.h"

#define WORDS (BUS_MAX_MASTERS / 64)

static const char *const kind_names[] = {
#define REQUEST_KIND(id, name, doc) name,
#include "base/request_kinds.def"
#undef REQUEST_KIND
};

static uint64_t bit(unsigned master)
{
    return (uint64_t)1 << master % 64;
}

void bus_init(struct bus *bus, const struct bus_config *config, struct probe *probe)
{
    assert(config->line_bytes > 0);
    memset(bus, 0, sizeof *bus);
    bus->config = *config;
    bus->probe = probe;
    bus->last = BUS_MAX_MASTERS - 1;
}

static void raise_line(struct bus *bus, const struct request *request, cycle_t since, cycle_t ready)
{
    unsigned master = request->master;
    assert(master < BUS_MAX_MASTERS && !(bus->waiting[master / 64] & bit(master)));

    bus->request[master] = *request;
    bus->since[master] = since;
    bus->ready[master] = ready;
    bus->waiting[master / 64] |= bit(master);
    if (request->kind == REQUEST_BLOCK_WORD)
        bus->background[master / 64] |= bit(master);
}

static uint64_t data_bytes(const struct bus *bus, const struct request *request)
{
    switch (request->kind) {
    case REQUEST_FETCH:
    case REQUEST_READ:
    case REQUEST_READ_EXCLUSIVE:
    case REQUEST_WRITE_BACK:
        return bus->config.line_bytes;
    case REQUEST_UPGRADE:
        return 0;
    default:
        return request->size_bytes;
    }
}

/* A stream keeps its line up from word to word: the next one is arbitrated during its own tenure. */
static bool streams_on(const struct bus *bus, const struct request *request)
{
    return request->kind == REQUEST_BLOCK_WORD && bus->last == request->master &&
           request->cycle <= bus->free_at;
}

void bus_request(struct bus *bus, const struct request *request)
{
    cycle_t arbitration = streams_on(bus, request) ? 0 : bus->config.arbitration_cycles;
    raise_line(bus, request, request->cycle, request->cycle + arbitration);
}

void bus_retry(struct bus *bus, const struct request *request, cycle_t at)
{
    bus->kind[request->kind].retries++;
    bus->kind[request->kind].bytes -= data_bytes(bus, request);
    raise_line(bus, request, at, at);
}

void bus_cancel(struct bus *bus, unsigned master)
{
    bus->waiting[master / 64] &= ~bit(master);
    bus->background[master / 64] &= ~bit(master);
}

cycle_t bus_next(const struct bus *bus)
{
    cycle_t next = CYCLE_NEVER;

    for (unsigned word = 0; word < WORDS; word++)
        for (uint64_t left = bus->waiting[word]; left; left &= left - 1) {
            next = cycle_min(next, bus->ready[word * 64 + (unsigned)__builtin_ctzll(left)]);
            if (next <= bus->free_at)
                return bus->free_at;
        }
    return next;
}

/* The first of `masters` that is ready, counted round from the one granted last; BUS_MAX_MASTERS:
 * none. */
static unsigned next_in_turn(const struct bus *bus, const uint64_t masters[WORDS], cycle_t now)
{
    unsigned first = (bus->last + 1) % BUS_MAX_MASTERS;

    for (unsigned i = 0; i <= WORDS; i++) {
        unsigned word = (first / 64 + i) % WORDS;
        uint64_t left = masters[word];
        if (i == 0)
            left &= ~(uint64_t)0 << first % 64;
        if (i == WORDS)
            left &= bit(first) - 1;
        for (; left; left &= left - 1) {
            unsigned master = word * 64 + (unsigned)__builtin_ctzll(left);
            if (bus->ready[master] <= now)
                return master;
        }
    }
    return BUS_MAX_MASTERS;
}

/* Who is in the first class: all but the streams that have not waited for too long yet. */
static unsigned choose(const struct bus *bus, cycle_t now)
{
    uint64_t urgent[WORDS];

    for (unsigned word = 0; word < WORDS; word++) {
        urgent[word] = bus->waiting[word] & ~bus->background[word];
        for (uint64_t left = bus->background[word]; left; left &= left - 1) {
            unsigned master = word * 64 + (unsigned)__builtin_ctzll(left);
            if (now >= bus->since[master] + bus->config.patience_cycles)
                urgent[word] |= bit(master);
        }
    }
    unsigned master = next_in_turn(bus, urgent, now);
    return master != BUS_MAX_MASTERS ? master : next_in_turn(bus, bus->waiting, now);
}

bool bus_grant(struct bus *bus, cycle_t now, struct request *request)
{
    unsigned master = now >= bus->free_at ? choose(bus, now) : BUS_MAX_MASTERS;

    if (master == BUS_MAX_MASTERS)
        return false;
    bus->waiting[master / 64] &= ~bit(master);
    bus->background[master / 64] &= ~bit(master);
    bus->last = master;
    *request = bus->request[master];
    bus->kind[request->kind].wait_cycles += now - bus->since[master];
    return true;
}

static void account(struct bus *bus, const struct request *request, cycle_t busy, cycle_t skew)
{
    struct bus_counters *counters = &bus->kind[request->kind];

    counters->tenures++;
    counters->busy_cycles += busy;
    counters->skew_cycles += skew;
    counters->bytes += data_bytes(bus, request);
}

cycle_t bus_hold(struct bus *bus, cycle_t now, const struct request *request, cycle_t cycles,
                 cycle_t not_before, enum activity wait)
{
    assert(now >= bus->free_at && cycles > 0);
    cycle_t work_end = now + cycles;
    cycle_t end = cycle_max(work_end, not_before);

    bus->free_at = end;
    account(bus, request, end - now, end - work_end);
    probe_emit(bus->probe, now, EVENT_bus_tenure, EVENT_SOURCE_BUS, request->master,
               (uint64_t)request->kind, request->address, end);
    if (request->master < MAP_MAX_HARTS) {
        probe_emit(bus->probe, now, EVENT_wait, request->master, (uint64_t)wait, request->address,
                   0, 0);
        if (end > work_end)
            probe_emit(bus->probe, work_end, EVENT_wait, request->master, ACTIVITY_skew,
                       request->address, 0, 0);
    }
    return end;
}

struct bus_counters bus_total(const struct bus *bus)
{
    struct bus_counters total = {0};

    for (unsigned kind = 0; kind < REQUEST_KIND_COUNT; kind++) {
#define COUNTER(id, unit, doc) total.id += bus->kind[kind].id;
#include "memory/bus_counters.def"
#undef COUNTER
    }
    return total;
}

const char *bus_kind_name(enum request_kind kind)
{
    return kind_names[kind];
}
