/* SPDX-License-Identifier: Apache-2.0 */
/* The goldfish RTC's registers, 4 bytes each. Constants only: shared with the guest. Source:
 * Android's goldfish virtual hardware description; qemu hw/rtc/goldfish_rtc.c. */
#ifndef MISSIVE_DEVICES_RTC_REGS_H
#define MISSIVE_DEVICES_RTC_REGS_H

#define RTC_TIME_LOW 0x00  /* ns since 1970; a load also latches the upper half, */
#define RTC_TIME_HIGH 0x04 /* which is loaded here */
#define RTC_ALARM_LOW 0x08 /* a store sets the alarm, RTC_ALARM_HIGH first */
#define RTC_ALARM_HIGH 0x0C
#define RTC_IRQ_ENABLED 0x10
#define RTC_CLEAR_ALARM 0x14
#define RTC_ALARM_STATUS 0x18 /* 1: the alarm is set and has not come */
#define RTC_CLEAR_INTERRUPT 0x1C

#endif
