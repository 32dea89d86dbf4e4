/* SPDX-License-Identifier: Apache-2.0 */
/* What a platform is made of: for the engine, which runs it, and for tests. */
#ifndef MISSIVE_PLATFORM_PLATFORM_STATE_H
#define MISSIVE_PLATFORM_PLATFORM_STATE_H

#include "core/hart.h"
#include "devices/clint.h"
#include "devices/finisher.h"
#include "devices/htif.h"
#include "devices/plic.h"
#include "devices/rtc.h"
#include "devices/sswi.h"
#include "devices/uart.h"
#include "devices/virtio_block.h"
#include "devices/virtio_console.h"
#include "devices/virtio_entropy.h"
#include "devices/virtio_net.h"
#include "ipc/mechanism_table.h"
#include "memory/bus.h"
#include "memory/coherence.h"
#include "platform/guest_images.h"
#include "platform/platform.h"

#define PLATFORM_MAX_DEVICES (7 + MAP_VIRTIO_SLOTS)

/* Told when a hart's interrupt line has changed: a sleeping hart must be run again. */
struct interrupt_watch {
    void *owner;
    void (*changed)(void *owner, unsigned hart); /* NULL: nobody watches */
};

/* Told when what another device did has brought a device's next event: it must be planned again. */
struct device_watch {
    void *owner;
    void (*changed)(void *owner,
                    unsigned device); /* its place in `devices`; NULL: nobody watches */
};

struct nic {
    struct virtio_net net;
    struct net_port port;
    struct wire_end end;
    struct platform *platform;
    unsigned device; /* its place in `devices` */
};

struct platform {
    struct platform_config config; /* for its ports; the paths in it are not looked at again */
    struct parameters parameters;
    struct probe *probe;
    struct ram ram;
    struct code_lines code; /* what of it harts have decoded */
    struct guest_images images;
    struct annotations annotations;

    unsigned hart_count;
    enum hart_role roles[MAP_MAX_HARTS]; /* hosts first */
    struct hart *harts[MAP_MAX_HARTS];
    struct block_store *blocks[MAP_MAX_HARTS];
    void *hart_memory, *block_memory; /* in which they lie */
    struct snooper snoopers[MAP_MAX_HARTS];
    struct sharers sharers;
    struct sharers_set *sharer_sets; /* NULL: no filter */
    struct interrupt_watch interrupts;

    struct bus bus;
    struct dram dram;
    struct coherence coherence;

    struct clint clint;
    struct sswi sswi;
    struct uart console, error_console;
    struct finisher finisher;
    struct plic plic;
    struct plic_input plic_inputs[PLIC_SOURCES];
    struct rtc rtc;
    struct virtio virtio[MAP_VIRTIO_SLOTS];
    struct virtio_block disks[MAP_MAX_DRIVES];
    struct virtio_console virtio_console;
    struct virtio_entropy entropy;
    struct nic nics[MAP_MAX_NICS];
    unsigned nic_count;
    struct wire *wires[MAP_MAX_NICS]; /* NULL: none of this number */
    struct htif htif;                 /* of a guest that has the symbol `tohost` */
    bool has_htif;
    struct device devices[PLATFORM_MAX_DEVICES];
    unsigned device_count;
    struct device_watch device_watch;

    cycle_t untimed_cycles; /* the engine's: how much of the run passed without timing */

    const struct mechanism *mechanism; /* NULL: software */
    const char *mechanism_compatible;
    void *mechanism_state;
};

/* The machine's reset line, at `now`: every model as it was at first, RAM with its images and else
 * zeros; drives, clocks, counters and what is outside the machine are not touched. */
void platform_reset(struct platform *platform, cycle_t now);

#endif
