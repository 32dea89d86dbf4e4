/* SPDX-License-Identifier: Apache-2.0 */
/* A virtio console of one port. The outside is asked for one byte more, at most, than the driver has
 * given room for. Not modelled: several ports, window size, emergency write. Source: VIRTIO 1.2,
 * section 5.3. */
#ifndef MISSIVE_DEVICES_VIRTIO_CONSOLE_H
#define MISSIVE_DEVICES_VIRTIO_CONSOLE_H

#include "devices/virtio.h"

struct virtio_console {
    struct character_port outside;
    bool ended;
    bool holds; /* `byte` came from the outside and has not gone to the driver yet */
    uint8_t byte;
};

void virtio_console_init(struct virtio_console *console, struct character_port outside);
struct virtio_model virtio_console_model(struct virtio_console *console);

#endif
