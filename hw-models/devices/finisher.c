/* SPDX-License-Identifier: Apache-2.0 */
/* See finisher.h. */
#include "devices/finisher.h"

#include "base/memory_map.h"

void finisher_init(struct finisher *finisher)
{
    *finisher = (struct finisher){FINISHER_RUNNING, 0, 0};
}

static enum status finisher_load(void *self, uint64_t offset, unsigned size_bytes, cycle_t now,
                                 uint64_t *value)
{
    (void)self, (void)offset, (void)size_bytes, (void)now;
    *value = 0;
    return STATUS_OK;
}

static enum finisher_outcome outcome_of(uint64_t value)
{
    switch (value & 0xFFFF) {
    case FINISHER_PASS:
        return FINISHER_PASSED;
    case FINISHER_FAIL:
        return FINISHER_FAILED;
    case FINISHER_RESET:
        return FINISHER_RESETS;
    default:
        return FINISHER_RUNNING;
    }
}

static enum status finisher_store(void *self, uint64_t offset, unsigned size_bytes, cycle_t now,
                                  uint64_t value)
{
    struct finisher *finisher = self;

    if (size_bytes != 2 && size_bytes != 4)
        return STATUS_DENIED;
    if (offset != 0 || finisher->outcome != FINISHER_RUNNING)
        return STATUS_OK;
    finisher->outcome = outcome_of(value);
    finisher->ended = now;
    if (finisher->outcome == FINISHER_FAILED)
        finisher->code = size_bytes == 4 ? (unsigned)(value >> 16) & 0xFFFF : 0;
    return STATUS_OK;
}

struct device finisher_device(struct finisher *finisher)
{
    return (struct device){
        .name = "finisher",
        .base = MAP_FINISHER_BASE,
        .size_bytes = MAP_FINISHER_SIZE,
        .self = finisher,
        .load = finisher_load,
        .store = finisher_store,
    };
}
