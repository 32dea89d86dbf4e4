/* SPDX-License-Identifier: Apache-2.0 */
/* See run_guest.h. */
#include "run_guest.h"

#include <cstring>
#include <new>
#include <random>
#include <string>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

extern "C" {
#include "observe/stream.h"
}

namespace
{

struct Text { /* a console's two ends */
    const char *input;
    char *output;
    size_t count, capacity;
};

void put(void *owner, uint8_t byte)
{
    auto *text = static_cast<Text *>(owner);
    if (text->count + 1 < text->capacity)
        text->output[text->count++] = static_cast<char>(byte);
}

int get(void *owner)
{
    auto *text = static_cast<Text *>(owner);
    return text->input && *text->input ? static_cast<uint8_t>(*text->input++) : CHARACTER_END;
}

struct Progress {
    struct stream *stream;
    cycle_t grant_cycles;
};

cycle_t reached(void *owner, cycle_t now, cycle_t)
{
    auto *progress = static_cast<Progress *>(owner);
    stream_advance(progress->stream, now);
    return progress->grant_cycles ? now + progress->grant_cycles : CYCLE_NEVER;
}

/* FNV-1a over the events' bytes, in the order of the stream */
void hash_event(void *owner, const struct event *event)
{
    auto *result = static_cast<struct guest_result *>(owner);
    const auto *bytes = reinterpret_cast<const unsigned char *>(event);
    for (size_t i = 0; i < sizeof *event; i++)
        result->event_hash = (result->event_hash ^ bytes[i]) * 0x100000001B3u;
}

void count_hart(struct guest_result &result, const struct hart *hart)
{
    const struct hart_counters &counters = *hart_counters(hart);
    const uint64_t sum = counters.user_cycles + counters.supervisor_cycles +
                         counters.machine_cycles + counters.sleep_cycles;
    result.unbalanced += sum != hart_now(hart);
}

void look_back(struct guest_result &result, const struct guest_run &run,
               const struct platform &platform)
{
    const struct coherence_counters &coherence = platform.coherence.counters;
    result.migrations = coherence.cache_answers + coherence.invalidations;
    result.skew_cycles = bus_total(&platform.bus).skew_cycles;
    result.blocks = platform.bus.kind[REQUEST_BLOCK_WORD].tenures;
    for (unsigned i = 0; i < platform.hart_count; i++)
        count_hart(result, platform.harts[i]);
    uint64_t address;
    for (unsigned i = 0; i < GUEST_WORDS; i++)
        if (run.words[i] && elf_image_symbol(&platform.images.kernel.elf, run.words[i], &address))
            std::memcpy(&result.word[i], ram_at(&platform.ram, address), 8);
}

void set_word(const struct platform &platform, const char *name, uint64_t value)
{
    uint64_t address;
    if (elf_image_symbol(&platform.images.kernel.elf, name, &address))
        std::memcpy(ram_at(&platform.ram, address), &value, 8);
}

/* Random code, to which every trap returns, and registers that point at RAM, devices and the
 * mechanism. */
void make_noise(const struct platform &platform, unsigned seed)
{
    constexpr uint64_t places[] = {MAP_RAM_BASE,   MAP_RAM_BASE + 0x8000, MAP_MECHANISM_BASE,
                                   MAP_CLINT_BASE, MAP_SSWI_BASE,         MAP_UART0_BASE};
    constexpr unsigned place_count = sizeof places / sizeof *places;
    constexpr uint64_t code_bytes = 0x10000;
    std::mt19937_64 random(seed);
    for (uint64_t i = 0; i < code_bytes; i += 8) {
        const uint64_t word = random();
        std::memcpy(ram_at(&platform.ram, platform.ram.base + i), &word, 8);
    }
    for (unsigned i = 0; i < platform.hart_count; i++) {
        for (unsigned x = 1; x < 32; x++)
            hart_set_x(platform.harts[i], x,
                       places[random() % place_count] + random() % 64 * 8 +
                           random() % 6 * MAP_MECHANISM_WINDOW * (x % 4 == 0));
        hart_csr_write(platform.harts[i], 0x305 /* mtvec */,
                       platform.ram.base + random() % code_bytes / 4 * 4);
    }
}

void run_here(struct guest_result &result, const struct guest_run &run,
              const missive::Extend &extend)
{
    struct parameters parameters;
    parameters_default(&parameters);
    parameters.machine_hosts = run.hosts ? run.hosts : 1;
    parameters.machine_ram_mib = 16;
    if (run.quantum_cycles)
        parameters.machine_quantum_cycles = parameters.machine_untimed_quantum_cycles =
            run.quantum_cycles;
    if (run.untimed)
        parameters.machine_timing = "none";
    parameters.machine_timing_from_cycle = run.timing_from_cycle;
    parameters.machine_timing_from_instruction = run.timing_from_instruction;
    parameters.machine_timing_from_marker = run.timing_from_marker;
    if (run.mechanism)
        parameters.machine_mechanism = run.mechanism;
    Text console = {run.input, result.output, 0, sizeof result.output};
    Text errors = {nullptr, result.errors, 0, sizeof result.errors};
    Progress progress = {stream_create(), run.grant_cycles};
    stream_add_fold(progress.stream, {&result, hash_event, nullptr});
    const std::string kernel = std::string(TEST_PROGRAMS "/") + run.program + ".elf";

    struct platform_config config = {};
    config.parameters = &parameters;
    config.kernel_path = kernel.c_str();
    config.probe = run.deaf ? nullptr : stream_probe(progress.stream);
    config.console = {&console, put, get};
    config.error_console = {&errors, put, get};
    struct platform *platform = platform_create(&config, &result.problem);
    if (!platform)
        return;
    set_word(*platform, "harts", parameters.machine_hosts);
    if (run.noise)
        make_noise(*platform, run.noise);
    if (run.rounds)
        set_word(*platform, "rounds", run.rounds);
    struct engine_options options = {};
    options.until_cycle = run.until_cycle ? run.until_cycle : CYCLE_NEVER;
    options.timeout_seconds = run.timeout_seconds > 0 ? run.timeout_seconds : 20;
    options.owner = &progress;
    options.reached = reached;
    result.outcome = missive::run(*platform, options, extend);
    stream_finish(progress.stream, result.outcome.cycles);
    result.events = stream_event_count(progress.stream);
    result.late_events = stream_late_count(progress.stream);
    look_back(result, run, *platform);
    stream_destroy(progress.stream);
    platform_destroy(platform);
    result.ran = true;
}

} // namespace

struct guest_result run_guest_extended(const struct guest_run &run, const missive::Extend &extend)
{
    void *shared = mmap(nullptr, sizeof(struct guest_result), PROT_READ | PROT_WRITE,
                        MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    auto *result = new (shared) guest_result();
    const pid_t child = fork();
    if (child == 0) {
        run_here(*result, run, extend);
        _exit(0);
    }
    int status = 0;
    waitpid(child, &status, 0);
    struct guest_result copy = *result;
    munmap(shared, sizeof copy);
    if (!WIFEXITED(status) || WEXITSTATUS(status) != 0)
        copy.ran = false;
    return copy;
}

struct guest_result run_guest(const struct guest_run *run)
{
    return run_guest_extended(*run, nullptr);
}
