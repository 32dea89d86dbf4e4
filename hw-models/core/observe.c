/* SPDX-License-Identifier: Apache-2.0 */
#include "core/observe.h"

#include <string.h>

#include "core/mmu.h"

void observe_activity(struct hart *hart, cycle_t now, uint16_t activity)
{
    hart->activity = activity;
    hart_emit(hart, now, EVENT_activity, activity & 0xff, activity >> 8, 0, 0);
}

/* 8 bytes of guest memory as the hart would read them now; 0 where it could not. */
static uint64_t peek(const struct hart *hart, uint64_t address)
{
    uint64_t value = 0, physical;
    for (unsigned n = 0; n < sizeof value; n++) {
        if (!mmu_peek(hart, address + n, &physical) || !ram_holds(hart->links.ram, physical, 1))
            return 0;
        value |= (uint64_t)*ram_at(hart->links.ram, physical) << (8 * n);
    }
    return value;
}

static uint64_t operand_value(const struct hart *hart, const struct probe_operand *operand)
{
    uint64_t base = hart->x[operand->reg % 32];
    switch (operand->kind) {
    case OPERAND_CONSTANT:
        return (uint64_t)operand->value;
    case OPERAND_REGISTER:
        return base;
    case OPERAND_MEMORY:
        return peek(hart, base + (uint64_t)operand->value);
    }
    return 0;
}

void observe_points(struct hart *hart, unsigned first)
{
    const struct annotations *notes = hart->links.annotations;
    for (size_t n = first; n < notes->point_count && notes->points[n].pc == hart->pc; n++) {
        const struct probe_point *point = &notes->points[n];
        uint64_t value[4] = {0};
        for (unsigned k = 0; k < point->operand_count && k < 4; k++)
            value[k] = operand_value(hart, &point->operand[k]);
        hart_emit(hart, hart->now, (enum event_kind)point->event, value[0], value[1], value[2],
                  value[3]);
    }
}
