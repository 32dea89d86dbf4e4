/* SPDX-License-Identifier: Apache-2.0 */
/* A hart as a whole: what an instruction costs, that neither slices nor observers nor the block
 * store change a cycle, that counters add up, and what is reported. */
#include "base/activity.h"
#include "core/harness.h"

#define HANDLER (RAM_BASE + 0x1000)
#define SUBROUTINE (RAM_BASE + 0x2000)

static struct machine *machine(void)
{
    const struct hart_config config = default_config();
    return machine_create(&config, NULL, true);
}

/* The cycles of a program in warm caches, its STOP not counted. */
static cycle_t cycles_of(const uint32_t *code, size_t bytes)
{
    struct machine *m = machine();
    cycle_t cycles = 0;
    machine_put(m, RAM_BASE, code, bytes);
    hart_set_x(m->hart, 10, RAM_BASE + 0x8000);
    for (unsigned n = 0; n < 2; n++) {
        start(m, RAM_BASE);
        cycle_t begin = hart_now(m->hart);
        machine_run(m, 1000000);
        assert_true(m->stopped);
        cycles = hart_request(m->hart)->cycle - begin;
    }
    machine_free(m);
    return cycles - 1; /* the LUI before STOP */
}

#define CYCLES(...)                                                                                \
    cycles_of((const uint32_t[]){__VA_ARGS__, END}, sizeof(uint32_t[]){__VA_ARGS__, END})

static void test_costs(void **state)
{
    NEEDS_TIMING();
    (void)state;
    assert_int_equal(CYCLES(NOP), 1);
    assert_int_equal(CYCLES(NOP, NOP, NOP), 3);
    assert_int_equal(CYCLES(LD(5, 0, 10), NOP), 2);
    assert_int_equal(CYCLES(LD(5, 0, 10), ADD(6, 5, 5)), 3);      /* load, then use */
    assert_int_equal(CYCLES(LD(5, 0, 10), NOP, ADD(6, 5, 5)), 3); /* not at once */
    assert_int_equal(CYCLES(LD(0, 0, 10), ADD(6, 0, 0)), 2);
    assert_int_equal(CYCLES(LD(5, 0, 10), SD(5, 8, 10)), 3);
    assert_int_equal(CYCLES(MUL(5, 6, 7)), 1);
    assert_int_equal(CYCLES(JAL(0, 4)), 1);
    assert_int_equal(CYCLES(BNE(0, 0, 4)), 1);
    assert_int_equal(CYCLES(R_TYPE(5, 7, 6, 1, 5, 0x33)), 1); /* clmul */
    assert_int_equal(CYCLES(FENCE), 1);
    assert_int_equal(CYCLES(PAUSE), 32);
    assert_int_equal(CYCLES(CSRRS(5, CSR_INSTRET, 0)), 1);
    assert_int_equal(CYCLES(SD(5, 0, 10), LD(6, 8, 10)), 2);
}

static void test_a_miss_costs_what_the_answer_takes(void **state)
{
    NEEDS_TIMING();
    struct machine *m = machine();
    (void)state;
    hart_set_x(m->hart, 10, RAM_BASE + 0x8000);
    RUN(m, CSRRS(5, CSR_CYCLE, 0), LD(7, 0, 10), CSRRS(6, CSR_CYCLE, 0), LD(7, 8, 10),
        CSRRS(7, CSR_CYCLE, 0));
    assert_int_equal(hart_x(m->hart, 6) - hart_x(m->hart, 5), 1 + 1 + m->latency + 4);
    assert_int_equal(hart_x(m->hart, 7) - hart_x(m->hart, 6), 1 + 2); /* same destination */
    machine_free(m);
}

/* Loops, calls, loads and stores of all sorts, atomics, traps, changed code, floating point. */
static const uint32_t mixture[] = {
    ADDI(20, 0, 40), /*  0: outer loop */
    AUIPC(10, 8),
    ADDI(21, 0, 25), /*  4 */
    LD(5, 0, 10),
    ADD(5, 5, 20),
    SD(5, 0, 10), /* 12: inner loop */
    LW(6, 61, 10),
    MUL(7, 5, 6),
    SW(7, 61, 10), /* 24: across two lines */
    FLD(1, 0, 10),
    FADD_D(2, 1, 2),
    FSD(2, 64, 10), /* 36 */
    R_TYPE(0, 5, 10, 2, 8, 0x2f),
    ADDI(10, 10, 328), /* 48 */
    ADDI(21, 21, -1),
    BNE(21, 0, -48), /* 56: to 12 */
    ECALL,           /* 64 */
    AUIPC(11, 2),
    JALR(1, 11, -68), /* 68: SUBROUTINE */
    LW(12, -68, 11),
    ADDI(13, 0, 1),
    SLLI(13, 13, 20), /* 76: of it, the first instruction's */
    ADD(12, 12, 13),
    SW(12, -68, 11),
    FENCE_I, /* 88: immediate grows */
    CSRRS(14, CSR_CYCLE, 0),
    ADD(15, 15, 14), /* 100 */
    ADDI(20, 20, -1),
    BNE(20, 0, -108), /* 108: to 4 */
    END,
};
static const uint32_t subroutine[] = {ADDI(16, 0, 1), ADD(17, 17, 16), JALR(0, 1, 0)};
static const uint32_t handler[] = {CSRRS(18, CSR_MEPC, 0), ADDI(18, 18, 4), CSRRW(0, CSR_MEPC, 18),
                                   MRET};

struct variant {
    cycle_t slice;
    bool observed;
    unsigned blocks; /* a small store forgets all the time */
    const struct annotations *annotations;
};

struct result {
    cycle_t now;
    uint64_t x[32];
    struct hart_counters counters;
    size_t events;
    struct event *event; /* wait and trap only: those all variants have */
};

static struct result run_mixture(const struct variant *variant)
{
    const struct hart_config config = default_config();
    struct machine *m = machine_create(&config, variant->annotations, variant->observed);
    struct result result = {0};
    block_store_init(m->blocks, variant->blocks);
    machine_put(m, RAM_BASE, mixture, sizeof mixture);
    machine_put(m, SUBROUTINE, subroutine, sizeof subroutine);
    machine_put(m, HANDLER, handler, sizeof handler);
    set_csr(m, CSR_MTVEC, HANDLER);
    set_csr(m, CSR_MSTATUS, 3 << 13);
    m->slice = variant->slice;
    hart_set_pc(m->hart, RAM_BASE);
    machine_run(m, 10000000);
    assert_true(m->stopped);
    for (unsigned n = 0; n < 32; n++)
        result.x[n] = hart_x(m->hart, n);
    result.now = hart_now(m->hart);
    result.counters = *hart_counters(m->hart);
    result.event = test_malloc(sizeof m->events);
    for (size_t n = 0; n < m->probe.count; n++)
        if (m->events[n].kind <= EVENT_wait && m->events[n].kind != EVENT_activity)
            result.event[result.events++] = m->events[n];
    machine_free(m);
    return result;
}

static void test_nothing_depends_on_slices_observers_or_blocks(void **state)
{
    static const struct activity_range ranges[] = {
        {SUBROUTINE, SUBROUTINE + 4, ACTIVITY_copy},
        {SUBROUTINE + 4, SUBROUTINE + 12, ACTIVITY_queue}};
    static const struct probe_point points[] = {
        {RAM_BASE + 24, EVENT_run, 1, {{OPERAND_REGISTER, 10, 0}}},
        {RAM_BASE + 24, EVENT_run, 1, {{OPERAND_MEMORY, 10, 8}}},
        {RAM_BASE + 64, EVENT_run, 0, {{OPERAND_CONSTANT, 0, 0}}},
    };
    static const struct annotations notes = {points, 3, ranges, 2};
    static const struct variant variants[] = {
        {0, true, 512, NULL},  {1, true, 512, NULL},   {2, true, 512, NULL},   {7, true, 512, NULL},
        {20, true, 1, NULL},   {0, true, 512, &notes}, {1, true, 512, &notes}, {3, true, 1, &notes},
        {0, false, 512, NULL}, {5, false, 1, &notes},
    };
    (void)state;
    struct result first = run_mixture(&variants[0]);
    assert_int_equal(first.x[17], 40 * 41 / 2); /* the changed code was seen each time */
    assert_true(first.events > (HART_IS_TIMED ? 100 : 39));
    for (size_t n = 1; n < sizeof variants / sizeof variants[0]; n++) {
        struct result other = run_mixture(&variants[n]);
        assert_int_equal(other.now, first.now);
        assert_memory_equal(other.x, first.x, sizeof first.x);
        assert_memory_equal(&other.counters, &first.counters, sizeof first.counters);
        if (variants[n].observed) {
            assert_int_equal(other.events, first.events);
            assert_memory_equal(other.event, first.event, first.events * sizeof *first.event);
        }
        test_free(other.event);
    }
    test_free(first.event);
}

static void test_cycles_add_up(void **state)
{
    NEEDS_TIMING();
    struct machine *m = machine();
    const uint32_t user[] = {ADDI(5, 0, 9), ECALL};
    const uint32_t machine_handler[] = {ADDI(6, 0, 9), WFI, END};
    (void)state;
    machine_put(m, RAM_BASE + 0x100, user, sizeof user);
    machine_put(m, HANDLER, machine_handler, sizeof machine_handler);
    set_csr(m, CSR_PMPADDR0, UINT64_MAX);
    set_csr(m, CSR_PMPCFG0, 0x1f);
    set_csr(m, CSR_MTVEC, HANDLER);
    set_csr(m, CSR_MEPC, RAM_BASE + 0x100);
    set_csr(m, CSR_MIE, 8);
    const uint32_t mret[] = {MRET};
    machine_put(m, RAM_BASE, mret, sizeof mret);
    start(m, RAM_BASE);
    assert_int_equal(machine_run(m, 100000), HART_WAITING);
    hart_set_interrupt(m->hart, 3, true, hart_now(m->hart) + 500);
    machine_run(m, 100000);

    const struct hart_counters *c = hart_counters(m->hart);
    assert_int_equal(c->user_cycles, 29 + 1); /* fetch, addi; ecall costs its trap */
    assert_int_equal(c->sleep_cycles, 500);
    assert_int_equal(c->user_cycles + c->supervisor_cycles + c->machine_cycles + c->sleep_cycles,
                     hart_now(m->hart));
    assert_int_equal(c->stall_cycles,
                     29 * m->requests[REQUEST_FETCH] + 20 * m->requests[REQUEST_STORE]);
    assert_int_equal(c->instructions, 1 + 1 + 2 + 1); /* mret, addi, addi, wfi, lui */
    machine_free(m);
}

static const struct event *find(const struct machine *m, enum event_kind kind, size_t skip)
{
    for (size_t n = 0; n < m->probe.count; n++)
        if (m->events[n].kind == kind && skip-- == 0)
            return &m->events[n];
    return NULL;
}

static void test_probe_points(void **state)
{
    NEEDS_TIMING();
    static const struct probe_point points[] = {
        {RAM_BASE + 8,
         EVENT_put,
         4,
         {{OPERAND_CONSTANT, 0, -5},
          {OPERAND_REGISTER, 10, 0},
          {OPERAND_MEMORY, 10, 16},
          {OPERAND_MEMORY, 0, 0}}}, /* unreadable */
        {RAM_BASE + 8, EVENT_take, 0, {{OPERAND_CONSTANT, 0, 0}}},
    };
    static const struct annotations notes = {points, 2, NULL, 0};
    const struct hart_config config = default_config();
    struct machine *m = machine_create(&config, &notes, true);
    (void)state;
    hart_set_x(m->hart, 10, RAM_BASE + 0x8000);
    hart_set_x(m->hart, 11, 1234);
    RUN(m, NOP, SD(11, 16, 10), LD(10, 0, 10));
    const struct event *put = find(m, EVENT_put, 0), *take = find(m, EVENT_take, 0);
    assert_non_null(put);
    assert_ptr_equal(take, put + 1);
    assert_int_equal(put->arg[0], -5);
    assert_int_equal(put->arg[1], RAM_BASE + 0x8000); /* before the load overwrites it */
    assert_int_equal(put->arg[2], 1234);
    assert_int_equal(put->arg[3], 0);
    assert_int_equal(put->cycle, 29 + 1 + 24 + 1); /* fetch, nop, the store's line, the store */
    assert_null(find(m, EVENT_put, 1));
    machine_free(m);
}

static void test_activities(void **state)
{
    NEEDS_TIMING();
    static const struct activity_range ranges[] = {
        {RAM_BASE + 4, RAM_BASE + 12, ACTIVITY_copy},
        {RAM_BASE + 12, RAM_BASE + 16, ACTIVITY_queue},
    };
    static const struct annotations notes = {NULL, 0, ranges, 2};
    static const struct {
        enum activity activity;
        cycle_t cycle;
    } expected[] = {
        {ACTIVITY_other, 29}, {ACTIVITY_copy, 30}, {ACTIVITY_queue, 32}, {ACTIVITY_other, 33}};
    const struct hart_config config = default_config();
    struct machine *m = machine_create(&config, &notes, true);
    (void)state;
    RUN(m, NOP, NOP, NOP, NOP, NOP);
    for (size_t n = 0; n < 4; n++) {
        const struct event *event = find(m, EVENT_activity, n);
        assert_non_null(event);
        assert_int_equal(event->arg[0], expected[n].activity);
        assert_int_equal(event->arg[1], 3);
        assert_int_equal(event->cycle, expected[n].cycle);
    }
    assert_null(find(m, EVENT_activity, 4));
    machine_free(m);
}

static void test_waits_are_reported_in_pairs(void **state)
{
    struct result result = run_mixture(&(struct variant){0, true, 512, NULL});
    uint64_t stalled = 0;
    const struct event *begun = NULL;
    (void)state;
    for (size_t n = 0; n < result.events; n++) {
        const struct event *event = &result.event[n];
        if (event->kind != EVENT_wait)
            continue;
        if (event->arg[0] == ACTIVITY_bus) {
            assert_null(begun);
            begun = event;
        } else {
            assert_int_equal(event->arg[0], ACTIVITY_none);
            assert_non_null(begun);
            stalled += event->cycle - begun->cycle;
            begun = NULL;
        }
    }
    assert_int_equal(stalled, result.counters.stall_cycles);
    test_free(result.event);
}

static void test_configurations_that_are_refused(void **state)
{
    struct ram ram = {(uint8_t *)4096, RAM_BASE, 4096};
    struct block_store *blocks = malloc(block_store_size(1));
    struct hart *hart = malloc(hart_size());
    struct hart_links links = {&ram, blocks, NULL, NULL};
    struct hart_config good = default_config();
    (void)state;
    assert_int_equal(hart_init(hart, &good, &links), STATUS_OK);
#define REFUSED(field, value)                                                                      \
    do {                                                                                           \
        struct hart_config bad = good;                                                             \
        bad.field = value;                                                                         \
        assert_int_equal(hart_init(hart, &bad, &links), STATUS_INVALID);                           \
    } while (0)
    REFUSED(id, 64);
    REFUSED(line_bytes, 48);
    REFUSED(l1d_bytes, 3000);
    REFUSED(l1i_ways, 0);
    REFUSED(cycles_per_instruction, 0);
    REFUSED(flush_cycles, 1001);
    REFUSED(bht_entries, 48);
    REFUSED(divide_start_cycles, 1001);
    REFUSED(cycles_per_tick, 0);
    links.ram = &(struct ram){(uint8_t *)4096, RAM_BASE, 100};
    assert_int_equal(hart_init(hart, &good, &links), STATUS_INVALID);
    free(hart);
    free(blocks);
}

/* A debugger may move the pc while a request is outstanding: its result must not reach the new
 * place. */
static void test_moved_while_waiting(void **state)
{
    NEEDS_TIMING();
    struct machine *m = machine();
    const uint32_t code[] = {NOP, LD(5, 0, 10), END}, other[] = {ADDI(6, 5, 1), END};
    (void)state;
    machine_put(m, RAM_BASE, code, sizeof code);
    machine_put(m, RAM_BASE + 0x400, other, sizeof other);
    machine_put_word(m, RAM_BASE + 0x8000, 99);
    hart_set_x(m->hart, 10, RAM_BASE + 0x8000);
    hart_set_x(m->hart, 5, 1);
    start(m, RAM_BASE);
    while (hart_run(m->hart, 1000) == HART_REQUEST && hart_request(m->hart)->kind != REQUEST_READ)
        machine_answer(m);
    hart_set_pc(m->hart, RAM_BASE + 0x400);
    machine_run(m, 1000);
    assert_true(m->stopped);
    assert_int_equal(hart_x(m->hart, 5), 1);
    assert_int_equal(hart_x(m->hart, 6), 2);
    machine_free(m);
}

static void test_moved_while_asleep(void **state)
{
    struct machine *m = machine();
    const uint32_t code[] = {WFI, END};
    (void)state;
    machine_put(m, RAM_BASE, code, sizeof code);
    start(m, RAM_BASE);
    assert_int_equal(machine_run(m, 1000), HART_WAITING);
    start(m, RAM_BASE + 4);
    machine_run(m, 1000);
    assert_true(m->stopped);
    machine_free(m);
}

static void test_copy_is_a_snapshot(void **state)
{
    struct machine *m = machine();
    (void)state;
    machine_put(m, RAM_BASE, mixture, sizeof mixture);
    machine_put(m, SUBROUTINE, subroutine, sizeof subroutine);
    machine_put(m, HANDLER, handler, sizeof handler);
    set_csr(m, CSR_MTVEC, HANDLER);
    set_csr(m, CSR_MSTATUS, 3 << 13);
    start(m, RAM_BASE);
    machine_run(m, 20000);

    struct hart *copy = malloc(hart_size());
    uint8_t *memory = malloc(RAM_BYTES);
    memcpy(copy, m->hart, hart_size());
    memcpy(memory, m->ram.bytes, RAM_BYTES);
    machine_run(m, 10000000);
    cycle_t end = hart_now(m->hart);
    uint64_t x15 = hart_x(m->hart, 15);

    memcpy(m->hart, copy, hart_size());
    memcpy(m->ram.bytes, memory, RAM_BYTES);
    block_store_init(m->blocks, 512);
    m->probe.count = 0;
    machine_run(m, 10000000);
    assert_int_equal(hart_now(m->hart), end);
    assert_int_equal(hart_x(m->hart, 15), x15);
    free(copy);
    free(memory);
    machine_free(m);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_costs),
        cmocka_unit_test(test_a_miss_costs_what_the_answer_takes),
        cmocka_unit_test(test_nothing_depends_on_slices_observers_or_blocks),
        cmocka_unit_test(test_cycles_add_up),
        cmocka_unit_test(test_probe_points),
        cmocka_unit_test(test_activities),
        cmocka_unit_test(test_waits_are_reported_in_pairs),
        cmocka_unit_test(test_configurations_that_are_refused),
        cmocka_unit_test(test_moved_while_waiting),
        cmocka_unit_test(test_moved_while_asleep),
        cmocka_unit_test(test_copy_is_a_snapshot),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
