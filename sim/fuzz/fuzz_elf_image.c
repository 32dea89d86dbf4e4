/* SPDX-License-Identifier: Apache-2.0 */
/* Arbitrary bytes, or a kernel with some bytes changed, as a guest kernel's ELF file: loaded whole, or refused with one line; never a crash, nor a write outside
 * RAM (which the sanitizer sees: RAM is a block of its own). */
#define _GNU_SOURCE
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "fuzz/input.h"
#include "platform/elf_image.h"

#define RAM_BYTES 0x400000u

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

/* The guest kernel with some numbers overwritten: most of them in its headers, at both ends and in its section table. */
static size_t patched_kernel(struct input *input, uint8_t **file)
{
    static uint8_t kernel[1 << 20];
    static size_t size;
    if (!size) {
        FILE *stream = fopen(FUZZ_KERNEL, "rb");
        must(stream && (size = fread(kernel, 1, sizeof kernel, stream)) > 64 &&
             size < sizeof kernel);
        fclose(stream);
    }
    size_t count = input_number(input, 1) % 32 ? size : input_number(input, 4) % size;
    *file = malloc(count + 8);
    must(*file != NULL);
    memcpy(*file, kernel, count);
    while (input->left) {
        uint8_t what = (uint8_t)input_number(input, 1);
        uint64_t place = input_number(input, what & 1 ? 1 : what & 2 ? 2 : 4);
        if (what & 4)
            place = count - 1 - place;
        uint64_t number = input_number(input, 1u << (what >> 4 & 3));
        memcpy(*file + (count ? place % count : 0), &number, 1u << (what >> 4 & 3));
    }
    return count;
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size)
{
    char path[64];
    struct input input = {bytes, size};
    struct ram ram = {malloc(RAM_BYTES), 0x80000000, RAM_BYTES};
    int file = memfd_create("kernel", 0);
    uint8_t *contents = NULL;
    must(file >= 0 && ram.bytes);
    if (input_number(&input, 1) % 8 == 0)
        must(write(file, input.next, input.left) == (ssize_t)input.left);
    else {
        size_t count = patched_kernel(&input, &contents);
        must(write(file, contents, count) == (ssize_t)count);
    }
    free(contents);
    snprintf(path, sizeof path, "/proc/self/fd/%d", file);
    load(path, &ram);
    close(file);
    free(ram.bytes);
    return 0;
}
