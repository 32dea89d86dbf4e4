/* SPDX-License-Identifier: Apache-2.0 */
/* Reading and writing: read, write, readv, writev, pread64. The user's memory is pinned page by page into the control
 * block's segments, up to SEGMENT_MAX at a time; a pipe's segments travel to the communication part, other files take
 * them at once. A long call goes in several requests, of which the observer sees one. */
#include "boot/machine.h"
#include "include/bytes.h"
#include "include/csr.h"
#include "include/probe.h"
#include "kernel/file.h"
#include "kernel/request.h"
#include "kernel/signal.h"
#include "kernel/syscall.h"
#include "kernel/user.h"
#include "kernel/wait.h"

#define CALL_BYTES_MAX 0x7ffff000 /* Linux: MAX_RW_COUNT */
#define IOV_MAX 1024
#define CONSOLE_POLLS_PER_SECOND 1000

/* The next piece of a vector that has bytes. false: its description cannot be read. */
static bool next_piece(struct task *task)
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

/* Pins as much as fits into the control block; returns the bytes, or -EFAULT if the first is not the user's. */
IN(checks) static int64_t pin(struct task *task, uint64_t access)
{
    struct transfer *transfer = &task->transfer;
    struct control_block *cb = &task->cb;
    cb->segment_count = 0;
    cb->bytes = 0;
    while (transfer->left && cb->segment_count < SEGMENT_MAX) {
        if (!next_piece(task))
            break;
        uint64_t bytes = MIN(MIN(transfer->bytes, transfer->left),
                             PAGE_BYTES - (transfer->address & (PAGE_BYTES - 1)));
        uint64_t physical = bytes ? space_resolve(task->space, transfer->address, access) : 0;
        if (!physical) {
            transfer->left = 0; /* what comes before the bad address still moves */
            break;
        }
        cb->segment[cb->segment_count++] = (struct segment){physical, bytes};
        cb->bytes += bytes;
        transfer->address += bytes;
        transfer->bytes -= bytes;
        transfer->left -= bytes;
    }
    cb->bytes_after = transfer->left;
    return cb->bytes ? (int64_t)cb->bytes : -EFAULT;
}

static int64_t read_archive(struct file *file, struct control_block *cb, uint64_t *offset)
{
    uint64_t done = 0;
    if ((file->entry.mode & 0170000) == S_IFDIR)
        return -EISDIR;
    for (unsigned i = 0; i < cb->segment_count && *offset < file->entry.size_bytes; i++) {
        uint64_t bytes = MIN(cb->segment[i].bytes, file->entry.size_bytes - *offset);
        memcpy((void *)cb->segment[i].address, file->entry.data + *offset, bytes);
        *offset += bytes;
        done += bytes;
    }
    return (int64_t)done;
}

static int64_t read_zeros(struct control_block *cb)
{
    for (unsigned i = 0; i < cb->segment_count; i++)
        memset((void *)cb->segment[i].address, 0, cb->segment[i].bytes);
    return (int64_t)cb->bytes;
}

static int64_t read_console(struct control_block *cb)
{
    int64_t done = 0;
    for (unsigned i = 0; i < cb->segment_count; i++) {
        int64_t bytes = console_get((void *)cb->segment[i].address, cb->segment[i].bytes);
        if (bytes <= 0)
            return done ? done : bytes;
        done += bytes;
        if ((uint64_t)bytes < cb->segment[i].bytes)
            break;
    }
    return done;
}

static int64_t write_console(struct file *file, struct control_block *cb)
{
    for (unsigned i = 0; i < cb->segment_count; i++)
        console_put(file->console, (const void *)cb->segment[i].address, cb->segment[i].bytes);
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
        pinned = pin(task, writes ? PROT_READ : PROT_WRITE);
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

/* Fills the control block for the next part of a call on a pipe. false: the call is over, and answered. */
IN(checks) static bool pipe_prepare(struct task *task, bool writes)
{
    struct control_block *cb = &task->cb;
    int64_t pinned = pin(task, writes ? PROT_READ : PROT_WRITE);
    if (pinned < 0) {
        request_answer(task, task->transfer.done ? (int64_t)task->transfer.done : pinned);
        return false;
    }
    if (!writes)
        cb->bytes_after = 0; /* a receive takes what is there, once */
    cb->object = task->transfer.file->pipe;
    cb->op = writes ? IPC_SEND : IPC_RECEIVE;
    cb->nonblocking = (task->transfer.file->flags & O_NONBLOCK) != 0;
    cb->broken = 0;
    if (task->transfer.done)
        return true;
    if (writes)
        PROBE(request, cb, REQUEST_OP_SEND, cb->object, cb->bytes + cb->bytes_after);
    else
        PROBE(request, cb, REQUEST_OP_RECEIVE, cb->object, cb->bytes);
    return true;
}

/* Takes up a part's result. true: another part follows; false: the call is answered. */
static bool pipe_account(struct task *task)
{
    struct control_block *cb = &task->cb;
    struct transfer *transfer = &task->transfer;
    if (cb->broken)
        signal_raise(task, SIGPIPE);
    if (cb->result > 0)
        transfer->done += (uint64_t)cb->result;
    if ((uint64_t)cb->result == cb->bytes && cb->bytes_after && !cb->broken && !signal_waits(task))
        return true;
    request_answer(task, transfer->done ? (int64_t)transfer->done : cb->result);
    return false;
}

static enum progress pipe_moved(struct task *task);

static enum progress pipe_go(struct task *task, bool writes)
{
    do {
        if (!pipe_prepare(task, writes))
            return PROGRESS_READY;
        if (request_submit(task, pipe_moved) == PROGRESS_BLOCKED)
            return PROGRESS_BLOCKED;
    } while (pipe_account(task));
    return PROGRESS_READY;
}

static enum progress pipe_moved(struct task *task)
{
    return pipe_account(task) ? pipe_go(task, true) : PROGRESS_READY;
}

static long start(struct task *task, struct file *file, uint64_t *offset, bool writes)
{
    uint64_t mode = file->flags & O_ACCMODE;
    if (writes ? mode == 0 : mode == O_WRONLY)
        return -EBADF;
    if (!task->transfer.left)
        return 0;
    if (file->kind == FILE_PIPE) {
        task->transfer.file = file;
        return pipe_go(task, writes) == PROGRESS_READY ? SYSCALL_READY : SYSCALL_BLOCKED;
    }
    long moved = move_all(task, file, offset, writes);
    bool empty = moved == -EAGAIN && !(file->flags & O_NONBLOCK);
    return empty ? await_input(task) : moved;
}

static long simple(struct task *task, bool writes)
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

static long vector(struct task *task, bool writes)
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
