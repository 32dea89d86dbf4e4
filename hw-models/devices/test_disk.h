/* SPDX-License-Identifier: Apache-2.0 */
/* For tests: a drive of a few sectors in memory that can be told to fail, and one request to it. */
#ifndef MISSIVE_DEVICES_TEST_DISK_H
#define MISSIVE_DEVICES_TEST_DISK_H

#include "devices/test_driver.h"
#include "devices/virtio_block.h"

#define DISK_SECTORS 16
#define DISK_LATENCY_CYCLES 10000

struct test_disk {
    struct virtio_block block;
    uint8_t sectors[DISK_SECTORS][BLOCK_SECTOR_BYTES]; /* sector N is full of N + 1 at first */
    unsigned flushes;
    bool fails;
};

static inline enum status disk_read(void *owner, uint64_t sector, uint8_t bytes[BLOCK_SECTOR_BYTES])
{
    struct test_disk *disk = owner;
    assert_true(sector < DISK_SECTORS);
    memcpy(bytes, disk->sectors[sector], BLOCK_SECTOR_BYTES);
    return disk->fails ? STATUS_INVALID : STATUS_OK;
}

static inline enum status disk_write(void *owner, uint64_t sector,
                                     const uint8_t bytes[BLOCK_SECTOR_BYTES])
{
    struct test_disk *disk = owner;
    assert_true(sector < DISK_SECTORS);
    memcpy(disk->sectors[sector], bytes, BLOCK_SECTOR_BYTES);
    return disk->fails ? STATUS_INVALID : STATUS_OK;
}

static inline enum status disk_flush(void *owner)
{
    struct test_disk *disk = owner;
    disk->flushes++;
    return STATUS_OK;
}

/* A new drive, number 3 of its machine, behind a driver that has set it up. */
static inline void disk_start(struct test_disk *disk, struct driver *driver, bool legacy,
                              bool read_only)
{
    const struct block_port port = {disk,      DISK_SECTORS, read_only,
                                    disk_read, disk_write,   disk_flush};
    memset(disk, 0, sizeof *disk);
    for (unsigned i = 0; i < DISK_SECTORS; i++)
        memset(disk->sectors[i], (int)i + 1, BLOCK_SECTOR_BYTES);
    virtio_block_init(&disk->block, port, DISK_LATENCY_CYCLES, 3);
    const struct virtio_model model = virtio_block_model(&disk->block);
    driver_build(driver, &model, legacy);
    driver_start(driver, 1);
}

/* A request of header, data (at DRIVER_BUFFER + 0x1000) and status; returns the status. */
static inline uint8_t disk_request(struct driver *driver, uint32_t type, uint64_t sector,
                                   uint32_t data_bytes)
{
    unsigned write = type == VIRTIO_BLOCK_OUT ? 0 : WRITE;
    uint16_t before = driver_used(driver, 0);
    driver_put(driver, DRIVER_BUFFER, 4, type);
    driver_put(driver, DRIVER_BUFFER + 8, 8, sector);
    driver_put(driver, DRIVER_BUFFER + 16, 1, 0xEE);
    driver_describe(driver, 0, 0, DRIVER_BUFFER, 16, NEXT, data_bytes ? 1 : 2);
    driver_describe(driver, 0, 1, DRIVER_BUFFER + 0x1000, data_bytes, NEXT | write, 2);
    driver_describe(driver, 0, 2, DRIVER_BUFFER + 16, 1, WRITE, 0);
    driver_offer(driver, 0, 0);
    driver_run(driver, 1000);
    assert_int_equal(driver_used(driver, 0), (uint16_t)(before + 1));
    return (uint8_t)driver_get(driver, DRIVER_BUFFER + 16, 1);
}

#endif
