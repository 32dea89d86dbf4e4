/* SPDX-License-Identifier: Apache-2.0 */
/* elf.h. */
#include "kernel/elf.h"

#include "include/bytes.h"
#include "include/linux.h"
#include "kernel/area.h"

#define CLASS_64 2
#define LITTLE_ENDIAN_DATA 1
#define TYPE_EXECUTABLE 2
#define TYPE_SHARED 3
#define MACHINE_RISCV 243
#define SEGMENT_LOAD 1
#define SEGMENT_INTERPRETER 3
#define SEGMENT_EXECUTE 1
#define SEGMENT_WRITE 2
#define SEGMENT_READ 4
#define HEADERS_MAX 64

struct elf_header {
    uint8_t magic[4], class, data, version, abi, pad[8];
    uint16_t type, machine;
    uint32_t elf_version;
    uint64_t entry, program_offset, section_offset;
    uint32_t flags;
    uint16_t header_bytes, program_bytes, program_count;
    uint16_t section_bytes, section_count, section_names;
};

struct program_header {
    uint32_t type, flags;
    uint64_t offset, address, physical, file_bytes, memory_bytes, alignment;
};

/* The header, copied as the file's data need not be aligned. */
static bool read_header(const struct archive_entry *file, struct elf_header *header)
{
    if (file->size_bytes < sizeof *header)
        return false;
    memcpy(header, file->data, sizeof *header);
    return memcmp(header->magic, "\177ELF", 4) == 0 && header->class == CLASS_64 &&
           header->data == LITTLE_ENDIAN_DATA && header->machine == MACHINE_RISCV &&
           (header->type == TYPE_EXECUTABLE || header->type == TYPE_SHARED) &&
           header->program_bytes == sizeof(struct program_header) && header->program_count >= 1 &&
           header->program_count <= HEADERS_MAX && header->program_offset < file->size_bytes &&
           header->program_count * sizeof(struct program_header) <=
               file->size_bytes - header->program_offset;
}

static uint64_t protection_of(uint32_t flags)
{
    return (flags & SEGMENT_READ ? PROT_READ : 0) | (flags & SEGMENT_WRITE ? PROT_WRITE : 0) |
           (flags & SEGMENT_EXECUTE ? PROT_EXEC : 0);
}

/* A segment's whole pages; what lies before its first byte in its first page comes from the file too, as on Linux. */
static bool load_segment(struct space *space, const struct archive_entry *file,
                         const struct program_header *segment, uint64_t base)
{
    uint64_t lead = segment->address & (PAGE_BYTES - 1), end;
    if (!segment->memory_bytes)
        return true;
    if (segment->file_bytes > segment->memory_bytes || segment->offset > file->size_bytes ||
        segment->file_bytes > file->size_bytes - segment->offset ||
        (segment->file_bytes && (segment->offset & (PAGE_BYTES - 1)) != lead))
        return false;
    if (segment->address > USER_HIGH_END || segment->memory_bytes > USER_HIGH_END)
        return false;
    end = ROUND_UP(base + segment->address + segment->memory_bytes, PAGE_BYTES);
    struct area area = {.begin = base + segment->address - lead,
                        .end = end,
                        .protection = protection_of(segment->flags)};
    if (segment->file_bytes) {
        area.data = file->data + segment->offset - lead;
        area.data_bytes = segment->file_bytes + lead;
    }
    space->brk_begin = MAX(space->brk_begin, end);
    return area_insert(space, &area);
}

/* Where the program headers are in memory, for AT_PHDR: in the segment that holds them. */
static void find_headers(const struct elf_header *header, const struct program_header *segment,
                         struct elf_program *program)
{
    uint64_t table = header->program_offset;
    if (table >= segment->offset && table - segment->offset < segment->file_bytes)
        program->headers = program->base + segment->address + (table - segment->offset);
}

long elf_load(struct space *space, const struct archive_entry *file, struct elf_program *program)
{
    struct elf_header header;
    if (!read_header(file, &header))
        return -ENOEXEC;
    *program = (struct elf_program){.base = header.type == TYPE_SHARED ? USER_PIE_BASE : 0,
                                    .header_count = header.program_count};
    for (unsigned i = 0; i < header.program_count; i++) {
        struct program_header segment;
        memcpy(&segment, file->data + header.program_offset + i * sizeof segment, sizeof segment);
        if (segment.type == SEGMENT_INTERPRETER)
            return -ENOEXEC;
        if (segment.type != SEGMENT_LOAD)
            continue;
        if (!load_segment(space, file, &segment, program->base))
            return -ENOEXEC;
        find_headers(&header, &segment, program);
    }
    program->entry = program->base + header.entry;
    space->brk_end = space->brk_begin;
    return space->area_count ? 0 : -ENOEXEC;
}
