/* SPDX-License-Identifier: Apache-2.0 */
/* Marks of decoded lines. See code_lines.h. */
#include "memory/code_lines.h"

static uint64_t bit_of(uint64_t offset)
{
    return UINT64_C(1) << offset / CODE_LINE_BYTES % 64;
}

bool code_lines_mark(struct code_lines *code, uint64_t offset)
{
    uint64_t *page = &code->pages[offset / CODE_PAGE_BYTES];
    if (*page & bit_of(offset))
        return false;
    *page |= bit_of(offset);
    code->recent[code->marked++ % CODE_LINES_RECENT] = offset;
    return true;
}

bool code_lines_clear(struct code_lines *code, uint64_t offset, uint64_t size_bytes)
{
    bool any = false;
    uint64_t end = offset + size_bytes;
    for (uint64_t line = offset & ~(CODE_LINE_BYTES - 1); line < end; line += CODE_LINE_BYTES) {
        uint64_t *page = &code->pages[line / CODE_PAGE_BYTES];
        any |= (*page & bit_of(line)) != 0;
        *page &= ~bit_of(line);
    }
    code->written += any;
    return any;
}
