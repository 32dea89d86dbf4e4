/* SPDX-License-Identifier: Apache-2.0 */
/* See virtio_console.h. */
#include "devices/virtio_console.h"

#include <string.h>

#define STEP_BYTES 256u

void virtio_console_init(struct virtio_console *console, struct character_port outside)
{
    memset(console, 0, sizeof *console);
    console->outside = outside;
}

/* Whether there is a byte to receive; fetches it. */
static bool look(struct virtio_console *console)
{
    if (console->holds || console->ended)
        return console->holds;
    int byte = console->outside.get(console->outside.owner);
    console->ended = byte == CHARACTER_END;
    console->holds = byte >= 0;
    console->byte = (uint8_t)byte;
    return console->holds;
}

static bool console_ready(void *self, unsigned queue)
{
    return queue != VIRTIO_CONSOLE_RECEIVE || look(self);
}

/* As much as there is, up to the end of the buffer. */
static enum virtio_step receive(struct virtio_console *console, const struct virtio_chain *chain,
                                struct dma *dma, uint64_t *progress, uint64_t *written)
{
    uint8_t bytes[STEP_BYTES];
    unsigned count = 0;
    if (chain->writable_bytes == 0)
        return VIRTIO_BROKEN;
    while (count < STEP_BYTES && *progress + count < chain->writable_bytes && look(console)) {
        bytes[count++] = console->byte;
        console->holds = false;
    }
    virtio_chain_write(chain, dma, *progress, bytes, count);
    *progress += count;
    *written = *progress;
    return count == STEP_BYTES && *progress < chain->writable_bytes ? VIRTIO_MORE : VIRTIO_DONE;
}

static enum virtio_step transmit(struct virtio_console *console, const struct virtio_chain *chain,
                                 struct dma *dma, uint64_t *progress)
{
    uint8_t bytes[STEP_BYTES];
    uint64_t left = chain->readable_bytes - *progress;
    uint64_t part = left < STEP_BYTES ? left : STEP_BYTES;
    virtio_chain_read(chain, dma, *progress, bytes, part);
    for (unsigned i = 0; i < part; i++)
        console->outside.put(console->outside.owner, bytes[i]);
    *progress += part;
    return *progress < chain->readable_bytes ? VIRTIO_MORE : VIRTIO_DONE;
}

static enum virtio_step console_step(void *self, unsigned queue, const struct virtio_chain *chain,
                                     struct dma *dma, uint64_t *progress, uint64_t *written)
{
    return queue == VIRTIO_CONSOLE_RECEIVE ? receive(self, chain, dma, progress, written)
                                           : transmit(self, chain, dma, progress);
}

struct virtio_model virtio_console_model(struct virtio_console *console)
{
    return (struct virtio_model){.id = VIRTIO_ID_CONSOLE,
                                 .queue_count = 2,
                                 .self = console,
                                 .step = console_step,
                                 .ready = console_ready};
}
