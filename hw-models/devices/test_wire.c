/* SPDX-License-Identifier: Apache-2.0 */
/* The wire: when frames arrive, that they arrive whole and in order, how many are lost. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>
#include <stdlib.h>
#include <string.h>

#include "devices/wire.h"

#define SHORT 14
#define PADDED_BITS ((60 + 12) * 8)
#define GAP_BITS (12 * 8)
#define LONG_BITS ((1518 + 12) * 8)

static struct wire *wire;
static struct wire_end handles[2];
static struct net_port port[2];
static unsigned rings[2], taps, tapped_bytes;
static cycle_t tapped_at;

static void ring(void *owner)
{
    ++*(unsigned *)owner;
}

static void tap(void *owner, const uint8_t *frame, unsigned size_bytes, cycle_t now)
{
    assert_ptr_equal(owner, &taps);
    assert_non_null(frame);
    taps++;
    tapped_bytes = size_bytes;
    tapped_at = now;
}

static void start(struct wire_config config)
{
    size_t size_bytes = wire_size(&config);
    assert_true(size_bytes > 0);
    wire = calloc(1, size_bytes);
    assert_non_null(wire);
    rings[0] = rings[1] = taps = 0;
    wire_init(wire, &config, (struct wire_tap){&taps, tap});
    for (unsigned i = 0; i < 2; i++)
        port[i] = wire_port(wire, i, &handles[i], (struct wire_bell){&rings[i], ring});
}

static void stop(void)
{
    free(wire);
}

static void fill(uint8_t *frame, unsigned number, unsigned size_bytes)
{
    for (unsigned i = 0; i < size_bytes; i++)
        frame[i] = (uint8_t)(number * 7 + i);
}

/* Sends as soon as the wire is free; the frame's bytes say its number. Returns when it began. */
static cycle_t send(unsigned end, unsigned number, unsigned size_bytes)
{
    uint8_t frame[NET_FRAME_MAX_BYTES];
    cycle_t now = port[end].send_from(port[end].owner);
    fill(frame, number, size_bytes);
    port[end].send(port[end].owner, frame, size_bytes, now);
    return now;
}

static unsigned receive(unsigned end, unsigned number)
{
    uint8_t frame[NET_FRAME_MAX_BYTES], wanted[NET_FRAME_MAX_BYTES];
    unsigned size_bytes = port[end].receive(port[end].owner, frame);
    fill(wanted, number, size_bytes);
    assert_memory_equal(frame, wanted, size_bytes);
    return size_bytes;
}

static cycle_t arrival(unsigned end)
{
    return port[end].arrival(port[end].owner);
}

/* 1 Gbit/s at 1 GHz: a bit a cycle. */
static void test_time(void **state)
{
    (void)state;
    start((struct wire_config){1000000000, 1000000000, 5000, 0, 1});
    assert_true(arrival(0) == CYCLE_NEVER && arrival(1) == CYCLE_NEVER);
    assert_int_equal(send(0, 1, SHORT), 0);
    assert_int_equal(arrival(1), PADDED_BITS + 5000);
    assert_true(arrival(0) == CYCLE_NEVER);
    assert_int_equal(rings[1], 1);
    assert_int_equal(rings[0], 0);
    assert_int_equal(send(0, 2, 1518), PADDED_BITS + GAP_BITS);
    assert_int_equal(taps, 2);
    assert_int_equal(tapped_bytes, 1518);
    assert_int_equal(tapped_at, PADDED_BITS + GAP_BITS);
    assert_int_equal(send(1, 3, 60), 0); /* the other direction is free */
    assert_int_equal(arrival(0), PADDED_BITS + 5000);
    assert_int_equal(receive(1, 1), SHORT);
    assert_int_equal(arrival(1), PADDED_BITS + GAP_BITS + LONG_BITS + 5000);
    assert_int_equal(receive(1, 2), 1518);
    assert_int_equal(receive(0, 3), 60);
    assert_true(arrival(0) == CYCLE_NEVER && arrival(1) == CYCLE_NEVER);
    assert_int_equal(wire->direction[0].counters.frames, 2);
    assert_int_equal(wire->direction[0].counters.bytes, SHORT + 1518);
    assert_int_equal(wire->direction[0].counters.busy_cycles,
                     PADDED_BITS + LONG_BITS + 2 * GAP_BITS);
    stop();
}

/* Parts of cycles are rounded up, and no frame takes no time. */
static void test_bandwidths(void **state)
{
    (void)state;
    static const struct {
        uint64_t bits_per_second, clock_hz, cycles;
    } cases[] = {{10000000000, 1000000000, 58},    /* 57.6 */
                 {10000000, 1000000000, 57600},    /* of 1987 */
                 {10000000, 8000000, 461},         /* 460.8 */
                 {1000000000000, 1000000, 1},      /* 0.0006 */
                 {1000, 10000000000, 5760000000}}; /* 0.576 s */
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        start((struct wire_config){cases[i].bits_per_second, cases[i].clock_hz, 0, 0, 1});
        send(0, 1, 60);
        assert_int_equal(arrival(1), cases[i].cycles);
        stop();
    }
}

/* As many frames of all sizes on their way as the latency holds, several times around the ring. */
static void test_full_wire(void **state)
{
    (void)state;
    static const unsigned sizes[] = {14, 60, 61, 1518, 14, 1517, 700};
    unsigned sent = 0, received = 0;
    start((struct wire_config){10000000000, 1000000000, 100000, 0, 1});
    while (received < 20000) {
        if (sent < 20000 && port[0].send_from(port[0].owner) <= arrival(1)) {
            send(0, sent, sizes[sent % 7]);
            sent++;
        } else {
            assert_int_equal(receive(1, received), sizes[received % 7]);
            received++;
        }
    }
    assert_true(arrival(1) == CYCLE_NEVER);
    assert_int_equal(wire->direction[0].counters.overrun_frames, 0);
    stop();
    start((struct wire_config){10000000000, 1000000000, 100000, 0, 1});
    for (sent = 0; sent < 20000; sent++) /* the shortest, which fill the ring most densely */
        send(0, sent, SHORT);
    assert_true(wire->direction[0].counters.overrun_frames > 0); /* nobody took them */
    for (received = 0; arrival(1) != CYCLE_NEVER; received++)
        assert_int_equal(receive(1, received), SHORT);
    assert_int_equal(received + wire->direction[0].counters.overrun_frames, 20000);
    assert_true(received > 100000 / 68);
    stop();
}

static unsigned lost(uint64_t per_million, uint64_t seed, unsigned end)
{
    unsigned arrived = 0;
    start((struct wire_config){1000000000, 1000000000, 100, per_million, seed});
    for (unsigned i = 0; i < 100000; i++) {
        send(end, i, SHORT);
        if (arrival(!end) != CYCLE_NEVER) {
            receive(!end, i);
            arrived++;
        }
    }
    unsigned count = (unsigned)wire->direction[end].counters.lost_frames;
    assert_int_equal(count + arrived, 100000);
    assert_int_equal(taps, 100000);
    stop();
    return count;
}

static void test_loss(void **state)
{
    (void)state;
    assert_int_equal(lost(0, 1, 0), 0);
    assert_int_equal(lost(1000000, 1, 0), 100000);
    assert_in_range(lost(10000, 1, 0), 1000 - 130, 1000 + 130); /* four standard deviations */
    assert_int_equal(lost(10000, 2, 0), lost(10000, 2, 0));
    assert_int_not_equal(lost(500000, 2, 0), lost(500000, 3, 0));
    assert_int_not_equal(lost(500000, 2, 0), lost(500000, 2, 1));
}

static void test_sizes(void **state)
{
    (void)state;
    struct wire_config config = {10000000000, 1000000000, 0, 0, 1};
    assert_in_range(wire_size(&config), 1, 20000);
    config.latency_cycles = 1000000; /* 1 ms: 1.25 MB each way */
    assert_in_range(wire_size(&config), 2500000, 2520000);
    config.latency_cycles = 60000000;
    assert_int_equal(wire_size(&config), 0);
    config.latency_cycles = UINT64_MAX;
    assert_int_equal(wire_size(&config), 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_time),      cmocka_unit_test(test_bandwidths),
        cmocka_unit_test(test_full_wire), cmocka_unit_test(test_loss),
        cmocka_unit_test(test_sizes),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
