/* SPDX-License-Identifier: Apache-2.0 */
/* The goldfish RTC of QEMU's virt board: the wall clock in nanoseconds, and an alarm. Its time is
 * the scenario's epoch plus the simulated cycles, so that it is the same in every run; the guest may
 * set it. Accesses are of 4 bytes. Source: see rtc_regs.h. */
#ifndef MISSIVE_DEVICES_RTC_H
#define MISSIVE_DEVICES_RTC_H

#include "devices/device.h"
#include "devices/rtc_regs.h"

struct rtc {
    struct interrupt_line line;
    uint64_t clock_hz;
    uint64_t base_ns; /* the time at cycle 0, modulo 2^64 */
    uint64_t alarm_ns;
    uint32_t time_high; /* latched */
    bool alarm_set, interrupt_pending, interrupt_enabled;
    bool line_level; /* as driven last */
    cycle_t alarm_cycle;
};

/* epoch_seconds: the time at cycle 0, since 1970. clock_hz (1 to 10^10): cycles a second. `line`
 * may have no set. */
void rtc_init(struct rtc *rtc, uint64_t epoch_seconds, uint64_t clock_hz,
              struct interrupt_line line);
/* Attached at MAP_RTC_BASE; its `self` is rtc. */
struct device rtc_device(struct rtc *rtc);

#endif
