/* SPDX-License-Identifier: Apache-2.0 */
/* See lines.h. A miss whose place is taken by a dirty line is two requests: its write-back, then
 * the line. */
#include "core/lines.h"

#include "core/filter.h"

#define WORD_BYTES UINT64_C(8)

static enum access_state issue(struct hart *hart, enum request_kind kind, uint64_t address,
                               unsigned size_bytes, uint64_t data)
{
    hart->request = (struct request){
        .kind = kind,
        .master = hart->config.id,
        .size_bytes = (uint8_t)size_bytes,
        .address = address,
        .data = data,
        .cycle = hart->now,
    };
    hart_emit(hart, hart->now, EVENT_wait, ACTIVITY_bus, address, 0, 0);
    return ACCESS_REQUESTED;
}

/* One transaction past the caches, answered by access_complete. */
enum access_state lines_uncached(struct hart *hart, uint64_t physical, unsigned size_bytes,
                                 bool store, uint64_t data)
{
    struct access *a = &hart->access;
    if (a->granted && a->granted_address == physical && a->granted_store == store) {
        a->granted = false;
        return ACCESS_DONE;
    }
    /* A page walk that has been granted the write of an entry reads it once more on its way. */
    if (a->granted && a->granted_address == physical && !store)
        return ACCESS_DONE;
    hart->counters.uncached_accesses++;
    return issue(hart, store ? REQUEST_STORE : REQUEST_LOAD, physical, size_bytes, data);
}

/* The line goes to where the least recently used one is: a dirty one is written back first. */
static enum access_state fetch_into_l1d(struct hart *hart, uint64_t line, bool exclusive)
{
    struct cache_victim victim = cache_victim(&hart->l1d, line);
    if (victim.state == MESI_MODIFIED) {
        hart->counters.write_backs++;
        return issue(hart, REQUEST_WRITE_BACK, victim.address, LINE_BYTES, 0);
    }
    hart->counters.l1d_misses++;
    return issue(hart, exclusive ? REQUEST_READ_EXCLUSIVE : REQUEST_READ, line, LINE_BYTES, 0);
}

enum access_state lines_into_l1d(struct hart *hart, uint64_t physical, bool exclusive)
{
    struct cache_line *line = cache_find(&hart->l1d, physical);
    if (!line)
        return fetch_into_l1d(hart, cache_line_address(&hart->l1d, physical), exclusive);
    if (exclusive && cache_state(line) == MESI_SHARED) {
        hart->counters.l1d_upgrades++;
        return issue(hart, REQUEST_UPGRADE, cache_address(line), LINE_BYTES, 0);
    }
    if (exclusive)
        cache_set_state(line, MESI_MODIFIED);
    cache_touch(&hart->l1d, line);
    return ACCESS_DONE;
}

/* Without L1 a word stands for the line: the hart moves the bytes itself when the answer has come,
 * so that an atomic is one transaction. */
enum access_state lines_word(struct hart *hart, uint64_t physical, bool store)
{
    enum access_state state =
        lines_uncached(hart, physical & ~(WORD_BYTES - 1), WORD_BYTES, store, 0);
    hart->request.data_apart = true;
    return state;
}

bool lines_reserved(const struct hart *hart, uint64_t physical)
{
    return hart->reservation == (physical & ~(LINE_BYTES - 1));
}

void lines_end_reservation(struct hart *hart)
{
    hart->reservation = NO_LINE;
    hart->window_end = 0;
}

void lines_reserve(struct hart *hart, uint64_t physical)
{
    hart->reservation = physical & ~(LINE_BYTES - 1);
    bool owed = hart->window_owed == hart->reservation;
    hart->window_end = owed ? 0 : hart->now + hart->config.lr_window_cycles;
}

enum access_state lines_into_l1i(struct hart *hart, uint64_t physical)
{
    if (cache_find(&hart->l1i, physical))
        return ACCESS_DONE;
    hart->counters.l1i_misses++;
    return issue(hart, REQUEST_FETCH, cache_line_address(&hart->l1i, physical), LINE_BYTES, 0);
}

static void fill_l1d(struct hart *hart, uint64_t address, enum mesi granted)
{
    struct cache_line *line = cache_find(&hart->l1d, address);
    if (!line) {
        struct cache_victim victim;
        line = cache_insert(&hart->l1d, address, granted, &victim);
        filter_drop_line(hart, line);
        if (victim.address == hart->reservation)
            lines_end_reservation(hart);
        hart->l1d_others++;
    }
    cache_set_state(line, granted);
}

static void drop_victim(struct hart *hart, uint64_t address)
{
    struct cache_line *line = cache_find(&hart->l1d, address);
    if (!line)
        return;
    filter_drop_line(hart, line);
    if (hart->reservation == address)
        lines_end_reservation(hart);
    cache_invalidate(line);
}

/* What the answer means for the caches. */
void lines_answer(struct hart *hart, const struct response *response)
{
    const struct request *request = &hart->request;
    struct access *a = &hart->access;

    switch (request->kind) {
    case REQUEST_FETCH:
        if (!cache_find(&hart->l1i, request->address)) {
            cache_insert(&hart->l1i, request->address, MESI_SHARED, NULL);
            hart->l1i_fills++;
        }
        break;
    case REQUEST_READ:
        fill_l1d(hart, request->address,
                 response->granted == MESI_INVALID ? MESI_SHARED : response->granted);
        break;
    case REQUEST_READ_EXCLUSIVE:
    case REQUEST_UPGRADE:
        fill_l1d(hart, request->address, MESI_MODIFIED);
        break;
    case REQUEST_WRITE_BACK:
        drop_victim(hart, request->address);
        break;
    case REQUEST_LOAD:
    case REQUEST_STORE:
        a->granted = true;
        a->granted_store = request->kind == REQUEST_STORE;
        a->granted_address = request->address;
        a->granted_data = response->data;
        break;
    case REQUEST_BLOCK_WORD:
    case REQUEST_KIND_COUNT:
        break;
    }
}

struct snoop_result lines_snoop(struct hart *hart, uint64_t line_address, enum snoop_kind kind,
                                cycle_t now)
{
    struct cache_line *line = cache_find(&hart->l1d, line_address);
    struct snoop_result result = {line ? cache_state(line) : MESI_INVALID, hart->now, 0};

    if (kind == SNOOP_PEEK)
        return result;
    if (lines_reserved(hart, line_address) && now < hart->window_end) {
        hart->window_owed = line_address;
        result.defer_until = hart->window_end;
        return result;
    }
    if (hart->window_owed == line_address)
        hart->window_owed = NO_LINE;
    if (lines_reserved(hart, line_address) && kind == SNOOP_INVALIDATE)
        lines_end_reservation(hart);
    if (!line)
        return result;
    hart->counters.snoops_hit++;
    if (kind == SNOOP_INVALIDATE) {
        filter_drop_line(hart, line);
        cache_invalidate(line);
    } else {
        filter_drop_writes(hart, line);
        cache_set_state(line, MESI_SHARED);
    }
    return result;
}
