/* SPDX-License-Identifier: Apache-2.0 */
/* How fast one hart runs alone, in guest MIPS: a small loop of loads, stores and arithmetic, all in
 * L1, with timing on, without and with a stop every 20 cycles, as other masters would cause; and a
 * loop of floating point, rounding to nearest and upwards. Processor time, so that a busy machine
 * matters less. Prints a line each; measures the model without the engine. */
#include <stdio.h>
#include <time.h>

#include "core/harness.h"

#define CYCLES 300000000

static void measure(const char *what, bool timed, cycle_t slice, const uint32_t *program,
                    size_t size_bytes)
{
    static const double operands[] = {1.1, 2.3, 0.7};
    struct hart_config config = default_config();
    config.untimed = !timed;
    struct machine *m = machine_create(&config, NULL, false);
    machine_put(m, RAM_BASE, program, size_bytes);
    machine_put(m, RAM_BASE + 0x1000, operands, sizeof operands);
    set_csr(m, CSR_MSTATUS, UINT64_C(1) << 13);
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

#define FP_D(f5, rd, rs1, rs2, rm) R_TYPE((f5) << 2 | 1, rs2, rs1, rm, rd, 0x53)
#define FMADD_D(rd, rs1, rs2, rs3, rm) R_TYPE((rs3) << 2 | 1, rs2, rs1, rm, rd, 0x43)
#define FLOATING_POINT(rm)                                                                         \
    {                                                                                              \
        FLD(1, 0, 10), FLD(2, 8, 10), FLD(3, 16, 10), FP_D(2, 4, 1, 2, rm), FP_D(0, 5, 4, 3, rm),  \
            FP_D(1, 6, 5, 1, rm), FP_D(3, 8, 6, 5, rm), FP_D(2, 9, 4, 8, rm),                      \
            FMADD_D(7, 4, 5, 6, rm), FP_D(0, 5, 9, 7, rm), FMADD_D(6, 2, 4, 9, rm),                \
            ADDI(13, 13, 1), BNE(13, 0, -36),                                                      \
    }

int main(void)
{
    static const uint32_t integer[] = {
        LD(11, 0, 10),   ADDI(11, 11, 1), SD(11, 0, 10),   ADD(12, 11, 13),
        SLLI(14, 12, 3), SUB(15, 14, 12), LW(16, 8, 10),   NOP,
        ADD(16, 16, 15), SW(16, 8, 10),   ADDI(13, 13, 1), BNE(13, 0, -44),
    };
    static const uint32_t to_nearest[] = FLOATING_POINT(0), upwards[] = FLOATING_POINT(3);
    measure("alone", true, 0, integer, sizeof integer);
    measure("in slices of 20 cycles", true, 20, integer, sizeof integer);
    measure("floating point", true, 0, to_nearest, sizeof to_nearest);
    measure("floating point, rounding up", true, 0, upwards, sizeof upwards);
    measure("without timing", false, 0, integer, sizeof integer);
    measure("without timing, floating point", false, 0, to_nearest, sizeof to_nearest);
    return 0;
}
