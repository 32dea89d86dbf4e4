/* SPDX-License-Identifier: Apache-2.0 */
/* A guest kernel's ELF file: its loaded segments, and what it tells observers about its code
 * (activity ranges from sections `.text.<activity>`, probe points from `.missive.probes`; the
 * format is in ARCHITECTURE.md).
 *
 * Promises: a file that is no ELF, for another machine, cut short, or with a broken probe section
 * gives one line in `problem`, never a crash or a write outside RAM. Not modelled: relocation,
 * shared objects; RAM is written as the program headers' physical addresses say. */
#ifndef MISSIVE_PLATFORM_ELF_IMAGE_H
#define MISSIVE_PLATFORM_ELF_IMAGE_H

#include <libelf.h>

#include "core/annotations.h"
#include "memory/ram.h"
#include "scenario/problem.h"

struct elf_image {
    const char *path; /* only while it is loaded */
    uint8_t *file;    /* the file's bytes, ours */
    size_t file_bytes;
    Elf *elf;
    uint64_t entry;      /* physical */
    uint64_t begin, end; /* the lowest and the highest physical address loaded */
    struct probe_point *points;
    size_t point_count;
    struct activity_range *ranges;
    size_t range_count;
};

/* Reads and checks `path`, copies its segments into `ram`. False: `problem` says why, and nothing
 * is left to free. */
bool elf_image_load(struct elf_image *image, const char *path, const struct ram *ram,
                    struct problem *problem);
/* The same with a file that has been read: `file` was malloc'ed and is the image's from now on, and
 * freed if it is refused; `path` is for messages. */
bool elf_image_take(struct elf_image *image, const char *path, uint8_t *file, size_t file_bytes,
                    const struct ram *ram, struct problem *problem);
/* Copies the segments of a loaded image into the same RAM again. */
void elf_image_place(const struct elf_image *image, const struct ram *ram);
void elf_image_free(struct elf_image *image); /* of a zeroed image: does nothing */

/* For the hart; valid as long as the image. */
struct annotations elf_image_annotations(const struct elf_image *image);

/* The value of a symbol. False: there is none of this name. */
bool elf_image_symbol(const struct elf_image *image, const char *name, uint64_t *value);

#endif
