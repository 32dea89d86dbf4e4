/* SPDX-License-Identifier: Apache-2.0 */
/* For tests: a machine's memory without harts, and a driver that sets up a virtio device and puts
 * chains into its queues, by registers and rings alone. */
#ifndef MISSIVE_DEVICES_TEST_DRIVER_H
#define MISSIVE_DEVICES_TEST_DRIVER_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>
#include <string.h>

#include "devices/virtio.h"
#include "memory/test_caches.h"

#define DRIVER_SIZE 8 /* descriptors */
#define DRIVER_QUEUE(queue) (MAP_RAM_BASE + 0x4000 * (uint64_t)(queue))
#define DRIVER_PAGE 4096
#define DRIVER_BUFFER (MAP_RAM_BASE + 0x8000) /* what chains may point at */

#define NEXT VIRTIO_DESCRIPTOR_NEXT
#define WRITE VIRTIO_DESCRIPTOR_WRITE
#define INDIRECT VIRTIO_DESCRIPTOR_INDIRECT

struct driver {
    struct test_caches caches;
    struct dram dram;
    struct coherence coherence;
    struct virtio virtio;
    struct device device;
    cycle_t now;
    bool line;
    unsigned interrupts;
    uint64_t descriptors[2], available[2], used[2];
    uint16_t next[2];
};

static inline void driver_line(void *owner, bool level, cycle_t now)
{
    struct driver *driver = owner;
    (void)now;
    assert_int_not_equal(driver->line, level);
    driver->line = level;
    driver->interrupts += level;
}

static inline void driver_build(struct driver *driver, const struct virtio_model *model,
                                bool legacy)
{
    const struct dram_config dram = {40, 0, 1, 8, 1};
    const struct coherence_config coherence = {TEST_LINE_BYTES, 1, 6};
    memset(driver, 0, sizeof *driver);
    test_caches_init(&driver->caches, 4096, 4);
    const struct coherence_links links = {&driver->caches.ram, &driver->dram,
                                          driver->caches.snooper, TEST_CACHES};
    assert_int_equal(dram_init(&driver->dram, &dram, NULL), STATUS_OK);
    assert_int_equal(coherence_init(&driver->coherence, &coherence, &links), STATUS_OK);
    const struct virtio_links virtio = {
        &driver->coherence, {driver, driver_line}, 67, 1000, legacy};
    virtio_init(&driver->virtio, model, &virtio);
    driver->device = virtio_device(&driver->virtio, "virtio", 0x10001000);
}

static inline uint32_t driver_load(struct driver *driver, uint64_t offset)
{
    uint64_t value = 0xAAAAAAAAAAAAAAAA;
    assert_int_equal(driver->device.load(&driver->virtio, offset, 4, driver->now, &value),
                     STATUS_OK);
    assert_in_range(value, 0, UINT32_MAX);
    return (uint32_t)value;
}

static inline void driver_store(struct driver *driver, uint64_t offset, uint64_t value)
{
    assert_int_equal(driver->device.store(&driver->virtio, offset, 4, driver->now, (uint32_t)value),
                     STATUS_OK);
}

static inline void driver_put(struct driver *driver, uint64_t address, unsigned size,
                              uint64_t value)
{
    assert_true(ram_holds(&driver->caches.ram, address, size));
    memcpy(ram_at(&driver->caches.ram, address), &value, size);
}

static inline uint64_t driver_get(struct driver *driver, uint64_t address, unsigned size)
{
    uint64_t value = 0;
    assert_true(ram_holds(&driver->caches.ram, address, size));
    memcpy(&value, ram_at(&driver->caches.ram, address), size);
    return value;
}

static inline void driver_set_address(struct driver *driver, uint64_t offset, uint64_t address)
{
    driver_store(driver, offset, address);
    driver_store(driver, offset + 4, address >> 32);
}

static inline void driver_add_queue(struct driver *driver, unsigned queue, bool legacy)
{
    uint64_t base = DRIVER_QUEUE(queue);
    driver->descriptors[queue] = base;
    driver->available[queue] = legacy ? base + 16 * DRIVER_SIZE : base + 0x400;
    driver->used[queue] = base + DRIVER_PAGE;
    driver_store(driver, VIRTIO_QUEUE_SELECT, queue);
    assert_true(driver_load(driver, VIRTIO_QUEUE_SIZE_MAX) >= DRIVER_SIZE);
    driver_store(driver, VIRTIO_QUEUE_SIZE, DRIVER_SIZE);
    if (legacy) {
        driver_store(driver, VIRTIO_LEGACY_QUEUE_ALIGN, DRIVER_PAGE);
        driver_store(driver, VIRTIO_LEGACY_QUEUE_PAGE, base / DRIVER_PAGE);
        return;
    }
    driver_set_address(driver, VIRTIO_QUEUE_DESCRIPTORS, driver->descriptors[queue]);
    driver_set_address(driver, VIRTIO_QUEUE_DRIVER, driver->available[queue]);
    driver_set_address(driver, VIRTIO_QUEUE_DEVICE, driver->used[queue]);
    driver_store(driver, VIRTIO_QUEUE_READY, 1);
    assert_int_equal(driver_load(driver, VIRTIO_QUEUE_READY), 1);
}

/* The whole of section 3.1.1, with all features that are offered. */
static inline void driver_start(struct driver *driver, unsigned queues)
{
    bool legacy = driver_load(driver, VIRTIO_VERSION) == 1;
    uint32_t status = VIRTIO_STATUS_ACKNOWLEDGE | VIRTIO_STATUS_DRIVER;
    driver_store(driver, VIRTIO_STATUS, 0);
    driver_store(driver, VIRTIO_STATUS, status);
    for (unsigned word = 0; word < 2; word++) {
        driver_store(driver, VIRTIO_DEVICE_FEATURES_SELECT, word);
        driver_store(driver, VIRTIO_DRIVER_FEATURES_SELECT, word);
        driver_store(driver, VIRTIO_DRIVER_FEATURES, driver_load(driver, VIRTIO_DEVICE_FEATURES));
    }
    driver_store(driver, VIRTIO_LEGACY_PAGE_SIZE, DRIVER_PAGE);
    driver_store(driver, VIRTIO_STATUS, status |= VIRTIO_STATUS_FEATURES_OK);
    assert_int_equal(driver_load(driver, VIRTIO_STATUS), status);
    for (unsigned queue = 0; queue < queues; queue++)
        driver_add_queue(driver, queue, legacy);
    driver_store(driver, VIRTIO_STATUS, status | VIRTIO_STATUS_DRIVER_OK);
    driver->next[0] = driver->next[1] = 0;
}

static inline void driver_describe_at(struct driver *driver, uint64_t table, unsigned index,
                                      uint64_t address, uint32_t bytes, unsigned flags,
                                      unsigned next)
{
    uint64_t at = table + 16 * (uint64_t)index;
    driver_put(driver, at, 8, address);
    driver_put(driver, at + 8, 4, bytes);
    driver_put(driver, at + 12, 2, flags);
    driver_put(driver, at + 14, 2, next);
}

static inline void driver_describe(struct driver *driver, unsigned queue, unsigned index,
                                   uint64_t address, uint32_t bytes, unsigned flags, unsigned next)
{
    driver_describe_at(driver, driver->descriptors[queue], index, address, bytes, flags, next);
}

/* Makes a chain available and rings. */
static inline void driver_offer(struct driver *driver, unsigned queue, unsigned head)
{
    uint16_t next = driver->next[queue]++;
    driver_put(driver, driver->available[queue] + 4 + 2 * (next % DRIVER_SIZE), 2, head);
    driver_put(driver, driver->available[queue] + 2, 2, (uint16_t)(next + 1));
    driver_store(driver, VIRTIO_QUEUE_NOTIFY, queue);
}

/* Lets the device work until it rests, or up to `most` events. */
static inline void driver_run(struct driver *driver, unsigned most)
{
    for (unsigned i = 0; i < most; i++) {
        cycle_t next = driver->device.next_event(&driver->virtio);
        if (next == CYCLE_NEVER)
            return;
        assert_true(next >= driver->now);
        driver->now = next;
        driver->device.advance(&driver->virtio, next);
        assert_true(driver->device.next_event(&driver->virtio) > next);
    }
}

static inline uint16_t driver_used(struct driver *driver, unsigned queue)
{
    return (uint16_t)driver_get(driver, driver->used[queue] + 2, 2);
}

static inline uint32_t driver_used_bytes(struct driver *driver, unsigned queue, unsigned index)
{
    return (uint32_t)driver_get(driver, driver->used[queue] + 4 + 8 * (index % DRIVER_SIZE) + 4, 4);
}

#endif
