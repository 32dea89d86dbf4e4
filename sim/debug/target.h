/* SPDX-License-Identifier: Apache-2.0 */
/* A machine as a debugger sees it: harts with numbered registers, memory at a hart's virtual addresses, break- and
 * watchpoints that all harts share. Register numbers are those of the target description, and GDB's own for RISC-V:
 * x0..x31, pc, f0..f31, then 65 + the number of a CSR, then the privilege. */
#ifndef MISSIVE_DEBUG_TARGET_H
#define MISSIVE_DEBUG_TARGET_H

#include "core/debug.h"

#define TARGET_PC 32
#define TARGET_F0 33
#define TARGET_CSR0 65
#define TARGET_PRIVILEGE (TARGET_CSR0 + 4096)
#define TARGET_GENERAL_REGISTERS TARGET_CSR0 /* those of the packet `g` */

struct target {
    struct hart *const *harts;
    unsigned hart_count;
    struct ram *ram;
    const char *about;            /* for `monitor info machine`, lines */
    void (*reset)(void *machine); /* the machine; NULL: it cannot be */
    void *machine;
    struct debug_points points;
    bool is_hardware[DEBUG_MAX_BREAKPOINTS]; /* what each breakpoint was asked for as */
};

/* False: there is no such register, or it cannot be written. */
bool target_read_register(const struct target *target, unsigned hart, uint64_t number,
                          uint64_t *value);
bool target_write_register(struct target *target, unsigned hart, uint64_t number, uint64_t value);

/* Returns how many bytes could be read before one that could not. */
size_t target_read_memory(const struct target *target, unsigned hart, uint64_t address,
                          uint8_t *bytes, size_t size);
/* All or nothing. */
bool target_write_memory(struct target *target, unsigned hart, uint64_t address,
                         const uint8_t *bytes, size_t size);

/* Kinds as in the packets Z0 to Z4. Setting what is set and clearing what is not is fine. */
enum target_point { POINT_SOFTWARE, POINT_HARDWARE, POINT_WRITE, POINT_READ, POINT_ACCESS };
enum target_result { TARGET_OK, TARGET_INVALID, TARGET_FULL };
enum target_result target_set_point(struct target *target, enum target_point kind, uint64_t address,
                                    uint64_t size_bytes);
void target_clear_point(struct target *target, enum target_point kind, uint64_t address,
                        uint64_t size_bytes);
void target_clear_points(struct target *target);
/* False: no breakpoint is there. */
bool target_breakpoint_at(const struct target *target, uint64_t address, bool *hardware);

/* The target description, XML; always the same, terminated. */
#define TARGET_DESCRIPTION_BYTES 32768
size_t target_describe(char text[TARGET_DESCRIPTION_BYTES]);

#endif
