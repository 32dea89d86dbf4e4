/* SPDX-License-Identifier: Apache-2.0 */
/* Several producers write records into one pipe; one consumer reads them. Writes of up to PIPE_BUF
 * bytes are atomic, so records of different producers never mix, and each producer's come in order:
 * the consumer checks both. */
#define _GNU_SOURCE
#include <limits.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "options.h"
#include "transfer.h"

#define MAX_PRODUCERS 16

static unsigned long producers = 3, count = 100, record_bytes = 64, compute_produce,
                     compute_consume, compute_draw, seed, spread;

static const struct option_number options[] = {
    {"producers", &producers, 1, MAX_PRODUCERS, "processes that write"},
    {"count", &count, 1, 1000000, "records of each"},
    {"record-bytes", &record_bytes, 8, PIPE_BUF, "size of a record"},
    {"compute-produce", &compute_produce, 0, 1000000000, "loop iterations before each record"},
    {"compute-consume", &compute_consume, 0, 1000000000, "loop iterations after each record"},
    {"compute-draw", &compute_draw, 0, 1000000000,
     "loop iterations more, at most: drawn each time a process computes"},
    {"seed", &seed, 0, UINT64_MAX, "of the draws"},
    {"spread", &spread, 0, 1, "1: pin the processes to different hosts, as far as there are any"},
};

static void fill(unsigned char *record, unsigned producer, unsigned number)
{
    memset(record, (int)(producer * 17 + number), record_bytes);
    memcpy(record, &producer, sizeof producer);
    memcpy(record + sizeof producer, &number, sizeof number);
}

static void produce(int to, unsigned producer)
{
    unsigned char record[PIPE_BUF];
    for (unsigned number = 0; number < count; number++) {
        compute(compute_produce, compute_draw);
        fill(record, producer, number);
        write_all(to, record, record_bytes);
    }
}

static void consume(int from)
{
    unsigned char record[PIPE_BUF], expected[PIPE_BUF];
    unsigned next[MAX_PRODUCERS] = {0}, producer;
    for (unsigned long i = 0; i < producers * count; i++) {
        size_t got = read_all(from, record, record_bytes);
        memcpy(&producer, record, sizeof producer);
        if (got == record_bytes && producer < producers)
            fill(expected, producer, next[producer]++);
        if (got != record_bytes || producer >= producers || memcmp(record, expected, got)) {
            fprintf(stderr, "producer-consumer: record %lu is damaged or out of order\n", i);
            exit(1);
        }
        compute(compute_consume, compute_draw);
    }
    if (read_all(from, record, 1)) {
        fprintf(stderr, "producer-consumer: bytes after the last record\n");
        exit(1);
    }
}

int main(int argc, char **argv)
{
    int ends[2], status, failures = 0;
    options_read(argc, argv, options, OPTIONS_COUNT(options));
    if (pipe(ends))
        fail("pipe");
    for (unsigned producer = 0; producer < producers; producer++) {
        pid_t child = fork();
        if (child < 0)
            fail("fork");
        if (child)
            continue;
        if (spread)
            run_on_host(producer + 1);
        compute_seed(seed, producer + 1);
        close(ends[0]);
        produce(ends[1], producer);
        return 0;
    }
    if (spread)
        run_on_host(0);
    compute_seed(seed, 0);
    close(ends[1]);
    consume(ends[0]);
    for (unsigned long i = 0; i < producers; i++)
        failures += wait(&status) < 0 || status;
    printf("producer-consumer: %lu records of %lu bytes from each of %lu producers, in order\n",
           count, record_bytes, producers);
    return failures != 0;
}
