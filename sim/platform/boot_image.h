/* SPDX-License-Identifier: Apache-2.0 */
/* A firmware or kernel file, of whatever form, in RAM: an ELF at its own physical addresses; Linux's
 * `Image` at the offset from the beginning of RAM that it names; anything else as it is, where the
 * caller says. What is compressed by gzip, by itself or as an EFI image that unpacks itself, is
 * unpacked first.
 *
 * Promises: a file that cannot be run here (for another machine, cut short, too large, compressed in
 * another way) gives one line in `problem`, and nothing is written outside RAM. The image keeps its
 * bytes, so that a reset finds the same again. */
#ifndef MISSIVE_PLATFORM_BOOT_IMAGE_H
#define MISSIVE_PLATFORM_BOOT_IMAGE_H

#include "platform/elf_image.h"

struct boot_image {
    struct elf_image elf; /* zero if the file is no ELF */
    uint8_t *file;        /* NULL if it is one */
    size_t file_bytes;
    uint64_t entry;
    uint64_t begin, end; /* what it takes of RAM, with what it clears itself */
};

/* raw_at: the place of a raw image; physical. False: `problem` says why, and nothing is left to
 * free. */
bool boot_image_load(struct boot_image *image, const char *path, uint64_t raw_at,
                     const struct ram *ram, struct problem *problem);

/* Puts it into the same RAM again. */
void boot_image_place(const struct boot_image *image, const struct ram *ram);
void boot_image_free(struct boot_image *image); /* of a zeroed image: does nothing */

#endif
