/* SPDX-License-Identifier: Apache-2.0 */
/* The interpreter. Its dispatch is generated from instructions.def; the macros below are the words
 * the table's bodies are written in.
 *
 * While a block runs, the clock is `base` plus the instruction's own cycles_before, and the retired
 * count likewise: nothing is counted per instruction. SYNC brings the hart's own fields up to date
 * before anything else looks at them. A block whose end lies beyond the limit gets a stop put over
 * one instruction for as long as it runs, so that no instruction has to ask for the time.
 *
 * Compiled twice: here for harts with timing, by execute_untimed.c for those without, in which a
 * cycle is an instruction and nothing asks a cache. */
#include "core/execute.h"

#include <string.h>

#include "core/access.h"
#include "core/arithmetic.h"
#include "core/block.h"
#include "core/filter.h"
#include "core/mmu.h"
#include "core/observe.h"
#include "core/system.h"
#include "core/trap.h"

#ifndef EXECUTE
#define EXECUTE execute
#define TIMED true
#endif

#define RD h->x[i->rd]
#define RS1 h->x[i->rs1]
#define RS2 h->x[i->rs2]
#define FS1 h->f[i->rs1]
#define FS2 h->f[i->rs2]
#define FS3 h->f[i->rs3]
#define IMM ((uint64_t)(int64_t)i->immediate)
#define PC (b->pc + i->offset)
#define NEXT_PC (PC + i->length)
#define WORD(value) ((uint64_t)(int64_t)(int32_t)(value))
#define BOX(value) ((value) | UINT64_C(0xffffffff) << 32)

#define SYNC()                                                                                     \
    (h->now = base + i->cycles_before, h->pc = PC, h->retired = retired + i->retired_before)

#define JUMP(target)                                                                               \
    next = (target);                                                                               \
    RD = NEXT_PC;                                                                                  \
    if (TIMED)                                                                                     \
        penalty = jump_direct(h, b, next, NEXT_PC);                                                \
    goto taken

#define JUMP_INDIRECT(target)                                                                      \
    next = (target);                                                                               \
    RD = NEXT_PC;                                                                                  \
    if (TIMED)                                                                                     \
        penalty = jump_indirect(h, b, next, NEXT_PC);                                              \
    goto taken_indirect

#define BRANCH(condition)                                                                          \
    if (condition) {                                                                               \
        next = PC + IMM;                                                                           \
        if (TIMED)                                                                                 \
            penalty = predictor_branch(&h->predictor, &b->jump, true, next);                       \
        goto taken;                                                                                \
    }                                                                                              \
    next = NEXT_PC;                                                                                \
    if (TIMED)                                                                                     \
        penalty = predictor_branch(&h->predictor, &b->jump, false, next);                          \
    goto not_taken

/* Leaves unless the access is done; time may have passed. */
#define ACCESS(kind, atomic, address, size, data)                                                  \
    SYNC();                                                                                        \
    state = access_data(h, kind, atomic, address, size, data);                                     \
    if (state != ACCESS_DONE)                                                                      \
        goto access_not_done;                                                                      \
    if (base != h->now - i->cycles_before) {                                                       \
        base = h->now - i->cycles_before;                                                          \
        if (base + b->cycles > limit)                                                              \
            place_stop(&stop_now, b, i, limit - base);                                             \
    }                                                                                              \
    (void)0

#define LOADED(type, destination, convert)                                                         \
    uint64_t address = RS1 + IMM;                                                                  \
    type value;                                                                                    \
    const uint8_t *host = filter_load(h, address, sizeof value, TIMED);                            \
    if (__builtin_expect(host != NULL, 1)) {                                                       \
        memcpy(&value, host, sizeof value);                                                        \
    } else {                                                                                       \
        ACCESS(ACCESS_LOAD, ATOMIC_swap, address, sizeof value, 0);                                \
        value = (type)h->access.value;                                                             \
    }                                                                                              \
    destination = convert(value)

#define EXTENDED(value) (uint64_t)(int64_t)(value)
#define LOAD(type) LOADED(type, RD, EXTENDED)
#define BOXED(value) (sizeof(value) == 4 ? BOX((uint64_t)(value)) : (uint64_t)(value))
#define LOAD_FP(type)                                                                              \
    LOADED(type, h->f[i->rd], BOXED);                                                              \
    h->csr.mstatus |= STATUS_FS

#define STORE(type, source)                                                                        \
    uint64_t address = RS1 + IMM;                                                                  \
    type value = (type)(source);                                                                   \
    uint8_t *host = filter_store(h, address, sizeof value, TIMED);                                 \
    if (__builtin_expect(host != NULL, 1)) {                                                       \
        memcpy(host, &value, sizeof value);                                                        \
    } else {                                                                                       \
        ACCESS(ACCESS_STORE, ATOMIC_swap, address, sizeof value, value);                           \
    }

#define ATOMIC(kind, size, atomic)                                                                 \
    ACCESS(kind, atomic, RS1, size, RS2);                                                          \
    RD = (size) == 4 ? WORD(h->access.value) : h->access.value

#define ROUNDING()                                                                                 \
    unsigned rm = (unsigned)i->immediate >> 12 & 7;                                                \
    if (rm == 7)                                                                                   \
        rm = fpu->frm;                                                                             \
    if (rm > 4)                                                                                    \
    goto illegal

#define FP(expression) h->f[i->rd] = (expression), h->csr.mstatus |= STATUS_FS
#define FP_TO_X(expression) RD = (expression), h->csr.mstatus |= STATUS_FS
#define FP_ROUND(expression)                                                                       \
    ROUNDING();                                                                                    \
    FP(expression)
#define FP_TO_X_ROUND(expression)                                                                  \
    ROUNDING();                                                                                    \
    FP_TO_X(expression)

/* Its result comes so much later; who needs it, or the unit, waits. */
#define UNIT(unit, cycles)                                                                         \
    if (TIMED)                                                                                     \
    begin_unit(h, i, base + i->cycles_before, UNIT_##unit, cycles)

#define TRAP(cause, value)                                                                         \
    trap_cause = (cause);                                                                          \
    trap_value = (value);                                                                          \
    goto trap

#define SYSTEM(call)                                                                               \
    SYNC();                                                                                        \
    if (!(call))                                                                                   \
        goto illegal;                                                                              \
    h->pc = NEXT_PC;                                                                               \
    goto system_done

#define TRAP_RETURN(allowed, call)                                                                 \
    if (!(allowed))                                                                                \
        goto illegal;                                                                              \
    SYNC();                                                                                        \
    finish_block(h, b, i);                                                                         \
    flush_pipeline(h);                                                                             \
    hart_charge(h);                                                                                \
    call;                                                                                          \
    hart_mode_changed(h);                                                                          \
    goto poll

static inline unsigned jump_direct(struct hart *h, struct block *b, uint64_t target, uint64_t link)
{
    if (b->jump.call)
        predictor_call(&h->predictor, target, link);
    return predictor_taken(&h->predictor, &b->jump, target, true);
}

static unsigned jump_indirect(struct hart *h, struct block *b, uint64_t target, uint64_t link)
{
    if (b->jump.kind == JUMP_RETURN)
        return predictor_return(&h->predictor, &b->jump, b->pc, target);
    if (b->jump.call)
        predictor_call(&h->predictor, target, link);
    return predictor_taken(&h->predictor, &b->jump, target, true);
}

static inline void begin_unit(struct hart *h, const struct instruction *i, cycle_t now,
                              enum unit unit, unsigned cycles)
{
    if (unit == UNIT_MULTIPLY)
        cycles += write_port_wait(&h->config, (uint32_t)i->immediate, cycles);
    h->units[unit] = (struct unit_state){now + cycles, i->rd};
    h->units_pending |= (uint8_t)(i->rs3 << unit);
}

/* How long the instruction behind an await or a replay waits. */
static inline cycle_t unit_wait(struct hart *h, enum unit unit, cycle_t now)
{
    cycle_t ready = h->units[unit].ready;
    if (ready <= now)
        return 0;
    h->stalls[unit == UNIT_MULTIPLY ? STALL_multiply : STALL_fp] += ready - now;
    return ready - now;
}

static inline cycle_t replay_wait(struct hart *h, const struct instruction *i)
{
    uint64_t distance = h->x[i->rs1] - h->x[i->rs2] + (uint64_t)(int64_t)i->immediate;
    if (!pipeline_overlap(distance, i->rd, i->rs3))
        return 0;
    h->stalls[STALL_interlock] += h->config.replay_cycles;
    return h->config.replay_cycles;
}

/* What the block that ends leaves to the next one, which is not entered at once. */
static inline void leave_behind(struct hart *h, const struct block *b, cycle_t end)
{
    if (!TIMED)
        return;
    h->residue = b->residue;
    h->residue_at = end;
    h->linked = NULL;
}

/* The same, if a link tells how much of it the block that most likely follows waits for. */
static inline void leave_link(struct hart *h, const struct block *from, unsigned way)
{
    if (!TIMED)
        return;
    h->linked = from->link[way];
    h->linked_generation = h->links.blocks->generation;
    h->linked_delay = from->link_delay[way];
}

static void flush_pipeline(struct hart *h)
{
    if (TIMED)
        hart_stall(h, STALL_trap, h->config.flush_cycles);
}

/* After the last instruction of a block, with the hart's own fields up to date for it. */
static void finish_block(struct hart *h, const struct block *b, const struct instruction *i)
{
    h->now += b->cycles - i->cycles_before;
    h->retired++;
    h->packed_stalls += b->stalls;
    h->resume = 0;
    h->jumped = false;
    leave_behind(h, b, h->now);
}

/* A cause's cycles since the block before: in part seen late in fetch, the rest a misprediction. */
static inline void charge_penalty(struct hart *h, unsigned penalty)
{
    if (__builtin_expect(penalty == 0, 1))
        return;
    bool late = penalty == h->config.decoded_jump_cycles;
    h->stalls[late ? STALL_fetch : STALL_branch] += penalty;
    h->counters.branches_mispredicted += !late;
}

/* L1I holds what the block lies in, where it did last time, and nobody asked for a fresh look at
 * its bytes. */
static inline bool is_fetched(const struct hart *h, const struct block *b)
{
    const struct cache_line *lines = h->l1i.lines;
    if (!TIMED)
        return b->epoch == h->links.blocks->epoch;
    return lines[b->line_index[0]].tag == b->line_tag[0] &&
           lines[b->line_index[1]].tag == b->line_tag[1] && b->epoch == h->links.blocks->epoch;
}

static inline void touch_lines(struct hart *h, const struct block *b)
{
    if (!TIMED)
        return;
    h->l1i.clock += b->lines;
    h->l1i.lines[b->line_index[0]].used = h->l1i.clock;
    h->l1i.lines[b->line_index[1]].used = h->l1i.clock;
}

/* The same after a look-up, when it is not known where the lines are. A line that the block's other
 * line has just pushed out (L1I can be that small) counts as used all the same. */
static void enter_fetched(struct hart *h, struct block *b)
{
    if (!TIMED || !h->l1_enabled)
        return;
    h->l1i.clock += b->lines;
    for (unsigned n = 0; n < 2; n++) {
        struct cache_line *line = cache_find(&h->l1i, b->line_tag[n]);
        if (!line)
            continue;
        b->line_index[n] = (uint32_t)(line - h->l1i.lines);
        line->used = h->l1i.clock;
    }
}

/* The next block at the same virtual page needs no translation of its own. */
static bool may_link(const struct block *from, const struct block *to)
{
    return ((from->pc ^ to->pc) & ~(PAGE_BYTES - 1)) == 0 && !from->crosses_page &&
           !to->crosses_page;
}

static void link_blocks(const struct hart *h, struct block *from, struct block *to, unsigned way,
                        struct delay delay)
{
    bool jumps = way == 1 || from->jump.kind >= JUMP_DIRECT;
    from->link[way] = to;
    if (!TIMED)
        return;
    from->link_delay[way] = delay;
    from->link_fetch[way] = jumps && to->straddles ? (uint8_t)h->config.straddle_cycles : 0;
}

/* Where it must look up again: nothing runs past this. */
static cycle_t limit_of(const struct hart *h, cycle_t until)
{
    if (h->access.state != ACCESS_IDLE && trap_interrupt_ready(h))
        return h->now + 1; /* the access that is done must be taken up first */
    cycle_t timer = hart_timer_cycle(h);
    bool awaited = timer > h->now && (h->csr.mie & INTERRUPT_STI);
    return awaited ? cycle_min(until, timer) : until;
}

/* A data access that is done belongs to the instruction at pc, which nothing may precede. */
static bool may_interrupt(const struct hart *h)
{
    return h->access.state == ACCESS_IDLE || h->access.kind == ACCESS_FETCH;
}

/* The instruction over which a block is stopped while it runs. */
struct stop {
    struct instruction *at; /* NULL: none */
    uint16_t operation;     /* its own */
};

static void lift_stop(struct stop *stop)
{
    if (stop->at)
        stop->at->operation = stop->operation;
    stop->at = NULL;
}

/* At the first instruction after `i` that would begin at `cycles` of the block or later. */
static void place_stop(struct stop *stop, struct block *b, const struct instruction *i,
                       cycle_t cycles)
{
    lift_stop(stop);
    for (ptrdiff_t n = i - b->instructions + 1; n < b->count; n++) {
        if (b->instructions[n].cycles_before < cycles)
            continue;
        *stop = (struct stop){&b->instructions[n], b->instructions[n].operation};
        stop->at->operation = OPERATION_stop;
        return;
    }
}

/* Of a block's static cycles before `i`, those in which nothing issued. */
static uint64_t partial_stalls(const struct hart *h, const struct instruction *i)
{
    return i->cycles_before - (uint64_t)i->retired_before * h->config.cycles_per_instruction;
}

static struct instruction *resumed(const struct hart *h, struct block *b)
{
    unsigned index = h->resume - 1u;
    bool fits = index < b->count && b->pc + b->instructions[index].offset == h->pc;
    return fits ? &b->instructions[index] : NULL;
}

static void leave_at(struct hart *h, const struct block *b, const struct instruction *i)
{
    h->partial_stalls = partial_stalls(h, i);
    h->resume = (uint16_t)(i - b->instructions + 1);
    h->block_pc = b->pc;
    h->block_physical = b->physical;
    h->block_second = b->second;
}

#define DISPATCH() goto *labels[i->operation]
#define NEXT()                                                                                     \
    i++;                                                                                           \
    DISPATCH()

enum hart_outcome EXECUTE(struct hart *h, cycle_t until)
{
    static const void *const labels[OPERATION_COUNT] = {
        [OPERATION_illegal] = &&illegal,       [OPERATION_stop] = &&stop,
        [OPERATION_breakpoint] = &&breakpoint, [OPERATION_fallthrough] = &&at_end,
        [OPERATION_probe] = &&probe,           [OPERATION_activity] = &&activity,
        [OPERATION_await] = &&await,           [OPERATION_replay] = &&replay,
        [OPERATION_marker] = &&marker,
#define INSTRUCTION(id, mnemonic, encoding, format, timing, body) [OPERATION_##id] = &&do_##id,
#include "core/instructions.def"
#undef INSTRUCTION
    };
    const struct block_store *store = h->links.blocks;
    struct fpu *fpu = &h->fpu;
    struct block *b = NULL, *from = NULL;
    struct instruction *i = NULL;
    struct stop stop_now = {0};
    unsigned way = 0, penalty = 0;
    bool jumped = false;
    uint32_t generation = 0;
    struct delay delay = {0};
    cycle_t base = 0, limit = 0, waited = 0;
    uint64_t retired = 0, next = 0, trap_cause = 0, trap_value = 0;
    enum access_state state;

poll:
    from = NULL;
    if (h->waiting || h->now >= until)
        return h->waiting ? HART_WAITING : HART_RAN;
    if (may_interrupt(h) && trap_interrupt_ready(h)) {
        access_abandon(h);
        trap_interrupt(h);
        goto poll;
    }
    limit = limit_of(h, until);
    if (h->resume) {
        b = block_get(h, h->block_pc, h->block_physical, h->block_second);
        i = resumed(h, b);
        if (i)
            goto begin;
        hart_drop_resume(h);
        access_abandon(h);
    }

find:
    b = h->access.state == ACCESS_IDLE ? jump_find(h, h->pc) : NULL;
    if (b && is_fetched(h, b)) {
        mmu_hold_fetch(h, b->pc, b->physical);
        goto found;
    }
    state = access_fetch(h, h->pc);
    if (state == ACCESS_REQUESTED)
        return HART_REQUEST;
    if (state == ACCESS_FAULT) {
        trap_take(h, h->access.cause, h->access.fault_address);
        goto poll;
    }
    b = block_get(h, h->pc, h->access.physical[0],
                  h->access.parts == 2 ? h->access.physical[1] : 0);
    jump_remember(h, b);
found:
    if (TIMED)
        delay = hart_enter_block(h, b);
    if (from && generation == store->generation && may_link(from, b))
        link_blocks(h, from, b, way, delay);
    if (h->now >= limit)
        goto poll;
    enter_fetched(h, b);
    i = b->instructions;

begin:
    h->stalls[STALL_interlock] += h->partial_stalls - partial_stalls(h, i);
    h->partial_stalls = 0;
    base = h->now - i->cycles_before;
    retired = h->retired - i->retired_before;
    goto run;

taken_indirect:
    h->counters.branches_taken++;
    base += b->cycles;
    retired += b->retired;
    if (TIMED)
        h->packed_stalls += b->stalls;
    way = 0;
    jumped = true;
    charge_penalty(h, penalty);
    if (b->link[0] && b->link[0]->pc == next)
        goto linked;
    goto not_linked;

at_end:
    next = PC;
    penalty = 0;
not_taken:
    way = 0;
    jumped = false;
    goto follow;
taken:
    h->counters.branches_taken++;
    way = 1;
    jumped = true;
follow:
    base += b->cycles;
    retired += b->retired;
    if (TIMED)
        h->packed_stalls += b->stalls;
    charge_penalty(h, penalty);
    if (!b->link[way])
        goto not_linked;
linked:
    from = b;
    generation = store->generation;
    b = b->link[way];
    if (TIMED) {
        cycle_t entry = base + penalty + from->link_fetch[way];
        cycle_t ready = base + from->link_delay[way].cycles;
        if (__builtin_expect(
                !is_fetched(h, b) || cycle_max(entry, ready) >= limit || h->units_pending, 0))
            goto leave_linked;
        h->stalls[STALL_fetch] += from->link_fetch[way];
        if (ready > entry) {
            h->stalls[from->link_delay[way].cause] += ready - entry;
            entry = ready;
        }
        base = entry;
    } else if (__builtin_expect(!is_fetched(h, b) || base >= limit, 0)) {
        goto leave_linked;
    }
    touch_lines(h, b);
    i = b->instructions;
    goto run;

not_linked:
    from = b;
    generation = store->generation;
    leave_behind(h, from, base);
    goto leave_block;
leave_linked:
    leave_behind(h, from, base);
    leave_link(h, from, way);
leave_block:
    h->jumped = jumped;
    h->now = base + penalty;
    h->retired = retired;
    h->pc = next;
    h->resume = 0;
    if (h->now >= limit)
        goto poll;
    goto find;

run:
    if (__builtin_expect(base + b->cycles > limit, 0))
        place_stop(&stop_now, b, i, limit - base);
    if (b->activity != h->activity && i == b->instructions)
        observe_activity(h, base, b->activity);
    DISPATCH();

stop:
    lift_stop(&stop_now);
    SYNC();
    leave_at(h, b, i);
    goto poll;

breakpoint:
    lift_stop(&stop_now);
    SYNC();
    leave_at(h, b, i);
    return HART_STOPPED;

await:
    waited = unit_wait(h, (enum unit)i->immediate, base + i->cycles_before);
    goto waited;

replay:
    waited = replay_wait(h, i);
waited:
    base += waited;
    if (waited && base + b->cycles > limit)
        place_stop(&stop_now, b, i, limit > base ? limit - base : 0);
    NEXT();

activity:
    observe_activity(h, base + i->cycles_before, (uint16_t)i->immediate);
    NEXT();

marker: /* comes here again and again until timing begins */
    lift_stop(&stop_now);
    SYNC();
    h->marked = true;
    hart_drop_resume(h);
    hart_stall(h, STALL_sleep, h->now < until ? until - h->now : 0);
    goto poll;

probe:
    SYNC();
    observe_points(h, (unsigned)i->immediate);
    NEXT();

system_done:
    finish_block(h, b, i);
    if (system_flushes(i))
        flush_pipeline(h);
    goto poll;

access_not_done:
    lift_stop(&stop_now);
    if (state == ACCESS_REQUESTED) {
        leave_at(h, b, i);
        return HART_REQUEST;
    }
    h->partial_stalls = partial_stalls(h, i);
    trap_take(h, h->access.cause, h->access.fault_address);
    goto poll;

illegal:
    trap_cause = CAUSE_ILLEGAL;
    trap_value = (uint32_t)i->immediate;
trap:
    lift_stop(&stop_now);
    SYNC();
    h->partial_stalls = partial_stalls(h, i);
    trap_take(h, trap_cause, trap_value);
    goto poll;

#define INSTRUCTION(id, mnemonic, encoding, format, timing, body)                                  \
    do_##id:                                                                                       \
    {                                                                                              \
        body;                                                                                      \
        NEXT();                                                                                    \
    }
#include "core/instructions.def"
#undef INSTRUCTION
}
