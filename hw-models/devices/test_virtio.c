/* SPDX-License-Identifier: Apache-2.0 */
/* Virtio by registers and rings: the transport, the devices, and drivers that break the rules. */
#include "devices/test_driver.h"
#include "devices/virtio_block.h"
#include "devices/virtio_console.h"
#include "devices/virtio_entropy.h"

#define SECTORS 16
#define LATENCY 10000
#define BUFFER (MAP_RAM_BASE + 0x8000)
#define NEXT VIRTIO_DESCRIPTOR_NEXT
#define WRITE VIRTIO_DESCRIPTOR_WRITE
#define INDIRECT VIRTIO_DESCRIPTOR_INDIRECT

static struct driver driver;
static struct virtio_block block;
static struct virtio_entropy entropy;
static struct virtio_console console;
static uint8_t medium[SECTORS][BLOCK_SECTOR_BYTES];
static unsigned flushes;
static bool medium_fails;
static const char *input; /* '\0': none, "$": the end */
static char sent[1024];
static unsigned sent_count;

static enum status medium_read(void *owner, uint64_t sector, uint8_t bytes[BLOCK_SECTOR_BYTES])
{
    (void)owner;
    assert_true(sector < SECTORS);
    memcpy(bytes, medium[sector], BLOCK_SECTOR_BYTES);
    return medium_fails ? STATUS_INVALID : STATUS_OK;
}

static enum status medium_write(void *owner, uint64_t sector,
                                const uint8_t bytes[BLOCK_SECTOR_BYTES])
{
    (void)owner;
    assert_true(sector < SECTORS);
    memcpy(medium[sector], bytes, BLOCK_SECTOR_BYTES);
    return medium_fails ? STATUS_INVALID : STATUS_OK;
}

static enum status medium_flush(void *owner)
{
    (void)owner;
    flushes++;
    return STATUS_OK;
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

static void start_block(bool legacy, bool read_only)
{
    const struct block_port port = {NULL,        SECTORS,      read_only,
                                    medium_read, medium_write, medium_flush};
    for (unsigned i = 0; i < SECTORS; i++)
        memset(medium[i], (int)i + 1, BLOCK_SECTOR_BYTES);
    flushes = 0;
    medium_fails = false;
    virtio_block_init(&block, port, LATENCY, 3);
    const struct virtio_model model = virtio_block_model(&block);
    driver_build(&driver, &model, legacy);
    driver_start(&driver, 1);
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

/* A block request of header, data and status; returns the status. */
static uint8_t request(uint32_t type, uint64_t sector, uint32_t data_bytes)
{
    unsigned write = type == VIRTIO_BLOCK_OUT ? 0 : WRITE;
    uint16_t before = driver_used(&driver, 0);
    driver_put(&driver, BUFFER, 4, type);
    driver_put(&driver, BUFFER + 8, 8, sector);
    driver_put(&driver, BUFFER + 16, 1, 0xEE);
    driver_describe(&driver, 0, 0, BUFFER, 16, NEXT, data_bytes ? 1 : 2);
    driver_describe(&driver, 0, 1, BUFFER + 0x1000, data_bytes, NEXT | write, 2);
    driver_describe(&driver, 0, 2, BUFFER + 16, 1, WRITE, 0);
    driver_offer(&driver, 0, 0);
    driver_run(&driver, 1000);
    assert_int_equal(driver_used(&driver, 0), (uint16_t)(before + 1));
    return (uint8_t)driver_get(&driver, BUFFER + 16, 1);
}

static void test_registers(void **state)
{
    (void)state;
    start_block(false, false);
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
    assert_int_equal(driver_load(&driver, VIRTIO_CONFIG), SECTORS);
    assert_int_equal(driver_load(&driver, VIRTIO_CONFIG + 12), 254);
    assert_int_equal(driver_load(&driver, 0xFFC), 0);
    uint64_t value;
    driver.device.load(&driver.virtio, VIRTIO_MAGIC, 1, 0, &value);
    assert_int_equal(value, 0);
    driver.device.load(&driver.virtio, VIRTIO_CONFIG, 1, 0, &value);
    assert_int_equal(value, SECTORS);
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
    start_block(false, false);
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
    start_block(false, false);
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

static void read_and_write(bool legacy)
{
    uint8_t bytes[3 * BLOCK_SECTOR_BYTES];
    start_block(legacy, false);
    for (unsigned round = 0; round < 3 * DRIVER_SIZE; round++) { /* around the rings */
        uint64_t sector = round % (SECTORS - 2);
        cycle_t begun = driver.now;
        assert_int_equal(request(VIRTIO_BLOCK_IN, sector, sizeof bytes), 0);
        assert_true(driver.now - begun > LATENCY + sizeof bytes / 8);
        assert_int_equal(driver_used_bytes(&driver, 0, round), sizeof bytes + 1);
        assert_memory_equal(ram_at(&driver.caches.ram, BUFFER + 0x1000), medium[sector],
                            sizeof bytes);
    }
    memset(ram_at(&driver.caches.ram, BUFFER + 0x1000), 0xAB, sizeof bytes);
    memset(bytes, 0xAB, sizeof bytes);
    assert_int_equal(request(VIRTIO_BLOCK_OUT, SECTORS - 3, sizeof bytes), 0);
    assert_memory_equal(medium[SECTORS - 3], bytes, sizeof bytes);
    assert_int_equal(medium[SECTORS - 4][0], SECTORS - 3);
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
    start_block(false, false);
    assert_int_equal(request(VIRTIO_BLOCK_FLUSH, 0, 0), 0);
    assert_int_equal(flushes, 1);
    assert_int_equal(request(VIRTIO_BLOCK_GET_ID, 0, 20), 0);
    assert_string_equal((char *)ram_at(&driver.caches.ram, BUFFER + 0x1000), "missive-3");
    assert_int_equal(request(99, 0, 512), VIRTIO_BLOCK_UNSUPPORTED);
}

static void test_block_errors(void **state)
{
    (void)state;
    start_block(false, false);
    assert_int_equal(request(VIRTIO_BLOCK_IN, SECTORS, 512), VIRTIO_BLOCK_IO_ERROR);
    assert_int_equal(request(VIRTIO_BLOCK_IN, SECTORS - 1, 1024), VIRTIO_BLOCK_IO_ERROR);
    assert_int_equal(request(VIRTIO_BLOCK_IN, UINT64_MAX, 1024), VIRTIO_BLOCK_IO_ERROR);
    assert_int_equal(request(VIRTIO_BLOCK_OUT, UINT64_MAX - 1, 512), VIRTIO_BLOCK_IO_ERROR);
    assert_int_equal(request(VIRTIO_BLOCK_IN, 0, 511), VIRTIO_BLOCK_IO_ERROR);
    assert_int_equal(request(VIRTIO_BLOCK_IN, 0, 0), 0);
    assert_int_equal(request(VIRTIO_BLOCK_IN, SECTORS - 1, 512), 0);
    medium_fails = true;
    assert_int_equal(request(VIRTIO_BLOCK_IN, 0, 512), VIRTIO_BLOCK_IO_ERROR);
    assert_int_equal(request(VIRTIO_BLOCK_OUT, 0, 512), VIRTIO_BLOCK_IO_ERROR);
    start_block(false, true);
    driver_store(&driver, VIRTIO_DEVICE_FEATURES_SELECT, 0);
    assert_true(driver_load(&driver, VIRTIO_DEVICE_FEATURES) & 1u << 5);
    assert_int_equal(request(VIRTIO_BLOCK_OUT, 0, 512), VIRTIO_BLOCK_IO_ERROR);
    assert_int_equal(medium[0][0], 1);
}

static void test_interrupts(void **state)
{
    (void)state;
    start_block(false, false);
    request(VIRTIO_BLOCK_IN, 0, 512);
    assert_true(driver.line);
    assert_int_equal(driver_load(&driver, VIRTIO_INTERRUPT_STATUS), 1);
    driver_store(&driver, VIRTIO_INTERRUPT_ACK, 1);
    assert_false(driver.line);
    driver_put(&driver, driver.available[0], 2, VIRTIO_AVAILABLE_NO_INTERRUPT);
    request(VIRTIO_BLOCK_IN, 0, 512);
    assert_int_equal(driver.interrupts, 1);
}

/* Transfers take lines away from the harts' caches, as they must. */
static void test_coherence(void **state)
{
    (void)state;
    start_block(false, false);
    struct test_cache *cache = &driver.caches.cache[2];
    test_cache_fill(cache, BUFFER + 0x1000, MESI_MODIFIED);
    test_cache_fill(cache, BUFFER, MESI_MODIFIED);
    request(VIRTIO_BLOCK_IN, 0, 512);
    assert_int_equal(test_cache_state(cache, BUFFER + 0x1000), MESI_INVALID); /* written */
    assert_int_equal(driver.coherence.counters.reach_write_backs, 2);
    test_cache_fill(cache, BUFFER + 0x1000, MESI_MODIFIED);
    request(VIRTIO_BLOCK_OUT, 0, 512);
    assert_int_equal(test_cache_state(cache, BUFFER + 0x1000), MESI_SHARED); /* read */
}

static void test_indirect(void **state)
{
    (void)state;
    uint64_t table = BUFFER + 0x100;
    start_block(false, false);
    driver_put(&driver, BUFFER, 8, VIRTIO_BLOCK_IN);
    driver_put(&driver, BUFFER + 8, 8, 5);
    driver_describe_at(&driver, table, 0, BUFFER, 10, NEXT, 1); /* any layout */
    driver_describe_at(&driver, table, 1, BUFFER + 10, 6, NEXT, 2);
    driver_describe_at(&driver, table, 2, BUFFER + 0x1000, 500, NEXT | WRITE, 3);
    driver_describe_at(&driver, table, 3, BUFFER + 0x1000 + 500, 13, WRITE, 0);
    driver_describe(&driver, 0, 7, table, 64, INDIRECT, 0);
    driver_offer(&driver, 0, 7);
    driver_run(&driver, 1000);
    assert_int_equal(driver_used(&driver, 0), 1);
    assert_memory_equal(ram_at(&driver.caches.ram, BUFFER + 0x1000), medium[5], 512);
    assert_int_equal(driver_get(&driver, BUFFER + 0x1000 + 512, 1), 0);
}

/* What stops the device: a chain from descriptor 0, or more of the ring. */
static void hostile_loop(void)
{
    driver_describe(&driver, 0, 0, BUFFER, 16, NEXT, 1);
    driver_describe(&driver, 0, 1, BUFFER, 16, NEXT, 0);
}

static void hostile_self(void)
{
    driver_describe(&driver, 0, 0, BUFFER, 16, NEXT, 0);
}

static void hostile_next(void)
{
    driver_describe(&driver, 0, 0, BUFFER, 16, NEXT, DRIVER_SIZE);
    driver_describe(&driver, 0, DRIVER_SIZE, BUFFER + 16, 1, WRITE, 0);
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
    driver_describe(&driver, 0, 0, BUFFER, UINT32_MAX, NEXT, 1);
}

static void hostile_empty(void)
{
    driver_describe(&driver, 0, 1, BUFFER + 0x1000, 0, NEXT | WRITE, 2);
}

static void hostile_order(void)
{
    driver_describe(&driver, 0, 0, BUFFER, 16, WRITE | NEXT, 1);
    driver_describe(&driver, 0, 1, BUFFER, 16, 0, 0);
}

static void hostile_short_header(void)
{
    driver_describe(&driver, 0, 0, BUFFER, 15, NEXT, 2);
}

static void hostile_no_status(void)
{
    driver_describe(&driver, 0, 0, BUFFER, 16, 0, 0);
}

static void indirect(uint64_t table, uint32_t bytes, unsigned flags)
{
    driver_describe_at(&driver, BUFFER + 0x200, 0, BUFFER, 16, NEXT, 1);
    driver_describe_at(&driver, BUFFER + 0x200, 1, BUFFER + 16, 1, WRITE, 0);
    driver_describe(&driver, 0, 0, table, bytes, INDIRECT | flags, 1);
}

static void hostile_indirect_and_next(void)
{
    indirect(BUFFER + 0x200, 32, NEXT);
}

static void hostile_indirect_size(void)
{
    indirect(BUFFER + 0x200, 31, 0);
}

static void hostile_indirect_empty(void)
{
    indirect(BUFFER + 0x200, 0, 0);
}

static void hostile_indirect_large(void)
{
    indirect(BUFFER + 0x200, 16 * 257, 0);
}

static void hostile_indirect_outside(void)
{
    indirect(UINT64_MAX - 15, 32, 0);
}

static void hostile_indirect_loop(void)
{
    indirect(BUFFER + 0x200, 32, 0);
    driver_describe_at(&driver, BUFFER + 0x200, 1, BUFFER + 16, 1, WRITE | NEXT, 0);
}

static void hostile_indirect_nested(void)
{
    indirect(BUFFER + 0x200, 32, 0);
    driver_describe_at(&driver, BUFFER + 0x200, 0, BUFFER + 0x200, 32, INDIRECT, 0);
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
    assert_int_equal(request(VIRTIO_BLOCK_IN, 0, 512), 0); /* all well again */
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
        start_block(false, false);
        driver_describe(&driver, 0, 0, BUFFER, 16, NEXT, 1);
        driver_describe(&driver, 0, 1, BUFFER + 0x1000, 512, NEXT | WRITE, 2);
        driver_describe(&driver, 0, 2, BUFFER + 16, 1, WRITE, 0);
        driver_offer(&driver, 0, 0);
        hostile[i]();
        driver_run(&driver, 1000);
        expect_stopped();
    }
}

static void test_indirect_must_be_accepted(void **state)
{
    (void)state;
    start_block(false, false);
    driver_store(&driver, VIRTIO_STATUS, 0);
    driver_store(&driver, VIRTIO_STATUS, 0x0B);
    driver_add_queue(&driver, 0, false);
    driver_store(&driver, VIRTIO_STATUS, 0x0F);
    indirect(BUFFER + 0x200, 32, 0);
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
        start_block(false, false);
        driver_store(&driver, VIRTIO_QUEUE_READY, 0);
        driver_set_address(&driver, places[i / 5], addresses[i % 5]);
        driver_store(&driver, VIRTIO_QUEUE_READY, 1);
        driver_describe(&driver, 0, 0, BUFFER, 16, NEXT, 1);
        driver_describe(&driver, 0, 1, BUFFER + 16, 1, WRITE, 0);
        driver_put(&driver, BUFFER, 8, VIRTIO_BLOCK_FLUSH);
        driver_offer(&driver, 0, 0);
        driver_run(&driver, 1000);
        assert_true(driver_load(&driver, VIRTIO_STATUS) & VIRTIO_STATUS_NEEDS_RESET);
    }
}

/* Reset, or the queue taken away, in the middle of a request. */
static void test_reset_under_way(void **state)
{
    (void)state;
    for (unsigned events = 1; events < 12; events++) {
        start_block(false, false);
        driver_describe(&driver, 0, 0, BUFFER, 16, NEXT, 1);
        driver_describe(&driver, 0, 1, BUFFER + 0x1000, 2048, NEXT | WRITE, 2);
        driver_describe(&driver, 0, 2, BUFFER + 16, 1, WRITE, 0);
        driver_put(&driver, BUFFER, 8, VIRTIO_BLOCK_IN);
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
        assert_int_equal(request(VIRTIO_BLOCK_IN, 1, 512), 0);
    }
}

/* Nothing is taken before DRIVER_OK, but nothing is forgotten either. */
static void test_notified_early(void **state)
{
    (void)state;
    start_block(false, false);
    driver_store(&driver, VIRTIO_STATUS, 0);
    driver_store(&driver, VIRTIO_STATUS, 0x0B);
    driver_add_queue(&driver, 0, false);
    driver_put(&driver, BUFFER, 8, VIRTIO_BLOCK_FLUSH);
    driver_describe(&driver, 0, 0, BUFFER, 16, NEXT, 1);
    driver_describe(&driver, 0, 1, BUFFER + 16, 1, WRITE, 0);
    driver_offer(&driver, 0, 0);
    assert_int_equal(driver.device.next_event(&driver.virtio), CYCLE_NEVER);
    driver_store(&driver, VIRTIO_STATUS, 0x0F);
    driver_run(&driver, 100);
    assert_int_equal(driver_used(&driver, 0), 1);
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
        driver_describe(&driver, 0, 0, BUFFER, 699, NEXT | WRITE, 1);
        driver_describe(&driver, 0, 1, BUFFER + 699, 1, WRITE, 0);
        driver_offer(&driver, 0, 0);
        driver_run(&driver, 100);
        assert_int_equal(driver_used(&driver, 0), 1);
        assert_int_equal(driver_used_bytes(&driver, 0, 0), 700);
        memcpy(bytes[i], ram_at(&driver.caches.ram, BUFFER), 700);
    }
    assert_memory_equal(bytes[0], bytes[1], 700);
    assert_memory_not_equal(bytes[0], bytes[0] + 512, 188);
    assert_int_equal(driver_get(&driver, BUFFER + 700, 4), 0);
}

static void test_console(void **state)
{
    (void)state;
    start_console("");
    memcpy(ram_at(&driver.caches.ram, BUFFER), "hello, world", 12);
    driver_describe(&driver, 0, 0, BUFFER + 0x100, 8, WRITE, 0);
    driver_offer(&driver, VIRTIO_CONSOLE_RECEIVE, 0);
    driver_run(&driver, 10);
    assert_int_equal(driver_used(&driver, VIRTIO_CONSOLE_RECEIVE), 0); /* waits for input */
    driver_describe(&driver, 1, 0, BUFFER, 7, NEXT, 1);
    driver_describe(&driver, 1, 1, BUFFER + 7, 5, 0, 0);
    driver_offer(&driver, VIRTIO_CONSOLE_TRANSMIT, 0);
    driver_run(&driver, 10);
    assert_int_equal(driver_used(&driver, VIRTIO_CONSOLE_TRANSMIT), 1);
    assert_int_equal(sent_count, 12);
    assert_memory_equal(sent, "hello, world", 12);
    input = "0123456789";
    driver_run(&driver, 10);
    assert_int_equal(driver_used(&driver, VIRTIO_CONSOLE_RECEIVE), 1);
    assert_int_equal(driver_used_bytes(&driver, VIRTIO_CONSOLE_RECEIVE, 0), 8);
    assert_memory_equal(ram_at(&driver.caches.ram, BUFFER + 0x100), "01234567", 8);
    assert_string_equal(input, "9"); /* one is fetched ahead, no more */
    driver_offer(&driver, VIRTIO_CONSOLE_RECEIVE, 0);
    input = "9$";
    driver_run(&driver, 10);
    assert_int_equal(driver_used_bytes(&driver, VIRTIO_CONSOLE_RECEIVE, 1), 2);
}

/* Random stores all over the registers and random rings: no crash, and a reset heals it. */
static void test_random_drivers(void **state)
{
    (void)state;
    uint64_t random = 1;
    for (unsigned round = 0; round < 300; round++) {
        start_block(round % 2, false);
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
        assert_int_equal(request(VIRTIO_BLOCK_IN, 0, 512), 0);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_registers),
        cmocka_unit_test(test_empty_slot),
        cmocka_unit_test(test_features_are_refused),
        cmocka_unit_test(test_queue_sizes),
        cmocka_unit_test(test_block),
        cmocka_unit_test(test_block_others),
        cmocka_unit_test(test_block_errors),
        cmocka_unit_test(test_interrupts),
        cmocka_unit_test(test_coherence),
        cmocka_unit_test(test_indirect),
        cmocka_unit_test(test_hostile_rings),
        cmocka_unit_test(test_indirect_must_be_accepted),
        cmocka_unit_test(test_rings_outside_ram),
        cmocka_unit_test(test_reset_under_way),
        cmocka_unit_test(test_notified_early),
        cmocka_unit_test(test_entropy),
        cmocka_unit_test(test_console),
        cmocka_unit_test(test_random_drivers),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
