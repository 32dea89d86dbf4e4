/* SPDX-License-Identifier: Apache-2.0 */
/* Physical memory protection: 16 entries, a grain of 4 bytes. Registers of entries beyond PMP_ENTRIES
 * read as zero. Does not model: Smepmp. Source: privileged specification 20211203, chapter 3.7. */
#ifndef MISSIVE_CORE_PMP_H
#define MISSIVE_CORE_PMP_H

#include "core/hart_state.h"
#include "core/mmu.h"

/* pmpcfg of eight entries, `first` and those that follow. */
uint64_t pmp_config(const struct hart *hart, unsigned first);
void pmp_set_config(struct hart *hart, unsigned first, uint64_t value);

uint64_t pmp_address(const struct hart *hart, unsigned entry);
void pmp_set_address(struct hart *hart, unsigned entry, uint64_t value);

/* Whether all of an access is permitted. The first entry that has any of its bytes decides, and must
 * have them all. */
bool pmp_allows(const struct hart *hart, uint64_t physical, unsigned bytes, enum access_type type,
                unsigned privilege);

/* Of `bytes` bytes of code, how many may be fetched, each two of them for themselves, before the
 * first that may not. */
size_t pmp_executable(const struct hart *hart, uint64_t physical, size_t bytes);

#endif
