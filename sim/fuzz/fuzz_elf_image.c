/* SPDX-License-Identifier: Apache-2.0 */
/* Arbitrary bytes as a guest kernel's ELF file: loaded whole, or refused with one line; never a crash, nor a write outside
 * RAM (which the sanitizer sees: RAM is a block of its own). */
#define _GNU_SOURCE
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "fuzz/input.h"
#include "platform/elf_image.h"

#define RAM_BYTES 0x40000u

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size);

static void load(const char *path, const struct ram *ram)
{
    struct elf_image image = {0};
    struct problem problem = {""};
    uint64_t value;
    if (!elf_image_load(&image, path, ram, &problem)) {
        must(*problem.text && !strchr(problem.text, '\n'));
        return;
    }
    struct annotations annotations = elf_image_annotations(&image);
    for (size_t i = 0; i < annotations.point_count; i++)
        must(annotations.points[i].operand_count <= 4 &&
             (!i || annotations.points[i - 1].pc <= annotations.points[i].pc));
    for (size_t i = 1; i < annotations.range_count; i++)
        must(annotations.ranges[i - 1].end <= annotations.ranges[i].begin);
    elf_image_symbol(&image, "tohost", &value);
    elf_image_free(&image);
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size)
{
    char path[64];
    struct ram ram = {malloc(RAM_BYTES), 0x80000000, RAM_BYTES};
    int file = memfd_create("kernel", 0);
    must(file >= 0 && ram.bytes && write(file, bytes, size) == (ssize_t)size);
    snprintf(path, sizeof path, "/proc/self/fd/%d", file);
    load(path, &ram);
    close(file);
    free(ram.bytes);
    return 0;
}
