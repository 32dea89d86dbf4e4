/* SPDX-License-Identifier: Apache-2.0 */
/* See sswi.h. */
#include "devices/sswi.h"

#include <assert.h>

#define MIP_SSIP 1

void sswi_init(struct sswi *sswi, unsigned hart_count, struct interrupt_port port)
{
    assert(hart_count <= MAP_MAX_HARTS);
    *sswi = (struct sswi){port, hart_count};
}

static enum status sswi_load(void *self, uint64_t offset, unsigned size_bytes, cycle_t now,
                             uint64_t *value)
{
    (void)self, (void)offset, (void)now;
    *value = 0;
    return size_bytes == 4 ? STATUS_OK : STATUS_DENIED;
}

static enum status sswi_store(void *self, uint64_t offset, unsigned size_bytes, cycle_t now,
                              uint64_t value)
{
    struct sswi *sswi = self;

    if (size_bytes != 4)
        return STATUS_DENIED;
    if (offset < SSWI_SETSSIP(sswi->hart_count) && (value & 1))
        sswi->port.set(sswi->port.owner, (unsigned)offset / 4, MIP_SSIP, true, now);
    return STATUS_OK;
}

struct device sswi_device(struct sswi *sswi)
{
    return (struct device){
        .name = "sswi",
        .base = MAP_SSWI_BASE,
        .size_bytes = MAP_SSWI_SIZE,
        .self = sswi,
        .load = sswi_load,
        .store = sswi_store,
    };
}
