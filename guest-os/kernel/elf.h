/* SPDX-License-Identifier: Apache-2.0 */
/* Loading ELF64 RISC-V programs: static, at fixed addresses or position-independent. No interpreter: a dynamically
 * linked program is refused. Nothing in the file is trusted. Source: System V ABI, RISC-V psABI. */
#ifndef MISSIVE_GUEST_ELF_H
#define MISSIVE_GUEST_ELF_H

#include "fs/archive.h"
#include "kernel/space.h"

struct elf_program {
    uint64_t entry;
    uint64_t headers, header_count; /* of program headers: where they are in memory */
    uint64_t base;                  /* what was added to the file's addresses */
};

/* Puts the segments into an empty space, as areas backed by the file, and sets its break. 0 or a negative errno. */
long elf_load(struct space *space, const struct archive_entry *file, struct elf_program *program);

#endif
