/* SPDX-License-Identifier: Apache-2.0 */
/* See unpack.h. Source: RFC 1952; Linux drivers/firmware/efi/libstub/zboot-header.S. */
#include "platform/unpack.h"

#include <endian.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <zlib.h>

#define GZIP_MAGIC "\x1F\x8B"
#define GZIP_ONLY (16 + MAX_WBITS)
#define FIRST_BYTES (1u << 20)

/* The head of an EFI image that unpacks itself; all little-endian. */
struct zboot_header {
    char dos_magic[4]; /* MZ */
    char magic[4];
    uint32_t payload_begin, payload_bytes;
    uint32_t reserved[2];
    char method[32]; /* ends with a NUL */
};
#define ZBOOT_MAGIC "zimg"

struct unpacked {
    uint8_t *bytes;
    size_t size, room;
};

static bool make_room(struct unpacked *to, uint64_t max_bytes)
{
    size_t room = to->room ? 2 * to->room : FIRST_BYTES;
    if (to->room > max_bytes)
        return false;
    uint8_t *bytes = realloc(to->bytes, room);
    if (!bytes)
        return false;
    to->bytes = bytes;
    to->room = room;
    return true;
}

/* Z_STREAM_END: all of it is there. Z_MEM_ERROR: too much. */
static int inflate_all(z_stream *stream, struct unpacked *to, uint64_t max_bytes)
{
    int result = Z_OK;
    while (result == Z_OK) {
        if (to->size == to->room && !make_room(to, max_bytes))
            return Z_MEM_ERROR;
        size_t room = to->room - to->size;
        stream->next_out = to->bytes + to->size;
        stream->avail_out = room > UINT32_MAX ? UINT32_MAX : (uInt)room;
        const uInt offered = stream->avail_out;
        result = inflate(stream, Z_NO_FLUSH);
        to->size += offered - stream->avail_out;
    }
    return result;
}

static bool gunzip(const uint8_t *from, size_t from_bytes, struct unpacked *to, const char *path,
                   uint64_t max_bytes, struct problem *problem)
{
    z_stream stream = {.next_in = (Bytef *)from, .avail_in = (uInt)from_bytes};
    if (from_bytes > UINT32_MAX || inflateInit2(&stream, GZIP_ONLY) != Z_OK)
        return problem_set(problem, "%s: cannot be unpacked", path);
    const int result = inflate_all(&stream, to, max_bytes);
    inflateEnd(&stream);
    if (result == Z_MEM_ERROR || (result == Z_STREAM_END && to->size > max_bytes))
        return problem_set(problem, "%s: unpacked, it does not fit into RAM of %" PRIu64 " MiB",
                           path, max_bytes >> 20);
    return result == Z_STREAM_END ||
           problem_set(problem, "%s: compressed by gzip, and broken or cut short", path);
}

/* Where the compressed kernel is in an EFI image. */
static bool find_payload(const struct zboot_header *header, size_t file_bytes, const char *path,
                         size_t *begin, size_t *bytes, struct problem *problem)
{
    *begin = le32toh(header->payload_begin);
    *bytes = le32toh(header->payload_bytes);
    if (*begin > file_bytes || *bytes > file_bytes - *begin)
        return problem_set(problem,
                           "%s: an EFI image, cut short: its kernel ends at byte %zu of %zu", path,
                           *begin + *bytes, file_bytes);
    if (strncmp(header->method, "gzip", sizeof header->method) == 0)
        return true;
    return problem_set(problem,
                       "%s: an EFI image compressed by %.8s, gzip is expected; unpack it: tail -c "
                       "+%zu FILE | head -c %zu | %.8s -d >Image",
                       path, header->method, *begin + 1, *bytes, header->method);
}

bool unpack(uint8_t **file, size_t *file_bytes, const char *path, uint64_t max_bytes,
            struct problem *problem)
{
    size_t begin = 0, bytes = *file_bytes;
    struct zboot_header header = {.magic = ""};
    struct unpacked unpacked = {NULL, 0, 0};
    memcpy(&header, *file, bytes < sizeof header ? bytes : sizeof header);
    bool is_zboot = memcmp(header.dos_magic, "MZ", 2) == 0 &&
                    memcmp(header.magic, ZBOOT_MAGIC, sizeof header.magic) == 0;
    header.method[sizeof header.method - 1] = 0;
    if (!is_zboot && memcmp(&header, GZIP_MAGIC, 2) != 0)
        return true;
    if ((is_zboot && !find_payload(&header, *file_bytes, path, &begin, &bytes, problem)) ||
        !gunzip(*file + begin, bytes, &unpacked, path, max_bytes, problem)) {
        free(unpacked.bytes);
        return false;
    }
    free(*file);
    *file = unpacked.bytes;
    *file_bytes = unpacked.size;
    return *file_bytes != 0 || problem_set(problem, "%s: nothing is in it", path);
}
