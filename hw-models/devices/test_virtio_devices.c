/* SPDX-License-Identifier: Apache-2.0 */
/* The virtio devices: block, entropy and console, each by its requests. */
#include "devices/test_disk.h"
#include "devices/virtio_console.h"
#include "devices/virtio_entropy.h"

static struct driver driver;
static struct test_disk disk;
static struct virtio_entropy entropy;
static struct virtio_console console;
static const char *input; /* '\0': none, "$": the end */
static char sent[1024];
static unsigned sent_count;

static void read_and_write(bool legacy)
{
    uint8_t bytes[3 * BLOCK_SECTOR_BYTES];
    disk_start(&disk, &driver, legacy, false);
    for (unsigned round = 0; round < 3 * DRIVER_SIZE; round++) { /* around the rings */
        uint64_t sector = round % (DISK_SECTORS - 2);
        cycle_t begun = driver.now;
        assert_int_equal(disk_request(&driver, VIRTIO_BLOCK_IN, sector, sizeof bytes), 0);
        assert_true(driver.now - begun > DISK_LATENCY_CYCLES + sizeof bytes / 8);
        assert_int_equal(driver_used_bytes(&driver, 0, round), sizeof bytes + 1);
        assert_memory_equal(ram_at(&driver.caches.ram, DRIVER_BUFFER + 0x1000),
                            disk.sectors[sector], sizeof bytes);
    }
    memset(ram_at(&driver.caches.ram, DRIVER_BUFFER + 0x1000), 0xAB, sizeof bytes);
    memset(bytes, 0xAB, sizeof bytes);
    assert_int_equal(disk_request(&driver, VIRTIO_BLOCK_OUT, DISK_SECTORS - 3, sizeof bytes), 0);
    assert_memory_equal(disk.sectors[DISK_SECTORS - 3], bytes, sizeof bytes);
    assert_int_equal(disk.sectors[DISK_SECTORS - 4][0], DISK_SECTORS - 3);
}

static void test_block(void **state)
{
    (void)state;
    read_and_write(false);
    read_and_write(true);
}

static void test_block_others(void **state)
{
    (void)state;
    disk_start(&disk, &driver, false, false);
    assert_int_equal(disk_request(&driver, VIRTIO_BLOCK_FLUSH, 0, 0), 0);
    assert_int_equal(disk.flushes, 1);
    assert_int_equal(disk_request(&driver, VIRTIO_BLOCK_GET_ID, 0, 20), 0);
    assert_string_equal((char *)ram_at(&driver.caches.ram, DRIVER_BUFFER + 0x1000), "missive-3");
    assert_int_equal(disk_request(&driver, 99, 0, 512), VIRTIO_BLOCK_UNSUPPORTED);
}

static void test_block_errors(void **state)
{
    (void)state;
    disk_start(&disk, &driver, false, false);
    assert_int_equal(disk_request(&driver, VIRTIO_BLOCK_IN, DISK_SECTORS, 512),
                     VIRTIO_BLOCK_IO_ERROR);
    assert_int_equal(disk_request(&driver, VIRTIO_BLOCK_IN, DISK_SECTORS - 1, 1024),
                     VIRTIO_BLOCK_IO_ERROR);
    assert_int_equal(disk_request(&driver, VIRTIO_BLOCK_IN, UINT64_MAX, 1024),
                     VIRTIO_BLOCK_IO_ERROR);
    assert_int_equal(disk_request(&driver, VIRTIO_BLOCK_OUT, UINT64_MAX - 1, 512),
                     VIRTIO_BLOCK_IO_ERROR);
    assert_int_equal(disk_request(&driver, VIRTIO_BLOCK_IN, 0, 511), VIRTIO_BLOCK_IO_ERROR);
    assert_int_equal(disk_request(&driver, VIRTIO_BLOCK_IN, 0, 0), 0);
    assert_int_equal(disk_request(&driver, VIRTIO_BLOCK_IN, DISK_SECTORS - 1, 512), 0);
    disk.fails = true;
    assert_int_equal(disk_request(&driver, VIRTIO_BLOCK_IN, 0, 512), VIRTIO_BLOCK_IO_ERROR);
    assert_int_equal(disk_request(&driver, VIRTIO_BLOCK_OUT, 0, 512), VIRTIO_BLOCK_IO_ERROR);
    disk_start(&disk, &driver, false, true);
    driver_store(&driver, VIRTIO_DEVICE_FEATURES_SELECT, 0);
    assert_true(driver_load(&driver, VIRTIO_DEVICE_FEATURES) & 1u << 5);
    assert_int_equal(disk_request(&driver, VIRTIO_BLOCK_OUT, 0, 512), VIRTIO_BLOCK_IO_ERROR);
    assert_int_equal(disk.sectors[0][0], 1);
}

static void test_entropy(void **state)
{
    (void)state;
    uint8_t bytes[2][700];
    for (unsigned i = 0; i < 2; i++) {
        virtio_entropy_init(&entropy, 7);
        const struct virtio_model model = virtio_entropy_model(&entropy);
        driver_build(&driver, &model, i == 1);
        driver_start(&driver, 1);
        driver_describe(&driver, 0, 0, DRIVER_BUFFER, 699, NEXT | WRITE, 1);
        driver_describe(&driver, 0, 1, DRIVER_BUFFER + 699, 1, WRITE, 0);
        driver_offer(&driver, 0, 0);
        driver_run(&driver, 100);
        assert_int_equal(driver_used(&driver, 0), 1);
        assert_int_equal(driver_used_bytes(&driver, 0, 0), 700);
        memcpy(bytes[i], ram_at(&driver.caches.ram, DRIVER_BUFFER), 700);
    }
    assert_memory_equal(bytes[0], bytes[1], 700);
    assert_memory_not_equal(bytes[0], bytes[0] + 512, 188);
    assert_int_equal(driver_get(&driver, DRIVER_BUFFER + 700, 4), 0);
}

static void put(void *owner, uint8_t byte)
{
    (void)owner;
    sent[sent_count++ % sizeof sent] = (char)byte;
}

static int get(void *owner)
{
    (void)owner;
    return *input == '\0' ? CHARACTER_NONE : *input == '$' ? CHARACTER_END : *input++;
}

static void start_console(const char *text)
{
    input = text;
    sent_count = 0;
    virtio_console_init(&console, (struct character_port){NULL, put, get});
    const struct virtio_model model = virtio_console_model(&console);
    driver_build(&driver, &model, false);
    driver_start(&driver, 2);
}

static void test_console(void **state)
{
    (void)state;
    start_console("");
    memcpy(ram_at(&driver.caches.ram, DRIVER_BUFFER), "hello, world", 12);
    driver_describe(&driver, 0, 0, DRIVER_BUFFER + 0x100, 8, WRITE, 0);
    driver_offer(&driver, VIRTIO_CONSOLE_RECEIVE, 0);
    driver_run(&driver, 10);
    assert_int_equal(driver_used(&driver, VIRTIO_CONSOLE_RECEIVE), 0); /* waits for input */
    driver_describe(&driver, 1, 0, DRIVER_BUFFER, 7, NEXT, 1);
    driver_describe(&driver, 1, 1, DRIVER_BUFFER + 7, 5, 0, 0);
    driver_offer(&driver, VIRTIO_CONSOLE_TRANSMIT, 0);
    driver_run(&driver, 10);
    assert_int_equal(driver_used(&driver, VIRTIO_CONSOLE_TRANSMIT), 1);
    assert_int_equal(sent_count, 12);
    assert_memory_equal(sent, "hello, world", 12);
    input = "0123456789";
    driver_run(&driver, 10);
    assert_int_equal(driver_used(&driver, VIRTIO_CONSOLE_RECEIVE), 1);
    assert_int_equal(driver_used_bytes(&driver, VIRTIO_CONSOLE_RECEIVE, 0), 8);
    assert_memory_equal(ram_at(&driver.caches.ram, DRIVER_BUFFER + 0x100), "01234567", 8);
    assert_string_equal(input, "9"); /* one is fetched ahead, no more */
    driver_offer(&driver, VIRTIO_CONSOLE_RECEIVE, 0);
    input = "9$";
    driver_run(&driver, 10);
    assert_int_equal(driver_used_bytes(&driver, VIRTIO_CONSOLE_RECEIVE, 1), 2);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_block),        cmocka_unit_test(test_block_others),
        cmocka_unit_test(test_block_errors), cmocka_unit_test(test_entropy),
        cmocka_unit_test(test_console),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
