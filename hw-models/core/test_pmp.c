/* SPDX-License-Identifier: Apache-2.0 */
/* Physical memory protection: what each kind of entry holds, to the byte; that nothing remembered
 * outlives a change; and that code ends where permission does, within a line and an instruction. */
#include "core/harness.h"

#define HANDLER (RAM_BASE + 0x1000)
#define CODE (RAM_BASE + 0x100) /* the beginning of a line */
#define DATA (RAM_BASE + 0x8000)
#define S 1
#define M 3
#define C_NOP 0x0001

enum { NONE, R = 1, W = 2, X = 4, TOR = 8, NA4 = 16, NAPOT = 24, LOCKED = 128 };

static struct machine *machine(void)
{
    const struct hart_config config = default_config();
    struct machine *m = machine_create(&config, NULL, false);
    const uint32_t end[] = {END};
    machine_put(m, HANDLER, end, sizeof end);
    set_csr(m, CSR_MTVEC, HANDLER);
    return m;
}

/* Entry 15 is everything; locked entries stay until the next machine. */
static void open_the_rest(struct machine *m)
{
    set_csr(m, CSR_PMPADDR0 + 15, UINT64_MAX);
    set_csr(m, CSR_PMPCFG0 + 2, (uint64_t)(NAPOT | R | W | X) << 56);
}

/* Enters `mode` at `pc`: how it ends. */
static uint64_t cause_at(struct machine *m, unsigned mode, uint64_t pc)
{
    const uint32_t mret = MRET;
    machine_put(m, RAM_BASE, &mret, sizeof mret);
    set_csr(m, CSR_MEPC, pc);
    set_csr(m, CSR_MSTATUS, (uint64_t)mode << 11);
    hart_set_pc(m->hart, RAM_BASE);
    machine_run(m, hart_now(m->hart) + 10000);
    assert_true(m->stopped);
    return csr(m, CSR_MCAUSE);
}

/* What an entry with another below it lets a mode do. ECALL's cause: it was permitted. */
static void test_ranges(void **state)
{
    enum { OK = 0, LOAD = 5, STORE = 7 };
    static const struct {
        uint64_t bottom, address; /* pmpaddr0, pmpaddr1; words from DATA */
        unsigned config, mode;
        uint32_t word; /* x10 is DATA */
        uint64_t cause;
    } cases[] = {
        {0, 4, NA4 | R, S, LW(5, 16, 10), OK},
        {0, 4, NA4 | R, S, SW(5, 16, 10), STORE},
        {0, 4, NA4, S, LW(5, 16, 10), LOAD},
        {0, 4, NA4, S, LW(5, 12, 10), OK},
        {0, 4, NA4, S, LB(5, 19, 10), LOAD},
        {0, 4, NA4, S, LB(5, 20, 10), OK},
        {0, 4, NA4 | R, S, LD(5, 16, 10), LOAD}, /* half of it is another's */
        {0, 4, NA4 | R, S, LD(5, 13, 10), LOAD},
        {0, 4, NAPOT | R, S, LD(5, 16, 10), OK}, /* 8 bytes */
        {0, 4, NAPOT, S, LB(5, 23, 10), LOAD},
        {0, 4, NAPOT, S, LB(5, 24, 10), OK},
        {0, 5, NAPOT, S, LB(5, 31, 10), LOAD}, /* 16 bytes */
        {0, 5, NAPOT, S, LB(5, 32, 10), OK},
        {1, 3, TOR, S, LW(5, 0, 10), OK},
        {1, 3, TOR, S, LW(5, 4, 10), LOAD},
        {1, 3, TOR, S, LW(5, 8, 10), LOAD},
        {1, 3, TOR, S, LW(5, 12, 10), OK},
        {1, 3, TOR | R, S, LD(5, 8, 10), LOAD},
        {3, 1, TOR, S, LW(5, 4, 10), OK}, /* empty */
        {2, 2, TOR, S, LW(5, 8, 10), OK},
        {0, 4, NA4, M, LW(5, 16, 10), OK},
        {0, 4, NA4 | LOCKED, M, LW(5, 16, 10), LOAD},
        {0, 4, NA4 | LOCKED | R, M, SW(5, 16, 10), STORE},
        {0, 4, NA4 | R, M, LD(5, 16, 10), LOAD}, /* whatever the mode */
        {0, 4, NA4, S, AMOADD_D(5, 0, 10), OK},
        {0, 0, NA4 | R, S, AMOADD_D(5, 0, 10), STORE},
    };
    (void)state;
    for (size_t n = 0; n < sizeof cases / sizeof cases[0]; n++) {
        const uint32_t code[] = {cases[n].word, ECALL};
        struct machine *m = machine();
        machine_put(m, CODE, code, sizeof code);
        open_the_rest(m);
        hart_set_x(m->hart, 10, DATA);
        set_csr(m, CSR_PMPADDR0, (DATA >> 2) + cases[n].bottom);
        set_csr(m, CSR_PMPADDR0 + 1, (DATA >> 2) + cases[n].address);
        set_csr(m, CSR_PMPCFG0, (uint64_t)cases[n].config << 8);
        uint64_t wanted = cases[n].cause ? cases[n].cause : 8 + cases[n].mode;
        uint64_t cause = cause_at(m, cases[n].mode, CODE);
        if (cause != wanted)
            fail_msg("case %zu: cause %lu, should be %lu", n, (unsigned long)cause,
                     (unsigned long)wanted);
        machine_free(m);
    }
}

/* A page, as most software has it: read only between two others. */
static void test_pages(void **state)
{
    struct machine *m = machine();
    const uint32_t code[] = {LD(5, 0, 10), SD(5, 0, 10), ECALL};
    (void)state;
    machine_put(m, CODE, code, sizeof code);
    set_csr(m, CSR_PMPADDR0, DATA >> 2);
    set_csr(m, CSR_PMPADDR0 + 1, (DATA + 0x2000) >> 2);
    set_csr(m, CSR_PMPADDR0 + 2, UINT64_MAX);
    set_csr(m, CSR_PMPCFG0, 0x1f090f);
    hart_set_x(m->hart, 10, DATA + 0x1000);
    assert_int_equal(cause_at(m, S, CODE), 7);
    assert_int_equal(csr(m, CSR_MEPC), CODE + 4);
    assert_int_equal(csr(m, CSR_MTVAL), DATA + 0x1000);
    assert_int_equal(cause_at(m, M, CODE), 11);
    set_csr(m, CSR_PMPCFG0, 0x1f890f);
    assert_int_equal(cause_at(m, M, CODE), 7);
    set_csr(m, CSR_PMPCFG0, 0);
    assert_int_equal(csr(m, CSR_PMPCFG0), 0x8900);
    assert_int_equal(cause_at(m, S, CODE), 1); /* nothing matches: nothing is allowed */
    machine_free(m);
}

/* The same access before and after: the filter and the blocks had every reason to remember it. */
static void test_changes_are_seen_at_once(void **state)
{
    struct machine *m = machine();
    const uint32_t code[] = {LD(5, 0, 11), LD(5, 0, 10), NOP, ECALL}; /* of one line */
    (void)state;
    machine_put(m, CODE, code, sizeof code);
    open_the_rest(m);
    hart_set_x(m->hart, 11, DATA);
    hart_set_x(m->hart, 10, DATA + 16);
    for (unsigned n = 0; n < 3; n++) {
        set_csr(m, CSR_PMPCFG0, NONE);
        assert_int_equal(cause_at(m, S, CODE), 9);
        set_csr(m, CSR_PMPADDR0, (DATA + 16) >> 2);
        set_csr(m, CSR_PMPCFG0, NA4 | X);
        assert_int_equal(cause_at(m, S, CODE), 5);
        set_csr(m, CSR_PMPADDR0, (CODE + 8) >> 2); /* the third instruction */
        set_csr(m, CSR_PMPCFG0, NA4 | R | W);
        assert_int_equal(cause_at(m, S, CODE), 1);
        assert_int_equal(csr(m, CSR_MEPC), CODE + 8);
        assert_int_equal(csr(m, CSR_MTVAL), CODE + 8);
    }
    machine_free(m);
}

/* A long instruction whose second half is another entry's, two bytes behind a short one. */
static void test_fetch_of_halves(void **state)
{
    struct machine *m = machine();
    const uint16_t c_nop = C_NOP;
    const uint32_t code[] = {ADDI(9, 0, 7), ECALL};
    (void)state;
    machine_put(m, CODE, &c_nop, sizeof c_nop);
    machine_put(m, CODE + 2, code, sizeof code);
    open_the_rest(m);
    set_csr(m, CSR_PMPADDR0, (CODE + 4) >> 2);
    set_csr(m, CSR_PMPCFG0, NA4 | R);
    assert_int_equal(cause_at(m, S, CODE), 1);
    assert_int_equal(csr(m, CSR_MEPC), CODE + 2);
    assert_int_equal(csr(m, CSR_MTVAL), CODE + 4);
    assert_int_equal(hart_x(m->hart, 9), 0);
    set_csr(m, CSR_PMPCFG0, NA4 | X); /* each half has its permission */
    assert_int_equal(cause_at(m, S, CODE), 9);
    assert_int_equal(hart_x(m->hart, 9), 7);
    machine_free(m);
}

/* A loop over a boundary costs the same cycles with and without one that matters. */
static cycle_t loop_cycles(bool fine)
{
    struct machine *m = machine();
    const uint32_t code[] = {LD(5, 0, 10), SD(5, 8, 10), ADDI(9, 9, -1), BNE(9, 0, -12), ECALL};
    machine_put(m, CODE, code, sizeof code);
    open_the_rest(m);
    set_csr(m, CSR_PMPADDR0, (CODE + 8) >> 2);
    set_csr(m, CSR_PMPCFG0, fine ? NA4 | R | W | X : NONE);
    hart_set_x(m->hart, 9, 20);
    hart_set_x(m->hart, 10, DATA);
    assert_int_equal(cause_at(m, S, CODE), 9);
    assert_int_equal(hart_x(m->hart, 9), 0);
    cycle_t now = hart_now(m->hart);
    machine_free(m);
    return now;
}

static void test_protection_costs_nothing(void **state)
{
    (void)state;
    assert_int_equal(loop_cycles(true), loop_cycles(false));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_ranges),
        cmocka_unit_test(test_pages),
        cmocka_unit_test(test_changes_are_seen_at_once),
        cmocka_unit_test(test_fetch_of_halves),
        cmocka_unit_test(test_protection_costs_nothing),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
