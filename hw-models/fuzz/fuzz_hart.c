/* SPDX-License-Identifier: Apache-2.0 */
/* Harts on arbitrary code, in any mode the code can reach, with arbitrary registers, page tables, snoops and interrupts.
 * Whatever they do: no crash, no request outside the contract, no clock that runs away, cycles that add up, and no
 * line with two owners. */
#include <string.h>

#include "fuzz/input.h"
#include "test/lockstep.h"

#define RAM_ADDRESS UINT64_C(0x80000000)
#define RAM_BYTES 0x10000u
#define STEPS 400
#define LONGEST_CYCLES 10000 /* of one step: the longest instruction, a trap and a request */

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size);

/* A number that is often an address in RAM. */
static uint64_t value(struct input *input)
{
    uint8_t kind = (uint8_t)input_number(input, 1);
    return kind < 128 ? RAM_ADDRESS + input_number(input, 2) : input_number(input, kind % 8 + 1);
}

static void set_csrs(struct hart *hart, struct input *input)
{
    static const uint16_t numbers[] = {0x300, 0x302, 0x303, 0x304, 0x305, 0x341, 0x105, 0x141,
                                       0x180, 0x30a, 0x306, 0x106, 0x3a0, 0x3b0, 0x003, 0x14d};
    unsigned chosen = (unsigned)input_number(input, 2);
    for (size_t i = 0; i < sizeof numbers / sizeof *numbers; i++)
        if (chosen >> i & 1)
            hart_csr_write(hart, numbers[i],
                           numbers[i] == 0x180
                               ? UINT64_C(8) << 60 | 0x80000 | input_number(input, 1)
                               : value(input));
}

/* The rest of the input fills RAM, again and again. */
static void fill(struct lockstep *platform, const struct input *input)
{
    for (size_t at = 0; input->left && at < RAM_BYTES; at += input->left) {
        size_t room = RAM_BYTES - at;
        lockstep_write(platform, RAM_ADDRESS + at, input->next,
                       input->left < room ? input->left : room);
    }
}

static void start(struct lockstep *platform, struct input *input)
{
    for (unsigned i = 0; i < platform->options.hart_count; i++) {
        struct hart *hart = platform->harts[i].hart;
        for (unsigned x = 1; x < 32; x++)
            hart_set_x(hart, x, x % 4 ? RAM_ADDRESS + 0x800 * x : value(input));
        set_csrs(hart, input);
        hart_set_pc(hart, RAM_ADDRESS + (input_number(input, 2) & (RAM_BYTES - 2)));
    }
    fill(platform, input);
}

static void check(struct lockstep *platform)
{
    for (unsigned i = 0; i < platform->options.hart_count; i++) {
        const struct hart *hart = platform->harts[i].hart;
        const struct hart_counters *c = hart_counters(hart);
        must(c->user_cycles + c->supervisor_cycles + c->machine_cycles + c->sleep_cycles ==
             hart_now(hart));
        must(hart_x(hart, 0) == 0 && hart_pc(hart) % 2 == 0);
    }
}

static void interrupt(struct lockstep *platform)
{
    static const uint8_t lines[] = {1, 3, 5, 7, 9, 11};
    unsigned hart = (unsigned)random_below(&platform->random, platform->options.hart_count);
    struct hart *model = platform->harts[hart].hart;
    hart_set_interrupt(model, lines[random_below(&platform->random, sizeof lines)],
                       random_chance(&platform->random, 500), hart_now(model));
    lockstep_wake(platform, hart);
}

static void run(struct lockstep *platform)
{
    for (unsigned i = 0; i < STEPS; i++) {
        cycle_t before[LOCKSTEP_MAX_HARTS];
        for (unsigned h = 0; h < platform->options.hart_count; h++)
            before[h] = hart_now(platform->harts[h].hart);
        if (random_chance(&platform->random, 20))
            interrupt(platform);
        int hart = lockstep_step(platform);
        must(!platform->error);
        if (hart < 0)
            continue;
        cycle_t now = hart_now(platform->harts[hart].hart);
        must(now >= before[hart]);
        must(platform->harts[hart].state == LOCKSTEP_WAITING ||
             now - before[hart] < LONGEST_CYCLES || platform->harts[hart].serve_at >= before[hart]);
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size)
{
    struct input input = {bytes, size};
    struct random random = {input_number(&input, 2)};
    struct lockstep platform;
    struct lockstep_options options = {
        .hart_count = 1 + (unsigned)random_below(&random, 3),
        .config = lockstep_random_config(&random),
        .ram_base = RAM_ADDRESS,
        .ram_bytes = RAM_BYTES,
        .seed = random_word(&random),
        .max_delay_cycles = (unsigned)random_below(&random, 50),
        .max_slice_cycles = 1 + (unsigned)random_below(&random, 100),
        .disturb_permille = (unsigned)random_below(&random, 300),
        .disturb_invalidate = true,
    };
    options.config.l1_enabled = random_chance(&random, 850);
    must(lockstep_init(&platform, &options));
    start(&platform, &input);
    run(&platform);
    lockstep_share(&platform, RAM_ADDRESS, RAM_ADDRESS + RAM_BYTES);
    lockstep_settle(&platform);
    must(!platform.error);
    check(&platform);
    lockstep_free(&platform);
    return 0;
}
