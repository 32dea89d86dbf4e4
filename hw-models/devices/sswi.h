/* SPDX-License-Identifier: Apache-2.0 */
/* The ACLINT SSWI device: a store of 1 to setssip raises the hart's supervisor software interrupt
 * (SSIP), which that hart clears by itself in sip. Accesses are of 4 bytes. Registers of absent
 * harts read 0 and ignore stores. */
#ifndef MISSIVE_DEVICES_SSWI_H
#define MISSIVE_DEVICES_SSWI_H

#include "base/memory_map.h"
#include "devices/clint_regs.h"
#include "devices/device.h"

struct sswi {
    struct interrupt_port port;
    unsigned hart_count;
};

void sswi_init(struct sswi *sswi, unsigned hart_count, struct interrupt_port port);
/* Attached at MAP_SSWI_BASE; its `self` is sswi. */
struct device sswi_device(struct sswi *sswi);

#endif
