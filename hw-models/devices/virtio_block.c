/* SPDX-License-Identifier: Apache-2.0 */
/* See virtio_block.h. `progress` is 0 before the header was read, then 1 + the bytes of data moved. */
#include "devices/virtio_block.h"

#include <stdio.h>
#include <string.h>

void virtio_block_init(struct virtio_block *block, struct block_port medium,
                       uint64_t request_cycles, unsigned number)
{
    memset(block, 0, sizeof *block);
    block->medium = medium;
    block->request_cycles = request_cycles;
    if (medium.serial)
        memcpy(block->serial, medium.serial, strnlen(medium.serial, sizeof block->serial));
    else
        snprintf(block->serial, sizeof block->serial, "missive-%u", number);
}

static uint64_t number(const uint8_t *bytes, unsigned size_bytes)
{
    uint64_t value = 0;
    for (unsigned i = 0; i < size_bytes; i++)
        value |= (uint64_t)bytes[i] << 8 * i;
    return value;
}

/* Whether the request's data are whole sectors of the medium. */
static bool fits(const struct virtio_block *block)
{
    uint64_t sectors = block->data_bytes / BLOCK_SECTOR_BYTES, size = block->medium.sector_count;
    return block->data_bytes % BLOCK_SECTOR_BYTES == 0 && block->sector <= size &&
           sectors <= size - block->sector;
}

static uint8_t check(const struct virtio_block *block)
{
    switch (block->type) {
    case VIRTIO_BLOCK_IN:
        return fits(block) ? VIRTIO_BLOCK_OK : VIRTIO_BLOCK_IO_ERROR;
    case VIRTIO_BLOCK_OUT:
        return fits(block) && !block->medium.read_only ? VIRTIO_BLOCK_OK : VIRTIO_BLOCK_IO_ERROR;
    case VIRTIO_BLOCK_FLUSH:
    case VIRTIO_BLOCK_GET_ID:
        return VIRTIO_BLOCK_OK;
    default:
        return VIRTIO_BLOCK_UNSUPPORTED;
    }
}

static enum virtio_step begin(struct virtio_block *block, const struct virtio_chain *chain,
                              struct dma *dma, uint64_t *progress)
{
    uint8_t header[VIRTIO_BLOCK_HEADER_BYTES];
    if (chain->writable_bytes == 0 || !virtio_chain_read(chain, dma, 0, header, sizeof header))
        return VIRTIO_BROKEN;
    block->type = (uint32_t)number(header, 4);
    block->sector = number(header + 8, 8);
    block->data_bytes = block->type == VIRTIO_BLOCK_OUT ? chain->readable_bytes - sizeof header
                                                        : chain->writable_bytes - 1;
    block->outcome = check(block);
    dma->spent += block->request_cycles;
    *progress = 1;
    return VIRTIO_MORE;
}

static enum status move_sector(struct virtio_block *block, const struct virtio_chain *chain,
                               struct dma *dma, uint64_t done)
{
    const struct block_port *medium = &block->medium;
    uint8_t bytes[BLOCK_SECTOR_BYTES];
    uint64_t sector = block->sector + done / BLOCK_SECTOR_BYTES;
    if (block->type == VIRTIO_BLOCK_OUT) {
        virtio_chain_read(chain, dma, VIRTIO_BLOCK_HEADER_BYTES + done, bytes, sizeof bytes);
        return medium->write(medium->owner, sector, bytes);
    }
    enum status status = medium->read(medium->owner, sector, bytes);
    if (status == STATUS_OK)
        virtio_chain_write(chain, dma, done, bytes, sizeof bytes);
    return status;
}

/* A request without sectors. */
static enum status do_at_once(struct virtio_block *block, const struct virtio_chain *chain,
                              struct dma *dma)
{
    const struct block_port *medium = &block->medium;
    if (block->type == VIRTIO_BLOCK_FLUSH)
        return medium->flush(medium->owner);
    uint64_t bytes =
        block->data_bytes < sizeof block->serial ? block->data_bytes : sizeof block->serial;
    virtio_chain_write(chain, dma, 0, block->serial, bytes);
    return STATUS_OK;
}

/* The status is the last byte that may be written; as on QEMU all before it counts as written. */
static enum virtio_step end(const struct virtio_block *block, const struct virtio_chain *chain,
                            struct dma *dma, uint64_t *written)
{
    virtio_chain_write(chain, dma, chain->writable_bytes - 1, &block->outcome, 1);
    *written = chain->writable_bytes;
    return VIRTIO_DONE;
}

static enum virtio_step block_step(void *self, unsigned queue, const struct virtio_chain *chain,
                                   struct dma *dma, uint64_t *progress, uint64_t *written)
{
    struct virtio_block *block = self;
    enum status status = STATUS_OK;
    (void)queue;
    if (*progress == 0)
        return begin(block, chain, dma, progress);
    if (block->outcome != VIRTIO_BLOCK_OK)
        return end(block, chain, dma, written);
    uint64_t done = *progress - 1;
    bool by_sectors = block->type == VIRTIO_BLOCK_IN || block->type == VIRTIO_BLOCK_OUT;
    if (!by_sectors)
        status = do_at_once(block, chain, dma);
    else if (done < block->data_bytes)
        status = move_sector(block, chain, dma, done);
    if (status != STATUS_OK)
        block->outcome = VIRTIO_BLOCK_IO_ERROR;
    *progress += BLOCK_SECTOR_BYTES;
    if (by_sectors && status == STATUS_OK && done + BLOCK_SECTOR_BYTES < block->data_bytes)
        return VIRTIO_MORE;
    return end(block, chain, dma, written);
}

static void put_number(uint8_t *bytes, unsigned size_bytes, uint64_t value)
{
    for (unsigned i = 0; i < size_bytes; i++)
        bytes[i] = (uint8_t)(value >> 8 * i);
}

struct virtio_model virtio_block_model(struct virtio_block *block)
{
    struct virtio_model model = {
        .id = VIRTIO_ID_BLOCK,
        .queue_count = 1,
        .features = 1u << VIRTIO_BLOCK_FEATURE_SEGMENTS_MAX | 1u << VIRTIO_BLOCK_FEATURE_FLUSH |
                    (uint64_t)block->medium.read_only << VIRTIO_BLOCK_FEATURE_READ_ONLY,
        .self = block,
        .step = block_step,
    };
    put_number(model.config, 8, block->medium.sector_count);
    put_number(model.config + 12, 4, VIRTIO_QUEUE_MAX - 2); /* seg_max: header and status apart */
    return model;
}
