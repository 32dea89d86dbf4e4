/* SPDX-License-Identifier: Apache-2.0 */
/* Reads the ELF header and the program headers, field by field against the file's size; the kernel checks again what
 * it loads. Source: ELF-64 Object File Format 1.5; RISC-V ELF psABI. */
#include "cli/guest_program.h"

#include <elf.h>
#include <errno.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>

#define MAX_SEGMENTS 64

struct program_file {
    FILE *stream;
    const char *path;
    uint64_t size_bytes;
    struct problem *problem;
};

static bool read_at(struct program_file *file, uint64_t offset, void *bytes, size_t size)
{
    return offset <= file->size_bytes && size <= file->size_bytes - offset &&
           !fseek(file->stream, (long)offset, SEEK_SET) && fread(bytes, size, 1, file->stream) == 1;
}

static bool wrong(struct program_file *file, const char *what)
{
    return problem_set(file->problem, "%s: %s", file->path, what);
}

static bool check_header(struct program_file *file, const Elf64_Ehdr *header)
{
    const char *class_name = header->e_ident[EI_CLASS] == ELFCLASS32 ? "32" : "unknown";
    if (header->e_ident[EI_CLASS] != ELFCLASS64)
        return problem_set(file->problem, "%s: its class is %s bits; 64 is expected", file->path,
                           class_name);
    if (header->e_ident[EI_DATA] != ELFDATA2LSB)
        return wrong(file, "a big-endian program; little-endian is expected");
    if (header->e_machine != EM_RISCV)
        return problem_set(
            file->problem,
            "%s: built for another machine (ELF machine %u); RISC-V (243) is expected: "
            "build it with riscv64-linux-gnu-gcc -static",
            file->path, header->e_machine);
    if (header->e_type != ET_EXEC && header->e_type != ET_DYN)
        return wrong(file, "an object file; a linked program is expected");
    if (header->e_phentsize != sizeof(Elf64_Phdr) || !header->e_phnum ||
        header->e_phnum > MAX_SEGMENTS)
        return wrong(file, "its program headers are broken");
    return true;
}

static bool check_segment(struct program_file *file, const Elf64_Phdr *segment)
{
    if (segment->p_type == PT_INTERP)
        return wrong(
            file, "a dynamically linked program; a static one is expected: link it with -static");
    if (segment->p_type != PT_LOAD)
        return true;
    if (segment->p_offset > file->size_bytes ||
        segment->p_filesz > file->size_bytes - segment->p_offset)
        return wrong(file, "cut short: a segment lies beyond its end");
    return segment->p_filesz <= segment->p_memsz ||
           wrong(file, "a segment is larger in the file than in memory");
}

static bool check_program(struct program_file *file)
{
    Elf64_Ehdr header;
    unsigned loaded = 0;
    if (!read_at(file, 0, header.e_ident, SELFMAG) || memcmp(header.e_ident, ELFMAG, SELFMAG))
        return wrong(file, "not an ELF program; a static riscv64 Linux program is expected");
    if (!read_at(file, 0, &header, sizeof header))
        return wrong(file, "cut short: its ELF header is not complete");
    if (!check_header(file, &header))
        return false;
    for (unsigned i = 0; i < header.e_phnum; i++) {
        Elf64_Phdr segment;
        if (header.e_phoff > file->size_bytes ||
            !read_at(file, header.e_phoff + i * sizeof segment, &segment, sizeof segment))
            return wrong(file, "cut short: its program headers are not complete");
        if (!check_segment(file, &segment))
            return false;
        loaded += segment.p_type == PT_LOAD;
    }
    return loaded || wrong(file, "nothing in it is to be loaded");
}

bool guest_program_check(const char *path, struct problem *problem)
{
    struct stat status;
    struct program_file file = {fopen(path, "rb"), path, 0, problem};
    if (!file.stream)
        return problem_set(problem, "%s: %s", path, strerror(errno));
    bool right = !fstat(fileno(file.stream), &status) && S_ISREG(status.st_mode);
    file.size_bytes = right ? (uint64_t)status.st_size : 0;
    right = right ? check_program(&file)
                  : wrong(&file, "not a file; a static riscv64 Linux program is expected");
    fclose(file.stream);
    return right;
}
