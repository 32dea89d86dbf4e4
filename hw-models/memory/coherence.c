/* SPDX-License-Identifier: Apache-2.0 */
/* See coherence.h. */
#include "memory/coherence.h"

/* What all caches but one say to a snoop. */
struct answers {
    bool held;           /* somebody had, or after a read still has, a copy */
    bool dirty;          /* and it was MODIFIED */
    cycle_t holder_now;  /* the clock of the holder furthest ahead */
    cycle_t defer_until; /* not 0: somebody defers */
};

#define NOBODY UINT32_MAX

static bool is_power_of_two(uint64_t n)
{
    return n != 0 && (n & (n - 1)) == 0;
}

enum status coherence_init(struct coherence *coherence, const struct coherence_config *config,
                           const struct coherence_links *links)
{
    if (!is_power_of_two(config->line_bytes) ||
        config->line_bytes < links->dram->config.word_bytes || config->address_cycles == 0)
        return STATUS_INVALID;
    *coherence = (struct coherence){.config = *config, .links = *links};
    return STATUS_OK;
}

static uint64_t line_of(const struct coherence *coherence, uint64_t address)
{
    return address & ~(coherence->config.line_bytes - 1);
}

static void ask(struct coherence *coherence, unsigned cache, uint64_t line, enum snoop_kind kind,
                cycle_t now, struct answers *answers)
{
    const struct snooper *snooper = &coherence->links.snoopers[cache];
    struct snoop_result result = snooper->snoop(snooper->cache, line, kind, now);

    answers->defer_until = cycle_max(answers->defer_until, result.defer_until);
    if (result.was == MESI_INVALID) {
        if (coherence->links.sharers)
            sharers_remove(coherence->links.sharers, line, cache);
        return;
    }
    answers->held = true;
    if (kind == SNOOP_READ && result.was == MESI_SHARED)
        return; /* nothing is taken from this holder: no need to wait for its clock */
    answers->holder_now = cycle_max(answers->holder_now, result.holder_now);
    if (result.defer_until != 0)
        return;
    answers->dirty |= result.was == MESI_MODIFIED;
    if (kind == SNOOP_INVALIDATE)
        coherence->counters.invalidations++;
    else if (kind == SNOOP_READ)
        coherence->counters.downgrades++;
}

static struct answers ask_all(struct coherence *coherence, unsigned except, uint64_t line,
                              enum snoop_kind kind, cycle_t now)
{
    struct sharers *sharers = coherence->links.sharers;
    struct answers answers = {0};
    uint64_t left = sharers ? sharers_of(sharers, line) : SHARERS_EVERYBODY;

    for (; left; left &= left - 1) {
        unsigned cache = (unsigned)__builtin_ctzll(left);
        if (cache >= coherence->links.snooper_count)
            break;
        if (cache != except)
            ask(coherence, cache, line, kind, now, &answers);
    }
    if (sharers)
        sharers_pin(sharers, line, answers.defer_until > now);
    return answers;
}

static enum mesi own_state(const struct coherence *coherence, unsigned master, uint64_t line,
                           cycle_t now)
{
    if (master >= coherence->links.snooper_count)
        return MESI_INVALID;
    const struct snooper *snooper = &coherence->links.snoopers[master];
    return snooper->snoop(snooper->cache, line, SNOOP_PEEK, now).was;
}

/* When the last beat of `bytes` has moved, if the address phase ends at `from`: out of a cache
 * (and into memory at the same time), or out of memory. */
static cycle_t read_data(struct coherence *coherence, const struct request *request, uint64_t bytes,
                         bool dirty, cycle_t from)
{
    struct dram *dram = coherence->links.dram;
    uint64_t line_bytes = coherence->config.line_bytes;

    if (dirty) {
        uint64_t line = line_of(coherence, request->address);
        coherence->counters.cache_answers++;
        return dram_write(dram, request->master, line, line_bytes,
                          from + coherence->config.answer_cycles) +
               dram_beats(dram, line, line_bytes);
    }
    coherence->counters.memory_reads++;
    return dram_read(dram, request->master, request->address, bytes, from) +
           dram_beats(dram, request->address, bytes);
}

static cycle_t write_data(struct coherence *coherence, const struct request *request,
                          uint64_t bytes, cycle_t from)
{
    struct dram *dram = coherence->links.dram;
    return dram_write(dram, request->master, request->address, bytes, from) +
           dram_beats(dram, request->address, bytes);
}

/* The data phase of a request whose snoops were answered: its last cycle. */
static cycle_t move_data(struct coherence *coherence, const struct request *request,
                         const struct answers *answers, cycle_t from)
{
    uint64_t line_bytes = coherence->config.line_bytes;

    switch (request->kind) {
    case REQUEST_UPGRADE:
        return from;
    case REQUEST_WRITE_BACK:
        coherence->counters.write_backs++;
        return write_data(coherence, request, line_bytes, from);
    case REQUEST_LOAD:
        return read_data(coherence, request, request->size_bytes, answers->dirty, from);
    case REQUEST_STORE:
        if (answers->dirty) /* the rest of the line must reach memory first */
            from = read_data(coherence, request, line_bytes, true, from);
        return write_data(coherence, request, request->size_bytes, from);
    default:
        return read_data(coherence, request, line_bytes, answers->dirty, from);
    }
}

static bool moves_word(const struct request *request)
{
    return request->kind == REQUEST_LOAD || request->kind == REQUEST_STORE;
}

static enum status check(const struct coherence *coherence, const struct request *request)
{
    uint64_t bytes = moves_word(request) ? request->size_bytes : coherence->config.line_bytes;

    if (request->kind > REQUEST_STORE || !is_power_of_two(bytes) ||
        (moves_word(request) && bytes > 8) || (request->address & (bytes - 1)) != 0)
        return STATUS_DENIED;
    return ram_holds(coherence->links.ram, request->address, bytes) ? STATUS_OK : STATUS_NO_TARGET;
}

static uint64_t load(const uint8_t *bytes, unsigned size_bytes)
{
    uint64_t value = 0;
    for (unsigned i = 0; i < size_bytes; i++)
        value |= (uint64_t)bytes[i] << 8 * i;
    return value;
}

static void store(uint8_t *bytes, unsigned size_bytes, uint64_t value)
{
    for (unsigned i = 0; i < size_bytes; i++)
        bytes[i] = (uint8_t)(value >> 8 * i);
}

/* A fetch goes past the requester's own L1D, and so does an uncached word: its copy then counts
 * like another's. */
static void ask_own(struct coherence *coherence, const struct request *request,
                    enum snoop_kind kind, cycle_t now, struct answers *answers)
{
    uint64_t line = line_of(coherence, request->address);

    if (own_state(coherence, request->master, line, now) != MESI_INVALID)
        ask(coherence, request->master, line, kind, now, answers);
}

static struct answers snoop_for(struct coherence *coherence, const struct request *request,
                                cycle_t now)
{
    bool reads = request->kind == REQUEST_FETCH || request->kind == REQUEST_READ ||
                 request->kind == REQUEST_LOAD;
    bool cached = request->kind == REQUEST_READ || request->kind == REQUEST_READ_EXCLUSIVE ||
                  request->kind == REQUEST_UPGRADE;
    enum snoop_kind kind = reads ? SNOOP_READ : SNOOP_INVALIDATE;

    if (request->kind == REQUEST_WRITE_BACK)
        return (struct answers){0};
    struct answers answers =
        ask_all(coherence, request->master, line_of(coherence, request->address), kind, now);
    if (!cached)
        ask_own(coherence, request, kind, now, &answers);
    return answers;
}

static enum mesi granted_state(const struct request *request, bool held)
{
    switch (request->kind) {
    case REQUEST_FETCH:
        return MESI_SHARED;
    case REQUEST_READ:
        return held ? MESI_SHARED : MESI_EXCLUSIVE;
    case REQUEST_READ_EXCLUSIVE:
    case REQUEST_UPGRADE:
        return MESI_MODIFIED;
    default:
        return MESI_INVALID;
    }
}

static void complete(struct coherence *coherence, const struct request *request,
                     const struct answers *answers, struct response *response)
{
    uint8_t *at = ram_at(coherence->links.ram, request->address);

    response->granted = granted_state(request, answers->held);
    if (request->kind == REQUEST_LOAD) {
        response->data = load(at, request->size_bytes);
    } else if (request->kind == REQUEST_STORE && !request->data_apart) {
        store(at, request->size_bytes, request->data);
        ram_wrote(coherence->links.ram, request->address, request->size_bytes);
    }
}

static bool fills_cache(const struct coherence *coherence, const struct request *request)
{
    return request->master < coherence->links.snooper_count &&
           (request->kind == REQUEST_READ || request->kind == REQUEST_READ_EXCLUSIVE ||
            request->kind == REQUEST_UPGRADE);
}

enum status coherence_transact(struct coherence *coherence, struct request *request, cycle_t now,
                               struct response *response, struct coherence_cost *cost)
{
    cycle_t answered = now + coherence->config.address_cycles;

    *cost = (struct coherence_cost){coherence->config.address_cycles, 0};
    *response = (struct response){.status = check(coherence, request)};
    if (response->status != STATUS_OK)
        return response->status;

    if (request->kind == REQUEST_UPGRADE &&
        own_state(coherence, request->master, request->address, now) == MESI_INVALID) {
        request->kind = REQUEST_READ_EXCLUSIVE;
        coherence->counters.lost_upgrades++;
    }
    struct answers answers = snoop_for(coherence, request, now);
    if (answers.defer_until > now) {
        coherence->counters.deferrals++;
        cost->not_before = answers.defer_until;
        return response->status = STATUS_FULL;
    }
    cost->not_before = answers.holder_now;
    cost->cycles = move_data(coherence, request, &answers, answered) - now;
    complete(coherence, request, &answers, response);
    if (coherence->links.sharers && fills_cache(coherence, request))
        sharers_add(coherence->links.sharers, line_of(coherence, request->address), request->master,
                    now);
    return STATUS_OK;
}

struct coherence_reach coherence_reach(struct coherence *coherence, unsigned master,
                                       uint64_t address, bool write, cycle_t now)
{
    enum snoop_kind kind = write ? SNOOP_INVALIDATE : SNOOP_READ;
    uint64_t line = line_of(coherence, address);
    struct dram *dram = coherence->links.dram;
    struct answers answers = ask_all(coherence, NOBODY, line, kind, now);
    struct coherence_reach reach = {.not_before = answers.holder_now};

    if (answers.defer_until > now) {
        reach.not_before = cycle_max(reach.not_before, answers.defer_until);
        bool dirty = answers.dirty;
        answers = ask_all(coherence, NOBODY, line, kind, answers.defer_until);
        answers.dirty |= dirty;
    }
    if (answers.dirty) {
        cycle_t begin = dram_write(dram, master, line, coherence->config.line_bytes,
                                   now + coherence->config.answer_cycles);
        reach.dirty = true;
        reach.cycles = begin + dram_beats(dram, line, coherence->config.line_bytes) - now;
        coherence->counters.reach_write_backs++;
    }
    return reach;
}
