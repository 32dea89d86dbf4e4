/* SPDX-License-Identifier: Apache-2.0 */
/* Control and status registers: one list (csr.def), WARL fields made legal on writing. */
#ifndef MISSIVE_CORE_CSR_H
#define MISSIVE_CORE_CSR_H

#include "core/hart_state.h"

/* Without regard to privilege. False: no such register. Writing a read-only register is for the
 * caller to refuse. */
bool csr_read(const struct hart *hart, unsigned number, uint64_t *value);
bool csr_write(struct hart *hart, unsigned number, uint64_t value);

/* Whether the present mode may read, or write, this register (which may not exist). */
bool csr_permits(const struct hart *hart, unsigned number, bool write);

const char *csr_name(unsigned number); /* NULL: not in csr.def */

#endif
