/* SPDX-License-Identifier: Apache-2.0 */
/* Code that is written. See code.h. */
#include "core/code.h"

#include "core/block.h"
#include "core/filter.h"

void code_changed(struct hart *hart)
{
    hart->links.blocks->epoch++;
    hart->code_written = hart->links.ram->code->written;
}

void code_mark(struct hart *hart, uint64_t physical)
{
    const struct ram *ram = hart->links.ram;
    if (!ram->code || !code_lines_mark(ram->code, physical - ram->base))
        return;
    hart->code_marked++;
    filter_drop_code(hart, physical);
}

static void hear_marks(struct hart *hart)
{
    const struct code_lines *code = hart->links.ram->code;
    if (code->marked - hart->code_marked > CODE_LINES_RECENT)
        filter_flush(hart);
    else
        for (uint64_t n = hart->code_marked; n < code->marked; n++)
            filter_drop_code(hart, hart->links.ram->base + code->recent[n % CODE_LINES_RECENT]);
    hart->code_marked = code->marked;
}

void code_hear(struct hart *hart)
{
    const struct code_lines *code = hart->links.ram->code;
    if (!code)
        return;
    if (code->marked != hart->code_marked)
        hear_marks(hart);
    if (code->written != hart->code_written)
        code_changed(hart);
}
