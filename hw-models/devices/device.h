/* SPDX-License-Identifier: Apache-2.0 */
/* A memory-mapped device as the platform attaches it: an address range, two functions, and the time
 * of its own next event. A device is a plain struct in its caller's memory; `self` points to it.
 * Accesses reach it at their cycle, in order. */
#ifndef MISSIVE_DEVICES_DEVICE_H
#define MISSIVE_DEVICES_DEVICE_H

#include <stdbool.h>
#include <stdint.h>

#include "base/cycle.h"
#include "base/status.h"

struct device {
    const char *name;
    uint64_t base, size_bytes;
    void *self;
    /* offset is within [0, size_bytes), naturally aligned; size_bytes 1, 2, 4 or 8. STATUS_DENIED:
     * the hart takes an access fault. */
    enum status (*load)(void *self, uint64_t offset, unsigned size_bytes, cycle_t now,
                        uint64_t *value);
    enum status (*store)(void *self, uint64_t offset, unsigned size_bytes, cycle_t now,
                         uint64_t value);
    cycle_t (*next_event)(const void *self);  /* NULL: the device does nothing by itself */
    void (*advance)(void *self, cycle_t now); /* called at next_event's cycle */
};

/* How a device raises interrupts: bit as in hart_set_interrupt. Filled in by the platform. */
struct interrupt_port {
    void *owner;
    void (*set)(void *owner, unsigned hart, unsigned mip_bit, bool level, cycle_t now);
};

/* An interrupt output that some interrupt controller takes. set may be NULL: not connected. A cause
 * that lasts until software has dealt with it is a level; one that is an event is a pulse, which the
 * controller remembers whatever the level. pulse may be NULL if the device has no such cause. */
struct interrupt_line {
    void *owner;
    void (*set)(void *owner, bool level, cycle_t now);
    void (*pulse)(void *owner, cycle_t now);
};

/* How a character device meets the outside. Filled in by the platform. */
struct character_port {
    void *owner;
    void (*put)(void *owner, uint8_t byte);
    /* >= 0: a byte; CHARACTER_NONE: none at this time; CHARACTER_END: there will be no more. */
    int (*get)(void *owner);
};
#define CHARACTER_NONE (-1)
#define CHARACTER_END (-2)

/* A block device's medium. Filled in by the platform's caller; sectors asked for are always within
 * [0, sector_count). A status but STATUS_OK: the outside failed, the guest sees an I/O error. */
#define BLOCK_SECTOR_BYTES 512
struct block_port {
    void *owner;
    uint64_t sector_count;
    bool read_only;
    enum status (*read)(void *owner, uint64_t sector, uint8_t bytes[BLOCK_SECTOR_BYTES]);
    enum status (*write)(void *owner, uint64_t sector, const uint8_t bytes[BLOCK_SECTOR_BYTES]);
    enum status (*flush)(void *owner);
    const char *serial; /* NULL: none of its own */
};

/* How a network device meets the outside. A frame is Ethernet's, from its destination address to the
 * end of its payload: no preamble, no check sequence. What is asked of the port changes only by what
 * is done with it and by arrivals, of which the platform tells the device's owner. */
#define NET_FRAME_MIN_BYTES 14   /* the header */
#define NET_FRAME_MAX_BYTES 1518 /* with a VLAN tag, and NET_MTU_BYTES of payload */
#define NET_MTU_BYTES 1500
#define NET_ADDRESS_BYTES 6
struct net_port {
    void *owner;
    cycle_t (*send_from)(void *owner); /* the first cycle in which it takes the next frame */
    void (*send)(void *owner, const uint8_t *frame, unsigned size_bytes, cycle_t now);
    cycle_t (*arrival)(void *owner); /* of the next frame; CYCLE_NEVER: none is on its way */
    /* Takes it, once it is there: its size, at most NET_FRAME_MAX_BYTES. */
    unsigned (*receive)(void *owner, uint8_t *frame);
};

#endif
