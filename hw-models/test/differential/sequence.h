/* SPDX-License-Identifier: Apache-2.0 */
/* Random RV64GC instruction sequences and the state they start from. A sequence always ends: it branches forward, or
 * loops with a counter nobody else writes; its last instruction is ebreak. It may also end early, by a fault. */
#ifndef MISSIVE_TEST_SEQUENCE_H
#define MISSIVE_TEST_SEQUENCE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>

#include "test/differential/record.h"
#include "test/random.h"

#define SEQUENCE_MAX_PIECES 96

struct piece {
    const char *mnemonic, *fields;
    uint32_t word;
    uint8_t bytes;  /* 2 or 4 */
    uint8_t patch;  /* how `target` is put into the word (sequence.c) */
    uint8_t wanted; /* a branch's distance in pieces; also the loop's begin */
    bool inside;    /* of a group: nobody branches here */
    bool fixed;     /* shrinking leaves it alone */
};

struct sequence {
    size_t count;
    struct piece pieces[SEQUENCE_MAX_PIECES];
    bool has_reservation; /* contains LR and SC: strangers must not invalidate */
    uint32_t reserved;    /* registers that hold pointers and counters, a bit each */
    uint8_t pointer[4], aligned, loop, scratch;
    struct machine_state state;
    uint64_t data_seed;
};

void sequence_generate(struct sequence *sequence, struct random *random);
/* The trial that runs it. */
void sequence_encode(const struct sequence *sequence, struct trial *trial);
/* Puts a nop in the place of a piece. False: it must stay, or is one already. */
bool sequence_drop(struct sequence *sequence, size_t piece);
/* One line an instruction, without nops. */
void sequence_print(const struct sequence *sequence, FILE *to);

#endif
