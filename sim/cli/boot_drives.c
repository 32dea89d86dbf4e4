/* SPDX-License-Identifier: Apache-2.0 */
/* See boot_drives.h. */
#include "cli/boot_drives.h"

#include <stdio.h>
#include <string.h>

#define SERIAL_WORD ",serial="

/* Takes one option off the end of `words`. False: there is none, or it is wrong and `problem` has a text. */
static bool take_option(char *words, bool *writable, char serial[VIRTIO_BLOCK_ID_BYTES + 1],
                        struct problem *problem)
{
    char *comma = strrchr(words, ',');
    if (comma && !strcmp(comma, ",rw")) {
        *writable = true;
    } else if (comma && !strncmp(comma, SERIAL_WORD, sizeof SERIAL_WORD - 1)) {
        const char *text = comma + sizeof SERIAL_WORD - 1;
        if (!*text || strlen(text) > VIRTIO_BLOCK_ID_BYTES)
            return problem_set(problem, "serial '%s': 1 to %d characters are expected", text,
                               VIRTIO_BLOCK_ID_BYTES);
        strcpy(serial, text);
    } else {
        return false;
    }
    *comma = 0;
    return true;
}

bool boot_drives_add(struct boot_drives *drives, const char *words, struct problem *problem)
{
    char path[4096];
    bool writable = false;
    if (drives->count == MAP_MAX_DRIVES)
        return problem_set(problem, "more than %d drives", MAP_MAX_DRIVES);
    if (strlen(words) >= sizeof path)
        return problem_set(problem, "a path of %zu characters is too long", strlen(words));
    strcpy(path, words);
    *problem = (struct problem){""};
    while (take_option(path, &writable, drives->serial[drives->count], problem))
        ;
    if (*problem->text)
        return false;
    if (!*path)
        return problem_set(problem, "'%s': FILE[,rw][,serial=TEXT] is expected", words);
    drives->drive[drives->count] = drive_open(path, writable, problem);
    if (!drives->drive[drives->count])
        return false;
    drives->count++;
    return true;
}

unsigned boot_drives_ports(const struct boot_drives *drives,
                           struct block_port ports[MAP_MAX_DRIVES])
{
    for (unsigned i = 0; i < drives->count; i++) {
        ports[i] = drive_port(drives->drive[i]);
        ports[i].serial = *drives->serial[i] ? drives->serial[i] : NULL;
    }
    return drives->count;
}

void boot_drives_close(struct boot_drives *drives)
{
    for (unsigned i = 0; i < drives->count; i++)
        drive_close(drives->drive[i]);
    drives->count = 0;
}
