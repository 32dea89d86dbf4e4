/* SPDX-License-Identifier: Apache-2.0 */
/* See boot_image.h. Source: Linux Documentation/arch/riscv/boot-image-header.rst; file(1) for what
 * other files begin with. */
#include "platform/boot_image.h"

#include <endian.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "platform/host_file.h"
#include "platform/unpack.h"

/* The first bytes of Linux's Image; all little-endian. */
struct linux_header {
    uint32_t code[2];
    uint64_t text_offset;
    uint64_t image_bytes; /* in memory, with what the kernel clears itself */
    uint64_t flags;       /* bit 0: big-endian */
    uint32_t version;
    uint32_t reserved[3];
    uint64_t old_magic;
    char magic[4];
    uint32_t pe_offset;
};
#define LINUX_MAGIC "RSC\x05"
#define LINUX_HEADER_BYTES 64
_Static_assert(sizeof(struct linux_header) == LINUX_HEADER_BYTES, "the header's layout");

/* What is certainly no code for a hart. */
static const struct {
    unsigned at;
    const char *bytes;
    unsigned count;
    const char *what;
} others[] = {
    {0,
     "\xFD"
     "7zXZ",
     5, "compressed by xz; unpack it first"},
    {0, "BZh", 3, "compressed by bzip2; unpack it first"},
    {0, "\x28\xB5\x2F\xFD", 4, "compressed by zstd; unpack it first"},
    {56, "ARM\x64", 4, "a Linux kernel for another machine (ARM64); RISC-V is needed"},
    {0, "\x27\x05\x19\x56", 4, "a U-Boot image; give the kernel that is in it"},
    {0, "\xD0\x0D\xFE\xED", 4,
     "a device tree or FIT image; an ELF, a Linux Image or raw code is "
     "needed"},
    {0, "#!", 2, "a script; an ELF, a Linux Image or raw code is needed"},
};

static bool check_kind(const char *path, const uint8_t *file, size_t size_bytes,
                       struct problem *problem)
{
    for (size_t i = 0; i < sizeof others / sizeof *others; i++)
        if (others[i].at + others[i].count <= size_bytes &&
            memcmp(file + others[i].at, others[i].bytes, others[i].count) == 0)
            return problem_set(problem, "%s: %s", path, others[i].what);
    return true;
}

static bool fits(const char *path, uint64_t size_bytes, uint64_t at, const struct ram *ram,
                 struct problem *problem)
{
    return ram_holds(ram, at, size_bytes) ||
           problem_set(problem,
                       "%s: %" PRIu64 " bytes at 0x%" PRIx64 " do not fit into RAM (0x%" PRIx64
                       ", %" PRIu64 " MiB); give more",
                       path, size_bytes, at, ram->base, ram->size_bytes >> 20);
}

/* Where a Linux Image goes, and how much it takes. */
static bool place_linux(const struct linux_header *header, const char *path, const struct ram *ram,
                        uint64_t *at, uint64_t *taken_bytes, struct problem *problem)
{
    if (le64toh(header->flags) & 1)
        return problem_set(problem, "%s: a big-endian Linux kernel; little-endian is needed", path);
    uint64_t offset = le64toh(header->text_offset), bytes = le64toh(header->image_bytes);
    if (offset >= ram->size_bytes)
        return problem_set(problem,
                           "%s: wants to lie 0x%" PRIx64 " bytes into RAM of %" PRIu64 " MiB", path,
                           offset, ram->size_bytes >> 20);
    *at = ram->base + offset;
    if (bytes > *taken_bytes)
        *taken_bytes = bytes;
    return true;
}

static bool load_raw(struct boot_image *image, const char *path, uint64_t at, const struct ram *ram,
                     struct problem *problem)
{
    struct linux_header header = {.flags = 0};
    uint64_t taken_bytes = image->file_bytes;
    memcpy(&header, image->file,
           image->file_bytes < sizeof header ? image->file_bytes : sizeof header);
    if (memcmp(header.magic, LINUX_MAGIC, sizeof header.magic) == 0 &&
        !place_linux(&header, path, ram, &at, &taken_bytes, problem))
        return false;
    image->entry = image->begin = at;
    image->end = at + taken_bytes;
    return fits(path, taken_bytes, at, ram, problem);
}

/* A file larger than RAM is not even read. */
static bool read_file(struct boot_image *image, const char *path, uint64_t at,
                      const struct ram *ram, struct problem *problem)
{
    uint64_t size_bytes;
    if (!host_file_peek(path, NULL, 0, &size_bytes, problem))
        return false;
    if (size_bytes == 0)
        return problem_set(problem, "%s: an empty file", path);
    return (size_bytes <= ram->size_bytes || fits(path, size_bytes, at, ram, problem)) &&
           host_file_read(path, &image->file, &image->file_bytes, problem) &&
           unpack(&image->file, &image->file_bytes, path, ram->size_bytes, problem) &&
           check_kind(path, image->file, image->file_bytes, problem);
}

bool boot_image_load(struct boot_image *image, const char *path, uint64_t raw_at,
                     const struct ram *ram, struct problem *problem)
{
    *image = (struct boot_image){.file = NULL};
    bool good = read_file(image, path, raw_at, ram, problem);
    if (good && image->file_bytes >= SELFMAG && memcmp(image->file, ELFMAG, SELFMAG) == 0) {
        uint8_t *file = image->file;
        image->file = NULL; /* the ELF's now */
        good = elf_image_take(&image->elf, path, file, image->file_bytes, ram, problem);
        image->entry = image->elf.entry;
        image->begin = image->elf.begin;
        image->end = image->elf.end;
    } else if (good) {
        good = load_raw(image, path, raw_at, ram, problem);
    }
    if (good)
        boot_image_place(image, ram);
    else
        boot_image_free(image);
    return good;
}

void boot_image_place(const struct boot_image *image, const struct ram *ram)
{
    if (image->file)
        memcpy(ram_at(ram, image->begin), image->file, image->file_bytes);
    else if (image->elf.elf)
        elf_image_place(&image->elf, ram);
}

void boot_image_free(struct boot_image *image)
{
    elf_image_free(&image->elf);
    free(image->file);
    *image = (struct boot_image){.file = NULL};
}
