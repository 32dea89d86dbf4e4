/* SPDX-License-Identifier: Apache-2.0 */
/* Every model of noc_models.def against what noc.h promises. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

#include "noc/test_checker.h"
#include "noc/test_traffic.h"

static struct checker checker;
static void *state;

static struct noc_config mesh_of(unsigned width, unsigned height)
{
    struct noc_config config;
    noc_config_default(&config);
    config.width = width;
    config.height = height;
    return config;
}

static void begin(const struct noc_entry *entry, const struct noc_config *config)
{
    free(state);
    state = malloc(entry->model->state_bytes);
    assert_non_null(state);
    assert_int_equal(checker_init(&checker, entry->model, state, config), STATUS_OK);
}

static void end(void)
{
    checker_drain(&checker, 1000000);
    checker_finish(&checker);
    if (checker.broken)
        fail_msg("not kept: %s", checker.broken);
}

static void chooses_shapes(void **unused)
{
    (void)unused;
    static const struct {
        unsigned nodes, width, height;
    } shapes[] = {{1, 1, 1}, {2, 2, 1}, {5, 3, 2}, {16, 4, 4}, {17, 5, 4}, {63, 8, 8}, {64, 8, 8}};
    for (size_t i = 0; i < sizeof shapes / sizeof *shapes; i++) {
        struct noc_config config = mesh_of(0, 0);
        assert_int_equal(noc_shape(&config, shapes[i].nodes), STATUS_OK);
        assert_int_equal(config.width, shapes[i].width);
        assert_int_equal(config.height, shapes[i].height);
    }
    struct noc_config config = mesh_of(2, 0);
    assert_int_equal(noc_shape(&config, 16), STATUS_OK);
    assert_int_equal(config.height, 8);
    config = mesh_of(2, 0);
    assert_int_equal(noc_shape(&config, 17), STATUS_INVALID);
    config = mesh_of(4, 4);
    assert_int_equal(noc_shape(&config, 17), STATUS_INVALID);
    assert_int_equal(noc_shape(&config, 65), STATUS_INVALID);
    assert_int_equal(noc_shape(&config, 0), STATUS_INVALID);
}

static void refuses_what_cannot_be(void **unused)
{
    (void)unused;
    const char *wrong = NULL;
    struct noc_config config = mesh_of(0, 0);
    assert_int_equal(noc_check(&config, &wrong), STATUS_INVALID);
    assert_string_equal(wrong, "noc.width");
    config = mesh_of(9, 1);
    assert_int_equal(noc_check(&config, NULL), STATUS_INVALID);
    config = mesh_of(2, 2);
    assert_int_equal(noc_check(&config, NULL), STATUS_OK);
    config.channels = 2;
    assert_int_equal(noc_check(&config, &wrong), STATUS_INVALID);
    assert_string_equal(wrong, "noc.channels");
    config = mesh_of(2, 2);
    config.depth_flits = 0;
    assert_int_equal(noc_check(&config, &wrong), STATUS_INVALID);
    assert_string_equal(wrong, "noc.depth_flits");
    for (size_t i = 0; i < noc_count; i++) {
        config = mesh_of(2, 2);
        begin(&noc_table[i], &config);
        noc_advance(checker.noc, 10);
        struct noc_packet good = {0, 3, 1, 0, 0, 10}, bad = good;
        bad.source = 4;
        assert_int_equal(noc_inject(checker.noc, &bad), STATUS_INVALID);
        bad = good, bad.destination = 4;
        assert_int_equal(noc_inject(checker.noc, &bad), STATUS_INVALID);
        bad = good, bad.class = 3;
        assert_int_equal(noc_inject(checker.noc, &bad), STATUS_INVALID);
        bad = good, bad.size_flits = 0;
        assert_int_equal(noc_inject(checker.noc, &bad), STATUS_INVALID);
        bad = good, bad.size_flits = NOC_MAX_FLITS + 1;
        assert_int_equal(noc_inject(checker.noc, &bad), STATUS_INVALID);
        bad = good, bad.cycle = 9;
        assert_int_equal(noc_inject(checker.noc, &bad), STATUS_INVALID);
        assert_int_equal(noc_inject(checker.noc, &good), STATUS_OK);
        assert_int_equal(noc_room(checker.noc, 4, 0), 0);
        assert_int_equal(noc_init(checker.noc, &(struct noc_config){0}), STATUS_INVALID);
    }
}

/* Between all pairs, one packet at a time: exactly the idle latency, whatever the stages take. */
static void idle_latency_is_exact(void **unused)
{
    (void)unused;
    for (size_t i = 0; i < noc_count; i++)
        for (unsigned variant = 0; variant < 3; variant++) {
            struct noc_config config = mesh_of(4, 3);
            config.routing_cycles = variant;
            config.channel_allocation_cycles = config.switch_cycles = 1 + variant;
            config.link_cycles = 1 + 3 * variant;
            config.depth_flits = 16;
            config.credit_cycles = 0;
            begin(&noc_table[i], &config);
            for (unsigned pair = 0; pair < 144; pair++) {
                struct noc_packet packet = {(uint16_t)(pair / 12),
                                            (uint16_t)(pair % 12),
                                            (uint16_t)(1 + pair % 5),
                                            (uint8_t)(pair % 3),
                                            0,
                                            1000 * (pair + 1)};
                struct noc_delivery delivery;
                assert_int_equal(noc_inject(checker.noc, &packet), STATUS_OK);
                cycle_t due =
                    packet.cycle +
                    noc_idle_latency(&config, noc_hops(&config, packet.source, packet.destination),
                                     packet.size_flits);
                noc_advance(checker.noc, due - 1);
                assert_false(noc_take(checker.noc, &delivery));
                assert_true(noc_next(checker.noc) <= due);
                noc_advance(checker.noc, due);
                assert_true(noc_take(checker.noc, &delivery));
                assert_int_equal(delivery.arrived, due);
                assert_int_equal(delivery.packet.destination, packet.destination);
            }
        }
}

static struct noc_config random_config(uint64_t *random)
{
    struct noc_config config = mesh_of(1 + traffic_draw(random) % 8, 1 + traffic_draw(random) % 8);
    config.channels = 1 + traffic_draw(random) % 8;
    config.classes = 1 + traffic_draw(random) % (config.channels < 4 ? config.channels : 4);
    config.depth_flits = 1 + traffic_draw(random) % 16;
    config.queue_packets = 1 + traffic_draw(random) % 16;
    config.routing_cycles = traffic_draw(random) % 3;
    config.channel_allocation_cycles = 1 + traffic_draw(random) % 2;
    config.switch_allocation_cycles = 1 + traffic_draw(random) % 2;
    config.switch_cycles = 1 + traffic_draw(random) % 8;
    config.link_cycles = 1 + traffic_draw(random) % 8;
    config.credit_cycles = traffic_draw(random) % 9;
    return config;
}

static struct noc_packet random_packet(uint64_t *random, const struct noc_config *config,
                                       unsigned longest)
{
    uint64_t nodes = config->width * config->height;
    return (struct noc_packet){(uint16_t)(traffic_draw(random) % nodes),
                               (uint16_t)(traffic_draw(random) % nodes),
                               (uint16_t)(1 + traffic_draw(random) % longest),
                               (uint8_t)(traffic_draw(random) % config->classes),
                               0,
                               checker.now};
}

/* From nearly idle to far more than the network can carry, all classes mixed, any shape and pipeline. */
static void keeps_promises_under_random_traffic(void **unused)
{
    (void)unused;
    for (size_t i = 0; i < noc_count; i++) {
        uint64_t random = 7;
        for (unsigned round = 0; round < 40; round++) {
            struct noc_config config = random_config(&random);
            unsigned longest = round % 4 ? 6 : NOC_MAX_FLITS, each = 1 + round % 13;
            begin(&noc_table[i], &config);
            for (cycle_t now = 1; now <= 600; now++) {
                checker_advance(&checker, now);
                for (unsigned k = 0; k < (each < 10 ? each : 3 * each); k++)
                    if (now % (round % 3 * 20 + 1) == 0)
                        checker_send(&checker, random_packet(&random, &config, longest));
            }
            assert_true(checker.count > 0);
            end();
        }
    }
}

#define TRANSACTIONS 64 /* four of each node */

/* What a packet of a transaction causes where it arrives: request, forward, response, and the next request. */
static struct noc_packet consequence(const struct noc_delivery *delivery, uint64_t *random)
{
    struct noc_packet next = delivery->packet;
    next.source = delivery->packet.destination;
    next.class = (uint8_t)((delivery->packet.class + 1) % 3);
    next.size_flits = next.class == NOC_RESPONSE ? 5 : 1;
    next.destination = next.class == NOC_RESPONSE ? (uint16_t)(next.token % 16)
                                                  : (uint16_t)(traffic_draw(random) % 4);
    return next;
}

/* A protocol of three classes, few homes and tiny buffers: it goes on for ever, and for every transaction. */
static void a_protocol_does_not_deadlock(void **unused)
{
    (void)unused;
    for (size_t i = 0; i < noc_count; i++) {
        struct noc_config config = mesh_of(4, 4);
        config.channels = 3;
        config.depth_flits = 2;
        config.queue_packets = 1;
        begin(&noc_table[i], &config);
        struct noc_packet next[TRANSACTIONS];
        bool waits[TRANSACTIONS];
        unsigned answered[TRANSACTIONS] = {0};
        uint64_t random = 3;
        for (unsigned k = 0; k < TRANSACTIONS; k++) {
            next[k] = (struct noc_packet){(uint16_t)(k % 16), (uint16_t)(k % 4), 1, 0, k, 0};
            waits[k] = true;
        }
        for (cycle_t now = 0; now < 20000; now++) {
            struct noc_delivery delivery;
            noc_advance(checker.noc, now);
            while (noc_take(checker.noc, &delivery)) {
                uint64_t k = delivery.packet.token;
                answered[k] += delivery.packet.class == NOC_RESPONSE;
                next[k] = consequence(&delivery, &random);
                waits[k] = true;
            }
            for (unsigned turn = 0; turn < TRANSACTIONS; turn++) {
                unsigned k = (turn + (unsigned)now) % TRANSACTIONS;
                next[k].cycle = now;
                if (waits[k])
                    waits[k] = noc_inject(checker.noc, &next[k]) == STATUS_FULL;
            }
        }
        for (unsigned k = 0; k < TRANSACTIONS; k++)
            assert_in_range(answered[k], 10, 20000);
    }
}

static void a_full_queue_makes_its_source_wait(void **unused)
{
    (void)unused;
    for (size_t i = 0; i < noc_count; i++) {
        struct noc_config config = mesh_of(3, 3);
        begin(&noc_table[i], &config);
        unsigned taken = 0;
        struct noc_packet packet = {0, 8, 20, NOC_RESPONSE, 0, 0};
        while (checker_send(&checker, packet) == STATUS_OK)
            taken++;
        assert_int_equal(taken, config.queue_packets);
        assert_int_equal(noc_room(checker.noc, 0, NOC_RESPONSE), 0);
        assert_int_equal(noc_room(checker.noc, 0, NOC_REQUEST), config.queue_packets);
        assert_int_equal(noc_counters(checker.noc)->class[NOC_RESPONSE].refusals, 1);
        while (!noc_room(checker.noc, 0, NOC_RESPONSE)) {
            assert_true(noc_next(checker.noc) <= checker.now + 1);
            checker_advance(&checker, checker.now + 1);
            assert_true(checker.now < 100);
        }
        packet.cycle = checker.now;
        assert_int_equal(checker_send(&checker, packet), STATUS_OK);
        end();
    }
}

/* All nodes send to one: its link is the limit, and nothing is idle on it. */
static void a_hot_spot_takes_a_flit_a_cycle(void **unused)
{
    (void)unused;
    for (size_t i = 0; i < noc_count; i++) {
        struct noc_config config = mesh_of(4, 4);
        config.classes = 1;
        begin(&noc_table[i], &config);
        for (cycle_t now = 1; now <= 2000; now++) {
            checker_advance(&checker, now);
            for (unsigned node = 0; node < 16; node++)
                checker_send(&checker, (struct noc_packet){(uint16_t)node, 6, 5, 0, 0, now});
        }
        const struct noc_counters *counters = noc_counters(checker.noc);
        assert_in_range(counters->link[6][NOC_LOCAL].flits, 1900, 2000);
        assert_true(counters->router[6].occupancy > 0 && counters->link[5][NOC_EAST].credit_stalls);
        end();
    }
}

/* Calls at every cycle, calls where noc_next says, and a copy of the state half-way: the same deliveries. */
static void calls_do_not_change_what_happens(void **unused)
{
    (void)unused;
    for (size_t i = 0; i < noc_count; i++) {
        struct noc_config config = mesh_of(5, 4);
        void *copy = malloc(noc_table[i].model->state_bytes);
        begin(&noc_table[i], &config);
        struct noc eager = checker.noc, lazy = {eager.model, copy};
        uint64_t random = 11;
        for (unsigned k = 0; k < 200; k++) {
            struct noc_packet packet = random_packet(&random, &config, 9);
            packet.token = k;
            packet.cycle = k / 4;
            noc_inject(eager, &packet);
        }
        noc_advance(eager, 20);
        memcpy(copy, state, eager.model->state_bytes);
        struct noc_delivery a, b;
        unsigned compared = 0;
        for (cycle_t now = 20; now < 1000; now++) {
            noc_advance(eager, now);
            while (noc_take(eager, &a)) {
                while (!noc_take(lazy, &b)) {
                    assert_true(noc_next(lazy) <= a.arrived);
                    noc_advance(lazy, noc_next(lazy));
                }
                assert_int_equal(a.packet.token, b.packet.token);
                assert_int_equal(a.entered, b.entered);
                assert_int_equal(a.arrived, b.arrived);
                compared++;
            }
        }
        assert_true(compared > 100);
        assert_int_equal(noc_next(eager), CYCLE_NEVER);
        free(copy);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(chooses_shapes),
        cmocka_unit_test(refuses_what_cannot_be),
        cmocka_unit_test(idle_latency_is_exact),
        cmocka_unit_test(keeps_promises_under_random_traffic),
        cmocka_unit_test(a_protocol_does_not_deadlock),
        cmocka_unit_test(a_full_queue_makes_its_source_wait),
        cmocka_unit_test(a_hot_spot_takes_a_flit_a_cycle),
        cmocka_unit_test(calls_do_not_change_what_happens),
    };
    int failed = cmocka_run_group_tests(tests, NULL, NULL);
    free(state);
    return failed;
}
