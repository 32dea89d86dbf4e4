/* SPDX-License-Identifier: Apache-2.0 */
/* Two processes, two pipes: a sends a message, b answers with one of the same size, and so on. Each
 * message carries its round's number and a pattern, and its receiver checks every byte. Stdout says
 * nothing of time, so that it is the same on every machine; the simulator does the measuring. */
#define _GNU_SOURCE
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "options.h"
#include "transfer.h"

/* One round more than is measured: else the last message would wait for its sender's end. */
#define COOL_DOWN 1

static unsigned long message_bytes = 64, count = 100, warmup = 10, compute_a, compute_b,
                     compute_draw, seed, spread;

static const struct option_number options[] = {
    {"message-bytes", &message_bytes, 1, 1 << 20, "size of a message"},
    {"count", &count, 0, 1000000000, "round trips that are measured"},
    {"warmup", &warmup, 0, 1000000000, "round trips before them"},
    {"compute-a", &compute_a, 0, 1000000000,
     "loop iterations of the first process before each message"},
    {"compute-b", &compute_b, 0, 1000000000, "loop iterations of the second before each answer"},
    {"compute-draw", &compute_draw, 0, 1000000000,
     "loop iterations more, at most: drawn each time a process computes"},
    {"seed", &seed, 0, UINT64_MAX, "of the draws"},
    {"spread", &spread, 0, 1, "1: pin the two processes to two hosts, if there are two"},
};

/* What is in the message of this round and sender: the pattern, with the round's number over its
 * beginning. */
static void stamp(unsigned char *message, unsigned long round, unsigned char sender)
{
    unsigned long word = round << 8 | sender;
    memcpy(message, &word, message_bytes < sizeof word ? message_bytes : sizeof word);
}

static unsigned char *new_pattern(void)
{
    unsigned char *message = malloc(message_bytes);
    if (!message)
        fail("malloc");
    for (unsigned long i = 0; i < message_bytes; i++)
        message[i] = (unsigned char)(i * 31 + 7);
    return message;
}

static void receive(int fd, unsigned char *message, unsigned char *expected, unsigned long round,
                    unsigned char sender)
{
    stamp(expected, round, sender);
    if (read_all(fd, message, message_bytes) != message_bytes ||
        memcmp(message, expected, message_bytes)) {
        fprintf(stderr, "pipe-pingpong: round %lu: the message of '%c' is damaged\n", round,
                sender);
        exit(1);
    }
}

static void send(int fd, unsigned char *message, unsigned long round, unsigned char sender)
{
    stamp(message, round, sender);
    write_all(fd, message, message_bytes);
}

static void play_a(int to, int from)
{
    unsigned char *out = new_pattern(), *in = new_pattern(), *expected = new_pattern();
    for (unsigned long round = 0; round < warmup + count + COOL_DOWN; round++) {
        compute(compute_a, compute_draw);
        send(to, out, round, 'a');
        receive(from, in, expected, round, 'b');
    }
}

static void play_b(int to, int from)
{
    unsigned char *out = new_pattern(), *in = new_pattern(), *expected = new_pattern();
    for (unsigned long round = 0; round < warmup + count + COOL_DOWN; round++) {
        receive(from, in, expected, round, 'a');
        compute(compute_b, compute_draw);
        send(to, out, round, 'b');
    }
}

int main(int argc, char **argv)
{
    int there[2], back[2], status;
    options_read(argc, argv, options, OPTIONS_COUNT(options));
    if (pipe(there) || pipe(back))
        fail("pipe");
    pid_t child = fork();
    if (child < 0)
        fail("fork");
    if (spread)
        run_on_host(child == 0);
    compute_seed(seed, child == 0);
    close(child ? there[0] : there[1]);
    close(child ? back[1] : back[0]);
    if (!child) {
        play_b(back[1], there[0]);
        return 0;
    }
    play_a(there[1], back[0]);
    if (waitpid(child, &status, 0) != child || status)
        return 1;
    printf("pipe-pingpong: %lu round trips of %lu bytes after %lu to warm up, every byte checked\n",
           count, message_bytes, warmup);
    return 0;
}
