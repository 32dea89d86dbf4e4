/* SPDX-License-Identifier: Apache-2.0 */
/* Each mechanism of the pipeline by a loop of its own, in steady state: cycles of an iteration. The figures are those of the
 * measured core, where it was measured; see core.def. */
#include "core/harness.h"

#define DATA (RAM_BASE + 0x8000)
#define DIVU(rd, rs1, rs2) R_TYPE(1, rs2, rs1, 5, rd, 0x33)
#define DIV(rd, rs1, rs2) R_TYPE(1, rs2, rs1, 4, rd, 0x33)
#define MULHU(rd, rs1, rs2) R_TYPE(1, rs2, rs1, 3, rd, 0x33)
#define MULW(rd, rs1, rs2) R_TYPE(1, rs2, rs1, 0, rd, 0x3b)
#define CLMUL(rd, rs1, rs2) R_TYPE(5, rs2, rs1, 1, rd, 0x33)
#define CLMULH(rd, rs1, rs2) R_TYPE(5, rs2, rs1, 3, rd, 0x33)
#define FDIV_D(rd, rs1, rs2) R_TYPE(0x0d, rs2, rs1, 7, rd, 0x53)
#define FSGNJ_D(rd, rs1, rs2) R_TYPE(0x11, rs2, rs1, 0, rd, 0x53)
#define FLT_D(rd, rs1, rs2) R_TYPE(0x51, rs2, rs1, 1, rd, 0x53)
#define FMV_D_X(rd, rs1) R_TYPE(0x79, 0, rs1, 0, rd, 0x53)
#define FMV_X_D(rd, rs1) R_TYPE(0x71, 0, rs1, 0, rd, 0x53)
#define AMOADD_D_AQRL(rd, rs2, rs1) (AMOADD_D(rd, rs2, rs1) | 3u << 25)
#define ANDI(rd, rs1, imm) I_TYPE(imm, rs1, 7, rd, 0x13)
#define LOOP_MAX 40
#define MSCRATCH 0x340

static uint64_t a = 7, b = 3;

static struct machine *loaded(const uint32_t *body, size_t count, unsigned iterations)
{
    const struct hart_config config = default_config();
    struct machine *m = machine_create(&config, NULL, false);
    uint32_t code[LOOP_MAX];
    assert_true(count + 5 <= LOOP_MAX);
    memcpy(code, body, count * sizeof *body);
    code[count] = ADDI(20, 20, -1);
    code[count + 1] = BNE(20, 0, -4 * (int)(count + 1));
    memcpy(&code[count + 2], (const uint32_t[]){END}, sizeof(const uint32_t[]){END});
    machine_put(m, RAM_BASE, code, sizeof code);
    set_csr(m, CSR_MSTATUS, 3 << 13);
    hart_set_x(m->hart, 10, DATA);
    hart_set_x(m->hart, 11, DATA + 512);
    hart_set_x(m->hart, 12, a);
    hart_set_x(m->hart, 13, b);
    hart_set_x(m->hart, 20, iterations);
    return m;
}

static cycle_t end_of(const uint32_t *body, size_t count, unsigned iterations, cycle_t slice)
{
    struct machine *m = loaded(body, count, iterations);
    m->slice = slice;
    machine_run(m, 1000000);
    assert_true(m->stopped);
    cycle_t end = hart_request(m->hart)->cycle;
    machine_free(m);
    return end;
}

/* Of 50 iterations, so that what repeats every two or five counts in full. */
static unsigned cycles_of(const uint32_t *body, size_t count)
{
    cycle_t cycles = end_of(body, count, 150, 0) - end_of(body, count, 100, 0);
    for (cycle_t slice = 1; slice < 20; slice = 2 * slice + 1)
        assert_int_equal(end_of(body, count, 150, slice) - end_of(body, count, 100, slice), cycles);
    return (unsigned)cycles;
}

#define COUNT(...) (sizeof(uint32_t[]){__VA_ARGS__} / sizeof(uint32_t))
/* With the two instructions that close the loop. */
#define ITERATION(cycles, ...)                                                                     \
    assert_int_equal(cycles_of((const uint32_t[]){__VA_ARGS__}, COUNT(__VA_ARGS__)), 50 * (cycles))

static void test_loads(void **state)
{
    (void)state;
    ITERATION(2 + 2, NOP, NOP);
    ITERATION(3 + 2, LD(5, 0, 10), ADD(6, 5, 5));
    ITERATION(3 + 2, LD(5, 0, 10), NOP, ADD(6, 5, 5));
    ITERATION(4 + 2, LBU(5, 0, 10), ADD(6, 5, 5));
    ITERATION(3 + 2, LD(5, 0, 10), ADDI(5, 10, 1)); /* it may not be overtaken */
    ITERATION(2 + 2, LD(5, 0, 10), LD(6, 8, 10));
    ITERATION(6 + 2, FLD(1, 0, 10), FLD(2, 8, 10), FSD(1, 64, 10), FSD(2, 72, 10));
}

static void test_load_behind_a_store(void **state)
{
    (void)state;
    ITERATION(2 + 2, SD(5, 0, 10), LD(6, 64, 10));
    ITERATION(7 + 2, SD(5, 0, 10), LD(6, 0, 10));
    ITERATION(2 + 2, SW(5, 0, 10), LW(6, 4, 10));
    ITERATION(8 + 2, SD(5, 512, 10), NOP, LD(6, 0, 11)); /* told when it runs */
    ITERATION(3 + 2, SD(5, 512, 10), NOP, LD(6, 8, 11));
    ITERATION(4 + 2, SD(5, 0, 10), NOP, NOP, LD(6, 0, 10));
    ITERATION(5 + 2, SD(5, 0, 10), LD(6, 64, 10), LD(7, 72, 10), LD(8, 80, 10), NOP);
    ITERATION(9 + 2, SD(5, 0, 10), LD(6, 64, 10), LD(7, 72, 10), LD(8, 0, 10));
}

static void test_multiplier_and_divider(void **state)
{
    (void)state;
    a = UINT64_C(0xfedcba9876543211), b = 3;
    ITERATION(11 + 2, MUL(5, 12, 13), ADD(6, 5, 5));
    ITERATION(20, MUL(5, 12, 13), MUL(6, 12, 13)); /* the loop's end is hidden */
    ITERATION(11 + 2, MULHU(5, 13, 12), ADD(6, 5, 5));
    ITERATION(7 + 2, MULW(5, 12, 13), ADD(6, 5, 5));
    ITERATION(5 + 2, MUL(5, 13, 12), ADD(6, 5, 5));                     /* rs1 is small */
    ITERATION(6 + 2, MUL(5, 13, 12), NOP, NOP, NOP, NOP, ADD(6, 5, 5)); /* nops write nothing */
    ITERATION(9 + 2, MUL(5, 13, 12), ADDI(6, 6, 1), ADDI(6, 6, 1), ADDI(6, 6, 1), ADDI(6, 6, 1),
              ADD(6, 5, 5)); /* the write port is taken up to here */
    ITERATION(67 + 1 + 2, DIVU(5, 12, 13), ADD(6, 5, 5));
    a = 200;
    ITERATION(11 + 1 + 2, DIVU(5, 12, 13), ADD(6, 5, 5));
    ITERATION(67 + 1 + 2, DIVU(5, 12, 0), ADD(6, 5, 5));
    a = (uint64_t)-1000000, b = 7;
    ITERATION(24 + 1 + 2, DIV(5, 12, 13), ADD(6, 5, 5));
    a = UINT64_C(0xfedcba9876543211), b = 3;
    ITERATION(11 + 2, CLMUL(5, 12, 13), ADD(6, 5, 5)); /* as mul and mulhu */
    ITERATION(5 + 2, CLMUL(5, 13, 12), ADD(6, 5, 5));
    ITERATION(11 + 2, CLMULH(5, 13, 12), ADD(6, 5, 5));
}

static void test_floating_point(void **state)
{
    (void)state;
    ITERATION(6, FADD_D(1, 1, 2), NOP);
    ITERATION(12, FADD_D(1, 1, 2), FADD_D(1, 1, 2));
    ITERATION(6, FADD_D(1, 2, 3), FADD_D(4, 2, 3)); /* the same results again */
    ITERATION(6 + 2, FADD_D(1, 2, 3), FADD_D(4, 2, 3), FADD_D(5, 2, 3), FADD_D(6, 2, 3),
              FADD_D(7, 2, 3), FADD_D(8, 2, 3));
    ITERATION(58 + 4, FDIV_D(2, 1, 3), FSGNJ_D(1, 1, 2));
    ITERATION(2 * 58, FDIV_D(2, 1, 3), FDIV_D(4, 1, 3));
    ITERATION(3 + 1 + 2, FLT_D(5, 1, 2), ADD(6, 5, 5));
    ITERATION(4 + 3, FMV_D_X(1, 5), FMV_X_D(5, 1));
}

static void test_order(void **state)
{
    (void)state;
    ITERATION(2 + 2, FENCE, FENCE);
    ITERATION(8, SD(5, 0, 10), FENCE, SD(5, 0, 10), FENCE);
    ITERATION(8, AMOADD_D_AQRL(5, 6, 10), AMOADD_D_AQRL(5, 6, 10));
    ITERATION(7 + 8, AMOADD_D(5, 6, 10), AMOADD_D(5, 6, 10));
    ITERATION(6 + 8, AMOADD_D(0, 6, 10), AMOADD_D(0, 6, 10));
    ITERATION(7 + 2, LR_D(5, 10), ADDI(5, 5, 1), SC_D(6, 5, 10), ADD(6, 6, 6));
    ITERATION(3 + 3, CSRRS(5, MSCRATCH, 0), CSRRS(5, MSCRATCH, 0));
    ITERATION(2 + 2, CSRRS(5, MSCRATCH, 0), CSRRS(6, MSCRATCH, 0));
    ITERATION(1 + 2, CSRRW(0, MSCRATCH, 5));
    ITERATION(1 + 4 + 2, CSRRW(0, CSR_MTVEC, 5)); /* may change what comes next */
}

static void test_prediction(void **state)
{
    (void)state;
    ITERATION(1 + 2, JAL(0, 4));
    ITERATION(1 + 2, BEQ(0, 0, 4));
    ITERATION(1 + 2, BNE(0, 0, 4));
    ITERATION(5 + 2, JAL(1, 12), ADDI(5, 5, 1), JAL(0, 12), ADDI(6, 6, 1), JALR(0, 1, 0));
}

/* How many jumps the BTB holds in truth depends on where pseudo-LRU puts them: it may keep 21 in 16 + 8 + 4 entries or not. */
static void test_targets(void **state)
{
    uint32_t jumps[34];
    (void)state;
    for (unsigned n = 0; n < 34; n++)
        jumps[n] = JAL(0, 4);
    assert_int_equal(cycles_of(jumps, 12), 50 * 14);
    assert_int_equal(cycles_of(jumps, 34), 50 * (36 + 35)); /* more than the BTB holds */
}

static uint64_t sum_of_stack(const struct hart *hart)
{
    const struct hart_counters *c = hart_counters(hart);
    uint64_t sum = 0;
#define STALL(id, doc) sum += c->stack_##id##_cycles;
#include "core/cpi_stack.def"
#undef STALL
    return sum;
}

static void test_cycles_add_up(void **state)
{
    const uint32_t body[] = {LD(5, 0, 10),
                             ADD(6, 5, 5),
                             MUL(7, 12, 6),
                             ADD(7, 7, 7),
                             FADD_D(1, 1, 2),
                             FENCE,
                             SD(7, 0, 11),
                             LD(8, 512, 10),
                             AMOADD_D(5, 6, 10),
                             ANDI(9, 20, 3),
                             BNE(9, 0, 8),
                             ECALL,
                             CSRRW(0, CSR_MTVEC, 21),
                             PAUSE,
                             ADDI(11, 11, 64),
                             FDIV_D(3, 1, 2),
                             FSGNJ_D(4, 3, 3)};
    const uint32_t handler[] = {CSRRS(18, 0x341, 0), ADDI(18, 18, 4), CSRRW(0, 0x341, 18), MRET};
    (void)state;
    for (cycle_t slice = 0; slice < 40; slice += 13) {
        struct machine *m = loaded(body, sizeof body / sizeof *body, 100);
        m->slice = slice;
        hart_set_x(m->hart, 21, RAM_BASE + 0x2000);
        set_csr(m, CSR_MTVEC, RAM_BASE + 0x2000);
        machine_put(m, RAM_BASE + 0x2000, handler, sizeof handler);
        machine_run(m, 1000000);
        assert_true(m->stopped);
        const struct hart_counters *c = hart_counters(m->hart);
        assert_int_equal(sum_of_stack(m->hart), hart_now(m->hart));
        assert_int_equal(c->stack_base_cycles, c->instructions);
        assert_true(c->stack_interlock_cycles >= 100 && c->stack_multiply_cycles >= 100);
        assert_true(c->stack_fence_cycles >= 31 * 100 && c->stack_fp_cycles >= 100);
        assert_true(c->stack_branch_cycles > 0 && c->stack_trap_cycles >= 25 * 9);
        machine_free(m);
    }
}

/* The store to a device is on its way when timing begins; a block with timing has more entries before it. */
static void test_timing_begins_in_a_block(void **state)
{
    const uint32_t code[] = {SD(12, 0, 10), LD(5, 0, 11), MUL(6, 5, 5), ADD(7, 6, 6), SD(12, 0, 13),
                             LD(8, 0, 10),  MUL(6, 8, 8), ADD(7, 6, 6), END};
    struct hart_config config = default_config();
    (void)state;
    config.untimed = true;
    struct machine *m = machine_create(&config, NULL, false);
    machine_put(m, RAM_BASE, code, sizeof code);
    hart_set_x(m->hart, 10, DATA);
    hart_set_x(m->hart, 11, DATA + 512);
    hart_set_x(m->hart, 12, 5);
    hart_set_x(m->hart, 13, SCRATCH);
    assert_int_equal(hart_run(m->hart, 1000), HART_REQUEST);
    assert_int_equal(hart_request(m->hart)->address, SCRATCH);
    hart_begin_timing(m->hart);
    machine_answer(m);
    machine_run(m, 1000000);
    assert_true(m->stopped);
    assert_int_equal(m->requests[REQUEST_STORE], 2); /* it and the one that stops */
    assert_int_equal(m->scratch, 5);
    assert_int_equal(hart_x(m->hart, 7), 50);
    assert_int_equal(sum_of_stack(m->hart), hart_now(m->hart));
    machine_free(m);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_loads),
        cmocka_unit_test(test_load_behind_a_store),
        cmocka_unit_test(test_multiplier_and_divider),
        cmocka_unit_test(test_floating_point),
        cmocka_unit_test(test_order),
        cmocka_unit_test(test_prediction),
        cmocka_unit_test(test_targets),
        cmocka_unit_test(test_cycles_add_up),
        cmocka_unit_test(test_timing_begins_in_a_block),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
