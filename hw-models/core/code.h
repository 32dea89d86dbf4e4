/* SPDX-License-Identifier: Apache-2.0 */
/* A hart's part in memory/code_lines.h: it marks what it decodes, and hears of what was written
 * there. A block that changes itself is followed from its next beginning on. */
#ifndef MISSIVE_CORE_CODE_H
#define MISSIVE_CORE_CODE_H

#include "core/hart_state.h"

/* The hart decodes, or relies again on, code in the line at this physical address. */
void code_mark(struct hart *hart, uint64_t physical);

/* To be called before it runs: what others have marked and written meanwhile. */
void code_hear(struct hart *hart);

/* Blocks are compared with RAM before their next use. */
void code_changed(struct hart *hart);

/* After each write of its own that the filter did not answer. */
static inline void code_wrote(struct hart *hart, uint64_t physical, uint64_t size_bytes)
{
    if (ram_wrote(hart->links.ram, physical, size_bytes))
        code_changed(hart);
}

/* Whether the page at this physical address has code: stores there must not go unseen. */
static inline bool code_in_page(const struct hart *hart, uint64_t physical)
{
    const struct ram *ram = hart->links.ram;
    return ram->code && code_lines_in_page(ram->code, physical - ram->base);
}

#endif
