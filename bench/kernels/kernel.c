/* SPDX-License-Identifier: Apache-2.0 */
/* A measuring kernel's frame. The boot arguments say `rounds=N` (default 10) and `busy=N`: the first
 * N harts work, the others sleep (default: all work). The last hart to end prints the checksum and
 * ends the machine; harts that disagree on it, or a round that differs, end it with status 1. The
 * device tree's format is that of the Devicetree Specification 0.4, chapter 5. */
#include "kernel.h"

#include "base/memory_map.h"

#define FDT_BEGIN_NODE 1
#define FDT_PROPERTY 3
#define FDT_NOP 4
#define FDT_END 9

#define FINISHER_PASS 0x5555u
#define FINISHER_FAIL_1 0x13333u

static struct {
    uint64_t ended __attribute__((aligned(64)));
    uint64_t checksum, wrong;
} shared;

void *memcpy(void *to, const void *from, size_t size)
{
    uint8_t *d = to;
    const uint8_t *s = from;
    while (size--)
        *d++ = *s++;
    return to;
}

void *memset(void *to, int value, size_t size)
{
    uint8_t *d = to;
    while (size--)
        *d++ = (uint8_t)value;
    return to;
}

static uint32_t big_endian(const uint32_t *at)
{
    return __builtin_bswap32(*at);
}

static int begins_with(const char *text, const char *word)
{
    while (*word)
        if (*text++ != *word++)
            return 0;
    return 1;
}

struct orders {
    uint64_t harts;
    const char *bootargs;
};

static struct orders read_device_tree(const uint32_t *header)
{
    const char *bytes = (const char *)header;
    const uint32_t *token = (const uint32_t *)(bytes + big_endian(&header[2]));
    const char *names = bytes + big_endian(&header[3]);
    struct orders orders = {0, ""};

    for (uint32_t size; (size = big_endian(token)) != FDT_END;) {
        const uint32_t *next = token + 1;
        if (size == FDT_BEGIN_NODE) {
            const char *name = (const char *)next;
            orders.harts += (uint64_t)begins_with(name, "cpu@");
            while (*name)
                name++;
            next += (size_t)(name - (const char *)next) / 4 + 1;
        } else if (size == FDT_PROPERTY) {
            if (begins_with(names + big_endian(&next[1]), "bootargs"))
                orders.bootargs = (const char *)&next[2];
            next += 2 + (big_endian(&next[0]) + 3) / 4;
        }
        token = next;
    }
    return orders;
}

static uint64_t argument(const char *text, const char *name, uint64_t value)
{
    for (; *text; text++) {
        if (!begins_with(text, name))
            continue;
        while (*text != '=')
            text++;
        for (value = 0; text[1] >= '0' && text[1] <= '9'; text++)
            value = value * 10 + (uint64_t)(text[1] - '0');
    }
    return value;
}

static void print_checksum(uint64_t checksum)
{
    volatile uint8_t *uart = (volatile uint8_t *)MAP_UART0_BASE;
    for (int shift = 60; shift >= 0; shift -= 4)
        *uart = (uint8_t) "0123456789abcdef"[checksum >> shift & 15];
    *uart = '\n';
}

static void end(void)
{
    if (!shared.wrong)
        print_checksum(shared.checksum);
    *(volatile uint32_t *)MAP_FINISHER_BASE = shared.wrong ? FINISHER_FAIL_1 : FINISHER_PASS;
}

void kernel_main(uint64_t hart, const uint32_t *device_tree, uint8_t *memory)
{
    const struct orders orders = read_device_tree(device_tree);
    const uint64_t rounds = argument(orders.bootargs, "rounds=", 10);
    const uint64_t busy = argument(orders.bootargs, "busy=", orders.harts);

    if (hart >= busy)
        return;
    work_prepare(memory);
    const uint64_t checksum = work_round(memory);
    uint64_t wrong = 0;
    for (uint64_t round = 1; round < rounds; round++)
        wrong |= work_round(memory) ^ checksum;

    const uint64_t before = __atomic_exchange_n(&shared.checksum, checksum, __ATOMIC_ACQ_REL);
    wrong |= before ? before ^ checksum : 0;
    __atomic_fetch_or(&shared.wrong, wrong, __ATOMIC_ACQ_REL);
    if (__atomic_add_fetch(&shared.ended, 1, __ATOMIC_ACQ_REL) == busy)
        end();
}
