/* SPDX-License-Identifier: Apache-2.0 */
/* Traps, privilege, interrupts and CSR instructions. Handlers stand at HANDLER_M and HANDLER_S and just end the
 * program, so that the test can look at what the trap left behind. */
#include "core/harness.h"

#define HANDLER_M (RAM_BASE + 0x1000)
#define HANDLER_S (RAM_BASE + 0x2000)
#define MPP_S (UINT64_C(1) << 11)
#define STCE (UINT64_C(1) << 63)

/* PMP open, handlers in place, floating point on. */
static struct machine *machine(void)
{
    const struct hart_config config = default_config();
    const uint32_t end[] = {END};
    struct machine *m = machine_create(&config, NULL, true);
    for (unsigned n = 0; n < 64; n++) { /* also as the targets of vectored interrupts */
        machine_put(m, HANDLER_M + 12 * n, end, sizeof end);
        machine_put(m, HANDLER_S + 12 * n, end, sizeof end);
    }
    set_csr(m, CSR_MTVEC, HANDLER_M);
    set_csr(m, CSR_STVEC, HANDLER_S);
    set_csr(m, CSR_PMPADDR0, UINT64_MAX);
    set_csr(m, CSR_PMPCFG0, 0x1f);
    set_csr(m, CSR_MSTATUS, UINT64_C(1) << 13);
    return m;
}

/* From M, where the hart is, to `status`.MPP at the code that follows. */
static void enter(struct machine *m, uint64_t status, const uint32_t *code, size_t bytes)
{
    const uint32_t mret = MRET;
    machine_put(m, RAM_BASE, &mret, sizeof mret);
    machine_put(m, RAM_BASE + 64, code, bytes);
    set_csr(m, CSR_MSTATUS, status);
    set_csr(m, CSR_MEPC, RAM_BASE + 64);
    start(m, RAM_BASE);
    machine_run(m, 1000000);
}

#define ENTER(m, status, ...)                                                                      \
    do {                                                                                           \
        const uint32_t code_[] = {__VA_ARGS__, END};                                               \
        enter(m, status, code_, sizeof code_);                                                     \
    } while (0)

static void expect_machine_trap(struct machine *m, uint64_t cause, uint64_t epc, uint64_t tval)
{
    assert_true(m->stopped);
    assert_int_equal(csr(m, CSR_MCAUSE), cause);
    assert_int_equal(csr(m, CSR_MEPC), epc);
    assert_int_equal(csr(m, CSR_MTVAL), tval);
}

static void test_exceptions_of_machine_mode(void **state)
{
    (void)state;
    static const struct {
        uint32_t word;
        uint64_t x10, cause, tval;
    } cases[] = {
        {ECALL, 0, 11, 0},
        {EBREAK, 0, 3, RAM_BASE + 4},
        {0xffffffff, 0, 2, 0xffffffff},
        {0x00000000, 0, 2, 0},
        {CSRRW(0, 0xf14, 10), 0, 2, CSRRW(0, 0xf14, 10)},
        {CSRRS(11, 0x7ff, 0), 0, 2, CSRRS(11, 0x7ff, 0)},
        {FADD_D(1, 2, 3) & ~0x2000u, 0, 2, FADD_D(1, 2, 3) & ~0x2000u}, /* rounding mode 5 */
        {LD(11, 8, 10), 0x1000, 5, 0x1008},
        {SD(11, 8, 10), 0x1000, 7, 0x1008},
        {LD(11, 1, 10), SCRATCH, 5, SCRATCH + 1},
        {LR_D(11, 10), RAM_BASE + 4, 4, RAM_BASE + 4},
        {SC_D(11, 0, 10), RAM_BASE + 4, 6, RAM_BASE + 4},
        {AMOADD_D(11, 0, 10), RAM_BASE + 4, 6, RAM_BASE + 4},
        {AMOADD_D(11, 0, 10), SCRATCH, 7, SCRATCH},
        {LR_D(11, 10), SCRATCH, 5, SCRATCH},
        {LD(11, -4, 10), RAM_BASE + RAM_BYTES, 5, RAM_BASE + RAM_BYTES},
    };
    for (size_t n = 0; n < sizeof cases / sizeof cases[0]; n++) {
        struct machine *m = machine();
        hart_set_x(m->hart, 10, cases[n].x10);
        hart_set_x(m->hart, 11, 77);
        uint64_t epc = RAM_BASE + 4;
        uint64_t tval = cases[n].tval;
        if (tval == RAM_BASE + RAM_BYTES)
            tval = cases[n].x10 - 0; /* the second half is outside RAM */
        RUN(m, NOP, cases[n].word, ADDI(11, 0, 1));
        expect_machine_trap(m, cases[n].cause, epc, tval);
        assert_int_equal(hart_x(m->hart, 11), 77);
        assert_int_equal(hart_counters(m->hart)->traps, 1);
        machine_free(m);
    }
}

static void test_fetch_outside_ram(void **state)
{
    struct machine *m = machine();
    (void)state;
    hart_set_x(m->hart, 10, 0x4000);
    RUN(m, JALR(1, 10, 2));
    expect_machine_trap(m, 1, 0x4002, 0x4002);
    assert_int_equal(hart_x(m->hart, 1), RAM_BASE + 4);
    machine_free(m);
}

static void test_delegation(void **state)
{
    struct machine *m = machine();
    (void)state;
    set_csr(m, CSR_MEDELEG, UINT64_MAX);
    assert_int_equal(csr(m, CSR_MEDELEG), 0xb3ff);
    ENTER(m, 0, NOP, ECALL); /* from U */
    assert_true(m->stopped);
    assert_int_equal(csr(m, CSR_SCAUSE), 8);
    assert_int_equal(csr(m, CSR_SEPC), RAM_BASE + 68);
    assert_int_equal(csr(m, CSR_SSTATUS) >> 8 & 1, 0);

    machine_free(m);

    m = machine();
    ENTER(m, MPP_S, ECALL);
    expect_machine_trap(m, 9, RAM_BASE + 64, 0);
    assert_int_equal(csr(m, CSR_MSTATUS) >> 11 & 3, 1);

    set_csr(m, CSR_MEDELEG, 1 << 2);
    RUN(m, 0xffffffff); /* never to a lesser privilege than it has */
    expect_machine_trap(m, 2, RAM_BASE, 0xffffffff);
    machine_free(m);
}

static void test_status_stack(void **state)
{
    struct machine *m = machine();
    (void)state;
    /* To S with MPIE set, MIE clear: MIE gets MPIE, MPIE becomes 1, MPP the least privilege. */
    ENTER(m, MPP_S | 1 << 7, CSRRS(5, CSR_SSTATUS, 0), ECALL);
    expect_machine_trap(m, 9, RAM_BASE + 68, 0);
    uint64_t status = csr(m, CSR_MSTATUS);
    assert_int_equal(status & (1 << 3), 0); /* MIE off in the handler */
    assert_int_equal(status >> 7 & 1, 1);   /* MPIE: it was on in S */
    assert_int_equal(status >> 11 & 3, 1);
    assert_int_equal(status >> 32 & 15, 10); /* UXL and SXL are 64 bits */
    machine_free(m);
}

static void test_what_lesser_modes_may_not_do(void **state)
{
    (void)state;
    enum { U = 0, S = 1 };
    static const struct {
        uint32_t word;
        uint64_t mode, status;
        bool legal;
    } cases[] = {
        {CSRRS(5, CSR_MSTATUS, 0), S, 0, false},
        {CSRRS(5, CSR_SSTATUS, 0), U, 0, false},
        {CSRRS(5, CSR_SSTATUS, 0), S, 0, true},
        {MRET, S, 0, false},
        {SRET, U, 0, false},
        {SRET, S, 1 << 22, false}, /* TSR */
        {CSRRS(5, CSR_SATP, 0), S, 0, true},
        {CSRRS(5, CSR_SATP, 0), S, 1 << 20, false}, /* TVM */
        {SFENCE_VMA(0, 0), S, 0, true},
        {SFENCE_VMA(0, 0), S, 1 << 20, false},
        {SFENCE_VMA(0, 0), U, 0, false},
        {WFI, U, 0, false},
        {WFI, S, 1 << 21, false},                 /* TW */
        {CSRRS(5, CSR_CYCLE, 0), U, 0, false},    /* mcounteren, scounteren are 0 */
        {CSRRS(5, CSR_STIMECMP, 0), S, 0, false}, /* STCE is 0 */
        {FADD_D(1, 2, 3), U, 0, false},           /* FS is off */
        {CSRRS(5, 0x003, 0), U, 0, false},
        {FADD_D(1, 2, 3), U, 1 << 13, true},
        {FENCE_I, U, 0, true},
    };
    for (size_t n = 0; n < sizeof cases / sizeof cases[0]; n++) {
        struct machine *m = machine();
        ENTER(m, cases[n].mode << 11 | cases[n].status, cases[n].word, ECALL);
        uint64_t cause = cases[n].legal ? 8 + cases[n].mode : 2;
        expect_machine_trap(m, cause, RAM_BASE + (cases[n].legal ? 68 : 64),
                            cases[n].legal ? 0 : cases[n].word);
        machine_free(m);
    }
}

static void test_counters_that_are_permitted(void **state)
{
    struct machine *m = machine();
    (void)state;
    set_csr(m, CSR_MCOUNTEREN, 7);
    set_csr(m, 0x106, 4); /* scounteren: instret only */
    ENTER(m, MPP_S, CSRRS(5, CSR_CYCLE, 0), CSRRS(6, CSR_TIME, 0), CSRRS(7, CSR_INSTRET, 0), ECALL);
    assert_int_equal(csr(m, CSR_MCAUSE), 9);
    assert_int_equal(hart_x(m->hart, 7), 3); /* mret and two reads came before */
    assert_int_equal(hart_x(m->hart, 6), hart_x(m->hart, 5) / 10);
    ENTER(m, 0, CSRRS(7, CSR_INSTRET, 0), CSRRS(6, CSR_TIME, 0));
    assert_int_equal(csr(m, CSR_MCAUSE), 2);
    assert_int_equal(csr(m, CSR_MEPC), RAM_BASE + 68);
    machine_free(m);
}

static void test_csr_instructions(void **state)
{
    struct machine *m = machine();
    (void)state;
    hart_set_x(m->hart, 10, 0xf0);
    hart_set_x(m->hart, 11, 0x3c);
    RUN(m, CSRRW(5, 0x340, 10), CSRRS(6, 0x340, 11), CSRRC(7, 0x340, 10),
        I_TYPE(0x340, 21, 5, 8, 0x73), CSRRW(10, 0x340, 10));
    assert_int_equal(hart_x(m->hart, 5), 0);
    assert_int_equal(hart_x(m->hart, 6), 0xf0);
    assert_int_equal(hart_x(m->hart, 7), 0xfc);
    assert_int_equal(hart_x(m->hart, 8), 0x0c);
    assert_int_equal(hart_x(m->hart, 10), 21);
    assert_int_equal(csr(m, 0x340), 0xf0);
    machine_free(m);
}

static void test_interrupt_priority_and_vector(void **state)
{
    struct machine *m = machine();
    (void)state;
    set_csr(m, CSR_MTVEC, HANDLER_M | 1);
    set_csr(m, CSR_MIE, 0x888);
    hart_set_interrupt(m->hart, 7, true, 0);
    hart_set_interrupt(m->hart, 3, true, 0);
    RUN(m, I_TYPE(CSR_MSTATUS, 8, 6, 0, 0x73), NOP); /* csrsi mstatus, MIE */
    assert_int_equal(csr(m, CSR_MCAUSE), UINT64_C(1) << 63 | 3);
    assert_int_equal(csr(m, CSR_MEPC), RAM_BASE + 4);
    assert_int_equal(hart_counters(m->hart)->interrupts, 1);
    hart_set_interrupt(m->hart, 3, false, 0);
    assert_int_equal(csr(m, CSR_MIP), 0x80);
    machine_free(m);
}

static void test_supervisor_interrupt_is_taken_below_machine(void **state)
{
    struct machine *m = machine();
    (void)state;
    set_csr(m, CSR_MIDELEG, 0x222);
    set_csr(m, CSR_MIE, 2);
    hart_set_interrupt(m->hart, 1, true, 0);
    RUN(m, I_TYPE(CSR_MSTATUS, 10, 6, 0, 0x73), ADDI(10, 0, 5)); /* not in M */
    assert_int_equal(hart_x(m->hart, 10), 5);
    ENTER(m, 0, NOP); /* in U, even with SIE off */
    assert_int_equal(csr(m, CSR_SCAUSE), UINT64_C(1) << 63 | 1);
    assert_int_equal(csr(m, CSR_SEPC), RAM_BASE + 64);
    machine_free(m);
}

static void test_running_hart_sees_an_interrupt_at_once(void **state)
{
    struct machine *m = machine();
    const uint32_t loop[] = {ADDI(10, 10, 1), JAL(0, -4)};
    (void)state;
    machine_put(m, RAM_BASE, loop, sizeof loop);
    set_csr(m, CSR_MIE, 8);
    set_csr(m, CSR_MSTATUS, 8);
    start(m, RAM_BASE);
    machine_run(m, 1000);
    hart_set_interrupt(m->hart, 3, true, 1000);
    uint64_t count = hart_x(m->hart, 10);
    hart_run(m->hart, hart_now(m->hart) + 1);
    assert_int_equal(csr(m, CSR_MCAUSE), UINT64_C(1) << 63 | 3);
    assert_int_equal(hart_x(m->hart, 10), count);
    machine_free(m);
}

/* The store has reached the device: the interrupt comes after it, not before it once more. */
static void test_interrupt_after_a_device_access(void **state)
{
    struct machine *m = machine();
    const uint32_t code[] = {SD(11, 0, 10), NOP, END};
    (void)state;
    machine_put(m, RAM_BASE, code, sizeof code);
    set_csr(m, CSR_MIE, 8);
    set_csr(m, CSR_MSTATUS, 8);
    hart_set_x(m->hart, 10, SCRATCH);
    start(m, RAM_BASE);
    while (m->requests[REQUEST_STORE] == 0)
        if (hart_run(m->hart, 1000) == HART_REQUEST)
            machine_answer(m);
    hart_set_interrupt(m->hart, 3, true, hart_now(m->hart));
    machine_run(m, 1000);
    assert_int_equal(csr(m, CSR_MEPC), RAM_BASE + 4);
    assert_int_equal(m->requests[REQUEST_STORE], 2); /* the other is STOP */
    machine_free(m);
}

static void test_return_clears_mprv(void **state)
{
    struct machine *m = machine();
    (void)state;
    ENTER(m, MPP_S | 1 << 17, ECALL);
    assert_int_equal(csr(m, CSR_MCAUSE), 9);
    assert_int_equal(csr(m, CSR_MSTATUS) >> 17 & 1, 0);
    machine_free(m);
}

static void test_wfi_sleeps_until_an_interrupt(void **state)
{
    struct machine *m = machine();
    (void)state;
    set_csr(m, CSR_MIE, 8);
    const uint32_t code[] = {WFI, ADDI(10, 0, 7), END};
    machine_put(m, RAM_BASE, code, sizeof code);
    start(m, RAM_BASE);
    assert_int_equal(machine_run(m, 1000000), HART_WAITING);
    cycle_t asleep = hart_now(m->hart);
    assert_int_equal(hart_wakeup(m->hart), CYCLE_NEVER);
    hart_set_interrupt(m->hart, 7, true, asleep + 50); /* not enabled: sleeps on, but time passes */
    assert_int_equal(machine_run(m, 1000000), HART_WAITING);
    hart_set_interrupt(m->hart, 3, true, asleep + 120);
    machine_run(m, 1000000);
    assert_true(m->stopped);
    assert_int_equal(hart_x(m->hart, 10), 7); /* MIE is off: it goes on behind WFI */
    assert_int_equal(hart_counters(m->hart)->sleep_cycles, 120);
    machine_free(m);
}

static struct machine *machine_with_timer(void)
{
    struct machine *m = machine();
    set_csr(m, CSR_MENVCFG, STCE);
    set_csr(m, CSR_MCOUNTEREN, 2);
    set_csr(m, CSR_MIDELEG, 0x222);
    set_csr(m, CSR_MIE, 0x20);
    return m;
}

static void test_sstc_timer(void **state)
{
    struct machine *m = machine_with_timer();
    (void)state;
    hart_set_x(m->hart, 10, 60); /* ticks: cycle 600 */
    ENTER(m, MPP_S, CSRRW(0, CSR_STIMECMP, 10), WFI, CSRRS(5, CSR_TIME, 0),
          I_TYPE(CSR_SSTATUS, 2, 6, 0, 0x73), JAL(0, 0));
    assert_true(m->stopped);
    assert_int_equal(hart_x(m->hart, 5), 60);
    assert_int_equal(csr(m, CSR_SCAUSE), UINT64_C(1) << 63 | 5);
    assert_true(hart_counters(m->hart)->sleep_cycles > 400);
    machine_free(m);

    /* It also interrupts a hart that runs, at its very cycle. */
    m = machine_with_timer();
    hart_set_x(m->hart, 10, 100);
    ENTER(m, MPP_S | 2, CSRRW(0, CSR_STIMECMP, 10), JAL(0, 0));
    assert_true(m->stopped);
    for (size_t n = m->probe.count; n-- > 0;)
        if (m->events[n].kind == EVENT_trap) {
            assert_in_range(m->events[n].cycle, 1000, 1001);
            break;
        }
    machine_free(m);
}

/* What the CLINT's mtime was set to is `time`, and Sstc compares with it; also for one that sleeps. */
static void test_time_is_set(void **state)
{
    struct machine *m = machine_with_timer();
    (void)state;
    set_csr(m, CSR_MIE, 0x20);
    hart_set_x(m->hart, 10, 1060);
    hart_set_time(m->hart, 1000, 0);
    ENTER(m, MPP_S, CSRRW(0, CSR_STIMECMP, 10), WFI, CSRRS(5, CSR_TIME, 0),
          I_TYPE(CSR_SSTATUS, 2, 6, 0, 0x73), JAL(0, 0));
    assert_true(m->stopped);
    assert_int_equal(hart_x(m->hart, 5), 1060);
    assert_in_range(hart_now(m->hart), 600, 800);
    machine_free(m);

    m = machine();
    set_csr(m, CSR_MENVCFG, STCE);
    set_csr(m, CSR_MIE, 0x20);
    set_csr(m, CSR_STIMECMP, 100000);
    const uint32_t code[] = {WFI, CSRRS(5, CSR_TIME, 0), END};
    machine_put(m, RAM_BASE, code, sizeof code);
    start(m, RAM_BASE);
    assert_int_equal(machine_run(m, 5000), HART_WAITING);
    assert_int_equal(hart_wakeup(m->hart), 1000000);
    hart_set_time(m->hart, 99000, 6000);
    assert_int_equal(hart_wakeup(m->hart), 10000);
    machine_run(m, 1000000);
    assert_true(m->stopped);
    assert_int_equal(hart_x(m->hart, 5), 100000);
    machine_free(m);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_exceptions_of_machine_mode),
        cmocka_unit_test(test_fetch_outside_ram),
        cmocka_unit_test(test_delegation),
        cmocka_unit_test(test_status_stack),
        cmocka_unit_test(test_what_lesser_modes_may_not_do),
        cmocka_unit_test(test_counters_that_are_permitted),
        cmocka_unit_test(test_csr_instructions),
        cmocka_unit_test(test_interrupt_priority_and_vector),
        cmocka_unit_test(test_supervisor_interrupt_is_taken_below_machine),
        cmocka_unit_test(test_running_hart_sees_an_interrupt_at_once),
        cmocka_unit_test(test_interrupt_after_a_device_access),
        cmocka_unit_test(test_return_clears_mprv),
        cmocka_unit_test(test_wfi_sleeps_until_an_interrupt),
        cmocka_unit_test(test_sstc_timer),
        cmocka_unit_test(test_time_is_set),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
