/* SPDX-License-Identifier: Apache-2.0 */
/* The steps of a memory access. Each is repeated until it needs nothing more from outside: it looks
 * up what it needs, and either carries on or issues one request and is called again when that is answered. Nothing
 * already carried out is done twice.
 *
 * Without L1 (config.l1_enabled 0) each step is one transaction of one aligned word (8 bytes), also where an access lies across two; a block's
 * fetch is one for each word up to the line's end. Does not model: prefetching, several outstanding misses, store buffers. */
#include "core/access.h"

#include <string.h>

#include "core/filter.h"
#include "core/mmu.h"

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

enum access_state access_fault(struct hart *hart, bool page, uint64_t address)
{
    struct access *a = &hart->access;
    static const uint8_t causes[][2] = {
        [ACCESS_LOAD] = {CAUSE_LOAD_ACCESS, CAUSE_LOAD_PAGE},
        [ACCESS_LR] = {CAUSE_LOAD_ACCESS, CAUSE_LOAD_PAGE},
        [ACCESS_STORE] = {CAUSE_STORE_ACCESS, CAUSE_STORE_PAGE},
        [ACCESS_AMO] = {CAUSE_STORE_ACCESS, CAUSE_STORE_PAGE},
        [ACCESS_SC] = {CAUSE_STORE_ACCESS, CAUSE_STORE_PAGE},
        [ACCESS_FETCH] = {CAUSE_FETCH_ACCESS, CAUSE_FETCH_PAGE},
    };
    a->cause = causes[a->kind][page];
    a->fault_address = address;
    return ACCESS_FAULT;
}

/* One transaction past the caches, answered by access_complete. */
static enum access_state uncached(struct hart *hart, uint64_t physical, unsigned size_bytes,
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

static enum access_state line_into_l1d(struct hart *hart, uint64_t physical, bool exclusive)
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

/* Without L1 a word stands for the line: the hart moves the bytes itself when the answer has come, so that an
 * atomic is one transaction. */
static enum access_state word_of_ram(struct hart *hart, uint64_t physical, bool store)
{
    enum access_state state = uncached(hart, physical & ~(WORD_BYTES - 1), WORD_BYTES, store, 0);
    hart->request.data_apart = true;
    return state;
}

enum access_state access_line(struct hart *hart, uint64_t physical, bool exclusive)
{
    if (!hart->l1_enabled)
        return word_of_ram(hart, physical, exclusive);
    enum access_state state = line_into_l1d(hart, physical, exclusive);
    hart->l1d_others += state == ACCESS_DONE;
    return state;
}

static bool reserved(const struct hart *hart, uint64_t physical)
{
    return hart->reservation == (physical & ~(LINE_BYTES - 1));
}

static void end_reservation(struct hart *hart)
{
    hart->reservation = NO_LINE;
    hart->window_end = 0;
}

static void reserve(struct hart *hart, uint64_t physical)
{
    hart->reservation = physical & ~(LINE_BYTES - 1);
    bool owed = hart->window_owed == hart->reservation;
    hart->window_end = owed ? 0 : hart->now + hart->config.lr_window_cycles;
}

static uint64_t combine(enum atomic atomic, uint64_t old, uint64_t operand)
{
    switch (atomic) {
    case ATOMIC_swap:
        return operand;
    case ATOMIC_add:
        return old + operand;
    case ATOMIC_xor:
        return old ^ operand;
    case ATOMIC_and:
        return old & operand;
    case ATOMIC_or:
        return old | operand;
    case ATOMIC_min:
        return (int64_t)old < (int64_t)operand ? old : operand;
    case ATOMIC_max:
        return (int64_t)old > (int64_t)operand ? old : operand;
    case ATOMIC_minu:
        return old < operand ? old : operand;
    case ATOMIC_maxu:
        return old > operand ? old : operand;
    }
    return old;
}

static uint64_t sign_extend_word(uint64_t value)
{
    return (uint64_t)(int64_t)(int32_t)value;
}

/* Words are compared sign-extended, which keeps the order of signed and of unsigned ones. */
static void perform_amo(struct access *a, uint8_t *host)
{
    memcpy(&a->value, host, a->size_bytes);
    bool word = a->size_bytes == 4;
    uint64_t result = combine((enum atomic)a->atomic, word ? sign_extend_word(a->value) : a->value,
                              word ? sign_extend_word(a->data) : a->data);
    memcpy(host, &result, a->size_bytes);
}

static unsigned first_part_bytes(const struct access *a)
{
    uint64_t room = LINE_BYTES - a->address % LINE_BYTES;
    return a->size_bytes < room ? a->size_bytes : (unsigned)room;
}

/* The line of this part is here, in a sufficient state, at this moment. */
static void perform_part(struct hart *hart, unsigned part)
{
    struct access *a = &hart->access;
    uint8_t *host = ram_at(hart->links.ram, a->physical[part]);
    unsigned first = first_part_bytes(a);
    unsigned begin = part ? first : 0;
    unsigned bytes = part ? a->size_bytes - first : first;

    switch (a->kind) {
    case ACCESS_LR:
        reserve(hart, a->physical[part]);
        memcpy(&a->value, host, bytes);
        break;
    case ACCESS_LOAD:
        memcpy((uint8_t *)&a->value + begin, host, bytes);
        break;
    case ACCESS_SC:
        end_reservation(hart);
        a->value = 0;
        memcpy(host, &a->data, bytes);
        break;
    case ACCESS_STORE:
        memcpy(host, (uint8_t *)&a->data + begin, bytes);
        break;
    case ACCESS_AMO:
        perform_amo(a, host);
        break;
    case ACCESS_FETCH:
        break;
    }
}

static uint64_t part_address(const struct access *a, unsigned part)
{
    return part ? a->address + first_part_bytes(a) : a->address;
}

static enum access_state translate_parts(struct hart *hart, enum access_type type)
{
    struct access *a = &hart->access;
    for (; a->translated < a->parts; a->translated++) {
        enum access_state state =
            mmu_translate(hart, part_address(a, a->translated), type, &a->physical[a->translated]);
        if (state != ACCESS_DONE)
            return state;
    }
    return ACCESS_DONE;
}

static bool is_write(enum access_kind kind)
{
    return kind == ACCESS_STORE || kind == ACCESS_AMO || kind == ACCESS_SC;
}

/* Outside RAM there are devices: aligned loads and stores, nothing else. */
static enum access_state device_access(struct hart *hart)
{
    struct access *a = &hart->access;
    bool store = a->kind == ACCESS_STORE;
    if ((!store && a->kind != ACCESS_LOAD) || a->address % a->size_bytes)
        return access_fault(hart, false, a->address);
    enum access_state state =
        uncached(hart, a->physical[0], a->size_bytes, store, store ? a->data : 0);
    if (state == ACCESS_DONE)
        a->value = a->granted_data;
    return state;
}

static enum access_state own_part(struct hart *hart, unsigned part)
{
    struct access *a = &hart->access;
    if (!hart->l1_enabled)
        return word_of_ram(hart, a->physical[part], is_write(a->kind));
    return line_into_l1d(hart, a->physical[part], is_write(a->kind) || a->kind == ACCESS_LR);
}

static enum access_state advance_data(struct hart *hart)
{
    struct access *a = &hart->access;
    enum access_state state = translate_parts(hart, is_write(a->kind) ? ACCESS_WRITE : ACCESS_READ);
    if (state != ACCESS_DONE)
        return state;
    if (!ram_holds(hart->links.ram, a->physical[0], 1))
        return device_access(hart);
    if (a->parts == 2 && !ram_holds(hart->links.ram, a->physical[1], 1))
        return access_fault(hart, false, part_address(a, 1));

    for (; a->performed < a->parts; a->performed++) {
        if (a->kind == ACCESS_SC && !reserved(hart, a->physical[0])) {
            end_reservation(hart);
            a->value = 1;
            return ACCESS_DONE;
        }
        state = own_part(hart, a->performed);
        if (state != ACCESS_DONE)
            return state;
        perform_part(hart, a->performed);
    }
    return ACCESS_DONE;
}

static enum access_state line_into_l1i(struct hart *hart, uint64_t physical)
{
    if (cache_find(&hart->l1i, physical))
        return ACCESS_DONE;
    hart->counters.l1i_misses++;
    return issue(hart, REQUEST_FETCH, cache_line_address(&hart->l1i, physical), LINE_BYTES, 0);
}

/* The rest of the line, a word a transaction: `performed` counts them. */
static enum access_state words_without_l1(struct hart *hart, uint64_t physical)
{
    struct access *a = &hart->access;
    uint64_t line_end = (physical | (LINE_BYTES - 1)) + 1;
    uint64_t word = (physical & ~(WORD_BYTES - 1)) + a->performed * WORD_BYTES;

    for (; word < line_end; word += WORD_BYTES, a->performed++) {
        enum access_state state = word_of_ram(hart, word, false);
        if (state != ACCESS_DONE)
            return state;
    }
    a->performed = 0;
    return ACCESS_DONE;
}

static enum access_state fetch_part(struct hart *hart, unsigned part)
{
    struct access *a = &hart->access;
    uint64_t address = a->address + 2 * part;
    enum access_state state = mmu_translate_fetch(hart, address, &a->physical[part]);
    if (state != ACCESS_DONE)
        return state;
    if (!ram_holds(hart->links.ram, a->physical[part], 2))
        return access_fault(hart, false, address);
    return hart->l1_enabled ? line_into_l1i(hart, a->physical[part])
                            : words_without_l1(hart, a->physical[part]);
}

static bool lies_across_lines(const struct hart *hart, uint64_t pc, uint64_t physical)
{
    uint16_t first_half;
    if (pc % LINE_BYTES != LINE_BYTES - 2)
        return false;
    memcpy(&first_half, ram_at(hart->links.ram, physical), sizeof first_half);
    return !instruction_is_short(first_half);
}

static enum access_state advance_fetch(struct hart *hart)
{
    struct access *a = &hart->access;
    while (a->translated < a->parts) {
        enum access_state state = fetch_part(hart, a->translated);
        if (state != ACCESS_DONE)
            return state;
        if (a->translated == 0 && lies_across_lines(hart, a->address, a->physical[0]))
            a->parts = 2;
        a->translated++;
    }
    return ACCESS_DONE;
}

static enum access_state advance(struct hart *hart)
{
    return hart->access.kind == ACCESS_FETCH ? advance_fetch(hart) : advance_data(hart);
}

/* A result that waited is taken once. */
static bool take_waiting(struct access *a, enum access_state *state)
{
    if (a->state != ACCESS_DONE && a->state != ACCESS_FAULT)
        return false;
    *state = a->state;
    a->state = ACCESS_IDLE;
    return true;
}

static enum access_state begin(struct hart *hart)
{
    enum access_state state = advance(hart);
    hart->access.state = state == ACCESS_REQUESTED ? ACCESS_REQUESTED : ACCESS_IDLE;
    return state;
}

/* The next access of this line in this context need not come here. */
static void remember(struct hart *hart)
{
    const struct access *a = &hart->access;
    if (!hart->l1_enabled || a->parts != 1 || (a->kind != ACCESS_LOAD && a->kind != ACCESS_STORE))
        return;
    struct cache_line *line = cache_find(&hart->l1d, a->physical[0]);
    if (line && ram_holds(hart->links.ram, a->physical[0], 1))
        filter_install(hart, line, a->address, a->physical[0], a->kind == ACCESS_STORE);
}

enum access_state access_data(struct hart *hart, enum access_kind kind, enum atomic atomic,
                              uint64_t address, unsigned size_bytes, uint64_t data)
{
    enum access_state state;
    if (take_waiting(&hart->access, &state))
        return state;

    bool across = address % LINE_BYTES + size_bytes > LINE_BYTES;
    hart->access = (struct access){
        .kind = kind,
        .size_bytes = (uint8_t)size_bytes,
        .atomic = (uint8_t)atomic,
        .parts = across ? 2 : 1,
        .address = address,
        .data = data,
    };
    if (kind > ACCESS_STORE && address % size_bytes) {
        hart->access.cause = kind == ACCESS_LR ? CAUSE_LOAD_MISALIGNED : CAUSE_STORE_MISALIGNED;
        hart->access.fault_address = address;
        return ACCESS_FAULT;
    }
    state = begin(hart);
    if (state == ACCESS_DONE)
        remember(hart);
    return state;
}

enum access_state access_fetch(struct hart *hart, uint64_t pc)
{
    struct access *a = &hart->access;
    enum access_state state;
    if (take_waiting(a, &state)) {
        /* Somebody may have written the code since. */
        if (state == ACCESS_FAULT || a->parts == 2 || !lies_across_lines(hart, pc, a->physical[0]))
            return state;
    }
    *a = (struct access){.kind = ACCESS_FETCH, .parts = 1, .address = pc};
    return begin(hart);
}

static void fill_l1d(struct hart *hart, uint64_t address, enum mesi granted)
{
    struct cache_line *line = cache_find(&hart->l1d, address);
    if (!line) {
        struct cache_victim victim;
        line = cache_insert(&hart->l1d, address, granted, &victim);
        filter_drop_line(hart, line);
        if (victim.address == hart->reservation)
            end_reservation(hart);
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
        end_reservation(hart);
    cache_invalidate(line);
}

/* What the answer means for the caches. */
static void take_answer(struct hart *hart, const struct response *response)
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

void access_complete(struct hart *hart, const struct response *response)
{
    struct access *a = &hart->access;
    if (a->state != ACCESS_REQUESTED)
        return;
    hart_emit(hart, hart->now, EVENT_wait, ACTIVITY_none, hart->request.address, 0, 0);

    if (response->status == STATUS_OK) {
        take_answer(hart, response);
        a->state = a->abandoned ? ACCESS_IDLE : advance(hart);
    } else {
        a->state = a->abandoned ? ACCESS_IDLE : access_fault(hart, false, a->address);
    }
}

void access_abandon(struct hart *hart)
{
    if (hart->access.state == ACCESS_REQUESTED)
        hart->access.abandoned = true;
    else
        hart->access.state = ACCESS_IDLE;
}

struct snoop_result access_snoop(struct hart *hart, uint64_t line_address, enum snoop_kind kind,
                                 cycle_t now)
{
    struct cache_line *line = cache_find(&hart->l1d, line_address);
    struct snoop_result result = {line ? cache_state(line) : MESI_INVALID, hart->now, 0};

    if (kind == SNOOP_PEEK)
        return result;
    if (reserved(hart, line_address) && now < hart->window_end) {
        hart->window_owed = line_address;
        result.defer_until = hart->window_end;
        return result;
    }
    if (hart->window_owed == line_address)
        hart->window_owed = NO_LINE;
    if (reserved(hart, line_address) && kind == SNOOP_INVALIDATE)
        end_reservation(hart);
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
