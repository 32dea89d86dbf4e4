/* SPDX-License-Identifier: Apache-2.0 */
/* One line for each kind of file: which tree, which folder, which ending. */
#include "scenario/paths.h"

#include <dirent.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#define MAX_FILE_BYTES (1 << 20)

enum tree { TREE_SOURCE, TREE_BUILD };

static const struct place {
    const char *noun;
    enum tree tree;
    const char *folder, *ending;
} places[] = {
    [PATH_MACHINE] = {"machine", TREE_SOURCE, "workloads/machines", ".yaml"},
    [PATH_SCENARIO] = {"scenario", TREE_SOURCE, "workloads/scenarios", ".yaml"},
    [PATH_PROGRAM] = {"program", TREE_BUILD, "workloads/programs", ""},
    [PATH_KERNEL] = {"kernel", TREE_BUILD, "guest-os", "kernel.elf"},
    [PATH_VIEWER] = {"viewer", TREE_BUILD, "viz", "missive-viz"},
    [PATH_SIMULATOR] = {"simulator", TREE_BUILD, "sim/cli", "missive-sim"},
};

static const char *tree_root(enum tree tree)
{
    const char *named = getenv(tree == TREE_SOURCE ? "MISSIVE_SOURCE_DIR" : "MISSIVE_BUILD_DIR");
    return named && *named ? named : tree == TREE_SOURCE ? MISSIVE_SOURCE_DIR : MISSIVE_BUILD_DIR;
}

static bool ends_with(const char *text, const char *ending)
{
    size_t length = strlen(text), ending_length = strlen(ending);
    return length > ending_length && !strcmp(text + length - ending_length, ending);
}

static bool is_path(const char *name)
{
    return strchr(name, '/') || ends_with(name, ".yaml");
}

bool path_of(enum path_kind kind, const char *name, char *path, size_t size)
{
    const struct place *place = &places[kind];
    const char *kernel = getenv("MISSIVE_KERNEL");
    int length;
    if (kind == PATH_KERNEL && kernel && *kernel)
        length = snprintf(path, size, "%s", kernel);
    else if (name && is_path(name))
        length = snprintf(path, size, "%s", name);
    else
        length = snprintf(path, size, "%s/%s/%s%s", tree_root(place->tree), place->folder,
                          name ? name : "", place->ending);
    return length >= 0 && (size_t)length < size;
}

static int compare_names(const void *a, const void *b)
{
    return strcmp(*(char *const *)a, *(char *const *)b);
}

size_t paths_list(enum path_kind kind, char ***names)
{
    const struct place *place = &places[kind];
    char folder[4096];
    size_t count = 0;
    *names = NULL;
    snprintf(folder, sizeof folder, "%s/%s", tree_root(place->tree), place->folder);
    DIR *directory = opendir(folder);
    if (!directory)
        return 0;
    for (struct dirent *entry; (entry = readdir(directory));) {
        if (entry->d_name[0] == '.' || !ends_with(entry->d_name, place->ending))
            continue;
        char **grown = realloc(*names, (count + 1) * sizeof **names);
        if (!grown)
            break;
        *names = grown;
        (*names)[count] = strndup(entry->d_name, strlen(entry->d_name) - strlen(place->ending));
        count += (*names)[count] != NULL;
    }
    closedir(directory);
    if (count)
        qsort(*names, count, sizeof **names, compare_names);
    return count;
}

void paths_free(char **names, size_t count)
{
    for (size_t i = 0; i < count; i++)
        free(names[i]);
    free(names);
}

static bool path_unknown(enum path_kind kind, const char *name, struct problem *problem)
{
    if (is_path(name))
        return problem_set(problem, "%s: there is no such %s file", name, places[kind].noun);
    char **names;
    size_t count = paths_list(kind, &names);
    problem_set(problem, "there is no %s '%s'", places[kind].noun, name);
    problem_suggest(problem, name, (const char *const *)names, count);
    paths_free(names, count);
    return false;
}

static char *read_stream(FILE *stream, size_t *size_bytes)
{
    struct stat status;
    if (fstat(fileno(stream), &status) || !S_ISREG(status.st_mode) ||
        status.st_size > MAX_FILE_BYTES) {
        errno = EFBIG;
        return NULL;
    }
    char *text = malloc(MAX_FILE_BYTES);
    *size_bytes = text ? fread(text, 1, MAX_FILE_BYTES, stream) : 0;
    if (text && ferror(stream)) {
        free(text);
        return NULL;
    }
    return text;
}

char *path_read(enum path_kind kind, const char *name, char *path, size_t size, size_t *size_bytes,
                struct problem *problem)
{
    char *text = NULL;
    if (!*name || !path_of(kind, name, path, size)) {
        problem_set(problem, "'%.40s' is no %s's name", name, places[kind].noun);
        return NULL;
    }
    FILE *stream = fopen(path, "rb");
    if (stream)
        text = read_stream(stream, size_bytes);
    if (!stream && errno == ENOENT)
        path_unknown(kind, name, problem);
    else if (!text)
        problem_set(problem, "%s: %s", path,
                    errno == EFBIG ? "a file of at most 1 MiB is expected" : strerror(errno));
    if (stream)
        fclose(stream);
    return text;
}
