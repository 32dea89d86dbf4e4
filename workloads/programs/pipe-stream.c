/* SPDX-License-Identifier: Apache-2.0 */
/* One process streams a file, once or several times over, through a pipe to another, which prints the length and CRC-32 (of
 * IEEE 802.3, as zlib and the `crc32` command compute it) of what came each time, and checks that the file's length came
 * each time with the same sum.
 *   pipe-stream [OPTION]... FILE */
#define _GNU_SOURCE
#include <fcntl.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "options.h"
#include "transfer.h"

#define ENOUGH_BYTES (256ul << 10)

static unsigned long chunk_bytes = 4096, read_bytes, passes = 1, compute_send, compute_receive,
                     compute_draw, seed, spread;

static const struct option_number options[] = {
    {"chunk-bytes", &chunk_bytes, 1, 1 << 20, "bytes in each write call"},
    {"read-bytes", &read_bytes, 0, 1 << 20, "bytes asked for by each read call; 0: as chunk-bytes"},
    {"passes", &passes, 0, 1000000, "times the file is sent; 0: until 256 KiB are"},
    {"compute-send", &compute_send, 0, 1000000000, "loop iterations before each write"},
    {"compute-receive", &compute_receive, 0, 1000000000, "loop iterations after each read"},
    {"compute-draw", &compute_draw, 0, 1000000000,
     "loop iterations more, at most: drawn each time a process computes"},
    {"seed", &seed, 0, UINT64_MAX, "of the draws"},
    {"spread", &spread, 0, 1, "1: pin the two processes to two hosts, if there are two"},
};

static uint32_t crc_table[256];

static void crc_init(void)
{
    for (uint32_t byte = 0; byte < 256; byte++) {
        uint32_t remainder = byte;
        for (int bit = 0; bit < 8; bit++)
            remainder = remainder >> 1 ^ (remainder & 1 ? 0xEDB88320u : 0);
        crc_table[byte] = remainder;
    }
}

static uint32_t crc_add(uint32_t crc, const unsigned char *bytes, size_t count)
{
    for (size_t i = 0; i < count; i++)
        crc = crc_table[(crc ^ bytes[i]) & 0xFF] ^ crc >> 8;
    return crc;
}

static unsigned char *new_buffer(size_t size_bytes)
{
    unsigned char *buffer = malloc(size_bytes);
    if (!buffer)
        fail("malloc");
    return buffer;
}

/* Fills a chunk from where the file stands, going on at its beginning while there are passes left; returns how full. */
static size_t next_chunk(int file, unsigned char *chunk, unsigned long *left)
{
    size_t have = 0;
    while (*left) {
        have += read_all(file, chunk + have, chunk_bytes - have);
        if (have == chunk_bytes)
            break;
        --*left;
        if (lseek(file, 0, SEEK_SET) < 0)
            fail("lseek");
    }
    return have;
}

static void send_file(int file, int to)
{
    unsigned char *chunk = new_buffer(chunk_bytes);
    unsigned long left = passes;
    for (size_t have; (have = next_chunk(file, chunk, &left)) > 0;) {
        compute(compute_send, compute_draw);
        write_all(to, chunk, have);
    }
}

struct received {
    unsigned long long file_bytes; /* of one pass */
    unsigned long long length;
    uint32_t crc;   /* of the last whole pass */
    unsigned wrong; /* passes that differ from the one before */
    uint32_t sum;   /* of the pass under way */
};

static void receive_bytes(struct received *r, const unsigned char *bytes, size_t count)
{
    while (count > 0) {
        unsigned long long left = r->file_bytes - r->length % r->file_bytes;
        size_t part = count < left ? count : (size_t)left;
        r->sum = crc_add(r->sum, bytes, part);
        r->length += part;
        if (part == left) {
            r->wrong += r->length > r->file_bytes && r->crc != ~r->sum;
            r->crc = ~r->sum;
            r->sum = 0xFFFFFFFFu;
        }
        bytes += part;
        count -= part;
    }
}

static void receive_stream(int from, struct received *r)
{
    unsigned char *chunk = new_buffer(read_bytes);
    r->sum = 0xFFFFFFFFu;
    for (ssize_t got; (got = read(from, chunk, read_bytes)) != 0;) {
        if (got < 0)
            fail("read");
        receive_bytes(r, chunk, (size_t)got);
        compute(compute_receive, compute_draw);
    }
}

static int check(const struct received *r, unsigned long long file_bytes)
{
    printf("pipe-stream: %llu bytes, crc32 %08x", file_bytes ? r->file_bytes : 0, r->crc);
    printf(passes > 1 ? ", %lu times\n" : "\n", passes);
    if (r->length == passes * file_bytes && !r->wrong)
        return 0;
    fprintf(stderr, "pipe-stream: %llu bytes came of %lu times %llu, and %u times they differed\n",
            r->length, passes, file_bytes, r->wrong);
    return 1;
}

static unsigned long enough_passes(unsigned long long file_bytes)
{
    return file_bytes ? (unsigned long)((ENOUGH_BYTES + file_bytes - 1) / file_bytes) : 1;
}

static unsigned long long size_of(int file)
{
    struct stat about;
    if (fstat(file, &about))
        fail("fstat");
    return (unsigned long long)about.st_size;
}

int main(int argc, char **argv)
{
    int ends[2], status;
    int first = options_read(argc, argv, options, OPTIONS_COUNT(options));
    if (first + 1 != argc) {
        fprintf(stderr, "usage: pipe-stream [OPTION]... FILE\n");
        return 2;
    }
    if (!read_bytes)
        read_bytes = chunk_bytes;
    int file = open(argv[first], O_RDONLY);
    if (file < 0)
        fail(argv[first]);
    unsigned long long file_bytes = size_of(file);
    if (!passes)
        passes = enough_passes(file_bytes);
    if (pipe(ends))
        fail("pipe");
    pid_t child = fork();
    if (child < 0)
        fail("fork");
    if (spread)
        run_on_host(child == 0);
    compute_seed(seed, child == 0);
    close(child ? ends[1] : ends[0]);
    if (!child) {
        send_file(file, ends[1]);
        return 0;
    }
    crc_init();
    struct received received = {.file_bytes = file_bytes ? file_bytes : ENOUGH_BYTES};
    receive_stream(ends[0], &received);
    if (waitpid(child, &status, 0) != child || status)
        return 1;
    return check(&received, file_bytes);
}
