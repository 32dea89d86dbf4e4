/* SPDX-License-Identifier: Apache-2.0 */
/* See live.h. Head and tail are monotonic counters, published with release and read with acquire,
 * as in any ring with one writer and one reader. Values from the other process are bounded before
 * use. */
#include "observe/live.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#define POLL_NANOSECONDS 200000
#define POLLS_PER_LIFE_CHECK 50
#define PUBLISH_EVENTS 256

enum { WINDOW_BYTE, SIMULATOR_BYTE }; /* which byte a side locks */

struct live {
    struct live_channel *channel;
    char *name; /* the window's: to be removed */
    int file;
    short own_byte;
    bool alone;    /* the simulator's: the window has gone */
    uint64_t head; /* the simulator's: written, perhaps not yet published */
};

#define READ(field) __atomic_load_n(&(field), __ATOMIC_ACQUIRE)
#define WRITE(field, value) __atomic_store_n(&(field), (value), __ATOMIC_RELEASE)

static bool lock_own_byte(struct live *live)
{
    struct flock lock = {
        .l_type = F_WRLCK, .l_whence = SEEK_SET, .l_start = live->own_byte, .l_len = 1};
    return fcntl(live->file, F_SETLK, &lock) == 0;
}

static bool peer_lives(const struct live *live)
{
    struct flock lock = {
        .l_type = F_WRLCK, .l_whence = SEEK_SET, .l_start = !live->own_byte, .l_len = 1};
    return fcntl(live->file, F_GETLK, &lock) == 0 && lock.l_type != F_UNLCK;
}

static void pause_briefly(void)
{
    nanosleep(&(struct timespec){.tv_nsec = POLL_NANOSECONDS}, NULL);
}

static bool map_channel(struct live *live)
{
    void *memory =
        mmap(NULL, sizeof *live->channel, PROT_READ | PROT_WRITE, MAP_SHARED, live->file, 0);
    if (memory == MAP_FAILED)
        return false;
    live->channel = memory;
    return true;
}

static struct live *fail(struct live *live, const char *name, const char *problem, char *error)
{
    snprintf(error, TRACE_ERROR_BYTES, "%.100s: %.120s", name, problem);
    live_close(live);
    return NULL;
}

struct live *live_create(const char *name, char *error)
{
    struct live *live = calloc(1, sizeof *live);
    if (!live)
        return fail(NULL, name, "out of memory", error);
    live->own_byte = WINDOW_BYTE;
    live->file = shm_open(name, O_RDWR | O_CREAT | O_EXCL, 0600);
    if (live->file < 0)
        return fail(live, name, strerror(errno), error);
    live->name = strdup(name);
    if (!live->name || ftruncate(live->file, sizeof *live->channel) || !lock_own_byte(live) ||
        !map_channel(live))
        return fail(live, name, strerror(errno), error);
    return live;
}

struct live *live_attach(const char *name, const struct machine_view *view, char *error)
{
    struct live *live = calloc(1, sizeof *live);
    if (!live)
        return fail(NULL, name, "out of memory", error);
    live->own_byte = SIMULATOR_BYTE;
    live->file = shm_open(name, O_RDWR, 0);
    if (live->file < 0)
        return fail(live, name, strerror(errno), error);
    struct stat status;
    if (fstat(live->file, &status) || (size_t)status.st_size != sizeof *live->channel)
        return fail(live, name, "not a live channel of this version (its size differs)", error);
    if (!lock_own_byte(live))
        return fail(live, name, "another simulator reports there already", error);
    if (!map_channel(live))
        return fail(live, name, strerror(errno), error);
    trace_header_init(&live->channel->header, view);
    WRITE(live->channel->ready, 1);
    return live;
}

const struct machine_view *live_view(const struct live *live)
{
    char error[TRACE_ERROR_BYTES];
    const struct trace_header *header = &live->channel->header;
    return READ(live->channel->ready) && trace_header_check(header, error) ? &header->view : NULL;
}

size_t live_read(struct live *live, struct event *events, size_t capacity)
{
    struct live_channel *channel = live->channel;
    uint64_t tail = channel->tail;
    uint64_t available = READ(channel->head) - tail;
    size_t count = available < capacity ? available : capacity;
    if (count > LIVE_RING_EVENTS)
        count = LIVE_RING_EVENTS;
    for (size_t i = 0; i < count; i++)
        events[i] = channel->ring[(tail + i) % LIVE_RING_EVENTS];
    WRITE(channel->tail, tail + count);
    return count;
}

void live_grant(struct live *live, cycle_t cycle)
{
    if (cycle > live->channel->granted_cycle)
        WRITE(live->channel->granted_cycle, cycle);
}

bool live_ended(const struct live *live)
{
    return READ(live->channel->ended) || (READ(live->channel->ready) && !peer_lives(live));
}

static void publish(struct live *live)
{
    WRITE(live->channel->head, live->head);
}

/* The window has gone if it says so, or (looked at now and then) if its lock has. */
static bool window_gone(struct live *live, unsigned poll)
{
    if (!live->alone)
        live->alone =
            READ(live->channel->closing) || (poll % POLLS_PER_LIFE_CHECK == 0 && !peer_lives(live));
    return live->alone;
}

static bool ring_full(const struct live *live)
{
    return live->head - READ(live->channel->tail) >= LIVE_RING_EVENTS;
}

void live_event(void *owner, const struct event *event)
{
    struct live *live = owner;
    if (live->alone)
        return;
    if (ring_full(live)) {
        publish(live);
        for (unsigned poll = 0; ring_full(live); poll++) {
            if (window_gone(live, poll))
                return;
            pause_briefly();
        }
    }
    live->channel->ring[live->head++ % LIVE_RING_EVENTS] = *event;
    if (live->head % PUBLISH_EVENTS == 0)
        publish(live);
}

void live_reached(void *owner, cycle_t now)
{
    struct live *live = owner;
    publish(live);
    WRITE(live->channel->reached_cycle, now);
}

cycle_t live_wait(struct live *live, cycle_t now)
{
    publish(live);
    for (unsigned poll = 0;; poll++) {
        cycle_t granted = READ(live->channel->granted_cycle);
        if (granted > now && !live->alone)
            return granted;
        if (window_gone(live, poll))
            return CYCLE_NEVER;
        pause_briefly();
    }
}

cycle_t live_reached_cycle(const struct live *live)
{
    return READ(live->channel->reached_cycle);
}

void live_close(struct live *live)
{
    if (!live)
        return;
    if (live->channel) {
        if (live->own_byte == SIMULATOR_BYTE) {
            publish(live);
            WRITE(live->channel->ended, 1);
        } else {
            WRITE(live->channel->closing, 1);
        }
        munmap(live->channel, sizeof *live->channel);
    }
    if (live->file >= 0)
        close(live->file);
    if (live->name)
        shm_unlink(live->name);
    free(live->name);
    free(live);
}
