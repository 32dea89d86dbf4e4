/* SPDX-License-Identifier: Apache-2.0 */
/* The smart bus as software sees it, a reconstruction of the 1987 paper from its abstracts. Constants only: shared with
 * the guest.
 *
 * Each operation is one uncached 8-byte load or store whose *address* names a place in RAM (window base + offset
 * into RAM) and whose *data* is the other operand, so that it is a single bus transaction.
 *
 * A list is the 8-byte word at the named place: the physical address of its last element, or 0. The first 8 bytes
 * of an element are its link; links run in a circle, last -> first. Only the controller touches
 * them while the list is in use. Alignment is 8; a place outside RAM is an access fault.
 *
 *   store elem -> ENQUEUE + list   elem becomes the last of list
 *   load       <- FIRST + list     takes the first element off and returns its address; 0 if empty
 *   store elem -> DEQUEUE + list   takes elem off, wherever it is; then
 *   load       <- DEQUEUE + list   returns (and clears) 1 if the requesting master's last dequeue found it, else 0
 *
 *   store BLOCK(tag, bytes) -> BLOCK_READ + place    memory [place, place+bytes) -> the tag's stream buffer
 *   store BLOCK(tag, bytes) -> BLOCK_WRITE + place   the tag's stream buffer -> memory
 *   load  <- BLOCK_WAIT + 8 * tag                    returns when all blocks of this master's tag have ended: 0, or 1 if
 *                                                    one was refused
 *
 * A block write waits, word by word, for the block read of the same tag: a copy is one read and one write,
 * each up to SMART_BLOCK_BYTES, any alignment. Each master has SMART_TAGS tags of its own; a store to a
 * tag that is busy with the same direction waits. */
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
#define SMART_BLOCK(tag, bytes) (((unsigned long)(tag) << 32) | (unsigned long)(bytes))

#endif
