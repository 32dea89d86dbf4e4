/* SPDX-License-Identifier: Apache-2.0 */
/* See boot_image.h. Source: Linux Documentation/arch/riscv/boot-image-header.rst; file(1) for what
 * other files begin with. */
#include "platform/boot_image.h"

#include <endian.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "platform/host_file.h"

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
    {0, "\x1F\x8B", 2, "compressed by gzip; unpack it first"},
    {0,
     "\xFD"
     "7zXZ",
     5, "compressed by xz; unpack it first"},
    {0, "BZh", 3, "compressed by bzip2; unpack it first"},
    {0, "\x28\xB5\x2F\xFD", 4, "compressed by zstd; unpack it first"},
    {4, "zimg", 4, "a compressed EFI image; unpack it first (the file Image is in it)"},
    {56, "ARM\x64", 4, "a Linux kernel for another machine (ARM64); RISC-V is needed"},
    {0, "\x27\x05\x19\x56", 4, "a U-Boot image; give the kernel that is in it"},
    {0, "\xD0\x0D\xFE\xED", 4,
     "a device tree or FIT image; an ELF, a Linux Image or raw code is "
     "needed"},
    {0, "#!", 2, "a script; an ELF, a Linux Image or raw code is needed"},
};

static bool check_kind(const char *path, const uint8_t *head, size_t size_bytes,
                       struct problem *problem)
{
    if (size_bytes == 0)
        return problem_set(problem, "%s: an empty file", path);
    for (size_t i = 0; i < sizeof others / sizeof *others; i++)
        if (others[i].at + others[i].count <= size_bytes &&
            memcmp(head + others[i].at, others[i].bytes, others[i].count) == 0)
            return problem_set(problem, "%s: %s", path, others[i].what);
    return true;
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

static bool load_raw(struct boot_image *image, const char *path, const uint8_t *head,
                     uint64_t file_bytes, uint64_t at, const struct ram *ram,
                     struct problem *problem)
{
    struct linux_header header;
    uint64_t taken_bytes = file_bytes;
    memcpy(&header, head, sizeof header);
    if (memcmp(header.magic, LINUX_MAGIC, sizeof header.magic) == 0 &&
        !place_linux(&header, path, ram, &at, &taken_bytes, problem))
        return false;
    if (!ram_holds(ram, at, taken_bytes))
        return problem_set(problem,
                           "%s: %" PRIu64 " bytes at 0x%" PRIx64 " do not fit into RAM (0x%" PRIx64
                           ", %" PRIu64 " MiB); give more",
                           path, taken_bytes, at, ram->base, ram->size_bytes >> 20);
    uint8_t *bytes;
    size_t read_bytes;
    if (!host_file_read(path, &bytes, &read_bytes, problem))
        return false;
    bool same = read_bytes == file_bytes;
    if (same)
        memcpy(ram_at(ram, at), bytes, read_bytes);
    free(bytes);
    *image = (struct boot_image){.entry = at, .begin = at, .end = at + taken_bytes};
    return same || problem_set(problem, "%s: has changed while it was read", path);
}

bool boot_image_load(struct boot_image *image, const char *path, uint64_t raw_at,
                     const struct ram *ram, struct problem *problem)
{
    uint8_t head[LINUX_HEADER_BYTES] = {0};
    uint64_t size_bytes;
    *image = (struct boot_image){0};
    if (!host_file_peek(path, head, sizeof head, &size_bytes, problem) ||
        !check_kind(path, head, size_bytes, problem))
        return false;
    if (memcmp(head, ELFMAG, SELFMAG) != 0)
        return load_raw(image, path, head, size_bytes, raw_at, ram, problem);
    if (!elf_image_load(&image->elf, path, ram, problem))
        return false;
    image->entry = image->elf.entry;
    image->begin = image->elf.begin;
    image->end = image->elf.end;
    return true;
}
