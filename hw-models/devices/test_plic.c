/* SPDX-License-Identifier: Apache-2.0 */
/* The PLIC, register by register. */
#include "devices/plic.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

#define HARTS 2
#define CONTEXTS (2 * HARTS)

static struct plic plic;
static struct device device;
static bool output[HARTS][16];
static unsigned changes;

static void set(void *owner, unsigned hart, unsigned mip_bit, bool level, cycle_t now)
{
    (void)now;
    assert_ptr_equal(owner, &plic);
    assert_true(hart < HARTS && (mip_bit == 9 || mip_bit == 11));
    assert_int_not_equal(output[hart][mip_bit], level);
    output[hart][mip_bit] = level;
    changes++;
}

static int setup(void **state)
{
    (void)state;
    for (unsigned hart = 0; hart < HARTS; hart++)
        output[hart][9] = output[hart][11] = false;
    changes = 0;
    plic_init(&plic, HARTS, (struct interrupt_port){&plic, set});
    device = plic_device(&plic);
    return 0;
}

static bool raised(unsigned context)
{
    return output[context / 2][context % 2 ? 9 : 11];
}

static uint32_t load(uint64_t offset)
{
    uint64_t value = 0xAAAAAAAAAAAAAAAA;
    assert_int_equal(device.load(device.self, offset, 4, 0, &value), STATUS_OK);
    assert_in_range(value, 0, UINT32_MAX);
    return (uint32_t)value;
}

static void store(uint64_t offset, uint32_t value)
{
    assert_int_equal(device.store(device.self, offset, 4, 0, value), STATUS_OK);
}

static void enable(unsigned context, unsigned source, unsigned priority)
{
    uint64_t offset = PLIC_ENABLE(context, source / 32);
    store(offset, load(offset) | 1u << source % 32);
    store(PLIC_PRIORITY(source), priority);
}

static void drive(unsigned source, bool level)
{
    plic_set_line(&plic, source, level, 0);
}

/* Loads after reset are 0; what a store of all ones leaves behind. */
static void test_registers(void **state)
{
    static const struct {
        uint64_t offset;
        uint32_t ones;
    } table[] = {
        {PLIC_PRIORITY(0), 0},
        {PLIC_PRIORITY(1), 7},
        {PLIC_PRIORITY(96), 7},
        {PLIC_PRIORITY(97), 0},
        {PLIC_PENDING(0), 0},
        {PLIC_PENDING(4), 0},
        {PLIC_ENABLE(0, 0), 0xFFFFFFFE},
        {PLIC_ENABLE(3, 2), 0xFFFFFFFF},
        {PLIC_ENABLE(3, 3), 1},
        {PLIC_ENABLE(0, 4), 0},
        {PLIC_ENABLE(CONTEXTS, 0), 0},
        {PLIC_THRESHOLD(0), 7},
        {PLIC_THRESHOLD(3), 7},
        {PLIC_THRESHOLD(CONTEXTS), 0},
        {PLIC_CLAIM(0), 0},
        {PLIC_CLAIM(CONTEXTS), 0},
        {PLIC_THRESHOLD(0) + 8, 0},
        {MAP_PLIC_SIZE - 4, 0},
    };
    uint64_t value;
    for (size_t i = 0; i < sizeof table / sizeof *table; i++) {
        setup(state);
        assert_int_equal(load(table[i].offset), 0);
        store(table[i].offset, UINT32_MAX);
        assert_int_equal(load(table[i].offset), table[i].ones);
    }
    static const unsigned bad[] = {1, 2, 8};
    for (size_t i = 0; i < 3; i++) {
        assert_int_equal(device.load(device.self, 0, bad[i], 0, &value), STATUS_DENIED);
        assert_int_equal(device.store(device.self, 0, bad[i], 0, 0), STATUS_DENIED);
    }
    assert_int_equal(changes, 0);
}

/* Every source to every context, from line to completion. */
static void test_claim_and_complete(void **state)
{
    for (unsigned context = 0; context < CONTEXTS; context++)
        for (unsigned source = 1; source < PLIC_SOURCES; source++) {
            setup(state);
            enable(context, source, 1);
            drive(source, true);
            assert_int_equal(load(PLIC_PENDING(source / 32)), 1u << source % 32);
            for (unsigned other = 0; other < CONTEXTS; other++)
                assert_int_equal(raised(other), other == context);
            assert_int_equal(load(PLIC_CLAIM(context)), source);
            assert_false(raised(context));
            assert_int_equal(load(PLIC_PENDING(source / 32)), 0);
            assert_int_equal(load(PLIC_CLAIM(context)), 0);
            drive(source, false);
            store(PLIC_CLAIM(context), source);
            assert_false(raised(context));
        }
}

static void test_level_stays(void **state)
{
    (void)state;
    enable(1, 10, 3);
    drive(10, true);
    assert_int_equal(load(PLIC_CLAIM(1)), 10);
    drive(10, false);
    drive(10, true); /* in service: the gateway is shut */
    assert_int_equal(load(PLIC_PENDING(0)), 0);
    store(PLIC_CLAIM(1), 10);
    assert_true(raised(1)); /* still up: again */
    assert_int_equal(load(PLIC_CLAIM(1)), 10);
    drive(10, false);
    store(PLIC_CLAIM(1), 10);
    assert_false(raised(1));
    drive(10, true);
    drive(10, false); /* pending all the same */
    assert_int_equal(load(PLIC_CLAIM(1)), 10);
}

static void test_priorities(void **state)
{
    (void)state;
    enable(0, 5, 2);
    enable(0, 70, 7);
    enable(0, 40, 7);
    enable(0, 3, 0); /* never */
    drive(3, true);
    assert_false(raised(0));
    drive(5, true);
    drive(70, true);
    drive(40, true);
    assert_int_equal(load(PLIC_CLAIM(0)), 40); /* of equals the lowest */
    assert_int_equal(load(PLIC_CLAIM(0)), 70);
    assert_int_equal(load(PLIC_CLAIM(0)), 5);
    assert_int_equal(load(PLIC_CLAIM(0)), 0);
    store(PLIC_PRIORITY(3), 1);
    assert_int_equal(load(PLIC_CLAIM(0)), 3);
}

static void test_threshold(void **state)
{
    (void)state;
    enable(0, 5, 3);
    enable(1, 5, 3);
    store(PLIC_THRESHOLD(0), 3);
    drive(5, true);
    assert_false(raised(0));
    assert_true(raised(1));
    store(PLIC_THRESHOLD(0), 2);
    assert_true(raised(0));
    store(PLIC_THRESHOLD(0), 7);
    assert_false(raised(0));
    assert_int_equal(load(PLIC_CLAIM(0)), 5); /* a claim does not look at it */
    assert_false(raised(1));
}

static void test_one_claims(void **state)
{
    (void)state;
    for (unsigned context = 0; context < CONTEXTS; context++)
        enable(context, 8, 1);
    drive(8, true);
    assert_int_equal(load(PLIC_CLAIM(3)), 8);
    for (unsigned context = 0; context < CONTEXTS; context++) {
        assert_false(raised(context));
        assert_int_equal(load(PLIC_CLAIM(context)), 0);
    }
}

static void test_false_completions(void **state)
{
    (void)state;
    enable(0, 8, 1);
    drive(8, true);
    assert_int_equal(load(PLIC_CLAIM(0)), 8);
    store(PLIC_CLAIM(1), 8); /* not enabled there */
    store(PLIC_CLAIM(0), 9);
    store(PLIC_CLAIM(0), 0);
    store(PLIC_CLAIM(0), 97);
    store(PLIC_CLAIM(0), UINT32_MAX);
    assert_false(raised(0));
    store(PLIC_CLAIM(0), 8);
    assert_true(raised(0));
    store(PLIC_ENABLE(0, 0), 0);
    assert_false(raised(0));
}

static void test_lines(void **state)
{
    (void)state;
    struct plic_input input;
    struct interrupt_line line = plic_line(&plic, 11, &input);
    enable(2, 11, 1);
    line.set(line.owner, true, 0);
    assert_true(raised(2));
    assert_int_equal(load(PLIC_CLAIM(2)), 11);
    line.set(line.owner, false, 0);
    line.pulse(line.owner, 0);
    store(PLIC_CLAIM(2), 11);
    assert_true(raised(2));
}

/* A pulse asks once. */
static void test_pulse(void **state)
{
    (void)state;
    enable(1, 10, 1);
    plic_pulse(&plic, 10, 0);
    plic_pulse(&plic, 10, 0);
    assert_true(raised(1));
    assert_int_equal(load(PLIC_CLAIM(1)), 10);
    assert_false(raised(1));
    store(PLIC_CLAIM(1), 10);
    assert_false(raised(1));
    assert_int_equal(load(PLIC_PENDING(0)), 0);
    assert_int_equal(load(PLIC_CLAIM(1)), 0);
}

/* Pulses while the interrupt is claimed are one more interrupt after the completion; a level that fell
 * in between withdraws none. */
static void test_pulse_while_claimed(void **state)
{
    (void)state;
    enable(1, 10, 1);
    drive(10, true);
    assert_int_equal(load(PLIC_CLAIM(1)), 10);
    plic_pulse(&plic, 10, 0);
    plic_pulse(&plic, 10, 0);
    drive(10, false);
    assert_false(raised(1));
    assert_int_equal(load(PLIC_PENDING(0)), 0); /* the gateway keeps it */
    store(PLIC_CLAIM(1), 10);
    assert_true(raised(1));
    assert_int_equal(load(PLIC_CLAIM(1)), 10);
    store(PLIC_CLAIM(1), 10);
    assert_false(raised(1));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup(test_registers, setup),
        cmocka_unit_test_setup(test_claim_and_complete, setup),
        cmocka_unit_test_setup(test_level_stays, setup),
        cmocka_unit_test_setup(test_priorities, setup),
        cmocka_unit_test_setup(test_threshold, setup),
        cmocka_unit_test_setup(test_one_claims, setup),
        cmocka_unit_test_setup(test_false_completions, setup),
        cmocka_unit_test_setup(test_lines, setup),
        cmocka_unit_test_setup(test_pulse, setup),
        cmocka_unit_test_setup(test_pulse_while_claimed, setup),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
