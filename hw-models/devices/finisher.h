/* SPDX-License-Identifier: Apache-2.0 */
/* The SiFive test finisher (as on QEMU's virt board): a store ends the simulation. Stores are of 4
 * bytes (or 2: a pass or a reset needs no more), loads give 0; other values are ignored, as QEMU
 * does. */
#ifndef MISSIVE_DEVICES_FINISHER_H
#define MISSIVE_DEVICES_FINISHER_H

#include "devices/device.h"
#include "devices/finisher_regs.h"

enum finisher_outcome { FINISHER_RUNNING, FINISHER_PASSED, FINISHER_FAILED, FINISHER_RESETS };

struct finisher {
    enum finisher_outcome outcome; /* of the first store that ends the run; look after each store */
    unsigned code;                 /* of a failure: bits 31 to 16 */
    cycle_t ended;                 /* the cycle of that store */
};

void finisher_init(struct finisher *finisher);
/* Attached at MAP_FINISHER_BASE; its `self` is finisher. */
struct device finisher_device(struct finisher *finisher);

#endif
