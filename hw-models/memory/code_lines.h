/* SPDX-License-Identifier: Apache-2.0 */
/* Which lines of RAM harts have decoded as code, so that none executes what is no longer there.
 * The unprivileged specification lets a hart go on with old code until a fence.i; kernels written
 * for emulators rely on what these do, which is to see every store at once. So a mark stands at each
 * decoded line; a write takes it away and is counted, and a hart that sees the count changed compares
 * its blocks with RAM before their next use. A hart that marks a line must drop what lets it write
 * there unseen, and so must the others: they find the latest marks in `recent`. Offsets are from the
 * beginning of RAM. Changes no cycle of the model. */
#ifndef MISSIVE_MEMORY_CODE_LINES_H
#define MISSIVE_MEMORY_CODE_LINES_H

#include <stdbool.h>
#include <stdint.h>

#define CODE_LINE_BYTES UINT64_C(64)
#define CODE_PAGE_BYTES (64 * CODE_LINE_BYTES)
#define CODE_LINES_RECENT 64

struct code_lines {
    uint64_t written;                   /* writes that took marks away */
    uint64_t marked;                    /* marks that were new */
    uint64_t recent[CODE_LINES_RECENT]; /* offsets of the last of them: number n is at n % RECENT */
    uint64_t *pages; /* a bit for each line, a word for each page; the caller's, zero at first */
};

/* The bytes that `pages` takes for a RAM of so many bytes. */
static inline uint64_t code_lines_size(uint64_t ram_bytes)
{
    return ram_bytes / CODE_PAGE_BYTES * sizeof(uint64_t);
}

static inline bool code_lines_in_page(const struct code_lines *code, uint64_t offset)
{
    return code->pages[offset / CODE_PAGE_BYTES] != 0;
}

/* Marks the line of `offset`. True: it was not marked. */
bool code_lines_mark(struct code_lines *code, uint64_t offset);

/* The rare half of code_lines_wrote. */
bool code_lines_clear(struct code_lines *code, uint64_t offset, uint64_t size_bytes);

/* Takes the marks of the bytes written away. True: there was one. */
static inline bool code_lines_wrote(struct code_lines *code, uint64_t offset, uint64_t size_bytes)
{
    bool one_page = offset % CODE_PAGE_BYTES + size_bytes <= CODE_PAGE_BYTES;
    if (one_page && !code_lines_in_page(code, offset))
        return false;
    return code_lines_clear(code, offset, size_bytes);
}

#endif
