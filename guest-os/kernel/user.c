/* SPDX-License-Identifier: Apache-2.0 */
/* user.h: page by page through the physical addresses. */
#include "kernel/user.h"

#include "include/bytes.h"
#include "include/probe.h"

static uint64_t piece_of(uint64_t address, uint64_t bytes)
{
    return MIN(bytes, PAGE_BYTES - (address & (PAGE_BYTES - 1)));
}

IN(checks) bool user_read(struct space *space, void *to, uint64_t address, uint64_t bytes)
{
    uint8_t *out = to;
    while (bytes) {
        uint64_t piece = piece_of(address, bytes);
        uint64_t physical = space_resolve(space, address, PROT_READ);
        if (!physical)
            return false;
        memcpy(out, (const void *)physical, piece);
        out += piece;
        address += piece;
        bytes -= piece;
    }
    return true;
}

IN(checks) bool user_write(struct space *space, uint64_t address, const void *from, uint64_t bytes)
{
    const uint8_t *in = from;
    while (bytes) {
        uint64_t piece = piece_of(address, bytes);
        uint64_t physical = space_resolve(space, address, PROT_WRITE);
        if (!physical)
            return false;
        memcpy((void *)physical, in, piece);
        in += piece;
        address += piece;
        bytes -= piece;
    }
    return true;
}

int64_t user_string(struct space *space, char *to, uint64_t address, uint64_t size_bytes)
{
    for (uint64_t length = 0; length < size_bytes;) {
        uint64_t piece = piece_of(address + length, size_bytes - length);
        const char *from = (const char *)space_resolve(space, address + length, PROT_READ);
        if (!from)
            return -EFAULT;
        for (uint64_t i = 0; i < piece; i++, length++) {
            to[length] = from[i];
            if (!from[i])
                return (int64_t)length;
        }
    }
    return -ENAMETOOLONG;
}
