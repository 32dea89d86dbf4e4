/* SPDX-License-Identifier: Apache-2.0 */
/* Network frames as a pcap file, for tcpdump and Wireshark: Ethernet frames without check sequence,
 * each at its simulated time, in nanoseconds. Source: libpcap's pcap-savefile(5). */
#ifndef MISSIVE_OBSERVE_PCAP_H
#define MISSIVE_OBSERVE_PCAP_H

#include <stdbool.h>

#include "base/cycle.h"

struct pcap;

/* Cycle 0 is epoch_seconds since 1970; clock_hz is at most 10^10. NULL: the file cannot be written, and errno says why. */
struct pcap *pcap_create(const char *path, uint64_t epoch_seconds, uint64_t clock_hz);
/* `owner` is the struct pcap. */
void pcap_frame(void *owner, const uint8_t *frame, unsigned size_bytes, cycle_t now);
/* False: not all of it is in the file, and errno says why. NULL is allowed. */
bool pcap_close(struct pcap *pcap);

#endif
