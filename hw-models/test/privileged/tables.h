/* SPDX-License-Identifier: Apache-2.0 */
/* The page tables of the privileged differential test, and addresses that mean something in them. Two address spaces, each with
 * a root, a level-1 and a level-0 table; the root's third gigabyte is the supervisor's own, identity-mapped. */
#ifndef MISSIVE_TEST_PRIVILEGED_TABLES_H
#define MISSIVE_TEST_PRIVILEGED_TABLES_H

#include "test/privileged/steps.h"

/* Where a step's program begins. */
struct place {
    unsigned privilege; /* 0, 1, 3 */
    bool translated;
    unsigned space; /* 0 or 1 */
    uint64_t pc;
};

void tables_init(struct steps *steps);

/* Pokes some entries, and says which fence that needs. */
void tables_change(struct steps *steps, uint64_t *words);

void tables_place(struct steps *steps, struct place *place);

/* The physical address of a half-word of code at this place, which a program's begins with. */
uint64_t tables_code(const struct place *place, uint64_t pc);

/* An address to load from, to store to, or to jump to: physical, in a slot that leads to RAM if it leads anywhere, or in any
 * slot or none; mostly one of the user's, or not. */
enum where { IN_RAM, IN_SLOT, ANYWHERE };
uint64_t tables_pointer(struct steps *steps, enum where where, bool user);

/* x16 to x19: see steps.c. The entry is none that the code at pc is fetched through. */
void tables_entry(struct steps *steps, uint64_t *words, uint64_t pc);

/* satp's ASID and PPN. */
uint64_t tables_satp(uint64_t space);

/* Appends a poke. */
void poke(struct steps *steps, uint64_t address, const uint16_t *halves, unsigned count);

#endif
