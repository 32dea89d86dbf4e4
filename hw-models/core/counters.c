/* SPDX-License-Identifier: Apache-2.0 */
/* See counters.h. While a counter is inhibited, its offset is its value. */
#include "core/counters.h"

#define NUMBER_CYCLE 0
#define NUMBER_TIME 1
#define NUMBER_INSTRET 2

enum hpm_event {
    HPM_none,
#define HPM_EVENT(number, id, count, doc) HPM_##id = (number),
#include "core/hpm_events.def"
#undef HPM_EVENT
};

static uint64_t count_of(const struct hart *hart, uint64_t event)
{
    switch (event) {
#define HPM_EVENT(number, id, count, doc)                                                          \
    case HPM_##id:                                                                                 \
        return count;
#include "core/hpm_events.def"
#undef HPM_EVENT
    default:
        return 0;
    }
}

static bool is_event(uint64_t event)
{
    switch (event) {
#define HPM_EVENT(number, id, count, doc) case HPM_##id:
#include "core/hpm_events.def"
#undef HPM_EVENT
        return true;
    default:
        return false;
    }
}

/* What the hart has counted, or 0 while software wants to see nothing of it. */
static uint64_t counted(const struct hart *hart, unsigned number)
{
    if (hart->csr.mcountinhibit >> number & 1)
        return 0;
    if (number == NUMBER_CYCLE)
        return hart->now;
    if (number == NUMBER_INSTRET)
        return hart->retired;
    return count_of(hart, hart->csr.mhpmevent[number]);
}

uint64_t counter_read(const struct hart *hart, unsigned number)
{
    return hart->csr.counter_offset[number] + counted(hart, number);
}

void counter_write(struct hart *hart, unsigned number, uint64_t value)
{
    hart->csr.counter_offset[number] = value - counted(hart, number);
}

void counter_skip_own(struct hart *hart, unsigned number)
{
    bool of_instructions =
        number == NUMBER_INSTRET || hart->csr.mhpmevent[number] == HPM_instructions;
    bool inhibited = hart->csr.mcountinhibit >> number & 1;
    if (of_instructions && !inhibited)
        hart->csr.counter_offset[number]--;
}

void counter_select(struct hart *hart, unsigned number, uint64_t event)
{
    uint64_t value = counter_read(hart, number);
    hart->csr.mhpmevent[number] = is_event(event) ? (uint8_t)event : HPM_none;
    counter_write(hart, number, value);
}

void counter_inhibit(struct hart *hart, uint64_t numbers)
{
    uint64_t changed = (hart->csr.mcountinhibit ^ numbers) & ~(UINT64_C(1) << NUMBER_TIME);
    for (unsigned number = 0; number < COUNTER_NUMBERS; number++) {
        if (!(changed >> number & 1))
            continue;
        uint64_t value = counter_read(hart, number);
        hart->csr.mcountinhibit ^= UINT32_C(1) << number;
        counter_write(hart, number, value);
    }
}
