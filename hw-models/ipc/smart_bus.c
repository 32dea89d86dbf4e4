/* SPDX-License-Identifier: Apache-2.0 */
/* The smart bus as a member of mechanism.h: windows, pending accesses, state. See smart_bus.h. */
#include "ipc/smart_bus.h"

#include <string.h>

#define ADDRESS_BITS 56 /* of a physical address (Sv39's limit) */

static const struct mechanism_parameter parameters[] = {
#define PARAMETER(group, name, value, min, max, unit, doc, source) {#group "." #name, value},
#include "ipc/smart_bus.def"
#undef PARAMETER
};
#define PARAMETER_COUNT (sizeof parameters / sizeof *parameters)

static bool in_range(const uint64_t values[PARAMETER_COUNT])
{
    static const uint64_t limits[PARAMETER_COUNT][2] = {
#define PARAMETER(group, name, value, min, max, unit, doc, source) {min, max},
#include "ipc/smart_bus.def"
#undef PARAMETER
    };
    for (size_t i = 0; i < PARAMETER_COUNT; i++)
        if (values[i] < limits[i][0] || values[i] > limits[i][1])
            return false;
    return true;
}

static enum status init(void *state, const uint64_t *values, const struct mechanism_links *links)
{
    struct smart_bus *smart = state;
    uint64_t line_bytes = links->coherence->config.line_bytes;
    uint64_t chosen[PARAMETER_COUNT];

    for (size_t i = 0; i < PARAMETER_COUNT; i++)
        chosen[i] = values ? values[i] : parameters[i].value;
    if (!in_range(chosen))
        return STATUS_INVALID;
    memset(smart, 0, sizeof *smart);
    memcpy(&smart->parameters, chosen, sizeof chosen);
    _Static_assert(sizeof chosen == sizeof smart->parameters,
                   "a value for each line of smart_bus.def");
    smart->links = *links;
    smart->last_unit = SMART_UNITS - 1;
    uint64_t lines = smart->parameters.buffer_lines;
    return lines == 0 ? STATUS_OK
                      : cache_init(&smart->buffer, lines * line_bytes, (uint32_t)lines,
                                   (uint32_t)line_bytes);
}

/* What a block access costs the bus: an address phase and a data beat. */
static struct mechanism_cost plain_cost(const struct smart_bus *smart)
{
    const struct coherence *coherence = smart->links.coherence;
    cycle_t beats = dram_beats(coherence->links.dram, 0, sizeof(uint64_t));
    return (struct mechanism_cost){coherence->config.address_cycles + beats, 0, ACTIVITY_copy};
}

/* A request's address: the window, as smart_bus_regs.h names it, and the place in RAM behind it. */
static uint64_t window_of(const struct request *request)
{
    return (request->address - MAP_MECHANISM_BASE) / MAP_MECHANISM_WINDOW * MAP_MECHANISM_WINDOW;
}

static uint64_t offset_of(const struct request *request)
{
    return (request->address - MAP_MECHANISM_BASE) % MAP_MECHANISM_WINDOW;
}

static uint64_t place_of(const struct smart_bus *smart, const struct request *request)
{
    return smart->links.coherence->links.ram->base + offset_of(request);
}

static enum status load(struct smart_bus *smart, const struct request *request, cycle_t now,
                        uint64_t *data, struct mechanism_cost *cost)
{
    struct smart_master *master = &smart->master[request->master];
    uint64_t offset = offset_of(request);

    switch (window_of(request)) {
    case SMART_FIRST:
        return smart_list_first(smart, request->master, place_of(smart, request), now, data, cost);
    case SMART_DEQUEUE:
        if (!ram_holds(smart->links.coherence->links.ram, place_of(smart, request), 8))
            return STATUS_DENIED;
        *data = master->dequeue_found;
        master->dequeue_found = false;
        cost->wait = ACTIVITY_queue;
        return STATUS_OK;
    case SMART_BLOCK_WAIT:
        return offset < 8 * SMART_TAGS
                   ? smart_block_wait(smart, request->master, (unsigned)(offset / 8), data)
                   : STATUS_DENIED;
    default:
        return STATUS_DENIED;
    }
}

static enum status store(struct smart_bus *smart, const struct request *request, cycle_t now,
                         struct mechanism_cost *cost)
{
    uint64_t place = place_of(smart, request);

    switch (window_of(request)) {
    case SMART_ENQUEUE:
        return smart_list_enqueue(smart, request->master, place, request->data, now, cost);
    case SMART_DEQUEUE:
        return smart_list_dequeue(smart, request->master, place, request->data, now, cost);
    case SMART_BLOCK_READ:
    case SMART_BLOCK_WRITE:
        return smart_block_store(smart, request, window_of(request) == SMART_BLOCK_WRITE, place,
                                 now + cost->bus_cycles);
    default:
        return STATUS_DENIED;
    }
}

static enum status access(void *state, const struct request *request, cycle_t now,
                          struct response *response, struct mechanism_cost *cost)
{
    struct smart_bus *smart = state;
    bool stores = request->kind == REQUEST_STORE;

    *cost = plain_cost(smart);
    *response = (struct response){.status = STATUS_DENIED};
    if (request->address - MAP_MECHANISM_BASE >= MAP_MECHANISM_SIZE)
        return response->status = STATUS_NO_TARGET;
    if (request->master >= MAP_MAX_HARTS || smart->master[request->master].pending ||
        request->size_bytes != 8 || (request->address & 7) != 0 ||
        (!stores && request->kind != REQUEST_LOAD))
        return STATUS_DENIED;
    response->status = stores ? store(smart, request, now, cost)
                              : load(smart, request, now, &response->data, cost);
    if (response->status == STATUS_PENDING) {
        smart->master[request->master].pending = true;
        smart->master[request->master].request = *request;
    }
    return response->status;
}

void smart_bus_retry(struct smart_bus *smart, unsigned number, cycle_t now)
{
    struct smart_master *master = &smart->master[number];
    struct response response = {.cycle = now};

    if (!master->pending || smart->ended >> number & 1)
        return;
    const struct request *request = &master->request;
    if (request->kind == REQUEST_STORE)
        response.status = smart_block_store(smart, request, window_of(request) == SMART_BLOCK_WRITE,
                                            place_of(smart, request), now);
    else
        response.status =
            smart_block_wait(smart, number, (unsigned)(offset_of(request) / 8), &response.data);
    if (response.status == STATUS_PENDING)
        return;
    smart->ended |= (uint64_t)1 << number;
    master->response = response;
}

static bool ready(void *state, cycle_t now, uint16_t *number, struct response *response)
{
    struct smart_bus *smart = state;

    if (smart->ended == 0)
        return false;
    *number = (uint16_t)__builtin_ctzll(smart->ended);
    struct smart_master *master = &smart->master[*number];
    *response = master->response;
    response->cycle = cycle_max(response->cycle, now);
    master->pending = false;
    smart->ended &= smart->ended - 1;
    return true;
}

static cycle_t next_word(const void *state, cycle_t now)
{
    (void)now;
    return smart_block_next_word(state);
}

static struct mechanism_cost word(void *state, cycle_t now, struct request *request)
{
    return smart_block_word(state, now, request);
}

static unsigned bits_for(uint64_t values)
{
    return values < 2 ? 0 : 64 - (unsigned)__builtin_clzll(values - 1);
}

/* Of one tag: stream buffer, two line buffers with a valid bit each, and for each direction an
 * address, two counters and an active bit; the refused bit. */
static uint64_t tag_bits(uint64_t line_bytes)
{
    uint64_t counter_bits = bits_for(SMART_BLOCK_BYTES + 1);
    return 8 * SMART_BLOCK_BYTES + 2 * (8 * line_bytes + 1) +
           2 * (ADDRESS_BITS + 2 * counter_bits + 1) + 1;
}

/* Per master beside its tags: the dequeue's answer and the access that waits (address, data,
 * store, valid). In the controller: its buffer with tags, valid bits and LRU ranks; list, last,
 * element and next of the operation; whose turn it is. */
static uint64_t hardware_state_bits(const void *state)
{
    const struct smart_bus *smart = state;
    uint64_t masters = smart->links.coherence->links.snooper_count;
    uint64_t line_bytes = smart->links.coherence->config.line_bytes;
    uint64_t lines = smart->parameters.buffer_lines;
    uint64_t line_bits = 8 * line_bytes + ADDRESS_BITS - bits_for(line_bytes) + 1 + bits_for(lines);
    uint64_t master_bits = SMART_TAGS * tag_bits(line_bytes) + 1 + ADDRESS_BITS + 64 + 2;

    return masters * master_bits + lines * line_bits + 4 * ADDRESS_BITS +
           bits_for(masters * SMART_TAGS * 2);
}

const struct mechanism mechanism_smart_bus = {
    .state_bytes = sizeof(struct smart_bus),
    .parameters = parameters,
    .parameter_count = PARAMETER_COUNT,
    .init = init,
    .access = access,
    .next_word = next_word,
    .word = word,
    .ready = ready,
    .hardware_state_bits = hardware_state_bits,
};
