/* SPDX-License-Identifier: Apache-2.0 */
/* The flattened device tree: all that the guest reads about its machine. QEMU's `virt` board with
 * the additions that ARCHITECTURE.md lists. Source: Devicetree Specification 0.4; qemu
 * hw/riscv/virt.c for names and bindings. */
#ifndef MISSIVE_PLATFORM_DEVICE_TREE_H
#define MISSIVE_PLATFORM_DEVICE_TREE_H

#include <stdint.h>

#include "observe/machine_view.h"
#include "scenario/parameters.h"

struct device_tree_input {
    const struct parameters *parameters;
    unsigned hart_count;
    const enum hart_role *roles; /* hart_count of them */
    uint64_t ram_base, ram_bytes;
    uint64_t initrd_begin, initrd_end; /* equal: none */
    const char *bootargs;              /* NULL: none */
    const char *mechanism_compatible;  /* NULL: software */
    bool single_console;               /* UART1 is not there */
};

/* Writes the tree into `buffer`; returns its size in bytes, 0 if it does not fit. */
uint32_t device_tree_build(void *buffer, uint32_t size_bytes,
                           const struct device_tree_input *input);

#endif
