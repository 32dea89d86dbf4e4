/* SPDX-License-Identifier: Apache-2.0 */
/* bytes.h: eight bytes at a time where both sides are aligned, else one by one. */
#include "include/bytes.h"

void *memcpy(void *to, const void *from, size_t bytes)
{
    char *out = to;
    const char *in = from;
    if ((((uintptr_t)out | (uintptr_t)in) & 7) == 0)
        for (; bytes >= 8; bytes -= 8, out += 8, in += 8)
            *(uint64_t *)out = *(const uint64_t *)in;
    while (bytes--)
        *out++ = *in++;
    return to;
}

void *memmove(void *to, const void *from, size_t bytes)
{
    char *out = to;
    const char *in = from;
    if (out <= in || out >= in + bytes)
        return memcpy(to, from, bytes);
    while (bytes--)
        out[bytes] = in[bytes];
    return to;
}

void *memset(void *to, int byte, size_t bytes)
{
    char *out = to;
    uint64_t word = 0x0101010101010101u * (uint8_t)byte;
    if (((uintptr_t)out & 7) == 0)
        for (; bytes >= 8; bytes -= 8, out += 8)
            *(uint64_t *)out = word;
    while (bytes--)
        *out++ = (char)byte;
    return to;
}

int memcmp(const void *a, const void *b, size_t bytes)
{
    const uint8_t *left = a, *right = b;
    for (size_t i = 0; i < bytes; i++)
        if (left[i] != right[i])
            return left[i] < right[i] ? -1 : 1;
    return 0;
}

size_t strlen(const char *text)
{
    size_t length = 0;
    while (text[length])
        length++;
    return length;
}

bool text_equal(const char *a, const char *b)
{
    while (*a && *a == *b)
        a++, b++;
    return *a == *b;
}

void text_copy(char *to, const char *from, size_t size_bytes)
{
    size_t i = 0;
    for (; i + 1 < size_bytes && from[i]; i++)
        to[i] = from[i];
    to[i] = '\0';
}
