/* SPDX-License-Identifier: Apache-2.0 */
/* pipe.h. Positions are offsets in the stream of all bytes ever written; the buffer is a ring of page frames, taken as
 * needed. When the buffer runs empty the ring starts again at its beginning, so that small messages
 * stay in the same cache lines, aligned. Source: pipe(7). */
#include "ipc/pipe.h"

#include "include/bytes.h"
#include "include/csr.h"
#include "include/linux.h"
#include "include/probe.h"
#include "include/spinlock.h"
#include "ipc/backend.h"
#include "ipc/communication.h"
#include "kernel/frame.h"

#define RING_FRAMES (PIPE_BYTES / PAGE_BYTES)

struct parked_list {
    struct control_block *first, *last;
};

struct pipe {
    struct spinlock lock;
    uint32_t descriptors[2]; /* by enum pipe_end */
    uint64_t begin, end;     /* stream bytes [begin, end) are in the buffer */
    uint64_t origin;         /* the stream offset that lies at ring position 0 */
    struct parked_list receivers, senders;
    struct pipe *next_free;
    uint8_t *ring[RING_FRAMES];
} __attribute__((aligned(CACHE_LINE_BYTES)));

/* Pipes are kept apart when they are gone, and only ever become pipes again: so a cancellation that comes
 * too late meets a valid lock. */
static struct {
    struct spinlock lock;
    struct pipe *free;
} pool;

PART(protocol)
static struct parked_list *parked_list(struct pipe *pipe, const struct control_block *cb)
{
    return cb->op == REQUEST_OP_SEND ? &pipe->senders : &pipe->receivers;
}

/* A send that has put a part goes first: it was first, or alone. */
PART(protocol) static void insert(struct parked_list *list, struct control_block *cb)
{
    if (!list->first || cb->done) {
        cb->parked_next = list->first;
        list->first = cb;
    } else {
        cb->parked_next = 0;
        list->last->parked_next = cb;
    }
    if (!cb->parked_next)
        list->last = cb;
}

/* full: it waits for room, else for data. false: the request has been cancelled, and is finished; see pipe_cancel for
 * the order of write and read. */
OBSERVED IN(protocol) static bool park(struct pipe *pipe, struct control_block *cb, uint64_t full)
{
    PROBE(park, pipe, cb, full);
    __atomic_store_n(&cb->parked_at, pipe, __ATOMIC_RELAXED);
    fence_all();
    if (__atomic_load_n(&cb->cancelled, __ATOMIC_RELAXED)) {
        cb->parked_at = 0;
        communication_finish(cb, cb->done ? (int64_t)cb->done : -EINTR);
        return false;
    }
    insert(full ? &pipe->senders : &pipe->receivers, cb);
    return true;
}

OBSERVED IN(protocol) static void unpark(struct pipe *pipe, struct control_block *cb)
{
    PROBE(unpark, pipe, cb);
    struct parked_list *list = parked_list(pipe, cb);
    struct control_block **at = &list->first, *previous = 0;
    while (*at != cb) {
        previous = *at;
        at = &previous->parked_next;
    }
    *at = cb->parked_next;
    if (list->last == cb)
        list->last = previous;
    cb->parked_at = 0;
}

/* The piece of cb's memory at its place, at most `bytes`; moves the place on. */
PART(protocol) static struct segment next_piece(struct control_block *cb, uint64_t bytes)
{
    const struct segment *segment = cb->place;
    struct segment piece = {segment->address + cb->place_offset, segment->bytes - cb->place_offset};
    if (piece.bytes > bytes) {
        piece.bytes = bytes;
        cb->place_offset += bytes;
        return piece;
    }
    segment++;
    cb->place = segment->bytes ? segment : (const struct segment *)segment->address;
    cb->place_offset = 0;
    return piece;
}

/* Moves bytes between cb's memory, from where it stands, and the ring. */
PART(protocol)
static void move(struct pipe *pipe, struct control_block *cb, uint64_t offset, uint64_t bytes,
                 bool in)
{
    uint64_t position = (offset - pipe->origin) % PIPE_BYTES;
    cb->done += bytes;
    while (bytes) {
        uint64_t ring = (uint64_t)pipe->ring[position / PAGE_BYTES] + position % PAGE_BYTES;
        struct segment piece = next_piece(cb, MIN(bytes, PAGE_BYTES - position % PAGE_BYTES));
        ipc->copy(in ? ring : piece.address, in ? piece.address : ring, piece.bytes);
        position = (position + piece.bytes) % PIPE_BYTES;
        bytes -= piece.bytes;
    }
    ipc->copy_wait();
}

/* false: no memory for the ring. */
PART(protocol) static bool provide_ring(struct pipe *pipe, uint64_t bytes)
{
    uint64_t position = (pipe->end - pipe->origin) % PIPE_BYTES;
    uint64_t frames = (position % PAGE_BYTES + bytes + PAGE_BYTES - 1) / PAGE_BYTES;
    for (uint64_t i = 0; i < frames; i++) {
        uint8_t **frame = &pipe->ring[(position / PAGE_BYTES + i) % RING_FRAMES];
        if (!*frame)
            *frame = frame_allocate();
        if (!*frame)
            return false;
    }
    return true;
}

/* How many bytes of a send may enter the buffer now. */
PART(protocol) static uint64_t room_for(const struct pipe *pipe, const struct control_block *cb)
{
    uint64_t room = PIPE_BYTES - (pipe->end - pipe->begin), left = cb->bytes - cb->done;
    return left <= room ? left : cb->bytes <= PIPE_ATOMIC_BYTES ? 0 : room;
}

/* The buffer reaches `end`, where cb's call has come to `state`. */
OBSERVED IN(protocol) static void put_end(struct pipe *pipe, struct control_block *cb, uint64_t end,
                                          uint64_t state)
{
    PROBE(put, pipe, cb, end, state);
    (void)cb;
    (void)state;
    pipe->end = end;
}

/* Puts what fits; PUT_MORE means the send is not finished. */
PART(protocol) static enum put_state put(struct pipe *pipe, struct control_block *cb)
{
    uint64_t bytes = room_for(pipe, cb), end = pipe->end + bytes;
    if (!bytes)
        return PUT_MORE;
    if (!provide_ring(pipe, bytes)) {
        communication_finish(cb, cb->done ? (int64_t)cb->done : -ENOMEM);
        return PUT_DONE;
    }
    move(pipe, cb, pipe->end, bytes, true);
    enum put_state state = cb->done < cb->bytes    ? PUT_MORE
                           : pipe->receivers.first ? PUT_DONE_AWAITED
                                                   : PUT_DONE;
    put_end(pipe, cb, end, state);
    if (state != PUT_MORE)
        communication_finish(cb, (int64_t)cb->done);
    return state;
}

/* The empty buffer's next byte goes to where the ring begins. That is at another place in the page for each pipe, so that their
 * first bytes do not share a set of a cache with each other and with everything else that begins a page. */
PART(protocol) static void restart(struct pipe *pipe)
{
    pipe->origin = pipe->end - ((uint64_t)pipe + PAGE_BYTES / 2) % PAGE_BYTES;
}

OBSERVED IN(protocol) static void take_range(struct pipe *pipe, struct control_block *cb,
                                             uint64_t begin, uint64_t end)
{
    PROBE(take, pipe, cb, begin, end);
    move(pipe, cb, begin, end - begin, false);
    pipe->begin = end;
    if (end == pipe->end)
        restart(pipe);
}

/* Gives a receiver what is there; nothing means the end of the stream. */
PART(protocol) static void take(struct pipe *pipe, struct control_block *cb)
{
    uint64_t bytes = MIN(cb->bytes, pipe->end - pipe->begin);
    if (bytes)
        take_range(pipe, cb, pipe->begin, pipe->begin + bytes);
    communication_finish(cb, (int64_t)bytes);
}

PART(protocol) static void break_send(struct control_block *cb)
{
    cb->broken = 1;
    communication_finish(cb, cb->done ? (int64_t)cb->done : -EPIPE);
}

/* One parked receiver that can go on does. */
PART(protocol) static bool settle_receiver(struct pipe *pipe)
{
    struct control_block *cb = pipe->receivers.first;
    if (!cb || (pipe->begin == pipe->end && pipe->descriptors[PIPE_WRITER]))
        return false;
    unpark(pipe, cb);
    take(pipe, cb);
    communication_ready(cb);
    return true;
}

PART(protocol) static bool settle_sender(struct pipe *pipe)
{
    struct control_block *cb = pipe->senders.first;
    if (!cb || (pipe->descriptors[PIPE_READER] && !room_for(pipe, cb)))
        return false;
    unpark(pipe, cb);
    if (!pipe->descriptors[PIPE_READER])
        break_send(cb);
    else if (put(pipe, cb) == PUT_MORE && park(pipe, cb, 1))
        return true;
    communication_ready(cb);
    return true;
}

/* Lets parked requests go on as far as they can. */
IN(protocol) static void settle(struct pipe *pipe)
{
    while (settle_receiver(pipe) || settle_sender(pipe))
        ;
}

/* A send that does not wait, or not any more. PUT_MORE: it must. */
PART(protocol) static enum put_state try_send(struct pipe *pipe, struct control_block *cb)
{
    if (!pipe->descriptors[PIPE_READER]) {
        break_send(cb);
        return PUT_DONE;
    }
    enum put_state state = pipe->senders.first ? PUT_MORE : put(pipe, cb);
    if (state == PUT_MORE && cb->nonblocking) {
        communication_finish(cb, cb->done ? (int64_t)cb->done : -EAGAIN);
        return PUT_DONE_AWAITED;
    }
    return state;
}

IN(protocol) bool pipe_send(struct control_block *cb)
{
    struct pipe *pipe = cb->object;
    spinlock_take(&pipe->lock);
    enum put_state state = try_send(pipe, cb);
    bool parked = state == PUT_MORE && park(pipe, cb, 1);
    if (state != PUT_DONE)
        settle(pipe);
    spinlock_give(&pipe->lock);
    return !parked;
}

IN(protocol) bool pipe_receive(struct control_block *cb)
{
    struct pipe *pipe = cb->object;
    bool parked = false;
    spinlock_take(&pipe->lock);
    if (pipe->begin != pipe->end || !pipe->descriptors[PIPE_WRITER])
        take(pipe, cb);
    else if (cb->nonblocking)
        communication_finish(cb, -EAGAIN);
    else
        parked = park(pipe, cb, 0);
    if (pipe->senders.first)
        settle(pipe);
    spinlock_give(&pipe->lock);
    return !parked;
}

PART(protocol) static bool pool_grow(void)
{
    struct pipe *pipes = frame_allocate_zeroed();
    if (!pipes)
        return false;
    for (unsigned i = PAGE_BYTES / sizeof *pipes; i--;) {
        pipes[i].next_free = pool.free;
        pool.free = &pipes[i];
    }
    return true;
}

PART(protocol) static struct pipe *pool_take(void)
{
    struct pipe *pipe = 0;
    spinlock_take(&pool.lock);
    if (pool.free || pool_grow()) {
        pipe = pool.free;
        pool.free = pipe->next_free;
    }
    spinlock_give(&pool.lock);
    return pipe;
}

IN(protocol) void pipe_create(struct control_block *cb)
{
    struct pipe *pipe = pool_take();
    if (!pipe) {
        communication_finish(cb, -ENOMEM);
        return;
    }
    memset(&pipe->lock + 1, 0, sizeof *pipe - sizeof pipe->lock);
    pipe->descriptors[PIPE_READER] = pipe->descriptors[PIPE_WRITER] = 1;
    restart(pipe);
    PROBE(object, pipe, OBJECT_PIPE, PIPE_BYTES);
    communication_finish(cb, (int64_t)pipe);
}

PART(protocol) static void destroy(struct pipe *pipe)
{
    PROBE(object_end, pipe);
    for (unsigned i = 0; i < RING_FRAMES; i++)
        if (pipe->ring[i])
            frame_release(pipe->ring[i]);
    spinlock_take(&pool.lock);
    pipe->next_free = pool.free;
    pool.free = pipe;
    spinlock_give(&pool.lock);
}

IN(protocol) void pipe_adjust(struct control_block *cb)
{
    for (unsigned i = 0; i < cb->adjustment_count; i++) {
        const struct adjustment *change = &cb->adjustment[i];
        struct pipe *pipe = change->object;
        spinlock_take(&pipe->lock);
        pipe->descriptors[change->end] += (uint32_t)change->delta;
        settle(pipe);
        bool unused = !pipe->descriptors[PIPE_READER] && !pipe->descriptors[PIPE_WRITER];
        spinlock_give(&pipe->lock);
        if (unused)
            destroy(pipe);
    }
    communication_finish(cb, 0);
}

PART(protocol) static void cancel_parked(struct pipe *pipe, struct control_block *victim)
{
    spinlock_take(&pipe->lock);
    if (victim->parked_at == pipe) {
        unpark(pipe, victim);
        communication_finish(victim, victim->done ? (int64_t)victim->done : -EINTR);
        communication_ready(victim);
    }
    spinlock_give(&pipe->lock);
}

/* `cancelled` is written before parked_at is read, and park writes and reads them the other way round: one of the two sees
 * the other. */
IN(protocol) void pipe_cancel(struct control_block *cb)
{
    struct control_block *victim = cb->victim;
    __atomic_store_n(&victim->cancelled, 1, __ATOMIC_RELAXED);
    fence_all();
    struct pipe *pipe = __atomic_load_n(&victim->parked_at, __ATOMIC_RELAXED);
    if (pipe)
        cancel_parked(pipe, victim);
    communication_finish(cb, 0);
}
