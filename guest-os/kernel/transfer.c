/* SPDX-License-Identifier: Apache-2.0 */
/* Reading and writing: read, write, readv, writev, pread64. The user's memory is pinned page by page into the control
 * block's segments; those of a pipe travel to the communication part all at once, other files take them array by
 * array. */
#include "boot/machine.h"
#include "include/bytes.h"
#include "include/csr.h"
#include "include/probe.h"
#include "kernel/file.h"
#include "kernel/frame.h"
#include "kernel/request.h"
#include "kernel/signal.h"
#include "kernel/syscall.h"
#include "kernel/user.h"
#include "kernel/wait.h"

#define CALL_BYTES_MAX 0x7ffff000 /* Linux: MAX_RW_COUNT */
#define IOV_MAX 1024
#define FRAME_SEGMENTS (PAGE_BYTES / sizeof(struct segment))
#define CONSOLE_POLLS_PER_SECOND 1000

/* The next piece of a vector that has bytes. false: its description cannot be read. */
PART(checks) static bool next_piece(struct task *task)
{
    struct transfer *transfer = &task->transfer;
    while (!transfer->bytes && transfer->iov_left) {
        struct linux_iovec iov;
        if (!user_read(task->space, &iov, transfer->iov, sizeof iov))
            return false;
        transfer->address = iov.base;
        transfer->bytes = iov.bytes;
        transfer->iov += sizeof iov;
        transfer->iov_left--;
    }
    return true;
}

/* Where the next segment goes: the control block's array and, for a long call, frames that the last one before them
 * links to. NULL: no memory. */
PART(checks) static struct segment *extend(struct transfer *transfer, struct segment *segment)
{
    if (segment != transfer->last_segment)
        return segment;
    struct segment *more = frame_allocate();
    if (!more)
        return 0;
    *segment = (struct segment){(uint64_t)more, 0};
    transfer->last_segment = &more[FRAME_SEGMENTS - 1];
    *transfer->last_segment = (struct segment){0, 0};
    if (!transfer->frames)
        transfer->frames = more;
    return more;
}

/* Pins the call's next bytes: all of them, or as much as fits into the control block. Stops before the first byte that is not the user's;
 * -EFAULT if there is none before it. */
PART(checks) static int64_t pin(struct task *task, uint64_t access, bool whole)
{
    struct transfer *transfer = &task->transfer;
    struct control_block *cb = &task->cb;
    struct segment *segment = cb->segment;
    transfer->last_segment = &cb->segment[SEGMENT_MAX - 1];
    cb->bytes = 0;
    while (transfer->left && (whole || segment != transfer->last_segment) && next_piece(task)) {
        uint64_t bytes = MIN(MIN(transfer->bytes, transfer->left),
                             PAGE_BYTES - (transfer->address & (PAGE_BYTES - 1)));
        uint64_t physical = bytes ? space_resolve(task->space, transfer->address, access) : 0;
        struct segment *at = physical ? extend(transfer, segment) : 0;
        if (!at) {
            transfer->left = 0;
            break;
        }
        *at = (struct segment){physical, bytes};
        segment = at + 1;
        cb->bytes += bytes;
        transfer->address += bytes;
        transfer->bytes -= bytes;
        transfer->left -= bytes;
    }
    *segment = (struct segment){0, 0};
    return cb->bytes ? (int64_t)cb->bytes : -EFAULT;
}

static void unpin(struct transfer *transfer)
{
    while (transfer->frames) {
        struct segment *frame = transfer->frames;
        transfer->frames = (struct segment *)frame[FRAME_SEGMENTS - 1].address;
        frame_release(frame);
    }
}

static int64_t read_archive(struct file *file, struct control_block *cb, uint64_t *offset)
{
    uint64_t done = 0;
    if ((file->entry.mode & 0170000) == S_IFDIR)
        return -EISDIR;
    for (struct segment *at = cb->segment; at->bytes && *offset < file->entry.size_bytes; at++) {
        uint64_t bytes = MIN(at->bytes, file->entry.size_bytes - *offset);
        memcpy((void *)at->address, file->entry.data + *offset, bytes);
        *offset += bytes;
        done += bytes;
    }
    return (int64_t)done;
}

static int64_t read_zeros(struct control_block *cb)
{
    for (struct segment *at = cb->segment; at->bytes; at++)
        memset((void *)at->address, 0, at->bytes);
    return (int64_t)cb->bytes;
}

static int64_t read_console(struct control_block *cb)
{
    int64_t done = 0;
    for (struct segment *at = cb->segment; at->bytes; at++) {
        int64_t bytes = console_get((void *)at->address, at->bytes);
        if (bytes <= 0)
            return done ? done : bytes;
        done += bytes;
        if ((uint64_t)bytes < at->bytes)
            break;
    }
    return done;
}

static int64_t write_console(struct file *file, struct control_block *cb)
{
    for (struct segment *at = cb->segment; at->bytes; at++)
        console_put(file->console, (const void *)at->address, at->bytes);
    return (int64_t)cb->bytes;
}

static int64_t move(struct file *file, struct control_block *cb, uint64_t *offset, bool writes)
{
    switch ((enum file_kind)file->kind) {
    case FILE_CONSOLE:
        return writes ? write_console(file, cb) : read_console(cb);
    case FILE_ARCHIVE:
        return read_archive(file, cb, offset);
    case FILE_NULL:
        return writes ? (int64_t)cb->bytes : 0;
    case FILE_ZERO:
        return writes ? (int64_t)cb->bytes : read_zeros(cb);
    case FILE_PIPE:
        break;
    }
    return -EINVAL;
}

/* All files but pipes: everything in this call, chunk by chunk. */
static long move_all(struct task *task, struct file *file, uint64_t *offset, bool writes)
{
    struct transfer *transfer = &task->transfer;
    int64_t pinned, moved;
    do {
        pinned = pin(task, writes ? PROT_READ : PROT_WRITE, false);
        moved = pinned < 0 ? pinned : move(file, &task->cb, offset, writes);
        if (moved < 0)
            return transfer->done ? (long)transfer->done : moved;
        transfer->done += (uint64_t)moved;
    } while (moved == pinned && transfer->left && (writes || file->kind != FILE_CONSOLE));
    return (long)transfer->done;
}

/* No interrupt tells of input: the reader looks again every now and then. */
static long await_input(struct task *task)
{
    uint64_t again = time_now() + MAX(machine.timebase_hz / CONSOLE_POLLS_PER_SECOND, 1);
    spinlock_take(&process_lock);
    wait_retry(task, WAIT_CONSOLE, 0, again);
    spinlock_give(&process_lock);
    return SYSCALL_BLOCKED;
}

IN(checks) static enum progress pipe_moved(struct task *task)
{
    struct control_block *cb = &task->cb;
    unpin(&task->transfer);
    if (cb->broken)
        signal_raise(task, SIGPIPE);
    return request_answer(task, cb->result);
}

/* A receive takes what is there once, so it need not pin more than a pipe can hold. */
PART(checks) static long move_pipe(struct task *task, struct file *file, bool writes)
{
    struct control_block *cb = &task->cb;
    if (!writes)
        task->transfer.left = MIN(task->transfer.left, PIPE_BYTES);
    if (pin(task, writes ? PROT_READ : PROT_WRITE, true) < 0)
        return -EFAULT;
    cb->op = writes ? REQUEST_OP_SEND : REQUEST_OP_RECEIVE;
    cb->object = file->pipe;
    cb->nonblocking = (file->flags & O_NONBLOCK) != 0;
    cb->broken = 0;
    return request_call(task, pipe_moved);
}

PART(checks) static long start(struct task *task, struct file *file, uint64_t *offset, bool writes)
{
    uint64_t mode = file->flags & O_ACCMODE;
    if (writes ? mode == 0 : mode == O_WRONLY)
        return -EBADF;
    if (!task->transfer.left)
        return 0;
    if (file->kind == FILE_PIPE)
        return move_pipe(task, file, writes);
    long moved = move_all(task, file, offset, writes);
    bool empty = moved == -EAGAIN && !(file->flags & O_NONBLOCK);
    return empty ? await_input(task) : moved;
}

PART(checks) static long simple(struct task *task, bool writes)
{
    struct file *file = file_get(task, task_argument(task, 0));
    uint64_t bytes = task_argument(task, 2);
    if (!file)
        return -EBADF;
    if ((int64_t)bytes < 0)
        return -EINVAL;
    bytes = MIN(bytes, CALL_BYTES_MAX);
    task->transfer =
        (struct transfer){.address = task_argument(task, 1), .bytes = bytes, .left = bytes};
    return start(task, file, &file->offset, writes);
}

IN(checks) long sys_read(struct task *task)
{
    return simple(task, false);
}

IN(checks) long sys_write(struct task *task)
{
    return simple(task, true);
}

IN(checks) static long vector(struct task *task, bool writes)
{
    struct file *file = file_get(task, task_argument(task, 0));
    uint64_t iov = task_argument(task, 1), count = task_argument(task, 2), total = 0;
    if (!file)
        return -EBADF;
    if (count > IOV_MAX)
        return -EINVAL;
    for (uint64_t i = 0; i < count; i++) {
        struct linux_iovec piece;
        if (!user_read(task->space, &piece, iov + i * sizeof piece, sizeof piece))
            return -EFAULT;
        if ((int64_t)piece.bytes < 0)
            return -EINVAL;
        total = MIN(total + piece.bytes, CALL_BYTES_MAX);
    }
    task->transfer = (struct transfer){.iov = iov, .iov_left = count, .left = total};
    return start(task, file, &file->offset, writes);
}

long sys_readv(struct task *task)
{
    return vector(task, false);
}

long sys_writev(struct task *task)
{
    return vector(task, true);
}

long sys_pread64(struct task *task)
{
    struct file *file = file_get(task, task_argument(task, 0));
    uint64_t bytes = task_argument(task, 2), offset = task_argument(task, 3);
    if (!file)
        return -EBADF;
    if ((int64_t)bytes < 0 || (int64_t)offset < 0)
        return -EINVAL;
    if (file->kind == FILE_PIPE || file->kind == FILE_CONSOLE)
        return -ESPIPE;
    bytes = MIN(bytes, CALL_BYTES_MAX);
    task->transfer =
        (struct transfer){.address = task_argument(task, 1), .bytes = bytes, .left = bytes};
    return start(task, file, &offset, false);
}
