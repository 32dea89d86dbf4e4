/* SPDX-License-Identifier: Apache-2.0 */
/* What stands in RAM when a machine starts: firmware, kernel, initial archive, device tree, each in
 * its place, and the harts at the first instruction; and again after a reset. */
#ifndef MISSIVE_PLATFORM_GUEST_IMAGES_H
#define MISSIVE_PLATFORM_GUEST_IMAGES_H

#include "base/cycle.h"
#include "platform/boot_image.h"

#define GUEST_TOP_BYTES (128u << 10) /* of RAM, for the device tree and what firmware is told */

struct platform;
struct platform_config;

struct guest_images {
    struct boot_image bios, kernel;  /* bios: zero if there is none */
    uint64_t entry;                  /* physical, as all of these */
    uint64_t top, initrd, bios_info; /* bios_info 0: none */
    const uint8_t *initrd_source;    /* the caller's */
    size_t initrd_bytes;
    uint8_t top_bytes[GUEST_TOP_BYTES];
};

/* Once all else of the platform stands. False: `problem` says which image does not fit, and why. */
bool guest_images_load(struct platform *platform, const struct platform_config *config,
                       struct problem *problem);
/* Into RAM that holds only zeros. */
void guest_images_restart(struct platform *platform, cycle_t now);
void guest_images_free(struct guest_images *images); /* of zeroed images: does nothing */

#endif
