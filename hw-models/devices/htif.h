/* SPDX-License-Identifier: Apache-2.0 */
/* HTIF, the host-target interface of the official RISC-V tests and benchmarks: two words of RAM,
 * `tohost` and `fromhost`, that a program and its host pass values through.
 *
 * A store to tohost is noticed by looking at the word whenever a hart hands over control, not by
 * watching the address: a hart's fast path knows nothing of it, and a guest without these symbols
 * pays nothing. What the host writes takes the line from all caches, as any master's write does;
 * it takes no time on the bus.
 *
 * Served: exit (odd value: status << 1 | 1), the console's characters (device 1), and the calls
 * write and exit by proxy (device 0, the address of eight words). Not modelled: disks, other calls
 * (ENOSYS), other devices (no answer). Source: riscv-isa-sim fesvr/{htif,device,syscall}.cc, what
 * its programs expect of it. */
#ifndef MISSIVE_DEVICES_HTIF_H
#define MISSIVE_DEVICES_HTIF_H

#include "devices/device.h"
#include "devices/finisher.h"
#include "memory/coherence.h"

struct htif_links { /* all owned by the caller */
    const struct ram *ram;
    struct coherence *coherence; /* NULL: there are no caches */
    struct finisher *finisher;   /* told of the end */
    struct character_port console;
};

struct htif {
    struct htif_links links;
    uint64_t tohost, fromhost; /* physical; fromhost 0: the program has none */
    bool input_wanted;
};

/* Whether a word of RAM can be tohost, or fromhost: aligned, and inside. */
bool htif_can_be(const struct ram *ram, uint64_t address);
void htif_init(struct htif *htif, uint64_t tohost, uint64_t fromhost,
               const struct htif_links *links);

/* Whether there is something to serve. */
static inline bool htif_asked(const struct htif *htif)
{
    uint64_t value;
    __builtin_memcpy(&value, ram_at(htif->links.ram, htif->tohost), sizeof value);
    return value != 0 || htif->input_wanted;
}

/* Answers what the program has asked for. */
void htif_serve(struct htif *htif, cycle_t now);

#endif
