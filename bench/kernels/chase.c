/* SPDX-License-Identifier: Apache-2.0 */
/* A pointer chase over 1 MiB: one load a line, in an order without a pattern, each address from the
 * load before. 16384 loads a round. */
#include "kernel.h"

#define LINE_BYTES 64
#define LINES (1024 * 1024 / LINE_BYTES)

struct line {
    struct line *next;
    uint64_t rest[LINE_BYTES / 8 - 1];
};

/* A full-period generator modulo a power of two (Hull and Dobell) is one cycle through all lines. */
void work_prepare(uint8_t *memory)
{
    struct line *lines = (struct line *)memory;
    uint32_t at = 0;

    for (int i = 0; i < LINES; i++) {
        uint32_t next = (at * 1664525u + 1013904223u) % LINES;
        lines[at].next = &lines[next];
        at = next;
    }
}

uint64_t work_round(uint8_t *memory)
{
    struct line *const first = (struct line *)memory, *line = first;
    uint64_t sum = 0;

    for (int i = 0; i < LINES; i++) {
        line = line->next;
        sum = sum * 31 + (uint64_t)(line - first);
    }
    return sum;
}
