/* SPDX-License-Identifier: Apache-2.0 */
/* A machine's network devices, and the wires between them. */
#ifndef MISSIVE_PLATFORM_NETWORK_H
#define MISSIVE_PLATFORM_NETWORK_H

#include "platform/platform_state.h"

/* Every wire number that two of config's devices have is a wire between these two; a device that has
 * one for itself has no link. False: `problem` says why. */
bool network_init(struct platform *platform, const struct platform_config *config,
                  struct problem *problem);
void network_destroy(struct platform *platform);

#endif
