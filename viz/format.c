/* SPDX-License-Identifier: Apache-2.0 */
/* Numbers as people read them. */
#include "format.h"

#include <stdio.h>
#include <string.h>

struct formatted format_count(uint64_t count)
{
    char digits[24];
    struct formatted out = {{0}};
    int length = snprintf(digits, sizeof digits, "%llu", (unsigned long long)count);
    int at = 0;
    for (int i = 0; i < length; i++) {
        if (i > 0 && (length - i) % 3 == 0)
            out.text[at++] = ',';
        out.text[at++] = digits[i];
    }
    return out;
}

struct formatted format_short(uint64_t count)
{
    static const char UNITS[] = {'M', 'G', 'T', 'P', 'E'};
    if (count < 10000000)
        return format_count(count);
    struct formatted out;
    double value = (double)count / 1e6;
    unsigned unit = 0;
    while (value >= 1000 && unit < 4) {
        value /= 1000;
        unit++;
    }
    snprintf(out.text, sizeof out.text, "%.2f %c", value, UNITS[unit]);
    return out;
}

struct formatted format_bytes(uint64_t bytes)
{
    static const char *const UNITS[] = {"KiB", "MiB", "GiB", "TiB", "PiB", "EiB"};
    struct formatted out;
    if (bytes < 1024 || (bytes < 10000 && bytes % 1024 != 0)) {
        snprintf(out.text, sizeof out.text, "%llu B", (unsigned long long)bytes);
        return out;
    }
    double value = (double)bytes / 1024;
    unsigned unit = 0;
    while (value >= 1024 && unit < 5) {
        value /= 1024;
        unit++;
    }
    int decimals = value == (double)(uint64_t)value ? 0 : 1;
    snprintf(out.text, sizeof out.text, "%.*f %s", decimals, value, UNITS[unit]);
    return out;
}

struct formatted format_time(cycle_t cycles, uint64_t clock_hz)
{
    static const char *const UNITS[] = {"s", "ms", "µs", "ns"};
    struct formatted out;
    if (clock_hz == 0) {
        snprintf(out.text, sizeof out.text, "-");
        return out;
    }
    double value = (double)cycles / (double)clock_hz;
    unsigned unit = 0;
    while (value < 1 && value > 0 && unit < 3) {
        value *= 1000;
        unit++;
    }
    snprintf(out.text, sizeof out.text, "%.3f %s", value, UNITS[unit]);
    return out;
}

struct formatted format_percent(uint64_t part, uint64_t whole)
{
    struct formatted out;
    if (whole == 0)
        snprintf(out.text, sizeof out.text, "-");
    else
        snprintf(out.text, sizeof out.text, "%.1f %%", 100.0 * (double)part / (double)whole);
    return out;
}

struct formatted format_clock(uint64_t clock_hz)
{
    static const char *const UNITS[] = {"Hz", "kHz", "MHz", "GHz"};
    struct formatted out;
    double value = (double)clock_hz;
    unsigned unit = 0;
    while (value >= 1000 && unit < 3) {
        value /= 1000;
        unit++;
    }
    snprintf(out.text, sizeof out.text, "%.4g %s", value, UNITS[unit]);
    return out;
}
