/* SPDX-License-Identifier: Apache-2.0 */
/* How fast one hart runs alone: guest MIPS of a small loop of loads, stores and arithmetic, all in
 * L1, with timing on; without and with a stop every 20 cycles, as other masters would cause.
 * Processor time, so that a busy machine matters less. Prints two lines; measures the model without
 * the engine. */
#include <stdio.h>
#include <time.h>

#include "core/harness.h"

#define CYCLES 300000000

static void measure(const char *what, cycle_t slice)
{
    static const uint32_t loop[] = {
        LD(11, 0, 10),   ADDI(11, 11, 1), SD(11, 0, 10),   ADD(12, 11, 13),
        SLLI(14, 12, 3), SUB(15, 14, 12), LW(16, 8, 10),   NOP,
        ADD(16, 16, 15), SW(16, 8, 10),   ADDI(13, 13, 1), BNE(13, 0, -44),
    };
    struct hart_config config = default_config();
    struct machine *m = machine_create(&config, NULL, false);
    machine_put(m, RAM_BASE, loop, sizeof loop);
    hart_set_x(m->hart, 10, RAM_BASE + 0x1000);
    hart_set_x(m->hart, 13, 1);
    m->slice = slice;

    clock_t begin = clock();
    machine_run(m, CYCLES);
    double seconds = (double)(clock() - begin) / CLOCKS_PER_SEC;
    printf("%s: %.0f guest MIPS\n", what,
           (double)hart_counters(m->hart)->instructions / seconds / 1e6);
    machine_free(m);
}

int main(void)
{
    measure("alone", 0);
    measure("in slices of 20 cycles", 20);
    return 0;
}
