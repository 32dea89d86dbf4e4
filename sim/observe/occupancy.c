/* SPDX-License-Identifier: Apache-2.0 */
/* See occupancy.h. */
#include "observe/occupancy.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* A resource does one thing for one owner from `since` on: a hart until its next event, bus and memory up to
 * `until`, and nothing then. */
struct resource {
    struct occupancy_ledger ledger;
    cycle_t since, until;
    enum owner owner;
    unsigned column;
    bool sleeping, stalled;
};

struct occupancy {
    const struct messages *messages;
    uint32_t hart_count, line_bytes;
    uint64_t word_bytes;
    struct resource harts[MAP_MAX_HARTS], bus, memory;
    cycle_t kernel_at_entry[MAP_MAX_HARTS]
                           [ACTIVITY_COUNT]; /* what the kernel owned when U mode was left */
    enum owner controller_owner;
    uint64_t bus_requests, bus_words, bus_bytes;
    cycle_t now;
};

struct occupancy *occupancy_create(const struct machine_view *view, const struct messages *messages)
{
    struct occupancy *occupancy = calloc(1, sizeof *occupancy);
    if (!occupancy)
        return NULL;
    occupancy->messages = messages;
    occupancy->hart_count = view->hart_count < MAP_MAX_HARTS ? view->hart_count : MAP_MAX_HARTS;
    occupancy->line_bytes = view->line_bytes;
    occupancy->word_bytes = view->bus_word_bytes;
    occupancy->controller_owner = OWNER_kernel;
    for (unsigned i = 0; i < MAP_MAX_HARTS; i++)
        occupancy->harts[i] = (struct resource){
            .until = CYCLE_NEVER, .owner = OWNER_kernel, .column = ACTIVITY_other};
    return occupancy;
}

void occupancy_destroy(struct occupancy *occupancy)
{
    free(occupancy);
}

static void advance(struct resource *resource, cycle_t now)
{
    if (now <= resource->since)
        return;
    cycle_t end = cycle_max(resource->since, cycle_min(resource->until, now));
    cycle_t busy = end - resource->since;
    resource->ledger.cycles[resource->owner][resource->column] += busy;
    resource->ledger.cycles[OWNER_idle][0] += now - end;
    if (resource->sleeping)
        resource->ledger.sleep += busy;
    if (resource->stalled)
        resource->ledger.stall += busy;
    resource->since = now;
}

/* --- harts --- */

static enum owner hart_owner(const struct occupancy *occupancy, unsigned hart)
{
    const struct hart_view *view = messages_hart(occupancy->messages, hart);
    if (view->sleeping || view->activity == ACTIVITY_idle)
        return OWNER_idle;
    if (view->user)
        return OWNER_user;
    return messages_hart_carried(occupancy->messages, hart) ? OWNER_message : OWNER_kernel;
}

static void update_hart(struct occupancy *occupancy, unsigned number)
{
    const struct hart_view *view = messages_hart(occupancy->messages, number);
    struct resource *hart = &occupancy->harts[number];
    advance(hart, occupancy->now);
    hart->owner = hart_owner(occupancy, number);
    hart->column = hart_view_activity(view);
    hart->sleeping = view->sleeping;
    hart->stalled = view->wait != ACTIVITY_none && !view->sleeping;
}

/* A message changed hands, or may have: any hart may have come to carry one, or ceased to. */
static void update_all(struct occupancy *occupancy)
{
    for (unsigned i = 0; i < occupancy->hart_count; i++)
        if (occupancy->harts[i].owner != hart_owner(occupancy, i))
            update_hart(occupancy, i);
}

static void remember_kernel(struct occupancy *occupancy, unsigned hart)
{
    memcpy(occupancy->kernel_at_entry[hart], occupancy->harts[hart].ledger.cycles[OWNER_kernel],
           sizeof occupancy->kernel_at_entry[hart]);
}

/* The call turns out to be a send: what the kernel did since its entry was done for the message. */
static void claim_entry(struct occupancy *occupancy, unsigned number)
{
    struct resource *hart = &occupancy->harts[number];
    advance(hart, occupancy->now);
    for (unsigned i = 0; i < ACTIVITY_COUNT; i++) {
        cycle_t cycles =
            hart->ledger.cycles[OWNER_kernel][i] - occupancy->kernel_at_entry[number][i];
        hart->ledger.cycles[OWNER_kernel][i] -= cycles;
        hart->ledger.cycles[OWNER_message][i] += cycles;
    }
}

/* --- bus and memory --- */

static enum owner master_owner(const struct occupancy *occupancy, uint64_t master)
{
    if (master >= occupancy->hart_count)
        return occupancy->controller_owner;
    enum owner owner = hart_owner(occupancy, (unsigned)master);
    return owner == OWNER_idle ? OWNER_kernel : owner;
}

static void occupy(struct occupancy *occupancy, struct resource *resource,
                   const struct event *event, unsigned column)
{
    advance(resource, event->cycle);
    resource->owner = master_owner(occupancy, event->arg[0]);
    resource->column = column;
    resource->until = event->arg[3];
}

static uint64_t bytes_moved(const struct occupancy *occupancy, uint64_t kind)
{
    switch (kind) {
    case REQUEST_UPGRADE:
        return 0;
    case REQUEST_LOAD:
    case REQUEST_STORE:
        return sizeof(uint64_t);
    case REQUEST_BLOCK_WORD:
        return occupancy->word_bytes;
    default:
        return occupancy->line_bytes;
    }
}

static void on_tenure(struct occupancy *occupancy, const struct event *event)
{
    uint64_t kind = event->arg[1] < REQUEST_KIND_COUNT ? event->arg[1] : 0;
    occupy(occupancy, &occupancy->bus, event, (unsigned)kind);
    if (kind == REQUEST_BLOCK_WORD)
        occupancy->bus_words++;
    else
        occupancy->bus_requests++;
    occupancy->bus_bytes += bytes_moved(occupancy, kind);
}

/* --- the fold --- */

static void on_hart_event(struct occupancy *occupancy, unsigned hart, const struct event *event)
{
    if (hart >= occupancy->hart_count)
        return;
    switch (event->kind) {
    case EVENT_activity:
    case EVENT_wait:
        update_hart(occupancy, hart);
        break;
    case EVENT_smart_block:
        occupancy->controller_owner = master_owner(occupancy, hart);
        break;
    case EVENT_request:
        if (event->arg[1] == REQUEST_OP_SEND && messages_hart_carried(occupancy->messages, hart))
            claim_entry(occupancy, hart);
        update_all(occupancy);
        break;
    default:
        update_hart(occupancy, hart);
        update_all(occupancy);
        if (event->kind == EVENT_trap && event->arg[3] == PRIVILEGE_USER)
            remember_kernel(occupancy, hart);
    }
}

void occupancy_event(void *owner, const struct event *event)
{
    struct occupancy *occupancy = owner;
    occupancy->now = event->cycle;
    if (event->kind == EVENT_bus_tenure)
        on_tenure(occupancy, event);
    else if (event->kind == EVENT_memory_access)
        occupy(occupancy, &occupancy->memory, event, 0);
    else
        on_hart_event(occupancy, event->source, event);
}

void occupancy_read(struct occupancy *occupancy, cycle_t now, struct occupancy_totals *totals)
{
    for (unsigned i = 0; i < occupancy->hart_count; i++) {
        advance(&occupancy->harts[i], now);
        totals->harts[i] = occupancy->harts[i].ledger;
    }
    advance(&occupancy->bus, now);
    advance(&occupancy->memory, now);
    totals->bus = occupancy->bus.ledger;
    totals->memory = occupancy->memory.ledger;
    totals->bus_requests = occupancy->bus_requests;
    totals->bus_words = occupancy->bus_words;
    totals->bus_bytes = occupancy->bus_bytes;
    totals->until = now;
}

void occupancy_cut(struct occupancy *occupancy)
{
    for (unsigned i = 0; i < occupancy->hart_count; i++)
        remember_kernel(occupancy, i);
}

cycle_t occupancy_of_owner(const struct occupancy_ledger *ledger, enum owner owner)
{
    cycle_t sum = 0;
    for (unsigned i = 0; i < ACTIVITY_COUNT; i++)
        sum += ledger->cycles[owner][i];
    return sum;
}

cycle_t occupancy_sum(const struct occupancy_ledger *ledger)
{
    cycle_t sum = 0;
    for (enum owner owner = 0; owner < OWNER_COUNT; owner++)
        sum += occupancy_of_owner(ledger, owner);
    return sum;
}

/* --- the check --- */

static bool agrees(const char *resource, unsigned number, const char *what, uint64_t ledger,
                   uint64_t counter, char *error)
{
    if (ledger == counter)
        return true;
    snprintf(error, OCCUPANCY_ERROR_BYTES,
             "%s %u: the ledger has %" PRIu64 " %s, the model counted %" PRIu64, resource, number,
             ledger, what, counter);
    return false;
}

static cycle_t busy(struct resource *resource)
{
    advance(resource, cycle_max(resource->since, resource->until));
    return occupancy_sum(&resource->ledger) - occupancy_of_owner(&resource->ledger, OWNER_idle);
}

/* The hart counts a request's stall when it is answered; one that the end of the run cut off is in the ledger only. */
static cycle_t unanswered(const struct resource *hart, cycle_t clock)
{
    return hart->stalled && hart->since > clock ? hart->since - clock : 0;
}

static bool check_hart(struct occupancy *occupancy, unsigned number,
                       const struct occupancy_counters *counters, char *error)
{
    struct resource *hart = &occupancy->harts[number];
    struct occupancy_ledger *ledger = &hart->ledger;
    uint64_t user = counters->harts[number].user_cycles;
    uint64_t sleep = counters->harts[number].sleep_cycles;
    uint64_t clock = user + sleep + counters->harts[number].supervisor_cycles +
                     counters->harts[number].machine_cycles;
    advance(hart, clock);
    cycle_t cut = unanswered(hart, clock), users = occupancy_of_owner(ledger, OWNER_user);
    return agrees("hart", number, "cycles in all", occupancy_sum(ledger) - cut, clock, error) &&
           agrees("hart", number, "user cycles", users - (hart->owner == OWNER_user ? cut : 0),
                  user, error) &&
           agrees("hart", number, "sleep cycles", ledger->sleep, sleep, error) &&
           agrees("hart", number, "stall cycles", ledger->stall - cut,
                  counters->harts[number].stall_cycles, error);
}

bool occupancy_check(struct occupancy *occupancy, const struct occupancy_counters *counters,
                     char *error)
{
    for (unsigned i = 0; i < occupancy->hart_count; i++)
        if (!check_hart(occupancy, i, counters, error))
            return false;
    return agrees("bus", 0, "tenures", occupancy->bus_requests + occupancy->bus_words,
                  counters->bus_tenures, error) &&
           agrees("bus", 0, "words of blocks", occupancy->bus_words, counters->bus_words, error) &&
           agrees("bus", 0, "busy cycles", busy(&occupancy->bus), counters->bus_busy_cycles,
                  error) &&
           agrees("memory", 0, "busy cycles", busy(&occupancy->memory),
                  counters->memory_busy_cycles, error);
}
