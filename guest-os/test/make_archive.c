/* SPDX-License-Identifier: Apache-2.0 */
/* Writes an initial archive (cpio newc) for the kernel's tests on QEMU:
 *     make_archive OUT PROGRAM [ARG]... [-- FILE | -SEED FILE]...
 * PROGRAM and FILEs go in under their last names; /.exec runs PROGRAM. `-SEED FILE` adds FILE damaged at random
 * places, as damaged-SEED. */
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct bytes {
    unsigned char *data;
    size_t size;
};

static FILE *out;
static unsigned inode = 1;

static struct bytes read_file(const char *path)
{
    struct bytes bytes = {malloc(1), 0};
    FILE *file = fopen(path, "rb");
    if (!file) {
        fprintf(stderr, "make_archive: cannot read %s\n", path);
        exit(2);
    }
    size_t got;
    do {
        bytes.data = realloc(bytes.data, bytes.size + 65536);
        got = fread(bytes.data + bytes.size, 1, 65536, file);
        bytes.size += got;
    } while (got);
    fclose(file);
    return bytes;
}

static void pad(size_t written)
{
    fwrite("\0\0\0", 1, -written & 3, out);
}

static void add(const char *name, struct bytes bytes)
{
    size_t name_bytes = strlen(name) + 1;
    fprintf(out, "070701%08X%08X%08X%08X%08X%08X%08zX%08X%08X%08X%08X%08zX%08X", inode++, 0100755,
            0, 0, 1, 0, bytes.size, 0, 0, 0, 0, name_bytes, 0);
    fwrite(name, 1, name_bytes, out);
    pad(110 + name_bytes);
    if (bytes.size)
        fwrite(bytes.data, 1, bytes.size, out);
    pad(bytes.size);
}

static void add_file(const char *name, struct bytes bytes)
{
    add(name, bytes);
    free(bytes.data);
}

static const char *last_name(const char *path)
{
    const char *slash = strrchr(path, '/');
    return slash ? slash + 1 : path;
}

/* Mostly in the headers, which is where it hurts; sometimes cut short. */
static struct bytes damage(struct bytes bytes, unsigned seed)
{
    srand(seed);
    for (int i = rand() % 8 + 1; i && bytes.size > 64; i--) {
        size_t reach = rand() % 4 ? 64 + 56 * 4 : bytes.size;
        bytes.data[(size_t)rand() % (reach < bytes.size ? reach : bytes.size)] =
            (unsigned char)(rand() % 3   ? rand()
                            : rand() % 2 ? 0xff
                                         : 0);
    }
    if (rand() % 4 == 0)
        bytes.size = (size_t)rand() % bytes.size;
    return bytes;
}

static void add_start(char **argument, int count)
{
    char text[4096];
    int length = snprintf(text, sizeof text, "%d 1\n/%s", count, last_name(argument[0])) + 1;
    length +=
        snprintf(text + length, sizeof text - (size_t)length, "/%s", last_name(argument[0])) + 1;
    for (int i = 1; i < count; i++)
        length += snprintf(text + length, sizeof text - (size_t)length, "%s", argument[i]) + 1;
    length += snprintf(text + length, sizeof text - (size_t)length, "PATH=/") + 1;
    add(".exec", (struct bytes){(unsigned char *)text, (size_t)length});
}

int main(int argc, char **argv)
{
    int count = 0;
    if (argc < 3 || !(out = fopen(argv[1], "wb"))) {
        fprintf(stderr, "use: make_archive OUT PROGRAM [ARG]... [-- FILE | -SEED FILE]...\n");
        return 2;
    }
    while (2 + count < argc && strcmp(argv[2 + count], "--") != 0)
        count++;
    add_start(argv + 2, count);
    add_file(last_name(argv[2]), read_file(argv[2]));
    for (int i = 3 + count; i < argc; i++) {
        char name[32];
        if (argv[i][0] != '-') {
            add_file(last_name(argv[i]), read_file(argv[i]));
        } else if (i + 1 < argc) {
            unsigned seed = (unsigned)atoi(argv[i] + 1);
            snprintf(name, sizeof name, "damaged-%u", seed);
            add_file(name, damage(read_file(argv[++i]), seed));
        }
    }
    add("TRAILER!!!", (struct bytes){NULL, 0});
    return fclose(out) ? 2 : 0;
}
