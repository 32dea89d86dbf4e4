/* SPDX-License-Identifier: Apache-2.0 */
/* Drivers that break the rules of virtio: the device stops or ignores them, and a reset heals it. */
#include "devices/test_disk.h"

static struct driver driver;
static struct test_disk disk;

/* What stops the device: a chain from descriptor 0, or more of the ring. */
static void hostile_loop(void)
{
    driver_describe(&driver, 0, 0, DRIVER_BUFFER, 16, NEXT, 1);
    driver_describe(&driver, 0, 1, DRIVER_BUFFER, 16, NEXT, 0);
}

static void hostile_self(void)
{
    driver_describe(&driver, 0, 0, DRIVER_BUFFER, 16, NEXT, 0);
}

static void hostile_next(void)
{
    driver_describe(&driver, 0, 0, DRIVER_BUFFER, 16, NEXT, DRIVER_SIZE);
    driver_describe(&driver, 0, DRIVER_SIZE, DRIVER_BUFFER + 16, 1, WRITE, 0);
}

static void hostile_head(void)
{
    driver_put(&driver, driver.available[0] + 4, 2, 0xFFFF);
}

static void hostile_index(void)
{
    driver_put(&driver, driver.available[0] + 2, 2, DRIVER_SIZE + 1);
}

static void hostile_below_ram(void)
{
    driver_describe(&driver, 0, 0, 0x10001000, 16, NEXT, 1);
}

static void hostile_past_ram(void)
{
    driver_describe(&driver, 0, 0, MAP_RAM_BASE + TEST_RAM_BYTES - 8, 16, NEXT, 1);
}

static void hostile_wraps(void)
{
    driver_describe(&driver, 0, 0, UINT64_MAX - 7, 16, NEXT, 1);
}

static void hostile_long(void)
{
    driver_describe(&driver, 0, 0, DRIVER_BUFFER, UINT32_MAX, NEXT, 1);
}

static void hostile_empty(void)
{
    driver_describe(&driver, 0, 1, DRIVER_BUFFER + 0x1000, 0, NEXT | WRITE, 2);
}

static void hostile_order(void)
{
    driver_describe(&driver, 0, 0, DRIVER_BUFFER, 16, WRITE | NEXT, 1);
    driver_describe(&driver, 0, 1, DRIVER_BUFFER, 16, 0, 0);
}

static void hostile_short_header(void)
{
    driver_describe(&driver, 0, 0, DRIVER_BUFFER, 15, NEXT, 2);
}

static void hostile_no_status(void)
{
    driver_describe(&driver, 0, 0, DRIVER_BUFFER, 16, 0, 0);
}

static void indirect(uint64_t table, uint32_t bytes, unsigned flags)
{
    driver_describe_at(&driver, DRIVER_BUFFER + 0x200, 0, DRIVER_BUFFER, 16, NEXT, 1);
    driver_describe_at(&driver, DRIVER_BUFFER + 0x200, 1, DRIVER_BUFFER + 16, 1, WRITE, 0);
    driver_describe(&driver, 0, 0, table, bytes, INDIRECT | flags, 1);
}

static void hostile_indirect_and_next(void)
{
    indirect(DRIVER_BUFFER + 0x200, 32, NEXT);
}

static void hostile_indirect_size(void)
{
    indirect(DRIVER_BUFFER + 0x200, 31, 0);
}

static void hostile_indirect_empty(void)
{
    indirect(DRIVER_BUFFER + 0x200, 0, 0);
}

static void hostile_indirect_large(void)
{
    indirect(DRIVER_BUFFER + 0x200, 16 * 257, 0);
}

static void hostile_indirect_outside(void)
{
    indirect(UINT64_MAX - 15, 32, 0);
}

static void hostile_indirect_loop(void)
{
    indirect(DRIVER_BUFFER + 0x200, 32, 0);
    driver_describe_at(&driver, DRIVER_BUFFER + 0x200, 1, DRIVER_BUFFER + 16, 1, WRITE | NEXT, 0);
}

static void hostile_indirect_nested(void)
{
    indirect(DRIVER_BUFFER + 0x200, 32, 0);
    driver_describe_at(&driver, DRIVER_BUFFER + 0x200, 0, DRIVER_BUFFER + 0x200, 32, INDIRECT, 0);
}

static void expect_stopped(void)
{
    assert_true(driver_load(&driver, VIRTIO_STATUS) & VIRTIO_STATUS_NEEDS_RESET);
    assert_int_equal(driver_load(&driver, VIRTIO_INTERRUPT_STATUS), VIRTIO_INTERRUPT_CONFIG);
    assert_true(driver.line);
    assert_int_equal(driver_used(&driver, 0), 0);
    assert_int_equal(driver.device.next_event(&driver.virtio), CYCLE_NEVER);
    driver_store(&driver, VIRTIO_QUEUE_NOTIFY, 0);
    driver_store(&driver, VIRTIO_STATUS, 0x0F);
    assert_int_equal(driver.device.next_event(&driver.virtio), CYCLE_NEVER);
    driver_start(&driver, 1);
    assert_false(driver.line);
    assert_int_equal(driver_load(&driver, VIRTIO_STATUS), 0x0F);
    driver_put(&driver, driver.available[0] + 2, 2, 0);
    assert_int_equal(disk_request(&driver, VIRTIO_BLOCK_IN, 0, 512), 0); /* all well again */
}

static void test_hostile_rings(void **state)
{
    (void)state;
    static void (*const hostile[])(void) = {hostile_loop,           hostile_self,
                                            hostile_next,           hostile_head,
                                            hostile_index,          hostile_below_ram,
                                            hostile_past_ram,       hostile_wraps,
                                            hostile_long,           hostile_empty,
                                            hostile_order,          hostile_short_header,
                                            hostile_no_status,      hostile_indirect_and_next,
                                            hostile_indirect_size,  hostile_indirect_empty,
                                            hostile_indirect_large, hostile_indirect_outside,
                                            hostile_indirect_loop,  hostile_indirect_nested};
    for (size_t i = 0; i < sizeof hostile / sizeof *hostile; i++) {
        disk_start(&disk, &driver, false, false);
        driver_describe(&driver, 0, 0, DRIVER_BUFFER, 16, NEXT, 1);
        driver_describe(&driver, 0, 1, DRIVER_BUFFER + 0x1000, 512, NEXT | WRITE, 2);
        driver_describe(&driver, 0, 2, DRIVER_BUFFER + 16, 1, WRITE, 0);
        driver_offer(&driver, 0, 0);
        hostile[i]();
        driver_run(&driver, 1000);
        expect_stopped();
    }
}

static void test_indirect_must_be_accepted(void **state)
{
    (void)state;
    disk_start(&disk, &driver, false, false);
    driver_store(&driver, VIRTIO_STATUS, 0);
    driver_store(&driver, VIRTIO_STATUS, 0x0B);
    driver_add_queue(&driver, 0, false);
    driver_store(&driver, VIRTIO_STATUS, 0x0F);
    indirect(DRIVER_BUFFER + 0x200, 32, 0);
    driver_offer(&driver, 0, 0);
    driver_run(&driver, 1000);
    expect_stopped();
}

static void test_rings_outside_ram(void **state)
{
    (void)state;
    static const uint64_t places[] = {VIRTIO_QUEUE_DESCRIPTORS, VIRTIO_QUEUE_DRIVER,
                                      VIRTIO_QUEUE_DEVICE};
    static const uint64_t addresses[] = {0, 0x10001000, MAP_RAM_BASE + TEST_RAM_BYTES - 1,
                                         UINT64_MAX - 1, UINT64_MAX};
    for (unsigned i = 0; i < 3 * 5; i++) {
        disk_start(&disk, &driver, false, false);
        driver_store(&driver, VIRTIO_QUEUE_READY, 0);
        driver_set_address(&driver, places[i / 5], addresses[i % 5]);
        driver_store(&driver, VIRTIO_QUEUE_READY, 1);
        driver_describe(&driver, 0, 0, DRIVER_BUFFER, 16, NEXT, 1);
        driver_describe(&driver, 0, 1, DRIVER_BUFFER + 16, 1, WRITE, 0);
        driver_put(&driver, DRIVER_BUFFER, 8, VIRTIO_BLOCK_FLUSH);
        driver_offer(&driver, 0, 0);
        driver_run(&driver, 1000);
        assert_true(driver_load(&driver, VIRTIO_STATUS) & VIRTIO_STATUS_NEEDS_RESET);
    }
}

/* Random stores all over the registers and random rings: no crash, and a reset heals it. */
static void test_random_drivers(void **state)
{
    (void)state;
    uint64_t random = 1;
    for (unsigned round = 0; round < 300; round++) {
        disk_start(&disk, &driver, round % 2, false);
        for (unsigned i = 0; i < 100; i++) {
            uint64_t at = DRIVER_QUEUE(0) + test_random(&random) % 0x1100;
            if (test_random(&random) % 4)
                driver_put(&driver, at, 2, test_random(&random) % (round % 3 ? 16 : 65536));
            else
                driver_store(&driver, test_random(&random) % 64 * 4, test_random(&random) % 16);
            driver_store(&driver, VIRTIO_QUEUE_NOTIFY, 0);
            driver_run(&driver, 5);
        }
        memset(ram_at(&driver.caches.ram, DRIVER_QUEUE(0)), 0, 0x4000);
        driver_start(&driver, 1);
        driver_run(&driver, 100);
        assert_int_equal(disk_request(&driver, VIRTIO_BLOCK_IN, 0, 512), 0);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_hostile_rings),
        cmocka_unit_test(test_indirect_must_be_accepted),
        cmocka_unit_test(test_rings_outside_ram),
        cmocka_unit_test(test_random_drivers),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
