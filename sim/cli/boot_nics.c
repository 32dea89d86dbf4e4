/* SPDX-License-Identifier: Apache-2.0 */
/* See boot_nics.h. */
#include "cli/boot_nics.h"

#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define WIRE_WORD "wire="
#define MAC_WORD "mac="
#define MAC_TEXT_LENGTH 17

/* QEMU's first address, and those after it. */
static void default_address(uint8_t address[NET_ADDRESS_BYTES], unsigned number)
{
    const uint8_t first[NET_ADDRESS_BYTES] = {0x52, 0x54, 0x00, 0x12, 0x34, 0x56};
    memcpy(address, first, sizeof first);
    address[5] = (uint8_t)(address[5] + number);
}

static bool parse_address(const char *text, uint8_t address[NET_ADDRESS_BYTES],
                          struct problem *problem)
{
    static const uint8_t zero[NET_ADDRESS_BYTES];
    bool good = strlen(text) == MAC_TEXT_LENGTH;
    for (unsigned i = 0; good && i < NET_ADDRESS_BYTES; i++) {
        const char *digits = text + 3 * i;
        good = isxdigit((unsigned char)digits[0]) && isxdigit((unsigned char)digits[1]) &&
               digits[2] == (i < NET_ADDRESS_BYTES - 1 ? ':' : 0);
        address[i] = (uint8_t)strtoul(digits, NULL, 16);
    }
    if (!good)
        return problem_set(problem, "mac '%s': six bytes like 52:54:00:12:34:56 are expected",
                           text);
    if (address[0] & 1 || !memcmp(address, zero, sizeof zero))
        return problem_set(problem, "mac '%s': a device cannot have a group's address, or 0", text);
    return true;
}

/* The number of the wire of this name. */
static unsigned find_wire(struct boot_nics *nics, const char *name, size_t length)
{
    unsigned number = 0;
    while (number < nics->wire_count &&
           (nics->wire_length[number] != length || memcmp(nics->wire[number], name, length)))
        number++;
    if (number == nics->wire_count) {
        nics->wire[number] = name;
        nics->wire_length[number] = length;
        nics->wire_count++;
    }
    return number;
}

/* Whether one more device may be joined to the others: a wire has two ends, an address one owner. */
static bool check(const struct boot_nics *nics, const struct nic_config *nic,
                  struct problem *problem)
{
    unsigned ends = 0;
    for (unsigned i = 0; i < nics->count; i++) {
        const uint8_t *a = nics->nic[i].address;
        ends += nics->nic[i].wire == nic->wire;
        if (!memcmp(a, nic->address, NET_ADDRESS_BYTES))
            return problem_set(problem, "mac %02x:%02x:%02x:%02x:%02x:%02x: is device %u's", a[0],
                               a[1], a[2], a[3], a[4], a[5], i);
    }
    return ends < 2 || problem_set(problem, "wire '%.*s': joins two devices already",
                                   (int)nics->wire_length[nic->wire], nics->wire[nic->wire]);
}

bool boot_nics_add(struct boot_nics *nics, const char *words, struct problem *problem)
{
    const char *name = words + sizeof WIRE_WORD - 1;
    size_t length = strncmp(words, WIRE_WORD, sizeof WIRE_WORD - 1) ? 0 : strcspn(name, ",");
    struct nic_config nic;
    if (nics->count == MAP_MAX_NICS)
        return problem_set(problem, "more than %d network devices", MAP_MAX_NICS);
    if (length == 0)
        return problem_set(problem, "'%s': wire=NAME[,mac=ADDRESS] is expected", words);
    const char *rest = name + length;
    default_address(nic.address, nics->count);
    if (*rest && strncmp(rest + 1, MAC_WORD, sizeof MAC_WORD - 1))
        return problem_set(problem, "'%s': wire=NAME[,mac=ADDRESS] is expected", words);
    if (*rest && !parse_address(rest + 1 + sizeof MAC_WORD - 1, nic.address, problem))
        return false;
    nic.wire = find_wire(nics, name, length);
    if (!check(nics, &nic, problem))
        return false;
    nics->nic[nics->count++] = nic;
    return true;
}
