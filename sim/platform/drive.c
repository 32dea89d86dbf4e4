/* SPDX-License-Identifier: Apache-2.0 */
/* See drive.h. Written sectors lie in pages that are made on the first write; reads and writes go
 * by offset, so that a file that shrinks meanwhile is an I/O error at worst. */
#include "platform/drive.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define PAGE_SECTORS 8

struct page {
    uint8_t sector[PAGE_SECTORS][BLOCK_SECTOR_BYTES];
};

struct drive {
    int descriptor;
    bool writable;
    uint64_t sector_count;
    struct page **pages; /* of a copy-on-write drive; NULL entries: as in the file */
};

static uint64_t page_count(const struct drive *drive)
{
    return (drive->sector_count + PAGE_SECTORS - 1) / PAGE_SECTORS;
}

/* What lies behind the file's end is zeros. */
static enum status read_file(const struct drive *drive, uint64_t sector, uint8_t *bytes)
{
    size_t done = 0;
    memset(bytes, 0, BLOCK_SECTOR_BYTES);
    while (done < BLOCK_SECTOR_BYTES) {
        ssize_t got = pread(drive->descriptor, bytes + done, BLOCK_SECTOR_BYTES - done,
                            (off_t)(sector * BLOCK_SECTOR_BYTES + done));
        if (got < 0 && errno == EINTR)
            continue;
        if (got <= 0)
            return got == 0 ? STATUS_OK : STATUS_INVALID;
        done += (size_t)got;
    }
    return STATUS_OK;
}

static enum status write_file(const struct drive *drive, uint64_t sector, const uint8_t *bytes)
{
    for (size_t done = 0; done < BLOCK_SECTOR_BYTES;) {
        ssize_t put = pwrite(drive->descriptor, bytes + done, BLOCK_SECTOR_BYTES - done,
                             (off_t)(sector * BLOCK_SECTOR_BYTES + done));
        if (put < 0 && errno == EINTR)
            continue;
        if (put <= 0)
            return STATUS_INVALID;
        done += (size_t)put;
    }
    return STATUS_OK;
}

static enum status drive_read(void *owner, uint64_t sector, uint8_t bytes[BLOCK_SECTOR_BYTES])
{
    const struct drive *drive = owner;
    const struct page *page = drive->pages ? drive->pages[sector / PAGE_SECTORS] : NULL;
    if (!page)
        return read_file(drive, sector, bytes);
    memcpy(bytes, page->sector[sector % PAGE_SECTORS], BLOCK_SECTOR_BYTES);
    return STATUS_OK;
}

static struct page *copy_page(const struct drive *drive, uint64_t number)
{
    struct page *page = malloc(sizeof *page);
    for (unsigned i = 0; page && i < PAGE_SECTORS; i++)
        if (read_file(drive, number * PAGE_SECTORS + i, page->sector[i]) != STATUS_OK) {
            free(page);
            return NULL;
        }
    return page;
}

static enum status drive_write(void *owner, uint64_t sector,
                               const uint8_t bytes[BLOCK_SECTOR_BYTES])
{
    struct drive *drive = owner;
    if (drive->writable)
        return write_file(drive, sector, bytes);
    struct page **page = &drive->pages[sector / PAGE_SECTORS];
    if (!*page)
        *page = copy_page(drive, sector / PAGE_SECTORS);
    if (!*page)
        return STATUS_INVALID;
    memcpy((*page)->sector[sector % PAGE_SECTORS], bytes, BLOCK_SECTOR_BYTES);
    return STATUS_OK;
}

static enum status drive_flush(void *owner)
{
    const struct drive *drive = owner;
    return !drive->writable || fdatasync(drive->descriptor) == 0 ? STATUS_OK : STATUS_INVALID;
}

static bool check(struct drive *drive, const char *path, struct problem *problem)
{
    struct stat about;
    if (fstat(drive->descriptor, &about) != 0 || !S_ISREG(about.st_mode))
        return problem_set(problem, "%s: not a regular file; a drive needs a disk image", path);
    if (about.st_size == 0)
        return problem_set(problem, "%s: empty; a drive needs at least %d bytes", path,
                           BLOCK_SECTOR_BYTES);
    if (drive->writable && about.st_size % BLOCK_SECTOR_BYTES != 0)
        return problem_set(problem,
                           "%s: %lld bytes; a drive that is written to must be a multiple of %d",
                           path, (long long)about.st_size, BLOCK_SECTOR_BYTES);
    drive->sector_count = ((uint64_t)about.st_size + BLOCK_SECTOR_BYTES - 1) / BLOCK_SECTOR_BYTES;
    if (drive->writable)
        return true;
    drive->pages = calloc(page_count(drive), sizeof *drive->pages);
    return drive->pages || problem_set(problem, "%s: the host has no memory left", path);
}

struct drive *drive_open(const char *path, bool writable, struct problem *problem)
{
    struct drive *drive = calloc(1, sizeof *drive);
    if (!drive) {
        problem_set(problem, "%s: the host has no memory left", path);
        return NULL;
    }
    drive->writable = writable;
    drive->descriptor = open(path, (writable ? O_RDWR : O_RDONLY) | O_CLOEXEC | O_NONBLOCK);
    if (drive->descriptor < 0)
        problem_set(problem, "%s: cannot be opened%s: %s", path, writable ? " for writing" : "",
                    strerror(errno));
    else if (check(drive, path, problem))
        return drive;
    drive_close(drive);
    return NULL;
}

struct block_port drive_port(struct drive *drive)
{
    return (struct block_port){
        .owner = drive,
        .sector_count = drive->sector_count,
        .read = drive_read,
        .write = drive_write,
        .flush = drive_flush,
    };
}

void drive_close(struct drive *drive)
{
    if (!drive)
        return;
    for (uint64_t i = 0; drive->pages && i < page_count(drive); i++)
        free(drive->pages[i]);
    free(drive->pages);
    if (drive->descriptor >= 0)
        close(drive->descriptor);
    free(drive);
}
