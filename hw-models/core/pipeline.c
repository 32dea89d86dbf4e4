/* SPDX-License-Identifier: Apache-2.0 */
/* See pipeline.h. */
#include "core/pipeline.h"

#include <string.h>

#define F0 32
#define RELEASE (1u << 25)
#define ACQUIRE (1u << 26)

enum role {
    ROLE_NONE,
    ROLE_LOAD,
    ROLE_STORE,
    ROLE_LOAD_RESERVED,
    ROLE_STORE_CONDITIONAL,
    ROLE_ATOMIC,
    ROLE_FENCE,
    ROLE_PAUSE,
};

static const struct {
    uint8_t unit, role;
} classes[] = {
#define TIMING(id, result, unit, role, ends) {UNIT_##unit, ROLE_##role},
#include "core/timings.def"
#undef TIMING
};

static uint32_t result_cycles(const struct hart_config *config, enum timing timing)
{
    switch (timing) {
#define TIMING(id, result, unit, role, ends)                                                       \
    case TIMING_##id:                                                                              \
        return config->result;
#include "core/timings.def"
#undef TIMING
    case TIMING_COUNT:
        break;
    }
    return config->cycles_per_instruction;
}

static enum unit unit_of(const struct instruction *i)
{
    return (enum unit)classes[instruction_timing(i)].unit;
}

static enum role role_of(const struct instruction *i)
{
    return (enum role)classes[instruction_timing(i)].role;
}

static bool is_pseudo(const struct instruction *i)
{
    return i->length == 0;
}

static bool is_atomic(enum role role)
{
    return role == ROLE_ATOMIC || role == ROLE_LOAD_RESERVED || role == ROLE_STORE_CONDITIONAL;
}

static bool is_access(enum role role)
{
    return role == ROLE_LOAD || role == ROLE_STORE || is_atomic(role);
}

static bool reads_memory(enum role role)
{
    return role == ROLE_LOAD || role == ROLE_LOAD_RESERVED || role == ROLE_ATOMIC;
}

static bool writes_memory(enum role role)
{
    return role == ROLE_STORE || role == ROLE_STORE_CONDITIONAL || role == ROLE_ATOMIC;
}

static bool has_order(const struct instruction *i, uint32_t bit)
{
    return is_atomic(role_of(i)) && ((uint32_t)i->immediate & bit);
}

/* Registers it reads or writes, x0 left out: a result that comes later must not be overtaken. */
static unsigned registers_of(const struct instruction *i, uint8_t out[4])
{
    const struct instruction_format *f = instruction_format(i);
    const uint8_t files[] = {f->rs1, f->rs2, f->rs3, f->rd};
    const uint8_t numbers[] = {i->rs1, i->rs2, i->rs3, i->rd};
    unsigned count = 0;
    for (unsigned n = 0; n < 4; n++) {
        if (files[n] == REGISTER_F)
            out[count++] = (uint8_t)(F0 + numbers[n]);
        else if (files[n] == REGISTER_X && numbers[n] && numbers[n] != REGISTER_SINK)
            out[count++] = numbers[n];
    }
    return count;
}

static bool touches(const struct instruction *i, unsigned what)
{
    uint8_t registers[4];
    unsigned count = registers_of(i, registers);
    if (what == NEXT_ACCESS)
        return is_access(role_of(i));
    if (what == NEXT_RELEASE)
        return has_order(i, RELEASE);
    for (unsigned n = 0; n < count; n++)
        if (registers[n] == what)
            return true;
    return false;
}

static uint8_t result_register(const struct instruction *i)
{
    if (i->rd == REGISTER_SINK)
        return 0;
    return instruction_format(i)->rd == REGISTER_F ? (uint8_t)(F0 + i->rd) : i->rd;
}

static uint8_t cause_of(unsigned what)
{
    return what >= WAITED_FOR || what == NEXT_ACCESS || what == NEXT_RELEASE ? STALL_fence
           : what >= F0                                                      ? STALL_fp
                                                                             : STALL_interlock;
}

static uint8_t unit_register(enum unit unit, uint8_t rd)
{
    if (unit == UNIT_FP_DIVIDE)
        return (uint8_t)(F0 + rd);
    return rd == REGISTER_SINK ? 0 : rd;
}

static bool needs_unit(const struct instruction *i, enum unit unit, uint8_t rd)
{
    uint8_t what = unit_register(unit, rd);
    return unit_of(i) == unit || (what && touches(i, what));
}

static unsigned access_bytes(const struct instruction *i)
{
    switch (i->operation) {
    case OPERATION_lb:
    case OPERATION_lbu:
    case OPERATION_sb:
        return 1;
    case OPERATION_lh:
    case OPERATION_lhu:
    case OPERATION_sh:
        return 2;
    case OPERATION_lw:
    case OPERATION_lwu:
    case OPERATION_sw:
    case OPERATION_flw:
    case OPERATION_fsw:
        return 4;
    default:
        return is_atomic(role_of(i)) && ((uint32_t)i->immediate >> 12 & 7) == 2 ? 4 : 8;
    }
}

static int32_t access_offset(const struct instruction *i)
{
    return is_atomic(role_of(i)) ? 0 : i->immediate;
}

static void wait_until(struct schedule *s, uint32_t cycle, enum stall cause)
{
    if (cycle <= s->now)
        return;
    s->stalls += (cycle - s->now) * STALL_PACKED_ONE(cause);
    s->now = cycle;
}

static void wait_for_registers(struct schedule *s, const struct instruction *i)
{
    uint8_t registers[4];
    unsigned count = registers_of(i, registers);
    for (unsigned n = 0; n < count; n++)
        wait_until(s, s->ready[registers[n]], cause_of(registers[n]));
}

static void wait_for_order(struct schedule *s, const struct instruction *i)
{
    bool ordered = has_order(i, RELEASE) || (s->fenced && is_access(role_of(i)));
    if (ordered && s->accessed)
        wait_until(s, s->last_access + s->config->order_cycles, STALL_fence);
    if (is_access(role_of(i)))
        s->fenced = false;
}

/* A load behind a store: met for certain, or perhaps (to be compared when it runs), or not. */
static void meet_store(struct schedule *s, const struct instruction *i,
                       struct schedule_notes *notes)
{
    if (!s->stored || s->now > s->store_drains)
        return;
    uint32_t distance = (uint32_t)(access_offset(i) - s->store_offset);
    if (i->rs1 == s->store_base) {
        if (pipeline_overlap(distance, access_bytes(i), s->store_bytes))
            wait_until(s, s->now + s->config->replay_cycles, STALL_interlock);
        return;
    }
    notes->replay = true;
    notes->store_base = s->store_base;
    notes->store_bytes = s->store_bytes;
    notes->load_bytes = (uint8_t)access_bytes(i);
    notes->offset = (int32_t)distance;
}

struct schedule_notes schedule_issue(struct schedule *s, const struct instruction *i)
{
    struct schedule_notes notes = {0};
    wait_for_registers(s, i);
    wait_for_order(s, i);
    if (reads_memory(role_of(i)))
        meet_store(s, i, &notes);
    for (unsigned unit = 0; unit < UNIT_COUNT; unit++) {
        notes.await[unit] = s->busy[unit] && needs_unit(i, (enum unit)unit, s->unit_rd[unit]);
        if (notes.await[unit])
            s->busy[unit] = false;
    }
    return notes;
}

static void note_access(struct schedule *s, const struct instruction *i, enum role role)
{
    const struct hart_config *c = s->config;
    if (reads_memory(role) && s->stored && s->now == s->store_drains)
        s->store_drains++; /* the store goes into the cache when no load wants to */
    s->accessed = true;
    s->last_access = s->now;
    if (has_order(i, ACQUIRE))
        s->fenced = true;
    if (!writes_memory(role))
        return;
    uint32_t pending = role == ROLE_STORE ? c->store_pending_cycles : c->atomic_pending_cycles;
    s->stored = pending > 0;
    s->store_base = i->rs1;
    s->store_bytes = (uint8_t)access_bytes(i);
    s->store_offset = access_offset(i);
    s->store_drains = s->now + pending;
}

void schedule_issued(struct schedule *s, const struct instruction *i)
{
    enum role role = role_of(i);
    enum unit unit = unit_of(i);
    uint8_t result = result_register(i);

    if (is_access(role))
        note_access(s, i, role);
    if (role == ROLE_FENCE)
        s->fenced = true;
    if (unit != UNIT_NONE) {
        s->busy[unit] = true;
        s->unit_rd[unit] = i->rd;
    }
    if (result) {
        s->ready[result] = s->now + result_cycles(s->config, instruction_timing(i));
        if (s->stored && s->store_base == result)
            s->stored = false; /* its address can no longer be told */
    }
    s->now += s->config->cycles_per_instruction;
    if (role == ROLE_PAUSE)
        wait_until(s, s->now + s->config->pause_cycles - s->config->cycles_per_instruction,
                   STALL_fence);
}

static void leave(struct residue *residue, const struct schedule *s, unsigned what, uint32_t ready)
{
    if (ready <= s->now || residue->count == RESIDUE_WAITS)
        return;
    uint32_t cycles = ready - s->now;
    residue->waits[residue->count].what = (uint8_t)what;
    residue->waits[residue->count++].cycles = (uint8_t)(cycles < UINT8_MAX ? cycles : UINT8_MAX);
}

struct residue schedule_residue(const struct schedule *s)
{
    struct residue residue = {0};
    for (unsigned n = 1; n < NEXT_ACCESS; n++)
        leave(&residue, s, n, s->ready[n]);
    if (s->accessed)
        leave(&residue, s, s->fenced ? NEXT_ACCESS : NEXT_RELEASE,
              s->last_access + s->config->order_cycles);
    if (s->stored && s->store_drains >= s->now) {
        residue.store_cycles = (uint8_t)(s->store_drains - s->now + 1);
        residue.store_base = s->store_base;
        residue.store_bytes = s->store_bytes;
        residue.store_offset = s->store_offset;
    }
    return residue;
}

static bool writes_x(const struct instruction *i)
{
    return !is_pseudo(i) && instruction_format(i)->rd == REGISTER_X && i->rd != REGISTER_SINK &&
           unit_of(i) == UNIT_NONE;
}

void schedule_units(struct instruction *instructions, unsigned count)
{
    for (struct instruction *i = instructions; i < instructions + count; i++) {
        enum unit unit = is_pseudo(i) ? UNIT_NONE : unit_of(i);
        if (unit == UNIT_NONE)
            continue;
        unsigned left = (unsigned)(instructions + count - i - 1);
        const struct instruction *until = unit_needed(unit, i->rd, i + 1, left);
        i->rs3 = until == NULL;
        if (unit != UNIT_MULTIPLY)
            continue;
        uint32_t writes = 0;
        const struct instruction *end = until ? until : instructions + count;
        for (const struct instruction *next = i + 1; next < end; next++) {
            unsigned slot = (unsigned)(next->cycles_before - i->cycles_before);
            if (slot < 32 && writes_x(next))
                writes |= UINT32_C(1) << slot;
        }
        i->immediate = (int32_t)writes;
    }
}

uint64_t unit_meets(uint64_t ready, const struct hart_config *config, uint64_t begin,
                    const struct instruction *instructions, const struct instruction *end)
{
    for (const struct instruction *i = instructions; i < end; i++)
        if (writes_x(i) && begin + i->cycles_before + config->write_port_cycles == ready)
            ready++;
    return ready;
}

const struct instruction *unit_needed(enum unit unit, uint8_t rd,
                                      const struct instruction *instructions, unsigned count)
{
    for (const struct instruction *i = instructions; i < instructions + count; i++)
        if (!is_pseudo(i) && needs_unit(i, unit, rd))
            return i;
    return NULL;
}

static void delay_at_least(struct delay *delay, uint32_t cycles, uint32_t passed, uint8_t cause)
{
    if (cycles > passed + delay->cycles)
        *delay = (struct delay){(uint16_t)(cycles - passed), cause};
}

static void delay_by_store(struct delay *delay, const struct residue *r,
                           const struct hart_config *config, const struct instruction *i)
{
    uint32_t passed = i->cycles_before + delay->cycles;
    if (passed >= r->store_cycles || !reads_memory(role_of(i)) || i->rs1 != r->store_base)
        return;
    uint32_t distance = (uint32_t)(access_offset(i) - r->store_offset);
    if (pipeline_overlap(distance, access_bytes(i), r->store_bytes))
        *delay = (struct delay){(uint16_t)(delay->cycles + config->replay_cycles), STALL_interlock};
}

struct delay residue_delay(const struct residue *r, const struct hart_config *config,
                           const struct instruction *instructions, unsigned count)
{
    struct delay delay = {0, STALL_interlock};
    bool done[RESIDUE_WAITS] = {0};
    bool stored = r->store_cycles > 0;
    if (!r->count && !stored)
        return delay;
    for (const struct instruction *i = instructions; i < instructions + count; i++) {
        if (is_pseudo(i))
            continue;
        for (unsigned n = 0; n < r->count; n++) {
            if (done[n] || !touches(i, r->waits[n].what))
                continue;
            done[n] = true;
            delay_at_least(&delay, r->waits[n].cycles, i->cycles_before,
                           cause_of(r->waits[n].what));
        }
        if (stored)
            delay_by_store(&delay, r, config, i);
        stored = stored && !writes_memory(role_of(i)) && result_register(i) != r->store_base;
    }
    return delay;
}
