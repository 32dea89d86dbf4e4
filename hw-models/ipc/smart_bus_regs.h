/* SPDX-License-Identifier: Apache-2.0 */
/* The smart bus as software sees it, a reconstruction of the 1987 paper from its abstracts.
 * Constants only: shared with the guest.
 *
 * Each operation is one uncached, aligned 8-byte load or store whose *address* names a place in RAM
 * (window base + offset into RAM) and whose *data* is the other operand, so that it is a single bus
 * transaction. Any other size or alignment, and a place outside RAM, is an access fault.
 *
 * A list is the 8-byte word at the named place: the physical address of its last element, or 0. The
 * first 8 bytes of an element are its link; links run in a circle, last -> first. Only the
 * controller touches them while the list is in use. Lists and elements are aligned to 8. A link
 * that leads out of RAM or a circle that does not close within SMART_MAX_WALK elements is an access
 * fault too, and changes nothing.
 *
 *   store elem -> ENQUEUE + list   elem becomes the last of list
 *   load       <- FIRST + list     takes the first element off and returns its address; 0 if empty
 *   store elem -> DEQUEUE + list   takes elem off, wherever it is; then
 *   load       <- DEQUEUE + list   returns (and clears) 1 if the requesting master's last dequeue
 * found it, else 0
 *
 *   store BLOCK(tag, bytes, place) -> BLOCK_READ + (place & ~7)    memory [place, place+bytes) ->
 * the tag's stream buffer store BLOCK(tag, bytes, place) -> BLOCK_WRITE + (place & ~7)   the tag's
 * stream buffer -> memory load  <- BLOCK_WAIT + 8 * tag                                  returns
 * when all blocks of this master's tag have ended: 0, or 1 if one was refused
 *
 * Here `place` is the offset into RAM, at any alignment. A block write waits, word by word, for the
 * block read of the same tag: a copy is one read and then one write, each up to SMART_BLOCK_BYTES.
 * A write longer than the tag's last read is refused. Each master has SMART_TAGS tags of its own; a
 * store to a tag whose buffer is in use in a way that forbids it (a second read or write before the
 * first has ended, a read before the last write has ended) waits. */
#ifndef MISSIVE_IPC_SMART_BUS_REGS_H
#define MISSIVE_IPC_SMART_BUS_REGS_H

#define SMART_WINDOW(n) (0x400000000 * (n)) /* offsets from the device tree's reg */
#define SMART_ENQUEUE SMART_WINDOW(0)
#define SMART_FIRST SMART_WINDOW(1)
#define SMART_DEQUEUE SMART_WINDOW(2)
#define SMART_BLOCK_READ SMART_WINDOW(3)
#define SMART_BLOCK_WRITE SMART_WINDOW(4)
#define SMART_BLOCK_WAIT SMART_WINDOW(5)

#define SMART_TAGS 4
#define SMART_BLOCK_BYTES 512
#define SMART_MAX_WALK 4096
/* The data of a block operation: bytes, tag, and the low three bits of the place, which an aligned
 * store cannot name. */
#define SMART_BLOCK(tag, bytes, place)                                                             \
    (((unsigned long)(place)&7) << 48 | (unsigned long)(tag) << 32 | (unsigned long)(bytes))

#endif
