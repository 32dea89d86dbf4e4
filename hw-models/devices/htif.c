/* SPDX-License-Identifier: Apache-2.0 */
/* See htif.h. A value in tohost: device in bits 63 to 56, command in 55 to 48, the rest is the
 * command's own. */
#include "devices/htif.h"

#include <string.h>

#include "base/event.h"

enum { DEVICE_PROXY, DEVICE_CONSOLE };
enum { CONSOLE_READ, CONSOLE_WRITE };
enum { CALL_WRITE = 64, CALL_EXIT = 93 }; /* Linux's numbers */
enum { ERROR_BAD_FILE = -9, ERROR_FAULT = -14, ERROR_NO_CALL = -38 };

#define OWN_BITS 48
#define OWN_MASK ((UINT64_C(1) << OWN_BITS) - 1)
#define CALL_WORDS 8

bool htif_can_be(const struct ram *ram, uint64_t address)
{
    return address % sizeof(uint64_t) == 0 && ram_holds(ram, address, sizeof(uint64_t));
}

void htif_init(struct htif *htif, uint64_t tohost, uint64_t fromhost,
               const struct htif_links *links)
{
    *htif = (struct htif){*links, tohost, fromhost, false};
}

static uint64_t load(const struct htif *htif, uint64_t address)
{
    uint64_t value;
    memcpy(&value, ram_at(htif->links.ram, address), sizeof value);
    return value;
}

static void store(struct htif *htif, uint64_t address, uint64_t value, cycle_t now)
{
    if (htif->links.coherence)
        coherence_reach(htif->links.coherence, EVENT_SOURCE_DEVICE, address, true, now);
    ram_write(htif->links.ram, address, &value, sizeof value);
}

static void answer(struct htif *htif, uint64_t value, cycle_t now)
{
    if (htif->fromhost)
        store(htif, htif->fromhost, value, now);
}

static void end(struct htif *htif, uint64_t status, cycle_t now)
{
    struct finisher *finisher = htif->links.finisher;
    finisher->outcome = status ? FINISHER_FAILED : FINISHER_PASSED;
    finisher->code = status > UINT32_MAX ? UINT32_MAX : (unsigned)status;
    finisher->ended = now;
}

static int64_t call_write(struct htif *htif, uint64_t file, uint64_t from, uint64_t size_bytes)
{
    const struct character_port *console = &htif->links.console;
    if (file != 1 && file != 2)
        return ERROR_BAD_FILE;
    if (!ram_holds(htif->links.ram, from, size_bytes))
        return ERROR_FAULT;
    for (uint64_t i = 0; i < size_bytes; i++)
        console->put(console->owner, *ram_at(htif->links.ram, from + i));
    return (int64_t)size_bytes;
}

/* `words`: the call's number and arguments; the first becomes its result. A program that cannot even
 * name them is beyond help. */
static void call(struct htif *htif, uint64_t words, cycle_t now)
{
    int64_t result = ERROR_NO_CALL;
    if (!htif_can_be(htif->links.ram, words) ||
        !ram_holds(htif->links.ram, words, CALL_WORDS * sizeof(uint64_t))) {
        end(htif, 1, now);
        return;
    }
    switch (load(htif, words)) {
    case CALL_WRITE:
        result =
            call_write(htif, load(htif, words + 8), load(htif, words + 16), load(htif, words + 24));
        break;
    case CALL_EXIT:
        end(htif, load(htif, words + 8) & 0xFF, now);
        return;
    }
    store(htif, words, (uint64_t)result, now);
    answer(htif, 1, now);
}

static void give_input(struct htif *htif, cycle_t now)
{
    const struct character_port *console = &htif->links.console;
    if (!htif->fromhost || load(htif, htif->fromhost) != 0)
        return;
    int byte = console->get(console->owner);
    htif->input_wanted = byte == CHARACTER_NONE; /* not after the end: nobody is to wait for it */
    if (byte < 0)
        return;
    answer(htif, (uint64_t)DEVICE_CONSOLE << 56 | (uint64_t)byte, now);
}

static void carry_out(struct htif *htif, uint64_t value, cycle_t now)
{
    const struct character_port *console = &htif->links.console;
    uint64_t own = value & OWN_MASK, command = value >> OWN_BITS & 0xFF;
    switch (value >> 56) {
    case DEVICE_PROXY:
        if (own & 1)
            end(htif, own >> 1, now);
        else if (command == 0)
            call(htif, own, now);
        break;
    case DEVICE_CONSOLE:
        if (command == CONSOLE_WRITE)
            console->put(console->owner, (uint8_t)own);
        else if (command == CONSOLE_READ)
            htif->input_wanted = true;
        break;
    }
}

void htif_serve(struct htif *htif, cycle_t now)
{
    uint64_t value = load(htif, htif->tohost);
    if (value) {
        store(htif, htif->tohost, 0, now);
        carry_out(htif, value, now);
    }
    if (htif->input_wanted)
        give_input(htif, now);
}
