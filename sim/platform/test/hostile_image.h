/* SPDX-License-Identifier: Apache-2.0 */
/* Images for the loaders, to be spoiled: an ELF with segments, a Linux Image, and packed forms of any file. Each is written
 * into the caller's buffer; its size in bytes comes back. For tests and fuzzers. */
#ifndef MISSIVE_PLATFORM_TEST_HOSTILE_IMAGE_H
#define MISSIVE_PLATFORM_TEST_HOSTILE_IMAGE_H

#include <elf.h>
#include <stdint.h>
#include <string.h>
#include <zlib.h>

#define HOSTILE_RAM_BASE UINT64_C(0x80000000)

struct hostile_segment {
    uint64_t at, file_bytes, memory_bytes;
};

/* All contents lie behind the headers, one after the other, byte for byte the segment's number plus 1. */
static inline size_t hostile_elf(uint8_t *to, size_t room, const struct hostile_segment *segments,
                                 unsigned count)
{
    const size_t headers = sizeof(Elf64_Ehdr) + count * sizeof(Elf64_Phdr);
    Elf64_Ehdr header = {.e_type = ET_EXEC,
                         .e_machine = EM_RISCV,
                         .e_version = EV_CURRENT,
                         .e_entry = segments->at,
                         .e_phoff = sizeof header,
                         .e_ehsize = sizeof header,
                         .e_phentsize = sizeof(Elf64_Phdr),
                         .e_phnum = (Elf64_Half)count,
                         .e_shentsize = sizeof(Elf64_Shdr)};
    memcpy(header.e_ident, ELFMAG, SELFMAG);
    header.e_ident[EI_CLASS] = ELFCLASS64;
    header.e_ident[EI_DATA] = ELFDATA2LSB;
    header.e_ident[EI_VERSION] = EV_CURRENT;
    memcpy(to, &header, sizeof header);
    size_t end = headers;
    for (unsigned i = 0; i < count; i++) {
        const size_t left = room - end;
        const size_t bytes = segments[i].file_bytes < left ? segments[i].file_bytes : left;
        const Elf64_Phdr segment = {.p_type = PT_LOAD,
                                    .p_offset = end,
                                    .p_vaddr = segments[i].at,
                                    .p_paddr = segments[i].at,
                                    .p_filesz = segments[i].file_bytes,
                                    .p_memsz = segments[i].memory_bytes,
                                    .p_align = 1};
        memcpy(to + sizeof header + i * sizeof segment, &segment, sizeof segment);
        memset(to + end, (int)i + 1, bytes);
        end += bytes;
    }
    return end;
}

/* Linux's header and nothing else. */
static inline size_t hostile_linux(uint8_t *to, uint64_t text_offset, uint64_t image_bytes,
                                   uint64_t flags)
{
    memset(to, 0, 64);
    memcpy(to + 8, &text_offset, 8);
    memcpy(to + 16, &image_bytes, 8);
    memcpy(to + 24, &flags, 8);
    memcpy(to + 56, "RSC\x05", 4);
    return 64;
}

/* By gzip. 0: no room. */
static inline size_t hostile_gzip(uint8_t *to, size_t room, const uint8_t *from, size_t bytes)
{
    z_stream stream = {.next_in = (Bytef *)from, .avail_in = (uInt)bytes};
    if (deflateInit2(&stream, 1, Z_DEFLATED, 16 + MAX_WBITS, 8, Z_DEFAULT_STRATEGY) != Z_OK)
        return 0;
    stream.next_out = to;
    stream.avail_out = (uInt)room;
    const int result = deflate(&stream, Z_FINISH);
    deflateEnd(&stream);
    return result == Z_STREAM_END ? stream.total_out : 0;
}

/* The head of an EFI image that unpacks itself; what is packed is the caller's to append. */
#define HOSTILE_ZBOOT_BYTES 64
static inline void hostile_zboot(uint8_t *to, uint32_t begin, uint32_t bytes, const char *method)
{
    memset(to, 0, HOSTILE_ZBOOT_BYTES);
    memcpy(to, "MZ\0\0zimg", 8);
    memcpy(to + 8, &begin, 4);
    memcpy(to + 12, &bytes, 4);
    strncpy((char *)to + 24, method, 31);
}

#endif
