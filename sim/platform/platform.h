/* SPDX-License-Identifier: Apache-2.0 */
/* One simulated machine: RAM, harts, bus, devices, mechanism, built from checked parameters and
 * wired together here and nowhere else; its RAM holds the kernel, the initial archive and the
 * device tree, its harts stand at the kernel's first instruction. The engine runs it. */
#ifndef MISSIVE_PLATFORM_PLATFORM_H
#define MISSIVE_PLATFORM_PLATFORM_H

#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

#include "base/memory_map.h"
#include "base/probe.h"
#include "devices/wire.h"
#include "observe/machine_view.h"
#include "scenario/parameters.h"

struct platform; /* platform_state.h: for the engine */

struct nic_config {
    uint8_t address[NET_ADDRESS_BYTES];
    unsigned wire; /* below MAP_MAX_NICS; devices of the same number, two at most, are joined */
};

struct platform_config {
    const struct parameters *parameters; /* checked; copied */
    const char *kernel_path;             /* ELF, Linux Image, or raw */
    const char *bios_path; /* firmware that begins in the kernel's place; NULL: none */
    const uint8_t *initrd; /* lives as long as the platform; initrd_bytes 0: none */
    size_t initrd_bytes;
    const char *bootargs;          /* NULL: none */
    struct probe *probe;           /* all models report here; may be NULL */
    struct character_port console; /* UART0: the guest's stdin and stdout */
    struct character_port
        error_console; /* UART1: its stderr; without `put` the guest is not told */
    struct character_port virtio_console;     /* a virtio console; put NULL: none */
    struct block_port drives[MAP_MAX_DRIVES]; /* virtio disks, in the slots from 0 on (drive.h) */
    unsigned drive_count;
    struct nic_config
        nics[MAP_MAX_NICS]; /* virtio network devices, in the slots behind the drives */
    unsigned nic_count;
    struct wire_tap frame_tap; /* sees every frame that is sent into a wire; sent NULL: nobody */
};

/* NULL: `problem` says why. `config` need not live on; its probe, ports and initrd must. */
struct platform *platform_create(const struct platform_config *config, struct problem *problem);
void platform_destroy(struct platform *platform); /* NULL is allowed */

/* What the platform knows of it; names and measurement window are the caller's to add. */
void platform_view(const struct platform *platform, struct machine_view *view);

/* All counters of all models, in a fixed order. Paths are `hart.0.l1d_misses`,
 * `bus.transactions`... */
typedef void platform_counter_visitor(void *owner, const char *path, const char *unit,
                                      const char *doc, uint64_t value);
void platform_counters_visit(const struct platform *platform, platform_counter_visitor *visit,
                             void *owner);

/* State that the mechanism adds to the hardware, in bits; 0 in software. */
uint64_t platform_mechanism_state_bits(const struct platform *platform);

#ifdef __cplusplus
}
#endif

#endif
