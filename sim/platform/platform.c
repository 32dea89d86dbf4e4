/* SPDX-License-Identifier: Apache-2.0 */
/* Building a machine from its parameters. See platform.h. */
#define _GNU_SOURCE /* MAP_NORESERVE */
#include <assert.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>

#include "platform/network.h"
#include "platform/platform_state.h"

#define HART_BLOCKS                                                                                \
    8192 /* decoded blocks a hart keeps: more than a kernel and a program have hot */
#define HOST_LINE_BYTES 64
#define HOST_PAGE_BYTES 4096
#define HOST_SHIFT_BYTES (5 * HOST_LINE_BYTES) /* odd: 64 harts begin at 64 different lines */
#define CONSOLE_POLLS_PER_SECOND 1000          /* of UARTs whose receive interrupt is enabled */

/* RAM, and behind it the marks of its code. */
static uint64_t mapped_bytes(const struct ram *ram)
{
    return ram->size_bytes + code_lines_size(ram->size_bytes);
}

static bool map_ram(struct platform *platform, struct problem *problem)
{
    uint64_t size_bytes = platform->parameters.machine_ram_mib << 20;
    void *bytes = mmap(NULL, size_bytes + code_lines_size(size_bytes), PROT_READ | PROT_WRITE,
                       MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
    if (bytes == MAP_FAILED)
        return problem_set(problem, "machine.ram_mib: the host cannot map %" PRIu64 " MiB",
                           platform->parameters.machine_ram_mib);
    platform->code = (struct code_lines){.pages = (uint64_t *)((uint8_t *)bytes + size_bytes)};
    platform->ram = (struct ram){bytes, MAP_RAM_BASE, size_bytes, &platform->code};
    return true;
}

/* A hart alone has nobody to ask; without caches a reservation is for no line that is held. */
static bool init_sharers(struct platform *platform, struct problem *problem)
{
    const struct parameters *p = &platform->parameters;
    const uint64_t line_bytes = p->cache_line_bytes ? p->cache_line_bytes : 1;
    if (platform->hart_count == 1 || !p->cache_enabled)
        return true;
    const size_t count = sharers_sets(platform->hart_count, p->cache_l1d_bytes / line_bytes);
    platform->sharer_sets = calloc(count, sizeof *platform->sharer_sets);
    if (!platform->sharer_sets)
        return problem_set(problem, "machine.hosts: the host has no memory for %u harts",
                           platform->hart_count);
    if (sharers_init(&platform->sharers, platform->sharer_sets, count, platform->snoopers,
                     line_bytes) != STATUS_OK)
        return problem_set(problem, "cache.line_bytes: not a power of two");
    return true;
}

static bool init_memory(struct platform *platform, struct problem *problem)
{
    const struct parameters *p = &platform->parameters;
    if (!init_sharers(platform, problem))
        return false;
    const struct bus_config bus = {p->bus_arbitration_cycles, p->smart_bus_patience_cycles,
                                   p->cache_line_bytes};
    const struct dram_config dram = {p->dram_latency_cycles, p->dram_jitter_cycles,
                                     p->bus_beat_cycles, p->bus_word_bytes, p->machine_seed};
    const struct coherence_config coherence = {p->cache_line_bytes, p->bus_address_cycles,
                                               p->cache_answer_cycles};
    const struct coherence_links links = {&platform->ram, &platform->dram, platform->snoopers,
                                          platform->hart_count,
                                          platform->sharer_sets ? &platform->sharers : NULL};
    bus_init(&platform->bus, &bus, platform->probe);
    if (dram_init(&platform->dram, &dram, platform->probe) != STATUS_OK ||
        coherence_init(&platform->coherence, &coherence, &links) != STATUS_OK)
        return problem_set(problem,
                           "bus, dram or cache.line_bytes: sizes that do not fit each other");
    return true;
}

static struct hart_config hart_config(const struct parameters *p, unsigned id)
{
    return (struct hart_config){
        .id = (uint16_t)id,
        .line_bytes = (uint32_t)p->cache_line_bytes,
        .l1i_bytes = (uint32_t)p->cache_l1i_bytes,
        .l1i_ways = (uint32_t)p->cache_l1i_ways,
        .l1d_bytes = (uint32_t)p->cache_l1d_bytes,
        .l1d_ways = (uint32_t)p->cache_l1d_ways,
        .l1_enabled = (uint32_t)p->cache_enabled,
#define PARAMETER(group, name, standard, min, max, unit, doc, source)                              \
    .name = (uint32_t)p->core_##name,
#include "core/core.def"
#undef PARAMETER
        .cycles_per_tick = (uint32_t)(p->machine_clock_hz / p->machine_timebase_hz),
        .untimed = !parameters_timed(p),
        .marker = (uint32_t)p->machine_timing_from_marker,
    };
}

static void *zeroed(size_t size_bytes)
{
    void *memory = aligned_alloc(64, (size_bytes + 63) & ~(size_t)63);
    if (memory)
        memset(memory, 0, size_bytes);
    return memory;
}

/* How far apart are things of which each hart has one, in one piece of memory: not a whole number of
 * pages, or what is busy in each would fall into the same sets of the host's caches. */
static size_t distance(size_t size_bytes)
{
    return (size_bytes / HOST_PAGE_BYTES + 1) * HOST_PAGE_BYTES + HOST_SHIFT_BYTES;
}

static void *one_of(char *memory, unsigned hart, size_t size_bytes)
{
    return memory + -(uintptr_t)memory % HOST_LINE_BYTES + hart * distance(size_bytes);
}

static bool init_harts(struct platform *platform, struct problem *problem)
{
    const unsigned count = platform->hart_count;
    const size_t hart_bytes = hart_size(), block_bytes = block_store_size(HART_BLOCKS);
    platform->hart_memory = calloc(count, distance(hart_bytes));
    platform->block_memory = calloc(count, distance(block_bytes)); /* pages when needed */
    if (!platform->hart_memory || !platform->block_memory)
        return problem_set(problem, "machine.hosts: the host has no memory for %u harts", count);
    for (unsigned i = 0; i < count; i++) {
        const struct hart_config config = hart_config(&platform->parameters, i);
        platform->harts[i] = one_of(platform->hart_memory, i, hart_bytes);
        platform->blocks[i] = one_of(platform->block_memory, i, block_bytes);
        block_store_init(platform->blocks[i], HART_BLOCKS);
        const struct hart_links links = {&platform->ram, platform->blocks[i],
                                         &platform->annotations, platform->probe};
        if (hart_init(platform->harts[i], &config, &links) != STATUS_OK)
            return problem_set(problem, "cache: sizes and ways do not make whole sets");
        platform->snoopers[i] = (struct snooper){platform->harts[i], hart_snoop};
    }
    return true;
}

static bool start_mechanism(struct platform *platform, const struct mechanism *model)
{
    uint64_t *values = calloc(model->parameter_count + 1, sizeof *values);
    for (size_t i = 0; values && i < model->parameter_count; i++) {
        const struct parameter *parameter = parameter_find(model->parameters[i].name);
        values[i] = model->parameters[i].value;
        if (parameter)
            memcpy(&values[i], (const char *)&platform->parameters + parameter->offset, 8);
    }
    const struct mechanism_links links = {&platform->coherence, platform->probe};
    bool good = values && model->init(platform->mechanism_state, values, &links) == STATUS_OK;
    free(values);
    return good;
}

static bool init_mechanism(struct platform *platform, struct problem *problem)
{
    const char *name = platform->parameters.machine_mechanism;
    const struct mechanism_entry *entry = mechanism_find(name);
    if (!entry)
        return problem_set(problem, "machine.mechanism: there is no '%s'", name);
    const struct mechanism *model = entry->model;
    if (!model->init)
        return true;
    platform->mechanism_state = zeroed(model->state_bytes);
    if (!platform->mechanism_state || !start_mechanism(platform, model))
        return problem_set(problem, "machine.mechanism: '%s' refuses its parameters", name);
    platform->mechanism = model;
    platform->mechanism_compatible = entry->compatible;
    return true;
}

/* What a device does in a cycle, a hart sees in the next: in that one it has had its turn. */
static void set_interrupt(void *owner, unsigned hart, unsigned mip_bit, bool level, cycle_t now)
{
    struct platform *platform = owner;
    hart_set_interrupt(platform->harts[hart], mip_bit, level, now + 1);
    if (platform->interrupts.changed)
        platform->interrupts.changed(platform->interrupts.owner, hart);
}

static void set_time(void *owner, uint64_t offset_ticks, cycle_t now)
{
    struct platform *platform = owner;
    for (unsigned hart = 0; hart < platform->hart_count; hart++) {
        hart_set_time(platform->harts[hart], offset_ticks, now + 1);
        if (platform->interrupts.changed)
            platform->interrupts.changed(platform->interrupts.owner, hart);
    }
}

static struct interrupt_line line_of(struct platform *platform, unsigned source)
{
    return plic_line(&platform->plic, source, &platform->plic_inputs[source]);
}

/* What is in a virtio slot: drives from the first on, then network devices; console and entropy in the last two. */
static struct virtio_model virtio_model_of(struct platform *platform,
                                           const struct platform_config *config, unsigned slot)
{
    const struct parameters *p = &platform->parameters;
    if (slot < config->drive_count) {
        struct virtio_block *disk = &platform->disks[slot];
        virtio_block_init(disk, config->drives[slot], p->virtio_block_cycles, slot);
        return virtio_block_model(disk);
    }
    if (slot < config->drive_count + config->nic_count) {
        struct nic *nic = &platform->nics[slot - config->drive_count];
        nic->device = platform->device_count;
        return virtio_net_model(&nic->net);
    }
    if (slot == MAP_VIRTIO_SLOTS - 2 && config->virtio_console.put) {
        virtio_console_init(&platform->virtio_console, config->virtio_console);
        return virtio_console_model(&platform->virtio_console);
    }
    if (slot == MAP_VIRTIO_SLOTS - 1) {
        virtio_entropy_init(&platform->entropy, p->machine_seed);
        return virtio_entropy_model(&platform->entropy);
    }
    return (struct virtio_model){.id = VIRTIO_ID_NONE};
}

static void init_virtio(struct platform *platform, const struct platform_config *config)
{
    static const char *const names[MAP_VIRTIO_SLOTS] = {"virtio0", "virtio1", "virtio2", "virtio3",
                                                        "virtio4", "virtio5", "virtio6", "virtio7"};
    const struct parameters *p = &platform->parameters;
    for (unsigned slot = 0; slot < MAP_VIRTIO_SLOTS; slot++) {
        const struct virtio_model model = virtio_model_of(platform, config, slot);
        const struct virtio_links links = {
            &platform->coherence, line_of(platform, IRQ_VIRTIO(slot)), EVENT_SOURCE_DEVICE,
            p->machine_clock_hz / CONSOLE_POLLS_PER_SECOND, p->virtio_version == 1};
        virtio_init(&platform->virtio[slot], &model, &links);
        platform->devices[platform->device_count++] =
            virtio_device(&platform->virtio[slot], names[slot],
                          MAP_VIRTIO_BASE + (uint64_t)slot * MAP_VIRTIO_SIZE);
    }
}

static void init_devices(struct platform *platform, const struct platform_config *config)
{
    const struct parameters *p = &platform->parameters;
    const struct interrupt_port port = {platform, set_interrupt};
    const uint64_t poll_cycles = p->machine_clock_hz / CONSOLE_POLLS_PER_SECOND;
    clint_init(&platform->clint, platform->hart_count, p->machine_clock_hz / p->machine_timebase_hz,
               port, (struct time_port){platform, set_time});
    sswi_init(&platform->sswi, platform->hart_count, port);
    plic_init(&platform->plic, platform->hart_count, port);
    uart_init(&platform->console, poll_cycles, config->console, line_of(platform, IRQ_UART0));
    uart_init(&platform->error_console, poll_cycles, config->error_console,
              line_of(platform, IRQ_UART1));
    rtc_init(&platform->rtc, p->machine_epoch_seconds, p->machine_clock_hz,
             line_of(platform, IRQ_RTC));
    finisher_init(&platform->finisher);
    const struct device devices[] = {clint_device(&platform->clint),
                                     sswi_device(&platform->sswi),
                                     uart_device(&platform->console, "uart0", MAP_UART0_BASE),
                                     uart_device(&platform->error_console, "uart1", MAP_UART1_BASE),
                                     finisher_device(&platform->finisher),
                                     plic_device(&platform->plic),
                                     rtc_device(&platform->rtc)};
    memcpy(platform->devices, devices, sizeof devices);
    platform->device_count = sizeof devices / sizeof *devices;
    init_virtio(platform, config);
}

static void assign_roles(struct platform *platform)
{
    const struct parameters *p = &platform->parameters;
    platform->hart_count = (unsigned)(p->machine_hosts + p->machine_coprocessors);
    for (unsigned i = 0; i < platform->hart_count; i++)
        platform->roles[i] = i < p->machine_hosts ? ROLE_HOST : ROLE_COPROCESSOR;
}

struct platform *platform_create(const struct platform_config *config, struct problem *problem)
{
    struct platform *platform = calloc(1, sizeof *platform);
    if (!platform) {
        problem_set(problem, "out of memory");
        return NULL;
    }
    platform->parameters = *config->parameters;
    platform->probe = config->probe;
    platform->config = *config;
    assert(config->drive_count <= MAP_MAX_DRIVES);
    assign_roles(platform);
    if (map_ram(platform, problem) && init_harts(platform, problem) &&
        init_memory(platform, problem) && init_mechanism(platform, problem) &&
        network_init(platform, config, problem)) {
        init_devices(platform, config);
        if (guest_images_load(platform, config, problem))
            return platform;
    }
    platform_destroy(platform);
    return NULL;
}

/* Host memory that the guest has touched goes back. */
void platform_reset(struct platform *platform, cycle_t now)
{
    madvise(platform->ram.bytes, mapped_bytes(&platform->ram), MADV_DONTNEED);
    platform->code.written++;
    for (unsigned i = 0; i < platform->hart_count; i++) {
        bus_cancel(&platform->bus, i);
        block_store_init(platform->blocks[i], HART_BLOCKS);
    }
    bus_cancel(&platform->bus, EVENT_SOURCE_CONTROLLER);
    if (platform->mechanism)
        start_mechanism(platform, platform->mechanism);
    guest_images_restart(platform, now);
    init_devices(platform, &platform->config);
}

void platform_destroy(struct platform *platform)
{
    if (!platform)
        return;
    free(platform->hart_memory);
    free(platform->block_memory);
    free(platform->sharer_sets);
    free(platform->mechanism_state);
    network_destroy(platform);
    guest_images_free(&platform->images);
    if (platform->ram.bytes)
        munmap(platform->ram.bytes, mapped_bytes(&platform->ram));
    free(platform);
}

uint64_t platform_mechanism_state_bits(const struct platform *platform)
{
    return platform->mechanism ? platform->mechanism->hardware_state_bits(platform->mechanism_state)
                               : 0;
}

void platform_view(const struct platform *platform, struct machine_view *view)
{
    const struct parameters *p = &platform->parameters;
    *view = (struct machine_view){
        .hart_count = platform->hart_count,
        .line_bytes = (uint32_t)p->cache_line_bytes,
        .bus_word_bytes = p->bus_word_bytes,
        .hardware_state_bits = platform_mechanism_state_bits(platform),
        .clock_hz = p->machine_clock_hz,
        .ram_bytes = platform->ram.size_bytes,
        .quantum_cycles = p->machine_quantum_cycles,
        .seed = p->machine_seed,
    };
    strncpy(view->mechanism, p->machine_mechanism, sizeof view->mechanism - 1);
    for (unsigned i = 0; i < platform->hart_count; i++)
        view->role[i] = (uint8_t)platform->roles[i];
}
