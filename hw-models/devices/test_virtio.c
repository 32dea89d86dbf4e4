/* SPDX-License-Identifier: Apache-2.0 */
/* Virtio's transport by registers and rings, with a block device behind it. */
#include "devices/test_disk.h"

static struct driver driver;
static struct test_disk disk;

static void test_registers(void **state)
{
    (void)state;
    disk_start(&disk, &driver, false, false);
    assert_int_equal(driver_load(&driver, VIRTIO_MAGIC), 0x74726976);
    assert_int_equal(driver_load(&driver, VIRTIO_VERSION), 2);
    assert_int_equal(driver_load(&driver, VIRTIO_DEVICE_ID), 2);
    assert_int_equal(driver_load(&driver, VIRTIO_VENDOR_ID), 0x554D4551);
    driver_store(&driver, VIRTIO_DEVICE_FEATURES_SELECT, 0);
    assert_int_equal(driver_load(&driver, VIRTIO_DEVICE_FEATURES), 1u << 28 | 1u << 9 | 1u << 2);
    driver_store(&driver, VIRTIO_DEVICE_FEATURES_SELECT, 1);
    assert_int_equal(driver_load(&driver, VIRTIO_DEVICE_FEATURES), 1);
    driver_store(&driver, VIRTIO_DEVICE_FEATURES_SELECT, 2);
    assert_int_equal(driver_load(&driver, VIRTIO_DEVICE_FEATURES), 0);
    driver_store(&driver, VIRTIO_QUEUE_SELECT, 1);
    assert_int_equal(driver_load(&driver, VIRTIO_QUEUE_SIZE_MAX), 0);
    assert_int_equal(driver_load(&driver, VIRTIO_QUEUE_READY), 0);
    assert_int_equal(driver_load(&driver, VIRTIO_SHARED_MEMORY_LENGTH), UINT32_MAX);
    assert_int_equal(driver_load(&driver, VIRTIO_CONFIG), DISK_SECTORS);
    assert_int_equal(driver_load(&driver, VIRTIO_CONFIG + 12), 254);
    assert_int_equal(driver_load(&driver, 0xFFC), 0);
    uint64_t value;
    driver.device.load(&driver.virtio, VIRTIO_MAGIC, 1, 0, &value);
    assert_int_equal(value, 0);
    driver.device.load(&driver.virtio, VIRTIO_CONFIG, 1, 0, &value);
    assert_int_equal(value, DISK_SECTORS);
    driver.device.store(&driver.virtio, VIRTIO_STATUS, 1, 0, 0);
    assert_int_equal(driver_load(&driver, VIRTIO_STATUS), 0x0F);
}

static void test_empty_slot(void **state)
{
    (void)state;
    const struct virtio_model none = {.id = VIRTIO_ID_NONE};
    driver_build(&driver, &none, false);
    assert_int_equal(driver_load(&driver, VIRTIO_MAGIC), 0x74726976);
    assert_int_equal(driver_load(&driver, VIRTIO_DEVICE_ID), 0);
    for (uint64_t offset = 0x10; offset < MAP_VIRTIO_SIZE; offset += 4) {
        driver_store(&driver, offset, UINT32_MAX);
        assert_int_equal(driver_load(&driver, offset), 0);
    }
    assert_false(driver.line);
}

static void test_features_are_refused(void **state)
{
    (void)state;
    disk_start(&disk, &driver, false, false);
    driver_store(&driver, VIRTIO_STATUS, 0);
    assert_int_equal(driver_load(&driver, VIRTIO_STATUS), 0);
    assert_int_equal(driver_load(&driver, VIRTIO_QUEUE_READY), 0);
    driver_store(&driver, VIRTIO_DRIVER_FEATURES, 1u << 5);
    driver_store(&driver, VIRTIO_STATUS, 0x0B);
    assert_int_equal(driver_load(&driver, VIRTIO_STATUS), 0x03);
    driver_store(&driver, VIRTIO_DRIVER_FEATURES, 0); /* as old drivers: not even VERSION_1 */
    driver_store(&driver, VIRTIO_STATUS, 0x0B);
    assert_int_equal(driver_load(&driver, VIRTIO_STATUS), 0x0B);
}

static void test_queue_sizes(void **state)
{
    (void)state;
    static const uint32_t bad[] = {0, 3, 512, UINT32_MAX};
    disk_start(&disk, &driver, false, false);
    driver_store(&driver, VIRTIO_QUEUE_READY, 0);
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        driver_store(&driver, VIRTIO_QUEUE_SIZE, bad[i]);
        driver_store(&driver, VIRTIO_QUEUE_READY, 1);
        assert_int_equal(driver_load(&driver, VIRTIO_QUEUE_READY), 0);
    }
    driver_store(&driver, VIRTIO_QUEUE_SIZE, 256);
    driver_store(&driver, VIRTIO_QUEUE_READY, 1);
    assert_int_equal(driver_load(&driver, VIRTIO_QUEUE_READY), 1);
}

static void test_interrupts(void **state)
{
    (void)state;
    disk_start(&disk, &driver, false, false);
    disk_request(&driver, VIRTIO_BLOCK_IN, 0, 512);
    assert_true(driver.line);
    assert_int_equal(driver_load(&driver, VIRTIO_INTERRUPT_STATUS), 1);
    driver_store(&driver, VIRTIO_INTERRUPT_ACK, 1);
    assert_false(driver.line);
    driver_put(&driver, driver.available[0], 2, VIRTIO_AVAILABLE_NO_INTERRUPT);
    disk_request(&driver, VIRTIO_BLOCK_IN, 0, 512);
    assert_int_equal(driver.interrupts, 1);
}

/* Transfers take lines away from the harts' caches, as they must. */
static void test_coherence(void **state)
{
    (void)state;
    disk_start(&disk, &driver, false, false);
    struct test_cache *cache = &driver.caches.cache[2];
    test_cache_fill(cache, DRIVER_BUFFER + 0x1000, MESI_MODIFIED);
    test_cache_fill(cache, DRIVER_BUFFER, MESI_MODIFIED);
    disk_request(&driver, VIRTIO_BLOCK_IN, 0, 512);
    assert_int_equal(test_cache_state(cache, DRIVER_BUFFER + 0x1000), MESI_INVALID); /* written */
    assert_int_equal(driver.coherence.counters.reach_write_backs, 2);
    test_cache_fill(cache, DRIVER_BUFFER + 0x1000, MESI_MODIFIED);
    disk_request(&driver, VIRTIO_BLOCK_OUT, 0, 512);
    assert_int_equal(test_cache_state(cache, DRIVER_BUFFER + 0x1000), MESI_SHARED); /* read */
}

static void test_indirect(void **state)
{
    (void)state;
    uint64_t table = DRIVER_BUFFER + 0x100;
    disk_start(&disk, &driver, false, false);
    driver_put(&driver, DRIVER_BUFFER, 8, VIRTIO_BLOCK_IN);
    driver_put(&driver, DRIVER_BUFFER + 8, 8, 5);
    driver_describe_at(&driver, table, 0, DRIVER_BUFFER, 10, NEXT, 1); /* any layout */
    driver_describe_at(&driver, table, 1, DRIVER_BUFFER + 10, 6, NEXT, 2);
    driver_describe_at(&driver, table, 2, DRIVER_BUFFER + 0x1000, 500, NEXT | WRITE, 3);
    driver_describe_at(&driver, table, 3, DRIVER_BUFFER + 0x1000 + 500, 13, WRITE, 0);
    driver_describe(&driver, 0, 7, table, 64, INDIRECT, 0);
    driver_offer(&driver, 0, 7);
    driver_run(&driver, 1000);
    assert_int_equal(driver_used(&driver, 0), 1);
    assert_memory_equal(ram_at(&driver.caches.ram, DRIVER_BUFFER + 0x1000), disk.sectors[5], 512);
    assert_int_equal(driver_get(&driver, DRIVER_BUFFER + 0x1000 + 512, 1), 0);
}

/* Reset, or the queue taken away, in the middle of a request. */
static void test_reset_under_way(void **state)
{
    (void)state;
    for (unsigned events = 1; events < 12; events++) {
        disk_start(&disk, &driver, false, false);
        driver_describe(&driver, 0, 0, DRIVER_BUFFER, 16, NEXT, 1);
        driver_describe(&driver, 0, 1, DRIVER_BUFFER + 0x1000, 2048, NEXT | WRITE, 2);
        driver_describe(&driver, 0, 2, DRIVER_BUFFER + 16, 1, WRITE, 0);
        driver_put(&driver, DRIVER_BUFFER, 8, VIRTIO_BLOCK_IN);
        driver_offer(&driver, 0, 0);
        driver_run(&driver, events);
        uint16_t used = driver_used(&driver, 0);
        if (events % 2) {
            driver_store(&driver, VIRTIO_QUEUE_READY, 0);
            driver_run(&driver, 100);
            assert_int_equal(driver_used(&driver, 0), used); /* its chain is dropped */
        }
        driver_start(&driver, 1);
        driver_put(&driver, driver.available[0] + 2, 2, 0);
        driver_put(&driver, driver.used[0] + 2, 2, 0);
        driver_run(&driver, 100);
        assert_int_equal(disk_request(&driver, VIRTIO_BLOCK_IN, 1, 512), 0);
    }
}

/* Nothing is taken before DRIVER_OK, but nothing is forgotten either. */
static void test_notified_early(void **state)
{
    (void)state;
    disk_start(&disk, &driver, false, false);
    driver_store(&driver, VIRTIO_STATUS, 0);
    driver_store(&driver, VIRTIO_STATUS, 0x0B);
    driver_add_queue(&driver, 0, false);
    driver_put(&driver, DRIVER_BUFFER, 8, VIRTIO_BLOCK_FLUSH);
    driver_describe(&driver, 0, 0, DRIVER_BUFFER, 16, NEXT, 1);
    driver_describe(&driver, 0, 1, DRIVER_BUFFER + 16, 1, WRITE, 0);
    driver_offer(&driver, 0, 0);
    assert_int_equal(driver.device.next_event(&driver.virtio), CYCLE_NEVER);
    driver_store(&driver, VIRTIO_STATUS, 0x0F);
    driver_run(&driver, 100);
    assert_int_equal(driver_used(&driver, 0), 1);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_registers),
        cmocka_unit_test(test_empty_slot),
        cmocka_unit_test(test_features_are_refused),
        cmocka_unit_test(test_queue_sizes),
        cmocka_unit_test(test_interrupts),
        cmocka_unit_test(test_coherence),
        cmocka_unit_test(test_indirect),
        cmocka_unit_test(test_reset_under_way),
        cmocka_unit_test(test_notified_early),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
