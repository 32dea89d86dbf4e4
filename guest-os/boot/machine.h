/* SPDX-License-Identifier: Apache-2.0 */
/* The machine as the device tree describes it: filled in once at boot by machine_read, then read only. */
#ifndef MISSIVE_GUEST_MACHINE_H
#define MISSIVE_GUEST_MACHINE_H

#include <stdbool.h>
#include <stdint.h>

#include "base/memory_map.h"

struct machine {
    uint64_t hosts, coprocessors; /* bit n: hart n has this role */
    uint64_t ram_base, ram_bytes;
    uint64_t timebase_hz;
    uint64_t device_tree, device_tree_end; /* physical */
    uint64_t archive, archive_end;         /* physical; equal: none */
    /* virtual addresses of registers; 0: absent */
    uint64_t sswi, finisher, mechanism;
    uint64_t uart[2];           /* console, and stderr (the console again if there is no second) */
    const char *mechanism_name; /* its compatible string, or NULL */
    uint64_t seed;
    uint64_t epoch_seconds;
    uint64_t slice_ticks; /* of `time`: how long a task runs while others wait */
    bool
        trace_enosys; /* bootargs `trace-enosys`: at the end, list the system calls that were not there */
};

extern struct machine machine;

/* Reads the flattened device tree at a physical address; panics if there is none or it lacks what no machine can
 * do without. */
void machine_read(uint64_t device_tree);

/* Ends the run: status 0 is success, others are the exit status `missive exec` will have. */
_Noreturn void machine_end(unsigned status);

#endif
