/* SPDX-License-Identifier: Apache-2.0 */
/* The network devices that `missive boot --nic` names. */
#ifndef MISSIVE_CLI_BOOT_NICS_H
#define MISSIVE_CLI_BOOT_NICS_H

#include "platform/platform.h"

struct boot_nics { /* zeroed: none */
    struct nic_config nic[MAP_MAX_NICS];
    const char *wire[MAP_MAX_NICS]; /* names, by number; not terminated */
    size_t wire_length[MAP_MAX_NICS];
    unsigned count, wire_count;
};

/* `words` is wire=NAME[,mac=ADDRESS], and lives on. */
bool boot_nics_add(struct boot_nics *nics, const char *words, struct problem *problem);

#endif
