/* SPDX-License-Identifier: Apache-2.0 */
/* The filter: which virtual lines hit in L1D, in the data TLB and in their permissions, and where
 * they lie in the host's memory, so that a hit costs one comparison and one count. It changes no
 * cycle. For a hart without timing it is a TLB of its own, of pages. */
#ifndef MISSIVE_CORE_FILTER_H
#define MISSIVE_CORE_FILTER_H

#include "core/hart_state.h"

/* Empties the filter: after a change of translations or permissions. */
void filter_flush(struct hart *hart);

/* Drops what the filter knows of one 4 KiB page, or of one line of L1D (altogether, or only that it
 * may be written). */
void filter_drop_page(struct hart *hart, uint64_t address);
void filter_drop_line(struct hart *hart, const struct cache_line *line);
void filter_drop_writes(struct hart *hart, const struct cache_line *line);

/* Drops that the line at this physical address, or without timing its page, may be written. */
void filter_drop_code(struct hart *hart, uint64_t physical);

/* Remembers that `address`, which lies at `physical` in `line`, may be read (and written) in the
 * present data context. */
void filter_install(struct hart *hart, const struct cache_line *line, uint64_t address,
                    uint64_t physical, bool writable);

/* Without timing, after sfence.vma: drops all pages, or those that may lie in the same translation
 * as an address; for that it is told of the pages from `first` to `last`, which share one. */
void filter_flush_pages(struct hart *hart, bool one_address, uint64_t address);
void filter_note_superpage(struct hart *hart, uint64_t first, uint64_t last);

/* The same as filter_install without timing, for the page. */
void filter_install_page(struct hart *hart, uint64_t address, uint64_t physical, bool writable);

/* `timed` is hart.timed, which the interpreter knows when it is compiled. */
static inline uint64_t filter_unit(bool timed)
{
    return timed ? LINE_BYTES : PAGE_BYTES;
}

static inline struct filter_entry *filter_slot(struct hart *hart, uint64_t address, bool timed)
{
    return &hart->filter[address / filter_unit(timed) % FILTER_ENTRIES];
}

/* The last byte decides the key: an access across two lines (or pages) finds its first one's slot,
 * where the second one's key never is, and so misses. */
static inline uint64_t filter_key(const struct hart *hart, uint64_t address, unsigned size_bytes,
                                  bool timed)
{
    return ((address + size_bytes - 1) & ~(filter_unit(timed) - 1)) | hart->data_context;
}

static inline uint8_t *filter_use(struct hart *hart, const struct filter_entry *entry,
                                  uint64_t address, bool timed)
{
    if (timed)
        cache_touch(&hart->l1d, &hart->l1d.lines[entry->line]);
    return (uint8_t *)(entry->host + (uintptr_t)address);
}

/* Where a load of this address hits, with the hit accounted for; or NULL: ask access_data. */
static inline uint8_t *filter_load(struct hart *hart, uint64_t address, unsigned size_bytes,
                                   bool timed)
{
    const struct filter_entry *entry = filter_slot(hart, address, timed);
    if (__builtin_expect(entry->read_key != filter_key(hart, address, size_bytes, timed), 0))
        return NULL;
    return filter_use(hart, entry, address, timed);
}

/* The same for a store. */
static inline uint8_t *filter_store(struct hart *hart, uint64_t address, unsigned size_bytes,
                                    bool timed)
{
    const struct filter_entry *entry = filter_slot(hart, address, timed);
    if (__builtin_expect(entry->write_key != filter_key(hart, address, size_bytes, timed), 0))
        return NULL;
    return filter_use(hart, entry, address, timed);
}

#endif
