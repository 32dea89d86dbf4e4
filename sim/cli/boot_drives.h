/* SPDX-License-Identifier: Apache-2.0 */
/* The drives that `missive boot --drive` names: host files opened for as long as the machine runs. */
#ifndef MISSIVE_CLI_BOOT_DRIVES_H
#define MISSIVE_CLI_BOOT_DRIVES_H

#include "base/memory_map.h"
#include "devices/virtio_regs.h"
#include "platform/drive.h"

struct boot_drives { /* zeroed: none */
    struct drive *drive[MAP_MAX_DRIVES];
    char serial[MAP_MAX_DRIVES][VIRTIO_BLOCK_ID_BYTES + 1]; /* "": none of its own */
    unsigned count;
};

/* `words` is FILE[,rw][,serial=TEXT]: opens the file. What follows a comma and is neither of these is part of the
 * file's name. */
bool boot_drives_add(struct boot_drives *drives, const char *words, struct problem *problem);
/* Fills in a port for each; returns how many. They refer to `drives`. */
unsigned boot_drives_ports(const struct boot_drives *drives,
                           struct block_port ports[MAP_MAX_DRIVES]);
void boot_drives_close(struct boot_drives *drives);

#endif
