/* SPDX-License-Identifier: Apache-2.0 */
/* The backend without hardware: lists under spin locks, of the same shape as the smart bus keeps (the list word is the
 * last element, links run last -> first), and copies by loads and stores of the hart. */
#include "include/probe.h"
#include "ipc/backend.h"

#define COPY_UNROLL 8 /* words a turn */

static void software_init(uint64_t base)
{
    (void)base;
}

/* Apart, so that the observer sees it under the lock with both addresses still in their argument registers. */
static inline void link_last(struct ipc_list *list, struct control_block *cb)
{
    struct control_block *last = (struct control_block *)list->last;
    PROBE(enqueue, list, cb);
    if (last) {
        cb->link = last->link;
        last->link = (uint64_t)cb;
    } else {
        cb->link = (uint64_t)cb;
    }
    list->last = (uint64_t)cb;
}

IN(queue) static void software_enqueue(struct ipc_list *list, struct control_block *cb)
{
    spinlock_take(&list->lock);
    link_last(list, cb);
    spinlock_give(&list->lock);
}

IN(queue) static struct control_block *software_first(struct ipc_list *list)
{
    if (!__atomic_load_n(&list->last, __ATOMIC_RELAXED))
        return 0;
    spinlock_take(&list->lock);
    struct control_block *last = (struct control_block *)list->last;
    struct control_block *first = 0;
    if (last) {
        first = (struct control_block *)last->link;
        PROBE(dequeue, list, first);
        if (first == last)
            list->last = 0;
        else
            last->link = first->link;
    }
    spinlock_give(&list->lock);
    return first;
}

/* The element before cb in the circle; NULL if cb is not in it. */
static struct control_block *before(const struct ipc_list *list, const struct control_block *cb)
{
    struct control_block *last = (struct control_block *)list->last, *element = last;
    while (element) {
        if (element->link == (uint64_t)cb)
            return element;
        element = (struct control_block *)element->link;
        if (element == last)
            break;
    }
    return 0;
}

IN(queue) static bool software_dequeue(struct ipc_list *list, struct control_block *cb)
{
    spinlock_take(&list->lock);
    struct control_block *previous = before(list, cb);
    if (previous) {
        PROBE(dequeue, list, cb);
        previous->link = cb->link;
        if (list->last == (uint64_t)cb)
            list->last = previous == cb ? 0 : (uint64_t)previous;
    }
    spinlock_give(&list->lock);
    return previous != 0;
}

static inline void copy_words(uint64_t *to, const uint64_t *from)
{
    uint64_t word[COPY_UNROLL];
#pragma GCC unroll 8
    for (int i = 0; i < COPY_UNROLL; i++)
        word[i] = from[i];
#pragma GCC unroll 8
    for (int i = 0; i < COPY_UNROLL; i++)
        to[i] = word[i];
}

/* Both aligned. Returns how many bytes it has moved: the whole words of them. */
PART(copy) static uint64_t copy_aligned(uint64_t to, uint64_t from, uint64_t bytes)
{
    uint64_t left = bytes;
    for (; left >= 8 * COPY_UNROLL; left -= 8 * COPY_UNROLL) {
        copy_words((uint64_t *)to, (const uint64_t *)from);
        to += 8 * COPY_UNROLL;
        from += 8 * COPY_UNROLL;
    }
    for (; left >= 8; left -= 8, to += 8, from += 8)
        *(uint64_t *)to = *(const uint64_t *)from;
    return bytes - left;
}

/* Only `to` is aligned: each word is made of two. Reads no word that has none of the bytes. */
PART(copy) static uint64_t copy_shifted(uint64_t to, uint64_t from, uint64_t bytes)
{
    uint64_t shift = 8 * (from & 7), left = bytes;
    const uint64_t *in = (const uint64_t *)(from & ~7UL);
    uint64_t low = *in++;
    for (; left >= 8; left -= 8, to += 8) {
        uint64_t high = *in++;
        *(uint64_t *)to = low >> shift | high << (64 - shift);
        low = high;
    }
    return bytes - left;
}

IN(copy) static void software_copy(uint64_t to, uint64_t from, uint64_t bytes)
{
    for (; bytes && (to & 7); bytes--)
        *(uint8_t *)to++ = *(const uint8_t *)from++;
    if (bytes >= 8) {
        uint64_t moved = from & 7 ? copy_shifted(to, from, bytes) : copy_aligned(to, from, bytes);
        to += moved;
        from += moved;
        bytes -= moved;
    }
    for (; bytes; bytes--)
        *(uint8_t *)to++ = *(const uint8_t *)from++;
}

IN(copy) static void software_copy_wait(void)
{
}

const struct ipc_backend backend_software = {
    .name = "software",
    .init = software_init,
    .enqueue = software_enqueue,
    .first = software_first,
    .dequeue = software_dequeue,
    .copy = software_copy,
    .copy_wait = software_copy_wait,
    .notify = backend_ring,
};
