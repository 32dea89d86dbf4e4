/* SPDX-License-Identifier: Apache-2.0 */
/* The engine with bare-metal programs (test/): what harts share is shared, whatever the quantum;
 * sleepers wake; a run ends as it should, and the same run gives the same events. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <string.h>

#include "test/run_guest.h"

static const uint64_t quanta[] = {1, 20, 1000};
#define EACH_QUANTUM(q)                                                                            \
    for (const uint64_t *q = quanta; q < quanta + sizeof quanta / sizeof *quanta; q++)

static void expect_pass(const struct guest_result *result)
{
    if (!result->ran)
        fail_msg("did not run: %s", result->problem.text);
    if (result->outcome.end != ENGINE_FINISHED || result->outcome.exit_code != 0)
        fail_msg("end %d, code %u, after %llu cycles", result->outcome.end,
                 result->outcome.exit_code, (unsigned long long)result->outcome.cycles);
    assert_int_equal(result->late_events, 0);
    assert_int_equal(result->unbalanced, 0);
}

static void no_addition_is_lost(void **state)
{
    (void)state;
    EACH_QUANTUM(quantum)
    for (unsigned hosts = 1; hosts <= 8; hosts *= 2) {
        const struct guest_run run = {.program = "counter",
                                      .hosts = hosts,
                                      .rounds = 300,
                                      .quantum_cycles = *quantum,
                                      .words = {"by_amo", "by_lr_sc"}};
        const struct guest_result result = run_guest(&run);
        expect_pass(&result);
        assert_int_equal(result.word[0], 300 * hosts);
        assert_int_equal(result.word[1], 300 * hosts);
    }
}

static void no_addition_is_lost_without_timing(void **state)
{
    (void)state;
    for (unsigned hosts = 1; hosts <= 64; hosts *= 4) {
        const struct guest_run run = {.program = "counter",
                                      .hosts = hosts,
                                      .rounds = 3000,
                                      .quantum_cycles = 1001, /* ends anywhere in the loop */
                                      .untimed = true,
                                      .words = {"by_amo", "by_lr_sc"}};
        const struct guest_result result = run_guest(&run);
        expect_pass(&result);
        assert_int_equal(result.word[0], 3000 * hosts);
        assert_int_equal(result.word[1], 3000 * hosts);
        assert_int_equal(result.migrations, 0);
    }
}

static void timing_begins_where_it_should(void **state)
{
    (void)state;
    for (unsigned hosts = 1; hosts <= 4; hosts++)
        for (cycle_t from = 997; from < 12000; from += 1709) {
            struct guest_run run = {.program = "counter",
                                    .hosts = hosts,
                                    .rounds = 2000,
                                    .untimed = true,
                                    .timing_from_cycle = from,
                                    .words = {"by_amo", "by_lr_sc"}};
            struct guest_result result = run_guest(&run);
            expect_pass(&result);
            assert_int_equal(result.word[0], 2000 * hosts);
            assert_int_equal(result.word[1], 2000 * hosts);
            assert_int_equal(result.outcome.timed_from, from);
            assert_true(hosts == 1 || result.migrations > 0);
            run.timing_from_cycle = 0;
            run.timing_from_instruction = from * hosts; /* nobody waits: one a cycle each */
            result = run_guest(&run);
            expect_pass(&result);
            assert_int_equal(result.word[1], 2000 * hosts);
            assert_int_equal(result.outcome.timed_from, from);
        }
}

static void timing_begins_at_the_marker(void **state)
{
    (void)state;
    for (unsigned hosts = 1; hosts <= 4; hosts++)
        for (unsigned marker = 6; marker <= 8; marker++) {
            const struct guest_run run = {.program = "marker",
                                          .hosts = hosts,
                                          .untimed = true,
                                          .timing_from_marker = marker,
                                          .words = {"passed"}};
            const struct guest_result result = run_guest(&run);
            const cycle_t from = result.outcome.timed_from;
            expect_pass(&result);
            assert_true(marker == 8 ? from == CYCLE_NEVER : from >= 60000 && from < 80000);
            if (marker == 8)
                continue;
            assert_in_range(result.word[0], from + 10, from + 200); /* a cold fetch */
        }
}

static void a_line_goes_to_and_fro(void **state)
{
    (void)state;
    EACH_QUANTUM(quantum)
    {
        const struct guest_run run = {.program = "ping_pong",
                                      .hosts = 2,
                                      .rounds = 200,
                                      .quantum_cycles = *quantum,
                                      .words = {"turn"}};
        const struct guest_result result = run_guest(&run);
        expect_pass(&result);
        assert_int_equal(result.word[0], 400);
        assert_true(result.migrations >= 400);
        if (*quantum == 1)
            assert_true(result.skew_cycles <= 2 * result.migrations); /* an instruction's rest */
    }
}

static void sleepers_wake(void **state)
{
    (void)state;
    EACH_QUANTUM(quantum)
    {
        const struct guest_run timer = {.program = "timer", .quantum_cycles = *quantum};
        const struct guest_run interrupt = {
            .program = "interrupt", .hosts = 2, .quantum_cycles = *quantum};
        struct guest_result result = run_guest(&timer);
        expect_pass(&result);
        assert_true(result.outcome.cycles >= 2 * 50 * 100 && result.outcome.cycles < 20000);
        result = run_guest(&interrupt);
        expect_pass(&result);
    }
}

static void the_console_echoes(void **state)
{
    (void)state;
    const struct guest_run run = {.program = "echo", .input = "message"};
    const struct guest_result result = run_guest(&run);
    expect_pass(&result);
    assert_string_equal(result.output, "message");
    assert_string_equal(result.errors, "nfttbhf");
}

/* Console and virtio by interrupt; what the entropy is, the seed says. */
static void devices_interrupt_through_the_plic(void **state)
{
    (void)state;
    const struct guest_run run = {
        .program = "board", .input = "by interrupt.", .words = {"random"}};
    const struct guest_result result = run_guest(&run);
    expect_pass(&result);
    assert_string_equal(result.output, "by interrupt.");
    assert_int_equal(result.word[0], 0x910A2DEC89025CC1); /* SplitMix64's first, of seed 1 */
    assert_int_equal(result.late_events, 0);
}

static void the_finisher_gives_its_code(void **state)
{
    (void)state;
    static const struct {
        uint64_t stored;
        unsigned code;
    } cases[] = {{0x5555, 0},
                 {1 << 16 | 0x3333, 1},
                 {137 << 16 | 0x3333, 137},
                 {0x1FF << 16 | 0x3333, 0x1FF}};
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        const struct guest_run run = {.program = "finish", .rounds = cases[i].stored};
        const struct guest_result result = run_guest(&run);
        assert_true(result.ran);
        assert_int_equal(result.outcome.end, ENGINE_FINISHED);
        assert_int_equal(result.outcome.exit_code, cases[i].code);
    }
}

static void an_endless_loop_can_be_ended(void **state)
{
    (void)state;
    for (unsigned hosts = 1; hosts <= 2; hosts++) {
        const struct guest_run until = {.program = "loop", .hosts = hosts, .until_cycle = 123456};
        const struct guest_run timeout = {
            .program = "loop", .hosts = hosts, .timeout_seconds = 0.2};
        struct guest_result result = run_guest(&until);
        assert_true(result.ran);
        assert_int_equal(result.outcome.end, ENGINE_UNTIL);
        assert_int_equal(result.outcome.cycles, 123456);
        result = run_guest(&timeout);
        assert_true(result.ran);
        assert_int_equal(result.outcome.end, ENGINE_TIMEOUT);
        assert_true(result.outcome.host_seconds < 2);
    }
}

static void eternal_sleep_is_noticed(void **state)
{
    (void)state;
    const struct guest_run run = {.program = "sleep", .hosts = 3};
    const struct guest_result result = run_guest(&run);
    assert_true(result.ran);
    assert_int_equal(result.outcome.end, ENGINE_DEADLOCK);
}

/* Whoever looks at the events after each cycle sees them all in time. */
static void no_event_is_late(void **state)
{
    (void)state;
    static const char *const programs[] = {"interrupt", "counter", "smart_list", "smart_copy"};
    for (size_t i = 0; i < sizeof programs / sizeof *programs; i++) {
        const struct guest_run run = {.program = programs[i],
                                      .hosts = 2,
                                      .rounds = 20,
                                      .mechanism = "smart-bus",
                                      .grant_cycles = 1};
        const struct guest_result result = run_guest(&run);
        expect_pass(&result);
        assert_true(result.events > 20);
    }
}

static void the_same_run_gives_the_same_events(void **state)
{
    (void)state;
    const struct guest_run run = {.program = "counter", .hosts = 4};
    struct guest_run granted = run, deaf = run;
    granted.grant_cycles = 97;
    deaf.deaf = true;
    const struct guest_result first = run_guest(&run);
    expect_pass(&first);
    assert_true(first.events > 1000);
    for (unsigned again = 0; again < 3; again++) {
        const struct guest_result second = run_guest(again == 2 ? &granted : &run);
        expect_pass(&second);
        assert_int_equal(second.events, first.events);
        assert_true(second.event_hash == first.event_hash);
        assert_int_equal(second.outcome.cycles, first.outcome.cycles);
    }
    const struct guest_result unseen = run_guest(&deaf);
    expect_pass(&unseen);
    assert_int_equal(unseen.outcome.cycles, first.outcome.cycles);
    assert_int_equal(unseen.outcome.instructions, first.outcome.instructions);
}

static void a_smart_list_loses_nothing(void **state)
{
    (void)state;
    EACH_QUANTUM(quantum)
    for (unsigned hosts = 1; hosts <= 8; hosts *= 2) {
        const struct guest_run run = {.program = "smart_list",
                                      .hosts = hosts,
                                      .rounds = 200,
                                      .quantum_cycles = *quantum,
                                      .mechanism = "smart-bus",
                                      .words = {"found", "taken"}};
        const struct guest_result result = run_guest(&run);
        expect_pass(&result);
        assert_int_equal(result.word[0], 4 * hosts);
        assert_int_equal(result.word[1], 200 * hosts);
    }
}

static void smart_blocks_copy(void **state)
{
    (void)state;
    EACH_QUANTUM(quantum)
    for (unsigned hosts = 1; hosts <= 4; hosts *= 2) {
        const struct guest_run run = {.program = "smart_copy",
                                      .hosts = hosts,
                                      .rounds = 10,
                                      .quantum_cycles = *quantum,
                                      .mechanism = "smart-bus"};
        const struct guest_result result = run_guest(&run);
        expect_pass(&result);
        assert_true(result.blocks >= 10 * hosts * 2 * 500 / 8);
    }
}

/* Without the mechanism nobody answers at its addresses: store access fault, code 100 + 7. */
static void software_has_no_windows(void **state)
{
    (void)state;
    const struct guest_run run = {.program = "smart_list"};
    const struct guest_result result = run_guest(&run);
    assert_true(result.ran);
    assert_int_equal(result.outcome.exit_code, 107);
}

static void random_guests_do_no_harm(void **state)
{
    (void)state;
    for (unsigned seed = 1; seed <= 60; seed++) {
        const struct guest_run run = {.program = "loop",
                                      .hosts = 1 + seed % 4,
                                      .quantum_cycles = quanta[seed % 3],
                                      .mechanism = "smart-bus",
                                      .until_cycle = 100000,
                                      .noise = seed};
        const struct guest_result result = run_guest(&run);
        if (!result.ran || result.outcome.end == ENGINE_TIMEOUT || result.late_events ||
            result.unbalanced)
            fail_msg("seed %u: ran %d, end %d, late %llu, unbalanced %llu", seed, result.ran,
                     result.outcome.end, (unsigned long long)result.late_events,
                     (unsigned long long)result.unbalanced);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_finisher_gives_its_code),
        cmocka_unit_test(no_addition_is_lost),
        cmocka_unit_test(no_addition_is_lost_without_timing),
        cmocka_unit_test(timing_begins_where_it_should),
        cmocka_unit_test(timing_begins_at_the_marker),
        cmocka_unit_test(a_line_goes_to_and_fro),
        cmocka_unit_test(sleepers_wake),
        cmocka_unit_test(the_console_echoes),
        cmocka_unit_test(devices_interrupt_through_the_plic),
        cmocka_unit_test(an_endless_loop_can_be_ended),
        cmocka_unit_test(eternal_sleep_is_noticed),
        cmocka_unit_test(no_event_is_late),
        cmocka_unit_test(the_same_run_gives_the_same_events),
        cmocka_unit_test(a_smart_list_loses_nothing),
        cmocka_unit_test(smart_blocks_copy),
        cmocka_unit_test(software_has_no_windows),
        cmocka_unit_test(random_guests_do_no_harm),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
