/* SPDX-License-Identifier: Apache-2.0 */
/* See pcap.h. The file's numbers are in the host's order, which its magic number shows. */
#include "observe/pcap.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>

#define MAGIC_NANOSECONDS 0xA1B23C4Du
#define SNAPSHOT_BYTES 65535
#define LINK_ETHERNET 1
#define NANOSECONDS 1000000000u

struct pcap {
    FILE *file;
    uint64_t epoch_seconds, clock_hz;
};

struct file_header {
    uint32_t magic;
    uint16_t major, minor;
    uint32_t zone, accuracy, snapshot_bytes, link;
};

struct frame_header {
    uint32_t seconds, nanoseconds, captured_bytes, bytes;
};

struct pcap *pcap_create(const char *path, uint64_t epoch_seconds, uint64_t clock_hz)
{
    const struct file_header header = {MAGIC_NANOSECONDS, 2, 4, 0, 0, SNAPSHOT_BYTES,
                                       LINK_ETHERNET};
    struct pcap *pcap = malloc(sizeof *pcap);
    if (!pcap)
        return NULL;
    *pcap = (struct pcap){fopen(path, "wb"), epoch_seconds, clock_hz};
    if (pcap->file) {
        fwrite(&header, sizeof header, 1, pcap->file);
        return pcap;
    }
    int error = errno;
    free(pcap);
    errno = error;
    return NULL;
}

void pcap_frame(void *owner, const uint8_t *frame, unsigned size_bytes, cycle_t now)
{
    const struct pcap *pcap = owner;
    const struct frame_header header = {
        .seconds = (uint32_t)(pcap->epoch_seconds + now / pcap->clock_hz),
        .nanoseconds = (uint32_t)(now % pcap->clock_hz * NANOSECONDS / pcap->clock_hz),
        .captured_bytes = size_bytes,
        .bytes = size_bytes,
    };
    fwrite(&header, sizeof header, 1, pcap->file);
    fwrite(frame, size_bytes, 1, pcap->file);
}

bool pcap_close(struct pcap *pcap)
{
    if (!pcap)
        return true;
    bool written = !fflush(pcap->file) && !ferror(pcap->file);
    int error = errno;
    bool closed = !fclose(pcap->file);
    if (!written)
        errno = error;
    free(pcap);
    return written && closed;
}
