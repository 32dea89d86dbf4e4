/* SPDX-License-Identifier: Apache-2.0 */
/* The filter's rare paths. It holds a strict subset of L1D and of the data TLB: whoever takes a
 * line or a translation away drops the entries first, so that a hit in the filter is a hit of the
 * model. Each L1D line has at most one entry, the last one used. Without timing there are no lines,
 * and an entry lives until a fence takes it. */
#include <string.h>

#include "core/filter.h"

void filter_flush(struct hart *hart)
{
    memset(hart->filter, 0, sizeof hart->filter);
    memset(hart->filter_of_line, 0xff, sizeof hart->filter_of_line);
    hart->superpages_first = UINT64_MAX;
    hart->superpages_last = 0;
}

static void drop(struct hart *hart, struct filter_entry *entry)
{
    if (!entry->read_key)
        return;
    hart->filter_of_line[entry->line] = FILTER_NONE;
    *entry = (struct filter_entry){0};
}

void filter_drop_page(struct hart *hart, uint64_t address)
{
    uint64_t page = address & ~(PAGE_BYTES - 1);
    if (!hart->timed) {
        struct filter_entry *entry = filter_slot(hart, page, false);
        if ((entry->read_key & ~(PAGE_BYTES - 1)) == page)
            drop(hart, entry);
        return;
    }
    for (uint64_t at = page; at < page + PAGE_BYTES; at += LINE_BYTES) {
        struct filter_entry *entry = filter_slot(hart, at, true);
        if ((entry->read_key & ~(PAGE_BYTES - 1)) == page)
            drop(hart, entry);
    }
}

void filter_flush_pages(struct hart *hart, bool one_address, uint64_t address)
{
    uint64_t page = address & ~(PAGE_BYTES - 1);
    bool in_superpage = page >= hart->superpages_first && page <= hart->superpages_last;
    if (one_address && !in_superpage)
        filter_drop_page(hart, address);
    else
        filter_flush(hart);
}

void filter_note_superpage(struct hart *hart, uint64_t first, uint64_t last)
{
    if (first < hart->superpages_first)
        hart->superpages_first = first;
    if (last > hart->superpages_last)
        hart->superpages_last = last;
}

static struct filter_entry *entry_of(struct hart *hart, const struct cache_line *line)
{
    uint16_t number = hart->filter_of_line[line - hart->l1d.lines];
    return number == FILTER_NONE ? NULL : &hart->filter[number];
}

void filter_drop_line(struct hart *hart, const struct cache_line *line)
{
    struct filter_entry *entry = entry_of(hart, line);
    if (entry)
        drop(hart, entry);
}

void filter_drop_writes(struct hart *hart, const struct cache_line *line)
{
    struct filter_entry *entry = entry_of(hart, line);
    if (entry)
        entry->write_key = 0;
}

void filter_drop_code(struct hart *hart, uint64_t physical)
{
    if (hart->timed) {
        struct cache_line *line = cache_find(&hart->l1d, physical);
        if (line)
            filter_drop_writes(hart, line);
        return;
    }
    uintptr_t page = (uintptr_t)ram_at(hart->links.ram, physical & ~(PAGE_BYTES - 1));
    for (struct filter_entry *at = hart->filter; at < hart->filter + FILTER_ENTRIES; at++)
        if (at->host + (uintptr_t)(at->read_key & ~(PAGE_BYTES - 1)) == page)
            at->write_key = 0;
}

void filter_install(struct hart *hart, const struct cache_line *line, uint64_t address,
                    uint64_t physical, bool writable)
{
    struct filter_entry *entry = filter_slot(hart, address, true);
    uint32_t number = (uint32_t)(line - hart->l1d.lines);
    uint64_t key = filter_key(hart, address, 1, true);
    uintptr_t host = (uintptr_t)ram_at(hart->links.ram, physical) - (uintptr_t)address;

    if (entry->read_key != key || entry->line != number || entry->host != host) {
        drop(hart, entry);
        filter_drop_line(hart, line);
        *entry = (struct filter_entry){.read_key = key, .host = host, .line = number};
        hart->filter_of_line[number] = (uint16_t)(entry - hart->filter);
    }
    if (writable)
        entry->write_key = key;
}

void filter_install_page(struct hart *hart, uint64_t address, uint64_t physical, bool writable)
{
    struct filter_entry *entry = filter_slot(hart, address, false);
    uint64_t key = filter_key(hart, address, 1, false);
    uintptr_t host = (uintptr_t)ram_at(hart->links.ram, physical) - (uintptr_t)address;

    if (entry->read_key != key || entry->host != host)
        *entry = (struct filter_entry){.read_key = key, .host = host};
    if (writable)
        entry->write_key = key;
}
