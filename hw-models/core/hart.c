/* SPDX-License-Identifier: Apache-2.0 */
/* The contract of hart.h: set-up, running and waiting, interrupts, and the state as others see it.
 */
#include "core/hart.h"

#include <string.h>

#include "base/ticks.h"
#include "core/access.h"
#include "core/block.h"
#include "core/code.h"
#include "core/csr.h"
#include "core/execute.h"
#include "core/filter.h"
#include "core/hart_state.h"
#include "core/lines.h"
#include "core/mmu.h"

#define NO_ACTIVITY 0xffff
#define STRETCH_CYCLES (UINT64_C(1) << (STALL_PACKED_BITS - 1))

size_t hart_size(void)
{
    return sizeof(struct hart);
}

static bool is_config_valid(const struct hart_config *c)
{
#define PARAMETER(group, name, standard, min, max, unit, doc, source)                              \
    if (c->name + UINT64_C(1) < (min) + UINT64_C(1) || c->name > (max))                            \
        return false;
#include "core/core.def"
#undef PARAMETER
    return c->id < 64 && c->line_bytes == LINE_BYTES && c->cycles_per_tick > 0 &&
           (c->bht_entries & (c->bht_entries - 1)) == 0;
}

static bool is_ram_valid(const struct ram *ram)
{
    return ram && ram->base % PAGE_BYTES == 0 && ram->size_bytes % PAGE_BYTES == 0;
}

/* Everything takes a cycle, and nothing waits. */
static struct hart_config untimed_config(const struct hart_config *config)
{
    struct hart_config untimed = *config;
    untimed.cycles_per_instruction = 1;
    untimed.lr_window_cycles = 0;
    return untimed;
}

enum status hart_init(struct hart *hart, const struct hart_config *config,
                      const struct hart_links *links)
{
    memset(hart, 0, sizeof *hart);
    if (!is_config_valid(config) || !is_ram_valid(links->ram) || !links->blocks)
        return STATUS_INVALID;
    if (cache_init(&hart->l1i, config->l1i_bytes, config->l1i_ways, config->line_bytes) ||
        cache_init(&hart->l1d, config->l1d_bytes, config->l1d_ways, config->line_bytes))
        return STATUS_INVALID;
    if (config->l1_random) {
        cache_replace_at_random(&hart->l1i);
        cache_replace_at_random(&hart->l1d);
    }
    predictor_init(&hart->predictor, config);
    hart->timed_config = *config;
    hart->timed = !config->untimed;
    hart->config = hart->timed ? *config : untimed_config(config);
    hart->links = *links;
    hart_reset(hart, links->ram->base, 0);
    return STATUS_OK;
}

void hart_reset(struct hart *hart, uint64_t pc, uint64_t a1)
{
    struct hart_config config = hart->config, timed_config = hart->timed_config;
    bool timed = hart->timed;
    struct hart_links links = hart->links;
    uint64_t fetch_epoch = hart->fetch_epoch + 1;
    struct predictor *predictor = &hart->predictor;
    struct cache *l1i = &hart->l1i, *l1d = &hart->l1d;

    memset(hart, 0, offsetof(struct hart, predictor));
    predictor_reset(predictor);
    l1i->clock = l1d->clock = 0;
    cache_clear(l1i);
    cache_clear(l1d);
    hart->config = config;
    hart->timed_config = timed_config;
    hart->timed = timed;
    hart->links = links;
    hart->l1_enabled = config.l1_enabled;
    hart->fetch_epoch = fetch_epoch;
    hart->pc = pc;
    hart->x[10] = config.id;
    hart->x[11] = a1;
    hart->privilege = PRIVILEGE_M;
    hart->activity = NO_ACTIVITY;
    hart->reservation = hart->window_owed = hart->fetch_page = NO_LINE;
    hart->csr.stimecmp = UINT64_MAX;
    filter_flush(hart);
    hart_mode_changed(hart);
}

static void settle_stalls(struct hart *hart)
{
    const uint64_t one = STALL_PACKED_ONE(1) - 1;
    for (unsigned cause = 0; cause < STALL_PACKED; cause++)
        hart->stalls[cause] += hart->packed_stalls >> STALL_PACKED_BITS * cause & one;
    hart->packed_stalls = 0;
    hart->stalls[STALL_base] +=
        (hart->retired - hart->issued_until) * hart->config.cycles_per_instruction;
    hart->issued_until = hart->retired;
}

/* An access that is done or on its way belongs to the instruction at pc, which begins a block of its own now; else nothing keeps the hart
 * in the midst of a block. */
static void leave_old_block(struct hart *hart)
{
    if (!hart->resume)
        return;
    hart_drop_resume(hart);
    if (hart->access.state == ACCESS_IDLE)
        return;
    hart->block_physical += hart->pc - hart->block_pc;
    hart->block_pc = hart->pc;
    const struct block *block =
        block_get(hart, hart->block_pc, hart->block_physical, hart->block_second);
    unsigned at = 0;
    while (at < block->count && block->instructions[at].length == 0)
        at++;
    hart->resume = (uint16_t)(at + 1);
}

/* Blocks hold what their instructions cost. */
void hart_begin_timing(struct hart *hart)
{
    settle_stalls(hart);
    hart->timed = true;
    hart->marked = false;
    hart->config = hart->timed_config;
    block_store_drop(hart->links.blocks);
    leave_old_block(hart);
    lines_end_reservation(hart);
    filter_flush(hart);
    mmu_drop_fetch(hart);
}

bool hart_marked(const struct hart *hart)
{
    return hart->marked;
}

void hart_other_ran(struct hart *hart)
{
    lines_end_reservation(hart);
}

void hart_charge(struct hart *hart)
{
    uint64_t *counter = hart->sleeping                   ? &hart->counters.sleep_cycles
                        : hart->privilege == PRIVILEGE_U ? &hart->counters.user_cycles
                        : hart->privilege == PRIVILEGE_S ? &hart->counters.supervisor_cycles
                                                         : &hart->counters.machine_cycles;
    *counter += hart->now - hart->charged_until;
    hart->charged_until = hart->now;
}

void hart_mode_changed(struct hart *hart)
{
    uint64_t status = hart->csr.mstatus;
    uint64_t data_privilege = hart->privilege;
    if (hart->privilege == PRIVILEGE_M && (status & STATUS_MPRV))
        data_privilege = status >> 11 & 3;

    if ((hart->mode & 3) != hart->privilege)
        hart->fetch_page = NO_LINE;
    hart->mode = (uint8_t)(hart->privilege | (status & STATUS_FS ? MODE_FLOATING : 0));
    hart->data_context =
        1 + data_privilege + (status & STATUS_SUM ? 4 : 0) + (status & STATUS_MXR ? 8 : 0);
}

cycle_t hart_timer_cycle(const struct hart *hart)
{
    if (!(hart->csr.menvcfg & ENVIRONMENT_STCE))
        return CYCLE_NEVER;
    return ticks_reach(hart->csr.stimecmp, hart->csr.time_offset_ticks,
                       hart->config.cycles_per_tick, hart->now);
}

uint64_t hart_pending(const struct hart *hart)
{
    const struct csr_file *c = &hart->csr;
    uint64_t pending = c->mip_line | c->mip_soft;
    if (!(c->menvcfg & ENVIRONMENT_STCE))
        return pending;
    return (pending & ~INTERRUPT_STI) | (hart_timer_cycle(hart) <= hart->now ? INTERRUPT_STI : 0);
}

/* In WFI: goes to sleep, or wakes; false while it sleeps. */
static bool wake(struct hart *hart, cycle_t until)
{
    if (!hart->sleeping) {
        hart_charge(hart);
        hart->sleeping = !(hart_pending(hart) & hart->csr.mie);
        if (hart->sleeping)
            hart_emit(hart, hart->now, EVENT_wfi, 1, 0, 0, 0);
    }
    if (hart_wakeup(hart) <= until && hart_wakeup(hart) > hart->now)
        hart_stall(hart, STALL_sleep, hart_wakeup(hart) - hart->now);
    if (!(hart_pending(hart) & hart->csr.mie))
        return false;
    hart_charge(hart);
    if (hart->sleeping)
        hart_emit(hart, hart->now, EVENT_wfi, 0, 0, 0, 0);
    hart->sleeping = hart->waiting = false;
    return true;
}

static void settle(struct hart *hart)
{
    hart_charge(hart);
    settle_stalls(hart);
    hart->counters.instructions = hart->retired;
#define STALL(id, doc) hart->counters.stack_##id##_cycles = hart->stalls[STALL_##id];
#include "core/cpi_stack.def"
#undef STALL
    hart->counters.stack_interlock_cycles += hart->partial_stalls;
    hart->counters.l1i_accesses = hart->l1i.clock - hart->l1i_fills;
    hart->counters.l1d_accesses = hart->l1d.clock - hart->l1d_others;
}

void hart_restart(struct hart *hart, uint64_t pc, uint64_t a1, cycle_t now)
{
    hart_set_interrupt(hart, 0, false, now); /* no line: a sleeper's clock is moved up */
    hart_set_pc(hart, pc);                   /* wakes it */
    if (hart->access.state == ACCESS_REQUESTED)
        hart->counters.stall_cycles += cycle_max(hart->now, now) - hart->now;
    hart_stall(hart, STALL_sleep, cycle_max(hart->now, now) - hart->now);
    settle(hart);
    uint64_t stalls[STALL_COUNT];
    memcpy(stalls, hart->stalls, sizeof stalls);
    const struct hart_counters counters = hart->counters;
    const uint64_t retired = hart->retired, l1i_clock = hart->l1i.clock,
                   l1i_fills = hart->l1i_fills, l1d_clock = hart->l1d.clock,
                   l1d_others = hart->l1d_others;
    const cycle_t reached = hart->now;
    hart_reset(hart, pc, a1);
    hart->counters = counters;
    hart->retired = retired;
    hart->l1i.clock = l1i_clock;
    hart->l1i_fills = l1i_fills;
    hart->l1d.clock = l1d_clock;
    hart->l1d_others = l1d_others;
    hart->issued_until = retired;
    memcpy(hart->stalls, stalls, sizeof stalls);
    hart->now = hart->charged_until = reached;
}

/* In stretches whose stalls fit their word. */
static enum hart_outcome run(struct hart *hart, cycle_t until)
{
    enum hart_outcome outcome;
    if (!hart->timed)
        return execute_untimed(hart, until);
    do {
        settle_stalls(hart);
        outcome = execute(hart, cycle_min(until, hart->now + STRETCH_CYCLES));
    } while (outcome == HART_RAN && hart->now < until);
    return outcome;
}

enum hart_outcome hart_run(struct hart *hart, cycle_t until)
{
    enum hart_outcome outcome = HART_WAITING;
    if (hart->access.state == ACCESS_REQUESTED)
        return HART_REQUEST;
    code_hear(hart);
    while (outcome == HART_WAITING && (!hart->waiting || wake(hart, until)))
        outcome = run(hart, until);
    settle(hart);
    return outcome;
}

const struct request *hart_request(const struct hart *hart)
{
    return &hart->request;
}

/* Of a request, what the hart itself takes for it. */
static cycle_t own_cycles(const struct hart *hart)
{
    switch (hart->request.kind) {
    case REQUEST_FETCH:
        return hart->config.l1i_miss_cycles;
    case REQUEST_READ:
    case REQUEST_READ_EXCLUSIVE:
        return hart->config.l1d_miss_cycles;
    case REQUEST_WRITE_BACK:
        return hart->config.victim_cycles;
    default:
        return 0;
    }
}

static enum stall stall_of(const struct hart *hart)
{
    if (hart->access.walk.active)
        return STALL_tlb;
    switch (hart->request.kind) {
    case REQUEST_FETCH:
        return STALL_l1i_miss;
    case REQUEST_LOAD:
    case REQUEST_STORE:
        if (!hart->request.data_apart)
            return STALL_uncached;
        return hart->access.kind == ACCESS_FETCH ? STALL_l1i_miss : STALL_l1d_miss;
    default:
        return STALL_l1d_miss;
    }
}

void hart_complete(struct hart *hart, const struct response *response)
{
    if (hart->access.state != ACCESS_REQUESTED)
        return;
    cycle_t end = cycle_max(hart->now, response->cycle) + own_cycles(hart);
    hart->counters.stall_cycles += end - hart->now;
    hart_stall(hart, stall_of(hart), end - hart->now);
    access_complete(hart, response);
    settle(hart);
}

struct snoop_result hart_snoop(void *hart, uint64_t line_address, enum snoop_kind kind, cycle_t now)
{
    return lines_snoop(hart, line_address, kind, now);
}

void hart_set_interrupt(struct hart *hart, unsigned bit, bool level, cycle_t now)
{
    uint64_t mask = UINT64_C(1) << (bit & 63) & INTERRUPT_ALL;
    /* SSIP is one bit that software and the SSWI device both set: no line behind it. */
    uint64_t *target = mask == INTERRUPT_SSI ? &hart->csr.mip_soft : &hart->csr.mip_line;

    *target = level ? *target | mask : *target & ~mask;
    if (hart->sleeping && now > hart->now) {
        hart_stall(hart, STALL_sleep, now - hart->now);
        hart_charge(hart);
    }
}

void hart_set_time(struct hart *hart, uint64_t offset_ticks, cycle_t now)
{
    hart_set_interrupt(hart, 0, false, now); /* no line: a sleeper's clock is moved up */
    hart->csr.time_offset_ticks = offset_ticks;
}

cycle_t hart_now(const struct hart *hart)
{
    return hart->now;
}

cycle_t hart_wakeup(const struct hart *hart)
{
    return hart->csr.mie & INTERRUPT_STI ? hart_timer_cycle(hart) : CYCLE_NEVER;
}

const struct hart_counters *hart_counters(const struct hart *hart)
{
    return &hart->counters;
}

uint64_t hart_x(const struct hart *hart, unsigned number)
{
    return hart->x[number & 31];
}

void hart_set_x(struct hart *hart, unsigned number, uint64_t value)
{
    if (number & 31)
        hart->x[number & 31] = value;
}

uint64_t hart_f(const struct hart *hart, unsigned number)
{
    return hart->f[number & 31];
}

void hart_set_f(struct hart *hart, unsigned number, uint64_t value)
{
    hart->f[number & 31] = value;
}

uint64_t hart_pc(const struct hart *hart)
{
    return hart->pc;
}

void hart_set_pc(struct hart *hart, uint64_t pc)
{
    hart->pc = pc & ~UINT64_C(1);
    hart_drop_resume(hart);
    if (hart->sleeping)
        hart_emit(hart, hart->now, EVENT_wfi, 0, 0, 0, 0);
    hart->sleeping = hart->waiting = false;
    access_abandon(hart);
}

enum status hart_csr_read(const struct hart *hart, unsigned number, uint64_t *value)
{
    return csr_read(hart, number, value) ? STATUS_OK : STATUS_NO_TARGET;
}

enum status hart_csr_write(struct hart *hart, unsigned number, uint64_t value)
{
    bool read_only = number >> 10 == 3;
    return !read_only && csr_write(hart, number, value) ? STATUS_OK : STATUS_NO_TARGET;
}
