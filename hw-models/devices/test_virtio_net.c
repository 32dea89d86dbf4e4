/* SPDX-License-Identifier: Apache-2.0 */
/* The network device by registers and rings: frames out and in, their headers, what is dropped. */
#include "devices/test_driver.h"
#include "devices/virtio_net.h"

#define BUFFER (MAP_RAM_BASE + 0x8000)
#define NEXT VIRTIO_DESCRIPTOR_NEXT
#define WRITE VIRTIO_DESCRIPTOR_WRITE
#define RECEIVE VIRTIO_NET_RECEIVE
#define TRANSMIT VIRTIO_NET_TRANSMIT
#define FRAME_CYCLES 2000 /* that the outside needs for a frame */

static const uint8_t address[NET_ADDRESS_BYTES] = {0x52, 0x54, 0, 1, 2, 3};

static struct driver driver;
static struct virtio_net net;

/* The outside: the last frame that was sent; frames that arrive 1000 cycles apart. */
static uint8_t sent[NET_FRAME_MAX_BYTES];
static unsigned sent_count, sent_bytes;
static cycle_t sent_at, outside_free, next_arrival;
static unsigned arriving, arriving_bytes;

static cycle_t send_from(void *owner)
{
    assert_ptr_equal(owner, &net);
    return outside_free;
}

static void send(void *owner, const uint8_t *frame, unsigned size_bytes, cycle_t now)
{
    assert_ptr_equal(owner, &net);
    assert_in_range(size_bytes, NET_FRAME_MIN_BYTES, NET_FRAME_MAX_BYTES);
    assert_true(now >= outside_free);
    memcpy(sent, frame, size_bytes);
    sent_bytes = size_bytes;
    sent_at = now;
    sent_count++;
    outside_free = now + FRAME_CYCLES;
}

static cycle_t arrival(void *owner)
{
    assert_ptr_equal(owner, &net);
    return arriving ? next_arrival : CYCLE_NEVER;
}

/* Frame number N from the last one down is full of N. */
static unsigned take(void *owner, uint8_t *frame)
{
    assert_ptr_equal(owner, &net);
    assert_true(arriving > 0);
    memset(frame, (int)arriving, arriving_bytes);
    arriving--;
    next_arrival += 1000;
    return arriving_bytes;
}

static void come(unsigned count, unsigned size_bytes)
{
    arriving = count;
    arriving_bytes = size_bytes;
    next_arrival = driver.now + 500;
}

static void start(bool legacy)
{
    const struct net_port port = {&net, send_from, send, arrival, take};
    sent_count = arriving = 0;
    outside_free = 0;
    virtio_net_init(&net, port, address);
    const struct virtio_model model = virtio_net_model(&net);
    driver_build(&driver, &model, legacy);
    driver_start(&driver, 2);
}

static uint8_t *at(uint64_t place)
{
    return ram_at(&driver.caches.ram, place);
}

/* A frame behind a header, in two pieces that meet where neither begins or ends. */
static void offer_frame(unsigned header_bytes, unsigned frame_bytes)
{
    for (unsigned i = 0; i < frame_bytes; i++)
        *at(BUFFER + header_bytes + i) = (uint8_t)(i * 3 + frame_bytes);
    memset(at(BUFFER), 0xEE, header_bytes); /* says nothing */
    unsigned first = header_bytes + frame_bytes / 2;
    driver_describe(&driver, TRANSMIT, 0, BUFFER, first, NEXT, 1);
    driver_describe(&driver, TRANSMIT, 1, BUFFER + first, header_bytes + frame_bytes - first, 0, 0);
    driver_offer(&driver, TRANSMIT, 0);
}

static void offer_buffer(unsigned index, uint32_t size_bytes)
{
    driver_describe(&driver, RECEIVE, index, BUFFER + 0x800 * index, size_bytes, WRITE, 0);
    driver_offer(&driver, RECEIVE, index);
}

static void test_configuration(void **state)
{
    (void)state;
    start(false);
    assert_int_equal(driver_load(&driver, VIRTIO_DEVICE_ID), 1);
    driver_store(&driver, VIRTIO_DEVICE_FEATURES_SELECT, 0);
    assert_int_equal(driver_load(&driver, VIRTIO_DEVICE_FEATURES),
                     1u << 28 | 1u << 16 | 1u << 5 | 1u << 3);
    assert_int_equal(driver_load(&driver, VIRTIO_CONFIG), 0x01005452);
    assert_int_equal(driver_load(&driver, VIRTIO_CONFIG + 4), 1u << 16 | 0x0302);
    assert_int_equal(driver_load(&driver, VIRTIO_CONFIG + 8), 1500u << 16);
    driver_store(&driver, VIRTIO_CONFIG, 0);
    assert_int_equal(driver_load(&driver, VIRTIO_CONFIG), 0x01005452);
    driver_store(&driver, VIRTIO_QUEUE_SELECT, 2);
    assert_int_equal(driver_load(&driver, VIRTIO_QUEUE_SIZE_MAX), 0);
}

/* A driver of version 1 sets the address by writing it; a reset brings the old one back. */
static void test_legacy_address(void **state)
{
    (void)state;
    start(true);
    for (unsigned i = 0; i < 12; i++)
        driver.device.store(&driver.virtio, VIRTIO_CONFIG + i, 1, driver.now, 0x10 + i);
    assert_int_equal(driver_load(&driver, VIRTIO_CONFIG), 0x13121110);
    assert_int_equal(driver_load(&driver, VIRTIO_CONFIG + 4), 1u << 16 | 0x1514);
    driver_store(&driver, VIRTIO_STATUS, 0);
    assert_int_equal(driver_load(&driver, VIRTIO_CONFIG), 0x01005452);
}

static void test_transmit(void **state)
{
    (void)state;
    static const unsigned sizes[] = {14, 60, 512, 513, 1024, 1514, 1518};
    for (unsigned legacy = 0; legacy < 2; legacy++) {
        unsigned header = legacy ? 10 : 12;
        start(legacy);
        for (unsigned i = 0; i < 7; i++) {
            offer_frame(header, sizes[i]);
            driver_run(&driver, 100);
            assert_int_equal(driver_used(&driver, TRANSMIT), i + 1);
            assert_int_equal(driver_used_bytes(&driver, TRANSMIT, i), 0);
            assert_int_equal(sent_count, i + 1);
            assert_int_equal(sent_bytes, sizes[i]);
            assert_memory_equal(sent, at(BUFFER + header), sizes[i]);
        }
        assert_int_equal(net.counters.sent_frames, 7);
        assert_int_equal(net.counters.sent_bytes, 14 + 60 + 512 + 513 + 1024 + 1514 + 1518);
        assert_true(driver.line);
    }
}

/* Without VERSION_1 the short header, on the new registers too. */
static void test_header_without_version_1(void **state)
{
    (void)state;
    start(false);
    driver_store(&driver, VIRTIO_STATUS, 0);
    driver_store(&driver, VIRTIO_STATUS, 0x0B);
    driver_add_queue(&driver, RECEIVE, false);
    driver_add_queue(&driver, TRANSMIT, false);
    driver_store(&driver, VIRTIO_STATUS, 0x0F);
    offer_frame(10, 100);
    driver_run(&driver, 100);
    assert_int_equal(sent_bytes, 100);
    assert_memory_equal(sent, at(BUFFER + 10), 100);
}

/* The next frame is read while one is being sent, and leaves when the outside takes it. */
static void test_transmit_waits(void **state)
{
    (void)state;
    start(false);
    outside_free = 10000;
    for (unsigned i = 0; i < 3; i++)
        offer_frame(12, 100);
    driver_run(&driver, 20);
    assert_int_equal(sent_count, 3);
    assert_int_equal(sent_at, 10000 + 2 * FRAME_CYCLES);
    start(false);
    outside_free = 1000000;
    offer_frame(12, 100);
    offer_frame(12, 100);
    for (cycle_t next; (next = driver.device.next_event(&driver.virtio)) < 1000000;)
        driver.device.advance(&driver.virtio, driver.now = next);
    assert_int_equal(driver_used(&driver, TRANSMIT), 1); /* one is read ahead, no more */
    assert_int_equal(sent_count, 0);
    come(1, 60); /* and reception does not wait for it */
    offer_buffer(3, 1526);
    for (cycle_t next; (next = driver.device.next_event(&driver.virtio)) < 1000000;)
        driver.device.advance(&driver.virtio, driver.now = next);
    assert_int_equal(driver_used(&driver, RECEIVE), 1);
}

static void test_bad_frames(void **state)
{
    (void)state;
    static const unsigned sizes[] = {0, 1, 13, 1519, 4000};
    start(false);
    for (unsigned i = 0; i < 5; i++) {
        driver_describe(&driver, TRANSMIT, 0, BUFFER, 12 + sizes[i], 0, 0);
        driver_offer(&driver, TRANSMIT, 0);
        driver_run(&driver, 100);
        assert_int_equal(driver_used(&driver, TRANSMIT), i + 1);
    }
    assert_int_equal(net.counters.bad_frames, 5);
    assert_int_equal(sent_count, 0);
}

static void test_receive(void **state)
{
    (void)state;
    uint8_t wanted[1518];
    for (unsigned legacy = 0; legacy < 2; legacy++) {
        unsigned header = legacy ? 10 : 12;
        start(legacy);
        for (unsigned i = 0; i < DRIVER_SIZE; i++)
            offer_buffer(i, 1530);
        memset(at(BUFFER), 0xEE, 0x4000);
        driver_run(&driver, 100);
        come(DRIVER_SIZE, 1518);
        driver_run(&driver, 200);
        assert_int_equal(driver_used(&driver, RECEIVE), DRIVER_SIZE);
        assert_true(driver.line);
        for (unsigned i = 0; i < DRIVER_SIZE; i++) {
            uint64_t place = BUFFER + 0x800 * i;
            memset(wanted, (int)(DRIVER_SIZE - i), sizeof wanted);
            assert_int_equal(driver_used_bytes(&driver, RECEIVE, i), header + 1518);
            assert_int_equal(driver_get(&driver, place, 8), 0);
            assert_int_equal(driver_get(&driver, place + 8, 2), 0);
            if (!legacy)
                assert_int_equal(driver_get(&driver, place + 10, 2), 1); /* num_buffers */
            assert_memory_equal(at(place + header), wanted, 1518);
            assert_int_equal(*at(place + header + 1518), 0xEE);
        }
        assert_int_equal(net.counters.received_frames, DRIVER_SIZE);
        assert_int_equal(net.counters.received_bytes, DRIVER_SIZE * 1518);
    }
}

/* A frame is with the driver soon after it has arrived: nothing polls. */
static void test_receive_time(void **state)
{
    (void)state;
    start(false);
    offer_buffer(0, 1530);
    driver_run(&driver, 100);
    assert_true(driver.device.next_event(&driver.virtio) == CYCLE_NEVER);
    driver.now = 1000000;
    come(1, 60);
    assert_int_equal(driver.device.next_event(&driver.virtio), 1000500);
    driver_run(&driver, 100);
    assert_int_equal(driver_used(&driver, RECEIVE), 1);
    assert_in_range(driver.now, 1000501, 1001500);
}

/* Frames wait for buffers, as many as there is memory for. */
static void test_never_a_buffer(void **state)
{
    (void)state;
    start(false);
    come(VIRTIO_NET_WAITING_FRAMES + 7, 60);
    driver_run(&driver, 1000);
    assert_int_equal(arriving, 0);
    assert_int_equal(net.counters.full_drops, 7);
    assert_int_equal(net.counters.received_frames, 0);
    for (unsigned i = 0; i < DRIVER_SIZE; i++)
        offer_buffer(i, 1530);
    driver_run(&driver, 1000);
    assert_int_equal(driver_used(&driver, RECEIVE), DRIVER_SIZE);
    assert_int_equal(*at(BUFFER + 12), VIRTIO_NET_WAITING_FRAMES + 7); /* the first that came */
    driver_start(&driver, 2); /* and a reset forgets the others */
    assert_int_equal(net.waiting_count, 0);
}

static void test_closed(void **state)
{
    (void)state;
    start(false);
    driver_store(&driver, VIRTIO_STATUS, 0);
    come(3, 60);
    driver_run(&driver, 100);
    assert_int_equal(net.counters.closed_drops, 3);
    driver_start(&driver, 2);
    offer_buffer(0, 1530);
    driver_run(&driver, 100);
    assert_int_equal(driver_used(&driver, RECEIVE), 0);
}

static void test_small_buffers(void **state)
{
    (void)state;
    static const unsigned sizes[] = {1, 11, 12, 71};
    start(false);
    for (unsigned i = 0; i < 4; i++)
        offer_buffer(i, sizes[i]);
    offer_buffer(4, 72);
    memset(at(BUFFER), 0xEE, 0x4000);
    come(5, 60);
    driver_run(&driver, 1000);
    assert_int_equal(net.counters.buffer_drops, 4);
    assert_int_equal(driver_used(&driver, RECEIVE), 5);
    for (unsigned i = 0; i < 4; i++) {
        assert_int_equal(driver_used_bytes(&driver, RECEIVE, i), 0);
        assert_int_equal(*at(BUFFER + 0x800 * i), 0xEE);
    }
    assert_int_equal(driver_used_bytes(&driver, RECEIVE, 4), 72);
}

static void test_link(void **state)
{
    (void)state;
    start(false);
    uint32_t generation = driver_load(&driver, VIRTIO_CONFIG_GENERATION);
    outside_free = 1000000;
    offer_frame(12, 100); /* still here when the link goes down */
    driver_run(&driver, 3);
    driver_store(&driver, VIRTIO_INTERRUPT_ACK, 3);
    virtio_net_set_link(&driver.virtio, false, driver.now);
    assert_int_equal(driver_load(&driver, VIRTIO_CONFIG + 4), 0x0302);
    assert_int_equal(driver_load(&driver, VIRTIO_INTERRUPT_STATUS), VIRTIO_INTERRUPT_CONFIG);
    assert_true(driver.line);
    assert_int_not_equal(driver_load(&driver, VIRTIO_CONFIG_GENERATION), generation);
    offer_buffer(3, 1530);
    offer_frame(12, 100);
    come(2, 60);
    driver_run(&driver, 1000);
    assert_int_equal(driver_used(&driver, TRANSMIT), 2);
    assert_int_equal(sent_count, 0);
    assert_int_equal(driver_used(&driver, RECEIVE), 0);
    assert_int_equal(net.counters.link_drops, 4);
    driver_start(&driver, 2);
    assert_int_equal(driver_load(&driver, VIRTIO_CONFIG + 4),
                     0x0302); /* whatever the driver does */
    virtio_net_set_link(&driver.virtio, true, driver.now);
    offer_frame(12, 100);
    driver_run(&driver, 1000);
    assert_int_equal(sent_count, 1);
}

static void test_no_outside(void **state)
{
    (void)state;
    virtio_net_init(&net, (struct net_port){0}, address);
    const struct virtio_model model = virtio_net_model(&net);
    driver_build(&driver, &model, false);
    driver_start(&driver, 2);
    assert_int_equal(driver_load(&driver, VIRTIO_CONFIG + 4), 0x0302);
    offer_frame(12, 100);
    driver_run(&driver, 100);
    assert_int_equal(driver_used(&driver, TRANSMIT), 1);
    assert_int_equal(net.counters.link_drops, 1);
}

/* Chains that the device's rules forbid stop it. */
static void test_hostile_chains(void **state)
{
    (void)state;
    static const struct {
        unsigned queue, bytes, flags;
    } cases[] = {{TRANSMIT, 11, 0}, {TRANSMIT, 100, WRITE}, {RECEIVE, 1530, 0}, {TRANSMIT, 0, 0}};
    for (unsigned i = 0; i < 4; i++) {
        start(false);
        driver_describe(&driver, cases[i].queue, 0, BUFFER, cases[i].bytes, cases[i].flags, 0);
        driver_offer(&driver, cases[i].queue, 0);
        come(3, 60);
        driver_run(&driver, 100);
        assert_true(driver_load(&driver, VIRTIO_STATUS) & VIRTIO_STATUS_NEEDS_RESET);
        assert_int_equal(driver_used(&driver, cases[i].queue), 0);
        assert_int_equal(arriving, 0); /* the wire is emptied all the same */
        driver_start(&driver, 2);
        offer_frame(12, 64);
        driver_run(&driver, 100);
        assert_int_equal(sent_count, 1);
    }
}

/* Reset, or a queue taken away, in the middle of a frame. */
static void test_reset_under_way(void **state)
{
    (void)state;
    for (unsigned events = 1; events < 20; events++) {
        start(false);
        offer_frame(12, 1518);
        offer_buffer(2, 1530);
        come(2, 1518);
        driver_run(&driver, events);
        if (events % 2)
            driver_store(&driver, VIRTIO_QUEUE_READY, 0);
        else
            driver_start(&driver, 2);
        driver_run(&driver, 100);
        driver_start(&driver, 2);
        unsigned before = sent_count;
        for (unsigned queue = 0; queue < 2; queue++) {
            driver_put(&driver, driver.available[queue] + 2, 2, 0);
            driver_put(&driver, driver.used[queue] + 2, 2, 0);
        }
        offer_frame(12, 64);
        offer_buffer(2, 1530);
        come(1, 60);
        driver_run(&driver, 100);
        assert_int_equal(sent_count, before + 1);
        assert_int_equal(sent_bytes, 64);
        assert_int_equal(driver_used(&driver, RECEIVE), 1);
        assert_int_equal(driver_used_bytes(&driver, RECEIVE, 0), 72);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_configuration),   cmocka_unit_test(test_legacy_address),
        cmocka_unit_test(test_transmit),        cmocka_unit_test(test_header_without_version_1),
        cmocka_unit_test(test_transmit_waits),  cmocka_unit_test(test_bad_frames),
        cmocka_unit_test(test_receive),         cmocka_unit_test(test_receive_time),
        cmocka_unit_test(test_never_a_buffer),  cmocka_unit_test(test_closed),
        cmocka_unit_test(test_small_buffers),   cmocka_unit_test(test_link),
        cmocka_unit_test(test_no_outside),      cmocka_unit_test(test_hostile_chains),
        cmocka_unit_test(test_reset_under_way),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
