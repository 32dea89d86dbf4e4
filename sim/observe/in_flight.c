/* SPDX-License-Identifier: Apache-2.0 */
/* The messages in flight, in order of birth, and a pool of those that ended. Births only append and most endings are
 * near the front, so both are cheap; index and number rise together, so a message is found by bisection. */
#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "observe/messages_state.h"

#define MAX_IN_FLIGHT (1u << 20)

static bool make_room(struct in_flight *in_flight)
{
    if (in_flight->first + in_flight->count < in_flight->capacity)
        return true;
    if (in_flight->first <= in_flight->capacity / 2) {
        size_t capacity = in_flight->capacity ? in_flight->capacity * 2 : 64;
        struct flight **order = realloc(in_flight->order, capacity * sizeof(struct flight *));
        if (!order)
            return false;
        in_flight->order = order;
        in_flight->capacity = capacity;
    }
    memmove(in_flight->order, in_flight->order + in_flight->first,
            in_flight->count * sizeof(struct flight *));
    in_flight->first = 0;
    return true;
}

struct flight *in_flight_add(struct in_flight *in_flight, uint64_t number)
{
    if (in_flight->count == MAX_IN_FLIGHT || !make_room(in_flight))
        return NULL;
    struct flight *flight = in_flight->pool;
    if (flight) {
        in_flight->pool = flight->next;
        memset(flight, 0, sizeof *flight);
    } else if (!(flight = calloc(1, sizeof *flight))) {
        return NULL;
    }
    flight->message.number = number;
    in_flight->order[in_flight->first + in_flight->count++] = flight;
    return flight;
}

static size_t index_of(const struct in_flight *in_flight, const struct flight *flight)
{
    size_t low = 0, high = in_flight->count - 1;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (in_flight->order[in_flight->first + middle]->message.number < flight->message.number)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

void in_flight_remove(struct in_flight *in_flight, struct flight *flight)
{
    struct flight **begin = in_flight->order + in_flight->first;
    size_t index = index_of(in_flight, flight);
    assert(begin[index] == flight);
    if (index < in_flight->count / 2) {
        memmove(begin + 1, begin, index * sizeof *begin);
        in_flight->first++;
    } else {
        memmove(begin + index, begin + index + 1, (in_flight->count - index - 1) * sizeof *begin);
    }
    in_flight->count--;
    flight->next = in_flight->pool;
    in_flight->pool = flight;
}

void in_flight_clear(struct in_flight *in_flight)
{
    for (size_t i = 0; i < in_flight->count; i++)
        free(in_flight->order[in_flight->first + i]);
    for (struct flight *flight = in_flight->pool, *next; flight; flight = next) {
        next = flight->next;
        free(flight);
    }
    free(in_flight->order);
    *in_flight = (struct in_flight){0};
}
