/* SPDX-License-Identifier: Apache-2.0 */
/* The records of a kernel's `.missive.probes` section, as ARCHITECTURE.md ("Probes and activities")
 * lays them out: u64 pc, u32 event, u32 argc, argc NUL-terminated operands as gcc prints them,
 * padded to 8 bytes. */
#ifndef MISSIVE_PLATFORM_PROBE_SECTION_H
#define MISSIVE_PLATFORM_PROBE_SECTION_H

#include "core/annotations.h"
#include "scenario/problem.h"

/* *points: sorted by pc, those of one pc in the section's order; the caller's to free. False:
 * `problem` names the record that is broken, *points is NULL. */
bool probe_section_read(const void *section, size_t size_bytes, struct probe_point **points,
                        size_t *point_count, struct problem *problem);

/* One operand: `a0`, `16(sp)`, `-5`. False: it is none. */
bool probe_operand_parse(const char *text, struct probe_operand *operand);

#endif
