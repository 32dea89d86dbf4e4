/* SPDX-License-Identifier: Apache-2.0 */
/* A platform for tests without SystemC, see lockstep.h. */
#include "test/lockstep.h"

#include <stdlib.h>
#include <string.h>

#define BLOCKS 256
#define POISON 0xDB

struct hart_config lockstep_random_config(struct random *random)
{
    struct hart_config config = {
        .line_bytes = 64,
        .l1i_bytes = 1024u << random_below(random, 3),
        .l1i_ways = 1u << random_below(random, 3),
        .l1d_bytes = 1024u << random_below(random, 3),
        .l1d_ways = 1u << random_below(random, 3),
        .l1_enabled = 1,
        .cycles_per_tick = 100,
    };
#define PARAMETER(group, name, standard, min, max, unit, doc, source)                              \
    config.name = (uint32_t)((min) + random_below(random, ((max) < 40 ? (max) : 40) - (min) + 1));
#include "core/core.def"
#undef PARAMETER
    config.cycles_per_instruction = 1 + (uint32_t)random_below(random, 2);
    config.bht_entries = 8u << random_below(random, 4);
    config.lr_window_cycles = (uint32_t)random_below(random, 100);
    config.svade = 0;
    return config;
}

static bool new_ram(struct ram *ram, const struct lockstep_options *options)
{
    *ram = (struct ram){calloc(1, options->ram_bytes), options->ram_base, options->ram_bytes};
    return ram->bytes != NULL;
}

static bool new_hart(struct lockstep *platform, unsigned number)
{
    struct lockstep_hart *one = &platform->harts[number];
    struct hart_config config = platform->options.config;
    config.id = (uint16_t)number;
    one->ram = platform->memory;
    one->hart = calloc(1, hart_size());
    one->blocks = calloc(1, block_store_size(BLOCKS));
    if (!one->hart || !one->blocks ||
        (platform->options.private_images && !new_ram(&one->ram, &platform->options)))
        return false;
    block_store_init(one->blocks, BLOCKS);
    struct hart_links links = {.ram = &one->ram, .blocks = one->blocks};
    if (hart_init(one->hart, &config, &links) != STATUS_OK)
        return false;
    hart_reset(one->hart, platform->options.ram_base, 0);
    return true;
}

bool lockstep_init(struct lockstep *platform, const struct lockstep_options *options)
{
    memset(platform, 0, sizeof *platform);
    platform->options = *options;
    platform->random.state = options->seed;
    if (!new_ram(&platform->memory, options))
        return false;
    for (unsigned i = 0; i < options->hart_count; i++) {
        if (!new_hart(platform, i)) {
            lockstep_free(platform);
            return false;
        }
    }
    return true;
}

void lockstep_free(struct lockstep *platform)
{
    for (unsigned i = 0; i < LOCKSTEP_MAX_HARTS; i++) {
        struct lockstep_hart *one = &platform->harts[i];
        if (one->ram.bytes != platform->memory.bytes)
            free(one->ram.bytes);
        free(one->hart);
        free(one->blocks);
    }
    free(platform->memory.bytes);
    memset(platform, 0, sizeof *platform);
}

void lockstep_write(struct lockstep *platform, uint64_t address, const void *bytes, size_t count)
{
    memcpy(ram_at(&platform->memory, address), bytes, count);
    for (unsigned i = 0; platform->options.private_images && i < platform->options.hart_count; i++)
        memcpy(ram_at(&platform->harts[i].ram, address), bytes, count);
}

static bool is_image(const struct lockstep *platform, uint64_t line)
{
    return platform->options.private_images && line >= platform->shared_begin &&
           line < platform->shared_end;
}

/* The line's bytes as this hart sees them go to memory, or come from there, or are made unusable. */
static void line_out(struct lockstep *platform, unsigned hart, uint64_t line)
{
    if (is_image(platform, line))
        memcpy(ram_at(&platform->memory, line), ram_at(&platform->harts[hart].ram, line),
               platform->options.config.line_bytes);
}

static void line_in(struct lockstep *platform, unsigned hart, uint64_t line)
{
    if (is_image(platform, line))
        memcpy(ram_at(&platform->harts[hart].ram, line), ram_at(&platform->memory, line),
               platform->options.config.line_bytes);
}

static void line_poison(struct lockstep *platform, unsigned hart, uint64_t line)
{
    if (is_image(platform, line))
        memset(ram_at(&platform->harts[hart].ram, line), POISON,
               platform->options.config.line_bytes);
}

void lockstep_share(struct lockstep *platform, uint64_t begin, uint64_t end)
{
    platform->shared_begin = begin;
    platform->shared_end = end;
    for (unsigned i = 0; i < platform->options.hart_count; i++)
        for (uint64_t line = begin; line < end; line += platform->options.config.line_bytes)
            line_poison(platform, i, line);
}

enum mesi lockstep_holds(const struct lockstep *platform, unsigned hart, uint64_t address)
{
    uint64_t line = address & ~(uint64_t)(platform->options.config.line_bytes - 1);
    struct hart *holder = platform->harts[hart].hart;
    return hart_snoop(holder, line, SNOOP_PEEK, hart_now(holder)).was;
}

/* Another master's access, as one hart's cache sees it. */
static struct snoop_result snoop(struct lockstep *platform, unsigned hart, uint64_t line,
                                 enum snoop_kind kind, cycle_t now)
{
    struct snoop_result result = hart_snoop(platform->harts[hart].hart, line, kind, now);
    if (result.defer_until) {
        if (result.defer_until <= now)
            platform->error = "a snoop is deferred to the past";
        return result;
    }
    if (result.was == MESI_MODIFIED)
        line_out(platform, hart, line);
    if (kind == SNOOP_INVALIDATE)
        line_poison(platform, hart, line);
    enum mesi now_is = lockstep_holds(platform, hart, line);
    if (now_is > (kind == SNOOP_READ ? MESI_SHARED : MESI_INVALID))
        platform->error = "a snooped cache keeps more than it may";
    return result;
}

/* Asks all other caches. False: one defers; *serve_at is when to ask again. */
static bool snoop_others(struct lockstep *platform, unsigned requester, uint64_t line,
                         enum snoop_kind kind, struct response *response, bool *held)
{
    struct lockstep_hart *one = &platform->harts[requester];
    for (unsigned i = 0; i < platform->options.hart_count; i++) {
        if (i == requester)
            continue;
        struct snoop_result result = snoop(platform, i, line, kind, one->serve_at);
        if (result.defer_until) {
            one->serve_at = result.defer_until;
            return false;
        }
        *held |= result.was != MESI_INVALID;
        if (result.was != MESI_INVALID)
            response->cycle = cycle_max(response->cycle, result.holder_now);
    }
    return true;
}

static void serve_device(const struct device *device, const struct request *request,
                         struct response *response)
{
    uint64_t offset = request->address - device->base;
    if (request->kind == REQUEST_LOAD)
        response->status = device->load(device->self, offset, request->size_bytes, response->cycle,
                                        &response->data);
    else
        response->status = device->store(device->self, offset, request->size_bytes, response->cycle,
                                         request->data);
}

static const struct device *device_at(const struct lockstep *platform, uint64_t address)
{
    for (unsigned i = 0; i < platform->options.device_count; i++)
        if (address - platform->options.devices[i].base < platform->options.devices[i].size_bytes)
            return &platform->options.devices[i];
    return NULL;
}

static void serve_uncached(struct lockstep *platform, unsigned hart, const struct request *request,
                           struct response *response)
{
    struct ram *ram = &platform->harts[hart].ram;
    const struct device *device = device_at(platform, request->address);
    if (device)
        serve_device(device, request, response);
    else if (!ram_holds(ram, request->address, request->size_bytes))
        response->status = STATUS_NO_TARGET;
    else if (request->kind == REQUEST_LOAD)
        memcpy(&response->data, ram_at(ram, request->address), request->size_bytes);
    else if (!request->data_apart)
        memcpy(ram_at(ram, request->address), &request->data, request->size_bytes);
}

static bool serve_line(struct lockstep *platform, unsigned hart, const struct request *request,
                       struct response *response)
{
    bool reads = request->kind == REQUEST_READ || request->kind == REQUEST_FETCH, held = false;
    bool had = lockstep_holds(platform, hart, request->address) != MESI_INVALID;
    if (!snoop_others(platform, hart, request->address, reads ? SNOOP_READ : SNOOP_INVALIDATE,
                      response, &held))
        return false;
    if (!had)
        line_in(platform, hart, request->address);
    bool alone = !held && !random_chance(&platform->random, 250);
    response->granted = !reads ? MESI_MODIFIED : alone ? MESI_EXCLUSIVE : MESI_SHARED;
    return true;
}

static void serve_write_back(struct lockstep *platform, unsigned hart,
                             const struct request *request)
{
    if (lockstep_holds(platform, hart, request->address) == MESI_MODIFIED)
        line_out(platform, hart, request->address);
}

static void check_request(struct lockstep *platform, const struct request *request)
{
    uint32_t line_bytes = platform->options.config.line_bytes;
    bool uncached = request->kind == REQUEST_LOAD || request->kind == REQUEST_STORE;
    uint32_t unit = uncached ? request->size_bytes : line_bytes;
    if (uncached && unit != 1 && unit != 2 && unit != 4 && unit != 8)
        platform->error = "an uncached request has no legal size";
    else if (request->address % unit)
        platform->error = "a request is not aligned";
    else if (!uncached && !ram_holds(&platform->memory, request->address, line_bytes))
        platform->error = "a line is asked for outside RAM";
}

static void serve(struct lockstep *platform, unsigned hart)
{
    struct lockstep_hart *one = &platform->harts[hart];
    const struct request *request = hart_request(one->hart);
    uint64_t address = request->address;
    bool write_back = request->kind == REQUEST_WRITE_BACK;
    struct response response = {.status = STATUS_OK, .cycle = one->serve_at};
    if (request->kind == REQUEST_LOAD || request->kind == REQUEST_STORE)
        serve_uncached(platform, hart, request, &response);
    else if (write_back)
        serve_write_back(platform, hart, request);
    else if (!serve_line(platform, hart, request, &response))
        return;
    hart_complete(one->hart, &response);
    one->state = LOCKSTEP_RUNNING;
    if (write_back && lockstep_holds(platform, hart, address) == MESI_INVALID)
        line_poison(platform, hart, address);
}

static void run(struct lockstep *platform, unsigned hart)
{
    struct lockstep_hart *one = &platform->harts[hart];
    cycle_t slice = 1 + random_below(&platform->random, platform->options.max_slice_cycles);
    enum hart_outcome outcome = hart_run(one->hart, hart_now(one->hart) + slice);
    if (outcome == HART_WAITING)
        one->state = LOCKSTEP_WAITING;
    if (outcome != HART_REQUEST)
        return;
    const struct request *request = hart_request(one->hart);
    check_request(platform, request);
    one->state = LOCKSTEP_REQUESTING;
    one->serve_at =
        request->cycle + random_below(&platform->random, platform->options.max_delay_cycles + 1);
    platform->recent[platform->recent_next++ % LOCKSTEP_RECENT] = request->address;
}

static void disturb(struct lockstep *platform)
{
    struct random *random = &platform->random;
    if (!random_chance(random, platform->options.disturb_permille))
        return;
    uint64_t line_bytes = platform->options.config.line_bytes;
    uint64_t line = platform->recent[random_below(random, LOCKSTEP_RECENT)] & ~(line_bytes - 1);
    bool invalidate = platform->options.disturb_invalidate && random_chance(random, 500);
    for (unsigned i = 0; line && i < platform->options.hart_count; i++)
        snoop(platform, i, line, invalidate ? SNOOP_INVALIDATE : SNOOP_READ,
              hart_now(platform->harts[i].hart));
}

static cycle_t acts_at(const struct lockstep_hart *one)
{
    return one->state == LOCKSTEP_REQUESTING ? one->serve_at
           : one->state == LOCKSTEP_WAITING  ? hart_wakeup(one->hart)
                                             : hart_now(one->hart);
}

int lockstep_step(struct lockstep *platform)
{
    int next = -1;
    cycle_t first = CYCLE_NEVER;
    disturb(platform);
    for (unsigned i = 0; i < platform->options.hart_count; i++) {
        cycle_t at = acts_at(&platform->harts[i]);
        if (at < first) {
            first = at;
            next = (int)i;
        }
    }
    if (next < 0 || platform->error)
        return -1;
    if (platform->harts[next].state == LOCKSTEP_REQUESTING)
        serve(platform, (unsigned)next);
    else
        run(platform, (unsigned)next);
    return next;
}

void lockstep_settle(struct lockstep *platform)
{
    uint64_t line_bytes = platform->options.config.line_bytes;
    for (uint64_t line = platform->shared_begin; line < platform->shared_end; line += line_bytes) {
        unsigned owners = 0, holders = 0;
        for (unsigned i = 0; i < platform->options.hart_count; i++) {
            enum mesi state = lockstep_holds(platform, i, line);
            holders += state != MESI_INVALID;
            owners += state >= MESI_EXCLUSIVE;
            if (state == MESI_MODIFIED)
                line_out(platform, i, line);
        }
        if (owners && holders > 1)
            platform->error = "a line has an owner and another holder";
    }
}

void lockstep_wake(struct lockstep *platform, unsigned hart)
{
    if (platform->harts[hart].state == LOCKSTEP_WAITING)
        platform->harts[hart].state = LOCKSTEP_RUNNING;
}
