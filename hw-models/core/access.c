/* SPDX-License-Identifier: Apache-2.0 */
/* The steps of a memory access. Each is repeated until it needs nothing more from outside: it looks
 * up what it needs, and either carries on or issues one request and is called again when that is
 * answered. Nothing already carried out is done twice.
 *
 * Without L1 (config.l1_enabled 0) each step is one transaction of one aligned word (8 bytes), also
 * where an access lies across two; a block's fetch is one for each word up to the line's end. Does
 * not model: prefetching, several outstanding misses, store buffers. */
#include "core/access.h"

#include <string.h>

#include "core/code.h"
#include "core/filter.h"
#include "core/lines.h"
#include "core/mmu.h"
#include "core/pmp.h"
#include "core/watch.h"

#define WORD_BYTES UINT64_C(8)

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

enum access_state access_line(struct hart *hart, uint64_t physical, bool exclusive)
{
    if (!hart->timed)
        return ACCESS_DONE;
    if (!hart->l1_enabled)
        return lines_word(hart, physical, exclusive);
    enum access_state state = lines_into_l1d(hart, physical, exclusive);
    hart->l1d_others += state == ACCESS_DONE;
    return state;
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

static bool is_write(enum access_kind kind)
{
    return kind == ACCESS_STORE || kind == ACCESS_AMO || kind == ACCESS_SC;
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
        lines_reserve(hart, a->physical[part]);
        memcpy(&a->value, host, bytes);
        break;
    case ACCESS_LOAD:
        memcpy((uint8_t *)&a->value + begin, host, bytes);
        break;
    case ACCESS_SC:
        lines_end_reservation(hart);
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
    if (is_write(a->kind))
        code_wrote(hart, a->physical[part], bytes);
}

static uint64_t part_address(const struct access *a, unsigned part)
{
    return part ? a->address + first_part_bytes(a) : a->address;
}

static unsigned part_bytes(const struct access *a, unsigned part)
{
    return part ? a->size_bytes - first_part_bytes(a) : first_part_bytes(a);
}

static enum access_state translate_parts(struct hart *hart, enum access_type type)
{
    struct access *a = &hart->access;
    for (; a->translated < a->parts; a->translated++) {
        enum access_state state =
            mmu_translate(hart, part_address(a, a->translated), part_bytes(a, a->translated), type,
                          &a->physical[a->translated]);
        if (state != ACCESS_DONE)
            return state;
    }
    return ACCESS_DONE;
}

/* Outside RAM there are devices: aligned loads and stores, nothing else. */
static enum access_state device_access(struct hart *hart)
{
    struct access *a = &hart->access;
    bool store = a->kind == ACCESS_STORE;
    if ((!store && a->kind != ACCESS_LOAD) || a->address % a->size_bytes)
        return access_fault(hart, false, a->address);
    enum access_state state =
        lines_uncached(hart, a->physical[0], a->size_bytes, store, store ? a->data : 0);
    if (state == ACCESS_DONE)
        a->value = a->granted_data;
    return state;
}

static enum access_state own_part(struct hart *hart, unsigned part)
{
    struct access *a = &hart->access;
    if (!hart->timed)
        return ACCESS_DONE;
    if (!hart->l1_enabled)
        return lines_word(hart, a->physical[part], is_write(a->kind));
    return lines_into_l1d(hart, a->physical[part], is_write(a->kind) || a->kind == ACCESS_LR);
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
        if (a->kind == ACCESS_SC && !lines_reserved(hart, a->physical[0])) {
            lines_end_reservation(hart);
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

/* The rest of the line, a word a transaction: `performed` counts them. */
static enum access_state words_without_l1(struct hart *hart, uint64_t physical)
{
    struct access *a = &hart->access;
    uint64_t line_end = (physical | (LINE_BYTES - 1)) + 1;
    uint64_t word = (physical & ~(WORD_BYTES - 1)) + a->performed * WORD_BYTES;

    for (; word < line_end; word += WORD_BYTES, a->performed++) {
        enum access_state state = lines_word(hart, word, false);
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
    if (!hart->timed)
        return ACCESS_DONE;
    return hart->l1_enabled ? lines_into_l1i(hart, a->physical[part])
                            : words_without_l1(hart, a->physical[part]);
}

static bool is_long(const struct hart *hart, uint64_t physical)
{
    uint16_t first_half;
    memcpy(&first_half, ram_at(hart->links.ram, physical), sizeof first_half);
    return !instruction_is_short(first_half);
}

static bool lies_across_lines(const struct hart *hart, uint64_t pc, uint64_t physical)
{
    return pc % LINE_BYTES == LINE_BYTES - 2 && is_long(hart, physical);
}

/* The second half of an instruction in one line may be another PMP entry's. */
static bool may_fetch_all(const struct hart *hart, uint64_t physical)
{
    size_t bytes = is_long(hart, physical) ? 4 : 2;
    return pmp_executable(hart, physical, bytes) == bytes;
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
        else if (a->translated == 0 && !may_fetch_all(hart, a->physical[0]))
            return access_fault(hart, false, a->address + 2);
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

/* The next access of this line, or page, in this context need not come here. */
static void remember(struct hart *hart)
{
    const struct access *a = &hart->access;
    if (hart->csr.pmp_fine || watch_is_on(hart) || a->parts != 1 ||
        (a->kind != ACCESS_LOAD && a->kind != ACCESS_STORE) ||
        !ram_holds(hart->links.ram, a->physical[0], 1))
        return;
    bool store = a->kind == ACCESS_STORE;
    struct cache_line *line = cache_find(&hart->l1d, a->physical[0]);
    if (!hart->timed)
        filter_install_page(hart, a->address, a->physical[0],
                            store && !code_in_page(hart, a->physical[0]));
    else if (hart->l1_enabled && line)
        filter_install(hart, line, a->address, a->physical[0], store);
}

static enum access_state data_unwatched(struct hart *hart, enum access_kind kind,
                                        enum atomic atomic, uint64_t address, unsigned size_bytes,
                                        uint64_t data)
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

enum access_state access_data(struct hart *hart, enum access_kind kind, enum atomic atomic,
                              uint64_t address, unsigned size_bytes, uint64_t data)
{
    enum access_state state = data_unwatched(hart, kind, atomic, address, size_bytes, data);
    if (state == ACCESS_DONE && watch_is_on(hart))
        watch_access(hart);
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

void access_complete(struct hart *hart, const struct response *response)
{
    struct access *a = &hart->access;
    if (a->state != ACCESS_REQUESTED)
        return;
    hart_emit(hart, hart->now, EVENT_wait, ACTIVITY_none, hart->request.address, 0, 0);

    if (response->status == STATUS_OK) {
        lines_answer(hart, response);
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
