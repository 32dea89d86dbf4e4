/* SPDX-License-Identifier: Apache-2.0 */
/* What the message programs share, see transfer.h. */
#define _GNU_SOURCE
#include "transfer.h"

#include <errno.h>
#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

void fail(const char *what)
{
    perror(what);
    exit(1);
}

void write_all(int fd, const void *bytes, size_t count)
{
    const char *next = bytes;
    while (count) {
        ssize_t written = write(fd, next, count);
        if (written < 0 && errno == EINTR)
            continue;
        if (written < 0)
            fail("write");
        next += written;
        count -= (size_t)written;
    }
}

size_t read_all(int fd, void *bytes, size_t count)
{
    size_t have = 0;
    while (have < count) {
        ssize_t got = read(fd, (char *)bytes + have, count - have);
        if (got < 0 && errno == EINTR)
            continue;
        if (got < 0)
            fail("read");
        if (!got)
            break;
        have += (size_t)got;
    }
    return have;
}

void compute_seed(unsigned long seed, unsigned long process)
{
    srand48((long)((seed ^ seed >> 32) + process * 0x9E3779B9)); /* takes 32 bits */
}

void compute(unsigned long iterations, unsigned long draw)
{
    if (draw)
        iterations += (unsigned long)lrand48() % (draw + 1);
    for (; iterations; iterations--)
        __asm__ volatile("" : "+r"(iterations));
}

void run_on_host(unsigned index)
{
    cpu_set_t allowed, chosen;
    if (sched_getaffinity(0, sizeof allowed, &allowed))
        fail("sched_getaffinity");
    unsigned skip = index % (unsigned)CPU_COUNT(&allowed);
    for (int cpu = 0; cpu < CPU_SETSIZE; cpu++) {
        if (!CPU_ISSET(cpu, &allowed) || skip--)
            continue;
        CPU_ZERO(&chosen);
        CPU_SET(cpu, &chosen);
        if (sched_setaffinity(0, sizeof chosen, &chosen))
            fail("sched_setaffinity");
        return;
    }
}
