/* SPDX-License-Identifier: Apache-2.0 */
/* Break- and watchpoints of one hart: where it stops, that nothing is done twice, and that neither
 * time nor memory is changed by having stopped. */
#include "core/debug.h"

#include "core/harness.h"

#define DATA (RAM_BASE + 0x8000)
#define LOOP_ROUNDS 20

/* x5 counts down, x6 adds up what AMOs find at x10. */
static const uint32_t program[] = {
    ADDI(5, 0, LOOP_ROUNDS), ADDI(7, 0, 1), AMOADD_D(8, 7, 10), ADD(6, 6, 8), ADDI(5, 5, -1),
    BNE(5, 0, -12),          END,
};
#define PROGRAM_AMO (RAM_BASE + 8)
#define PROGRAM_ADD (RAM_BASE + 12)

static struct machine *machine(void)
{
    const struct hart_config config = default_config();
    struct machine *m = machine_create(&config, NULL, true);
    machine_put(m, RAM_BASE, program, sizeof program);
    hart_set_x(m->hart, 10, DATA);
    start(m, RAM_BASE);
    return m;
}

/* Goes on from a breakpoint as debuggers do: takes it away, steps, puts it back. */
static void step_over(struct machine *m, const struct debug_points *points)
{
    uint64_t before = hart_debug_steps(m->hart);
    hart_debug(m->hart, NULL);
    while (hart_debug_steps(m->hart) == before)
        if (hart_run(m->hart, hart_now(m->hart) + 1) == HART_REQUEST)
            machine_answer(m);
    assert_int_equal(hart_debug_steps(m->hart), before + 1);
    hart_debug(m->hart, points);
}

static void test_breakpoint_changes_nothing(void **state)
{
    (void)state;
    static const struct debug_points points = {.breakpoints = {PROGRAM_AMO, PROGRAM_ADD},
                                               .breakpoint_count = 2};
    struct machine *plain = machine(), *m = machine();
    unsigned stops = 0;
    machine_run(plain, 100000);
    hart_debug(m->hart, &points);
    while (!m->stopped) {
        while (!m->stopped && machine_run(m, hart_now(m->hart) + 1) != HART_STOPPED)
            ;
        if (m->stopped)
            break;
        uint64_t wanted = stops++ % 2 ? PROGRAM_ADD : PROGRAM_AMO;
        assert_int_equal(hart_pc(m->hart), wanted);
        assert_int_equal(machine_run(m, 100000), HART_STOPPED); /* stays there */
        assert_int_equal(hart_pc(m->hart), wanted);
        step_over(m, &points);
    }
    assert_int_equal(stops, 2 * LOOP_ROUNDS);
    assert_int_equal(machine_word(m, DATA), LOOP_ROUNDS);
    assert_int_equal(hart_x(m->hart, 6), hart_x(plain->hart, 6));
    assert_int_equal(hart_now(m->hart), hart_now(plain->hart));
    assert_memory_equal(m->ram.bytes, plain->ram.bytes, RAM_BYTES);
    machine_free(plain);
    machine_free(m);
}

/* Breakpoints stand over instructions that wait for what the block before them left. */
static void test_breakpoint_over_a_wait(void **state)
{
    (void)state;
    static const uint32_t loop[] = {
        ADDI(5, 0, LOOP_ROUNDS),
        MUL(8, 5, 5),
        LBU(9, 0, 10),
        BNE(5, 0, 8),
        NOP,
        ADD(6, 6, 9),
        ADD(6, 6, 8),
        ADDI(5, 5, -1),
        BNE(5, 0, -28),
        END,
    };
    static const struct debug_points points = {.breakpoints = {RAM_BASE + 5 * 4, RAM_BASE + 6 * 4},
                                               .breakpoint_count = 2};
    struct machine *plain = machine(), *m = machine();
    machine_put(plain, RAM_BASE, loop, sizeof loop);
    machine_put(m, RAM_BASE, loop, sizeof loop);
    machine_run(plain, 100000);
    hart_debug(m->hart, &points);
    while (machine_run(m, 100000) == HART_STOPPED)
        step_over(m, &points);
    assert_true(m->stopped);
    assert_int_equal(hart_x(m->hart, 6), hart_x(plain->hart, 6));
    assert_int_equal(hart_now(m->hart), hart_now(plain->hart));
    machine_free(plain);
    machine_free(m);
}

/* A breakpoint that comes while its instruction waits for its line. */
static void test_breakpoint_during_access(void **state)
{
    NEEDS_TIMING();
    (void)state;
    static const struct debug_points points = {.breakpoints = {PROGRAM_AMO}, .breakpoint_count = 1};
    struct machine *m = machine();
    while (hart_run(m->hart, 1000) != HART_REQUEST || hart_pc(m->hart) != PROGRAM_AMO)
        machine_answer(m);
    hart_debug(m->hart, &points);
    machine_answer(m);
    assert_int_equal(hart_run(m->hart, 100000), HART_STOPPED);
    assert_int_equal(hart_pc(m->hart), PROGRAM_AMO);
    hart_debug(m->hart, NULL);
    machine_run(m, 100000);
    assert_int_equal(machine_word(m, DATA), LOOP_ROUNDS);
    machine_free(m);
}

/* Runs the words, one instruction after the other; how many accesses met the watchpoint. */
static unsigned watched(struct debug_watch watch, const uint32_t *code, size_t bytes)
{
    struct debug_points points = {.watches = {watch}, .watch_count = 1};
    struct machine *m = machine();
    unsigned count = 0;
    hart_set_x(m->hart, 5, 7);
    machine_put(m, RAM_BASE, code, bytes);
    start(m, RAM_BASE);
    machine_run(m, 100000); /* so that the filter knows the lines */
    hart_debug(m->hart, &points);
    hart_set_pc(m->hart, RAM_BASE);
    m->stopped = false;
    while (!m->stopped) {
        machine_run(m, hart_now(m->hart) + 1);
        const struct debug_watch *met = hart_debug_watched(m->hart);
        assert_true(!met || met == &points.watches[0]);
        count += met != NULL;
    }
    machine_free(m);
    return count;
}

#define WATCHED(watch, ...)                                                                        \
    watched(watch, (const uint32_t[]){__VA_ARGS__, END}, sizeof(uint32_t[]){__VA_ARGS__, END})
#define WATCH(offset, bytes, read, write)                                                          \
    ((struct debug_watch){DATA + (offset), bytes, read, write})

static void test_watchpoints(void **state)
{
    (void)state;
    assert_int_equal(WATCHED(WATCH(8, 4, false, true), SW(5, 8, 10), LW(6, 8, 10)), 1);
    assert_int_equal(WATCHED(WATCH(8, 4, true, false), SW(5, 8, 10), LW(6, 8, 10)), 1);
    assert_int_equal(WATCHED(WATCH(8, 4, true, true), SW(5, 8, 10), LW(6, 8, 10)), 2);
    assert_int_equal(WATCHED(WATCH(8, 4, true, true), SW(5, 4, 10), LW(6, 12, 10)), 0);
    assert_int_equal(WATCHED(WATCH(11, 1, true, true), SD(5, 8, 10), LB(6, 11, 10)), 2);
    assert_int_equal(WATCHED(WATCH(8, 16, false, true), SB(5, 23, 10), SB(5, 24, 10)), 1);
    assert_int_equal(WATCHED(WATCH(64, 1, false, true), SD(5, 60, 10)), 1); /* across lines */
    assert_int_equal(WATCHED(WATCH(0, 8, true, false), AMOADD_D(6, 5, 10)), 1);
    assert_int_equal(WATCHED(WATCH(0, 8, false, true), LR_D(6, 10), SC_D(7, 5, 10)), 1);
    assert_int_equal(WATCHED(WATCH(0, 8, false, true), SC_D(7, 5, 10)), 0); /* it fails */
}

static void test_written_code_is_executed(void **state)
{
    (void)state;
    struct machine *m = machine();
    uint64_t physical;
    uint32_t word = ADDI(6, 0, 99);
    uint8_t read[8];
    machine_run(m, 100000);
    assert_true(hart_debug_translate(m->hart, PROGRAM_ADD, &physical));
    machine_put(m, physical, &word, sizeof word);
    hart_debug_written(m->hart, physical);
    hart_set_pc(m->hart, RAM_BASE);
    machine_run(m, 100000);
    assert_int_equal(hart_x(m->hart, 6), 99);
    assert_int_equal(hart_debug_read(m->hart, RAM_BASE + RAM_BYTES - 3, read, sizeof read), 3);
    assert_int_equal(hart_debug_read(m->hart, 0, read, sizeof read), 0);
    machine_free(m);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_breakpoint_changes_nothing),
        cmocka_unit_test(test_breakpoint_over_a_wait),
        cmocka_unit_test(test_breakpoint_during_access),
        cmocka_unit_test(test_watchpoints),
        cmocka_unit_test(test_written_code_is_executed),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
