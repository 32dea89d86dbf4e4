/* SPDX-License-Identifier: Apache-2.0 */
/* Bytes and strings: what the compiler may call by itself (memcpy, memset) and what the kernel needs of <string.h>.
 * Message data do not go this way: see the backends' copy. */
#ifndef MISSIVE_GUEST_BYTES_H
#define MISSIVE_GUEST_BYTES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define CONTAINER(pointer, type, member)                                                           \
    ((type *)((char *)(pointer) - __builtin_offsetof(type, member)))
#define ROUND_DOWN(value, unit) ((value) & ~((uint64_t)(unit)-1))
#define ROUND_UP(value, unit) ROUND_DOWN((value) + (unit)-1, unit)
#define MIN(a, b) ((a) < (b) ? (a) : (b))
#define MAX(a, b) ((a) > (b) ? (a) : (b))
#define LENGTH(array) (sizeof(array) / sizeof((array)[0]))

/* The number of the lowest bit that is set; bits must not be 0. */
static inline unsigned lowest_bit(uint64_t bits)
{
    unsigned number = 0;
    for (; !(bits & 1); bits >>= 1)
        number++;
    return number;
}

void *memcpy(void *to, const void *from, size_t bytes);
void *memmove(void *to, const void *from, size_t bytes);
void *memset(void *to, int byte, size_t bytes);
int memcmp(const void *a, const void *b, size_t bytes);
size_t strlen(const char *text);
bool text_equal(const char *a, const char *b);
/* Copies as much of `from` as fits and ends it with NUL. size_bytes > 0. */
void text_copy(char *to, const char *from, size_t size_bytes);

#endif
