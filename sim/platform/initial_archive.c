/* SPDX-License-Identifier: Apache-2.0 */
/* Building the initial archive with libarchive. See initial_archive.h. Leaves out: links and
 * devices of the host. */
#include "platform/initial_archive.h"

#include <archive.h>
#include <archive_entry.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "platform/host_file.h"

struct output {
    struct initial_archive *archive;
    size_t capacity_bytes;
};

static la_ssize_t append(struct archive *writer, void *owner, const void *bytes, size_t size_bytes)
{
    struct output *output = owner;
    struct initial_archive *archive = output->archive;
    (void)writer;
    if (size_bytes > output->capacity_bytes - archive->size_bytes) {
        size_t capacity = 2 * output->capacity_bytes + size_bytes;
        uint8_t *larger = realloc(archive->bytes, capacity);
        if (!larger)
            return -1;
        archive->bytes = larger;
        output->capacity_bytes = capacity;
    }
    memcpy(archive->bytes + archive->size_bytes, bytes, size_bytes);
    archive->size_bytes += size_bytes;
    return (la_ssize_t)size_bytes;
}

static bool add_entry(struct archive *writer, const char *name, unsigned mode, const void *bytes,
                      size_t size_bytes, size_t number, struct problem *problem)
{
    struct archive_entry *entry = archive_entry_new();
    archive_entry_set_pathname(entry, name);
    archive_entry_set_size(entry, (la_int64_t)size_bytes);
    archive_entry_set_mode(entry, AE_IFREG | mode);
    archive_entry_set_ino(entry, (la_int64_t)number);
    archive_entry_set_nlink(entry, 1);
    archive_entry_set_mtime(entry, 0, 0);
    bool good = archive_write_header(writer, entry) == ARCHIVE_OK &&
                archive_write_data(writer, bytes, size_bytes) == (la_ssize_t)size_bytes;
    archive_entry_free(entry);
    return good || problem_set(problem, "%s: cannot be put into the initial archive: %s", name,
                               archive_error_string(writer));
}

static bool add_file(struct archive *writer, const struct archive_file *file, size_t number,
                     struct problem *problem)
{
    uint8_t *bytes;
    size_t size_bytes;
    const char *name = file->guest_path + strspn(file->guest_path, "/");
    if (*name == '\0')
        return problem_set(problem, "%s: '%s' is no path for a file in the guest", file->host_path,
                           file->guest_path);
    if (!host_file_read(file->host_path, &bytes, &size_bytes, problem))
        return false;
    unsigned mode = access(file->host_path, X_OK) == 0 ? 0755 : 0644;
    bool good = add_entry(writer, name, mode, bytes, size_bytes, number, problem);
    free(bytes);
    return good;
}

static size_t string_count(const char *const *strings)
{
    size_t count = 0;
    while (strings && strings[count])
        count++;
    return count;
}

static void write_strings(FILE *text, const char *const *strings)
{
    for (size_t i = 0; strings && strings[i]; i++)
        fwrite(strings[i], strlen(strings[i]) + 1, 1, text);
}

static bool add_command(struct archive *writer, const struct archive_command *command,
                        size_t number, struct problem *problem)
{
    char *bytes = NULL;
    size_t size_bytes = 0;
    FILE *text = open_memstream(&bytes, &size_bytes);
    if (!text)
        return problem_set(problem, "out of memory");
    fprintf(text, "%zu %zu\n", string_count(command->arguments),
            string_count(command->environment));
    fwrite(command->path, strlen(command->path) + 1, 1, text);
    write_strings(text, command->arguments);
    write_strings(text, command->environment);
    bool good = fclose(text) == 0;
    if (!good)
        problem_set(problem, "out of memory");
    else if (size_bytes > INITIAL_ARCHIVE_COMMAND_BYTES)
        good =
            problem_set(problem, "the program's arguments take %zu bytes; at most %d are expected",
                        size_bytes, INITIAL_ARCHIVE_COMMAND_BYTES);
    else
        good = add_entry(writer, ".exec", 0644, bytes, size_bytes, number, problem);
    free(bytes);
    return good;
}

bool initial_archive_build(struct initial_archive *archive, const struct archive_file *files,
                           size_t file_count, const struct archive_command *command,
                           struct problem *problem)
{
    struct output output = {archive, 0};
    struct archive *writer = archive_write_new();
    *archive = (struct initial_archive){0};
    if (!writer)
        return problem_set(problem, "out of memory");
    bool good = archive_write_set_format_cpio_newc(writer) == ARCHIVE_OK &&
                archive_write_set_bytes_in_last_block(writer, 1) == ARCHIVE_OK &&
                archive_write_open(writer, &output, NULL, append, NULL) == ARCHIVE_OK;
    if (!good)
        problem_set(problem, "the initial archive: %s", archive_error_string(writer));
    for (size_t i = 0; good && i < file_count; i++)
        good = add_file(writer, &files[i], i + 1, problem);
    if (good && command)
        good = add_command(writer, command, file_count + 1, problem);
    if (good && archive_write_close(writer) != ARCHIVE_OK)
        good = problem_set(problem, "the initial archive: %s", archive_error_string(writer));
    archive_write_free(writer);
    if (!good)
        initial_archive_free(archive);
    return good;
}

void initial_archive_free(struct initial_archive *archive)
{
    free(archive->bytes);
    *archive = (struct initial_archive){0};
}
