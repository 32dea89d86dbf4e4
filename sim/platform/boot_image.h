/* SPDX-License-Identifier: Apache-2.0 */
/* A firmware or kernel file, of whatever form, in RAM: an ELF at its own physical addresses; Linux's
 * `Image` at the offset from the beginning of RAM that it names; anything else as it is, where the
 * caller says.
 *
 * Promises: a file that cannot be run here (compressed, for another machine, cut short, too large)
 * gives one line in `problem`, and nothing is written outside RAM. Not modelled: unpacking. */
#ifndef MISSIVE_PLATFORM_BOOT_IMAGE_H
#define MISSIVE_PLATFORM_BOOT_IMAGE_H

#include "platform/elf_image.h"

struct boot_image {
    struct elf_image elf; /* the caller's to free; zero if the file is no ELF */
    uint64_t entry;
    uint64_t begin, end; /* what it takes of RAM, with what it clears itself */
};

/* raw_at: the place of a raw image; physical. False: `problem` says why, and nothing is left to
 * free. */
bool boot_image_load(struct boot_image *image, const char *path, uint64_t raw_at,
                     const struct ram *ram, struct problem *problem);

#endif
