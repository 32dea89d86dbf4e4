/* SPDX-License-Identifier: Apache-2.0 */
/* What stands in RAM when a machine starts: firmware, kernel, initial archive, device tree, each in
 * its place, and the harts at the first instruction. */
#ifndef MISSIVE_PLATFORM_GUEST_IMAGES_H
#define MISSIVE_PLATFORM_GUEST_IMAGES_H

#include "platform/platform_state.h"

/* Once all else of the platform stands. False: `problem` says which image does not fit, and why. */
bool guest_images_load(struct platform *platform, const struct platform_config *config,
                       struct problem *problem);

#endif
