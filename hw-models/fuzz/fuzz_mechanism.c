/* SPDX-License-Identifier: Apache-2.0 */
/* Every mechanism of mechanisms.def, under arbitrary loads and stores to its windows from several masters at once, with RAM
 * that software corrupts meanwhile. Whatever they do: no crash, every access is answered, and the mechanism comes to rest. */
#include "fuzz/input.h"
#include "ipc/mechanism_table.h"
#include "ipc/test_machine.h"

#define OPERATIONS 400
#define RAM_SPAN 16384u /* about the RAM of test_machine, so that some places lie outside */

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size);

static void ask(struct test_machine *machine, unsigned master, struct input *input)
{
    uint8_t what = (uint8_t)input_number(input, 1);
    uint64_t place = input_number(input, 2) % (RAM_SPAN + 64) & ~(uint64_t)(what & 64 ? 0 : 7);
    uint64_t window = (uint64_t)(what & 7) * MAP_MECHANISM_WINDOW;
    uint64_t data = what & 32 ? input_number(input, 8)
                              : MAP_RAM_BASE + (input_number(input, 2) % RAM_SPAN & ~UINT64_C(7));
    if ((what & 7) == 3 || (what & 7) == 4)
        data = (uint64_t)(what >> 3 & 7) << 32 | input_number(input, 2) % 600;
    test_machine_ask(machine, master, what & 128 ? REQUEST_LOAD : REQUEST_STORE,
                     (MAP_MECHANISM_BASE + window + place) & ~UINT64_C(7), data);
}

/* Software that keeps to no rule. */
static void corrupt(struct test_machine *machine, struct input *input)
{
    struct ram *ram = &machine->caches.ram;
    uint64_t word = MAP_RAM_BASE + input_number(input, 2) % RAM_SPAN;
    uint64_t at = ram->base + (input_number(input, 2) & ~UINT64_C(7)) % (ram->size_bytes - 8);
    memcpy(ram_at(ram, at), &word, sizeof word);
}

static void run(struct test_machine *machine, struct input *input)
{
    for (unsigned i = 0; i < OPERATIONS && input->left; i++) {
        uint8_t what = (uint8_t)input_number(input, 1);
        unsigned master = what % TEST_CACHES;
        if (what >= 240)
            corrupt(machine, input);
        else if (!test_machine_busy(machine, master))
            ask(machine, master, input);
        for (unsigned cycles = what / TEST_CACHES; cycles; cycles--)
            test_machine_step(machine);
    }
    must(test_machine_settle(machine, TEST_PATIENCE));
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size)
{
    static struct test_machine machine;
    struct input input = {bytes, size};
    const struct mechanism *mechanism =
        mechanism_table[input_number(&input, 1) % mechanism_count].model;
    if (!mechanism->init)
        return 0;
    must(test_machine_init(&machine, mechanism, NULL) == STATUS_OK);
    run(&machine, &input);
    test_machine_free(&machine);
    return 0;
}
