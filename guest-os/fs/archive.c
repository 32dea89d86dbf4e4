/* SPDX-License-Identifier: Apache-2.0 */
/* archive.h. Format: cpio(5), "New ASCII Format": a header of 110 letters, the name, the data, each padded to 4. */
#include "fs/archive.h"

#include "boot/machine.h"
#include "include/bytes.h"
#include "include/linux.h"

#define HEADER_BYTES 110
#define FIELD(number) (6 + 8 * (number))
#define FIELD_INODE FIELD(0)
#define FIELD_MODE FIELD(1)
#define FIELD_MODIFY_TIME FIELD(5)
#define FIELD_FILE_BYTES FIELD(6)
#define FIELD_NAME_BYTES FIELD(11)

struct record {
    const char *name;
    struct archive_entry entry;
};

static uint32_t hexadecimal(const uint8_t *text)
{
    uint32_t value = 0;
    for (unsigned i = 0; i < 8; i++) {
        uint8_t letter = text[i] | 0x20;
        unsigned digit = letter <= '9' ? letter - (unsigned)'0' : letter - (unsigned)'a' + 10;
        value = value << 4 | (digit & 15);
    }
    return value;
}

/* Reads the record at *at and moves on. false: no more. */
static bool next_record(uint64_t *at, struct record *record)
{
    uint64_t left = machine.archive_end - *at;
    const uint8_t *header = (const uint8_t *)*at;
    if (*at > machine.archive_end || left < HEADER_BYTES || memcmp(header, "070701", 6) != 0)
        return false;
    uint64_t name_bytes = hexadecimal(header + FIELD_NAME_BYTES);
    uint64_t file_bytes = hexadecimal(header + FIELD_FILE_BYTES);
    uint64_t data = ROUND_UP(HEADER_BYTES + name_bytes, 4);
    if (!name_bytes || data + file_bytes > left || header[HEADER_BYTES + name_bytes - 1])
        return false;
    record->name = (const char *)header + HEADER_BYTES;
    record->entry = (struct archive_entry){
        header + data, file_bytes, hexadecimal(header + FIELD_MODE),
        hexadecimal(header + FIELD_INODE), hexadecimal(header + FIELD_MODIFY_TIME)};
    *at += ROUND_UP(data + file_bytes, 4);
    return !text_equal(record->name, "TRAILER!!!");
}

static const char *skip_empty(const char *path)
{
    while (*path == '/' || (*path == '.' && (path[1] == '/' || !path[1])))
        path++;
    return path;
}

/* Compares part by part. 0: different; 1: the same; 2: `name` lies in folder `path`. */
static int compare(const char *name, const char *path)
{
    for (;;) {
        name = skip_empty(name);
        path = skip_empty(path);
        if (!*path)
            return *name ? 2 : 1;
        while (*path && *path != '/' && *name == *path)
            name++, path++;
        if ((*path && *path != '/') || (*name && *name != '/'))
            return 0;
    }
}

bool archive_find(const char *path, struct archive_entry *entry)
{
    struct record record;
    bool folder = !*skip_empty(path);
    for (uint64_t at = machine.archive; next_record(&at, &record);) {
        int match = compare(record.name, path);
        if (match == 1 && *skip_empty(path)) {
            *entry = record.entry;
            return true;
        }
        folder |= match == 2;
    }
    *entry = (struct archive_entry){.mode = S_IFDIR | 0555, .inode = 1};
    return folder;
}
