/* SPDX-License-Identifier: Apache-2.0 */
/* Loading the kernel's ELF. See elf_image.h. Source: System V ABI (gABI 4.1) chapters 4 and 5;
 * RISC-V psABI. */
#include "platform/elf_image.h"

#include <errno.h>
#include <gelf.h>
#include <stdlib.h>
#include <string.h>

#include "base/activity.h"
#include "platform/host_file.h"
#include "platform/probe_section.h"

static const char *const activity_names[] = {
#define ACTIVITY(id, label, doc) #id,
#include "base/activity.def"
#undef ACTIVITY
};

static bool check_header(struct elf_image *image, struct problem *problem)
{
    GElf_Ehdr header;
    if (image->file_bytes < SELFMAG || memcmp(image->file, ELFMAG, SELFMAG) != 0)
        return problem_set(problem, "%s: not an ELF file; a RISC-V ELF64 kernel is needed",
                           image->path);
    if (elf_kind(image->elf) != ELF_K_ELF || !gelf_getehdr(image->elf, &header))
        return problem_set(problem, "%s: the ELF header is broken or cut short: %s", image->path,
                           elf_errmsg(-1));
    if (gelf_getclass(image->elf) != ELFCLASS64)
        return problem_set(problem, "%s: a 32-bit ELF; an ELF64 is needed", image->path);
    if (header.e_ident[EI_DATA] != ELFDATA2LSB || header.e_machine != EM_RISCV)
        return problem_set(problem,
                           "%s: made for another machine (e_machine %u); RISC-V (%u) is needed",
                           image->path, header.e_machine, EM_RISCV);
    if (header.e_type != ET_EXEC)
        return problem_set(problem,
                           "%s: not an executable linked at fixed addresses (e_type %u); "
                           "link with -static -no-pie",
                           image->path, header.e_type);
    if (header.e_flags & EF_RISCV_RVE ||
        (header.e_flags & EF_RISCV_FLOAT_ABI) == EF_RISCV_FLOAT_ABI_QUAD)
        return problem_set(problem,
                           "%s: made for RV64E or quad floating point (e_flags 0x%x); the harts "
                           "are RV64GC",
                           image->path, header.e_flags);
    image->entry = header.e_entry;
    return true;
}

static bool check_segment(struct elf_image *image, const GElf_Phdr *segment, const struct ram *ram,
                          struct problem *problem)
{
    if (segment->p_offset > image->file_bytes ||
        segment->p_filesz > image->file_bytes - segment->p_offset)
        return problem_set(problem, "%s: cut short: a segment ends at byte %llu of %zu",
                           image->path, (unsigned long long)(segment->p_offset + segment->p_filesz),
                           image->file_bytes);
    if (segment->p_filesz > segment->p_memsz)
        return problem_set(problem, "%s: a segment is larger in the file than in memory",
                           image->path);
    if (!ram_holds(ram, segment->p_paddr, segment->p_memsz))
        return problem_set(
            problem, "%s: a segment at 0x%llx, %llu bytes, is outside RAM (0x%llx, %llu MiB)",
            image->path, (unsigned long long)segment->p_paddr, (unsigned long long)segment->p_memsz,
            (unsigned long long)ram->base, (unsigned long long)(ram->size_bytes >> 20));
    if (segment->p_paddr < image->begin)
        image->begin = segment->p_paddr;
    if (segment->p_paddr + segment->p_memsz > image->end)
        image->end = segment->p_paddr + segment->p_memsz;
    return true;
}

static bool check_segments(struct elf_image *image, const struct ram *ram, struct problem *problem)
{
    size_t count;
    if (elf_getphdrnum(image->elf, &count) != 0)
        return problem_set(problem, "%s: the program headers are broken: %s", image->path,
                           elf_errmsg(-1));
    image->begin = UINT64_MAX;
    image->end = 0;
    for (size_t i = 0; i < count; i++) {
        GElf_Phdr segment;
        if (!gelf_getphdr(image->elf, (int)i, &segment))
            return problem_set(problem, "%s: cut short: program header %zu of %zu is missing",
                               image->path, i + 1, count);
        if (segment.p_type == PT_LOAD && segment.p_memsz > 0 &&
            !check_segment(image, &segment, ram, problem))
            return false;
    }
    if (image->end == 0)
        return problem_set(problem, "%s: nothing to load: no PT_LOAD segment", image->path);
    if (image->entry < image->begin || image->entry >= image->end)
        return problem_set(problem, "%s: the entry point 0x%llx is outside what is loaded",
                           image->path, (unsigned long long)image->entry);
    return true;
}

static enum activity activity_of_section(const char *name)
{
    static const char prefix[] = ".text.";
    if (strncmp(name, prefix, sizeof prefix - 1) != 0)
        return ACTIVITY_none;
    for (unsigned i = ACTIVITY_none + 1; i < ACTIVITY_COUNT; i++)
        if (strcmp(name + sizeof prefix - 1, activity_names[i]) == 0)
            return (enum activity)i;
    return ACTIVITY_none;
}

static int compare_ranges(const void *a, const void *b)
{
    const struct activity_range *x = a, *y = b;
    return x->begin < y->begin ? -1 : x->begin > y->begin;
}

static bool check_ranges(struct elf_image *image, struct problem *problem)
{
    qsort(image->ranges, image->range_count, sizeof *image->ranges, compare_ranges);
    for (size_t i = 0; i < image->range_count; i++) {
        const struct activity_range *range = &image->ranges[i];
        if (range->end < range->begin || (i > 0 && range->begin < range[-1].end))
            return problem_set(problem, "%s: section .text.%s overlaps another one", image->path,
                               activity_names[range->activity]);
    }
    return true;
}

static bool read_section(struct elf_image *image, Elf_Scn *section, const char *name,
                         const GElf_Shdr *header, struct problem *problem)
{
    enum activity activity = activity_of_section(name);
    if (activity != ACTIVITY_none && (header->sh_flags & SHF_ALLOC) && header->sh_size > 0)
        image->ranges[image->range_count++] =
            (struct activity_range){header->sh_addr, header->sh_addr + header->sh_size, activity};
    if (strcmp(name, ".missive.probes") != 0)
        return true;
    const Elf_Data *data = elf_rawdata(section, NULL);
    if (!data || (data->d_size > 0 && !data->d_buf))
        return problem_set(problem, "%s: section %s is cut short", image->path, name);
    struct problem inner = {""};
    if (!probe_section_read(data->d_buf, data->d_size, &image->points, &image->point_count, &inner))
        return problem_set(problem, "%s: section %s: %s", image->path, name, inner.text);
    return true;
}

/* An ELF without sections is as good as any: nothing is known of its code then. */
static bool read_sections(struct elf_image *image, struct problem *problem)
{
    size_t count, names;
    if (elf_getshdrnum(image->elf, &count) != 0 || count == 0 ||
        elf_getshdrstrndx(image->elf, &names) != 0)
        return true;
    image->ranges = calloc(count, sizeof *image->ranges);
    if (!image->ranges)
        return problem_set(problem, "%s: out of memory", image->path);
    Elf_Scn *section = NULL;
    while ((section = elf_nextscn(image->elf, section))) {
        GElf_Shdr header;
        const char *name = NULL;
        if (gelf_getshdr(section, &header))
            name = elf_strptr(image->elf, names, header.sh_name);
        if (name && !read_section(image, section, name, &header, problem))
            return false;
    }
    return check_ranges(image, problem);
}

bool elf_image_load(struct elf_image *image, const char *path, const struct ram *ram,
                    struct problem *problem)
{
    uint8_t *file;
    size_t file_bytes;
    *image = (struct elf_image){0};
    return host_file_read(path, &file, &file_bytes, problem) &&
           elf_image_take(image, path, file, file_bytes, ram, problem);
}

bool elf_image_take(struct elf_image *image, const char *path, uint8_t *file, size_t file_bytes,
                    const struct ram *ram, struct problem *problem)
{
    *image = (struct elf_image){.path = path, .file = file, .file_bytes = file_bytes};
    elf_version(EV_CURRENT);
    image->elf = elf_memory((char *)image->file, image->file_bytes);
    bool good = check_header(image, problem) && check_segments(image, ram, problem) &&
                read_sections(image, problem);
    image->path = NULL;
    if (good)
        elf_image_place(image, ram);
    else
        elf_image_free(image);
    return good;
}

void elf_image_place(const struct elf_image *image, const struct ram *ram)
{
    size_t count = 0;
    elf_getphdrnum(image->elf, &count);
    for (size_t i = 0; i < count; i++) {
        GElf_Phdr segment;
        if (gelf_getphdr(image->elf, (int)i, &segment) && segment.p_type == PT_LOAD &&
            segment.p_memsz > 0)
            memcpy(ram_at(ram, segment.p_paddr), image->file + segment.p_offset, segment.p_filesz);
    }
}

void elf_image_free(struct elf_image *image)
{
    elf_end(image->elf);
    free(image->file);
    free(image->points);
    free(image->ranges);
    *image = (struct elf_image){0};
}

struct annotations elf_image_annotations(const struct elf_image *image)
{
    return (struct annotations){image->points, image->point_count, image->ranges,
                                image->range_count};
}

static bool symbol_in(const struct elf_image *image, Elf_Scn *section, const GElf_Shdr *header,
                      const char *name, uint64_t *value)
{
    Elf_Data *data = elf_getdata(section, NULL);
    if (!data || header->sh_entsize == 0)
        return false;
    for (size_t i = 0; i < header->sh_size / header->sh_entsize && i <= INT32_MAX; i++) {
        GElf_Sym symbol;
        if (!gelf_getsym(data, (int)i, &symbol))
            return false;
        const char *found = elf_strptr(image->elf, header->sh_link, symbol.st_name);
        if (found && symbol.st_shndx != SHN_UNDEF && strcmp(found, name) == 0) {
            *value = symbol.st_value;
            return true;
        }
    }
    return false;
}

bool elf_image_symbol(const struct elf_image *image, const char *name, uint64_t *value)
{
    Elf_Scn *section = NULL;
    while ((section = elf_nextscn(image->elf, section))) {
        GElf_Shdr header;
        if (gelf_getshdr(section, &header) && header.sh_type == SHT_SYMTAB &&
            symbol_in(image, section, &header, name, value))
            return true;
    }
    return false;
}
