/* SPDX-License-Identifier: Apache-2.0 */
/* See rtc.h. Seconds and rest are converted apart, so that nothing overflows. */
#include "devices/rtc.h"

#include <assert.h>
#include <string.h>

#include "base/memory_map.h"

#define NS_PER_SECOND UINT64_C(1000000000)

void rtc_init(struct rtc *rtc, uint64_t epoch_seconds, uint64_t clock_hz,
              struct interrupt_line line)
{
    assert(clock_hz > 0 && clock_hz <= UINT64_C(10000000000));
    memset(rtc, 0, sizeof *rtc);
    rtc->line = line;
    rtc->clock_hz = clock_hz;
    rtc->base_ns = epoch_seconds * NS_PER_SECOND;
    rtc->alarm_cycle = CYCLE_NEVER;
}

static uint64_t ns_of_cycle(const struct rtc *rtc, cycle_t cycle)
{
    return cycle / rtc->clock_hz * NS_PER_SECOND +
           cycle % rtc->clock_hz * NS_PER_SECOND / rtc->clock_hz;
}

/* The first cycle at which `ns` have passed since cycle 0; CYCLE_NEVER: beyond counting. */
static cycle_t cycle_of_ns(const struct rtc *rtc, uint64_t ns)
{
    uint64_t seconds = ns / NS_PER_SECOND, rest = ns % NS_PER_SECOND;
    uint64_t part = (rest * rtc->clock_hz + NS_PER_SECOND - 1) / NS_PER_SECOND;
    if (seconds >= (CYCLE_NEVER - part) / rtc->clock_hz)
        return CYCLE_NEVER;
    return seconds * rtc->clock_hz + part;
}

static uint64_t time_ns(const struct rtc *rtc, cycle_t now)
{
    return rtc->base_ns + ns_of_cycle(rtc, now);
}

/* After anything that may have brought the alarm or changed the interrupt. */
static void settle(struct rtc *rtc, cycle_t now)
{
    if (rtc->alarm_set && rtc->alarm_ns <= time_ns(rtc, now)) {
        rtc->alarm_set = false;
        rtc->interrupt_pending = true;
    }
    rtc->alarm_cycle = CYCLE_NEVER;
    if (rtc->alarm_set)
        rtc->alarm_cycle = cycle_max(cycle_of_ns(rtc, rtc->alarm_ns - rtc->base_ns), now + 1);
    bool level = rtc->interrupt_pending && rtc->interrupt_enabled;
    if (level == rtc->line_level)
        return;
    rtc->line_level = level;
    if (rtc->line.set)
        rtc->line.set(rtc->line.owner, level, now);
}

static uint64_t load_time(struct rtc *rtc, cycle_t now)
{
    uint64_t time = time_ns(rtc, now);
    rtc->time_high = (uint32_t)(time >> 32);
    return (uint32_t)time;
}

static enum status rtc_load(void *self, uint64_t offset, unsigned size_bytes, cycle_t now,
                            uint64_t *value)
{
    struct rtc *rtc = self;

    *value = 0;
    if (size_bytes != 4)
        return STATUS_DENIED;
    switch (offset) {
    case RTC_TIME_LOW:
        *value = load_time(rtc, now);
        break;
    case RTC_TIME_HIGH:
        *value = rtc->time_high;
        break;
    case RTC_ALARM_LOW:
        *value = (uint32_t)rtc->alarm_ns;
        break;
    case RTC_ALARM_HIGH:
        *value = rtc->alarm_ns >> 32;
        break;
    case RTC_IRQ_ENABLED:
        *value = rtc->interrupt_enabled;
        break;
    case RTC_ALARM_STATUS:
        *value = rtc->alarm_set;
        break;
    }
    return STATUS_OK;
}

static uint64_t with_low(uint64_t number, uint64_t half)
{
    return (number & ~(uint64_t)UINT32_MAX) | (half & UINT32_MAX);
}

static uint64_t with_high(uint64_t number, uint64_t half)
{
    return (number & UINT32_MAX) | half << 32;
}

static enum status rtc_store(void *self, uint64_t offset, unsigned size_bytes, cycle_t now,
                             uint64_t value)
{
    struct rtc *rtc = self;
    uint64_t time = time_ns(rtc, now);

    if (size_bytes != 4)
        return STATUS_DENIED;
    switch (offset) {
    case RTC_TIME_LOW:
        rtc->base_ns += with_low(time, value) - time;
        break;
    case RTC_TIME_HIGH:
        rtc->base_ns += with_high(time, value) - time;
        break;
    case RTC_ALARM_LOW:
        rtc->alarm_ns = with_low(rtc->alarm_ns, value);
        rtc->alarm_set = true;
        break;
    case RTC_ALARM_HIGH:
        rtc->alarm_ns = with_high(rtc->alarm_ns, value);
        break;
    case RTC_IRQ_ENABLED:
        rtc->interrupt_enabled = value & 1;
        break;
    case RTC_CLEAR_ALARM:
        rtc->alarm_set = false;
        break;
    case RTC_CLEAR_INTERRUPT:
        rtc->interrupt_pending = false;
        break;
    }
    settle(rtc, now);
    return STATUS_OK;
}

static cycle_t rtc_next_event(const void *self)
{
    return ((const struct rtc *)self)->alarm_cycle;
}

static void rtc_advance(void *self, cycle_t now)
{
    settle(self, now);
}

struct device rtc_device(struct rtc *rtc)
{
    return (struct device){
        .name = "rtc",
        .base = MAP_RTC_BASE,
        .size_bytes = MAP_RTC_SIZE,
        .self = rtc,
        .load = rtc_load,
        .store = rtc_store,
        .next_event = rtc_next_event,
        .advance = rtc_advance,
    };
}
