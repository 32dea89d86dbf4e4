/* SPDX-License-Identifier: Apache-2.0 */
/* System calls about descriptors and files, but for reading and writing (transfer.c). Files are read only: EROFS. A
 * descriptor of a pipe that is made or goes away is a request to the communication part. */
#include "include/bytes.h"
#include "kernel/file.h"
#include "kernel/process.h"
#include "kernel/request.h"
#include "kernel/syscall.h"
#include "kernel/user.h"

#define PATH_BYTES 256
#define BLOCK_BYTES 4096

static long path_argument(struct task *task, unsigned number, char *path)
{
    int64_t length = user_string(task->space, path, task_argument(task, number), PATH_BYTES);
    if (length == 0)
        return -ENOENT;
    if (length < 0)
        return (long)length;
    if (process_path(task, path) != path)
        text_copy(path, task->path, PATH_BYTES);
    return 0;
}

static long device_file(const char *path, uint64_t flags, struct file **file)
{
    static const struct {
        const char *path;
        enum file_kind kind;
        enum console console;
    } devices[] = {{"/dev/null", FILE_NULL, 0},
                   {"/dev/zero", FILE_ZERO, 0},
                   {"/dev/tty", FILE_CONSOLE, CONSOLE_MAIN},
                   {"/dev/console", FILE_CONSOLE, CONSOLE_MAIN},
                   {"/dev/stdin", FILE_CONSOLE, CONSOLE_MAIN},
                   {"/dev/stdout", FILE_CONSOLE, CONSOLE_MAIN},
                   {"/dev/stderr", FILE_CONSOLE, CONSOLE_ERROR}};
    for (unsigned i = 0; i < LENGTH(devices); i++) {
        if (!text_equal(path, devices[i].path))
            continue;
        *file = file_create(devices[i].kind, flags);
        if (*file && devices[i].kind == FILE_CONSOLE)
            (*file)->console = devices[i].console;
        return *file ? 0 : -ENOMEM;
    }
    return -ENOENT;
}

static long open_file(const char *path, uint64_t flags, struct file **file)
{
    struct archive_entry entry;
    if (device_file(path, flags, file) != -ENOENT)
        return *file ? 0 : -ENOMEM;
    if (!archive_find(path, &entry))
        return flags & O_CREAT ? -EROFS : -ENOENT;
    bool folder = (entry.mode & 0170000) == S_IFDIR;
    if ((flags & O_ACCMODE) != 0)
        return folder ? -EISDIR : -EROFS;
    if ((flags & O_DIRECTORY) && !folder)
        return -ENOTDIR;
    *file = file_create(FILE_ARCHIVE, flags);
    if (!*file)
        return -ENOMEM;
    (*file)->entry = entry;
    return 0;
}

long sys_openat(struct task *task)
{
    char path[PATH_BYTES];
    struct file *file = 0;
    uint64_t flags = task_argument(task, 2);
    long error = path_argument(task, 1, path);
    if (error)
        return error;
    int descriptor = descriptor_free(task, 0);
    if (descriptor < 0)
        return descriptor;
    error = open_file(path, flags & (O_ACCMODE | O_NONBLOCK | O_CREAT | O_DIRECTORY), &file);
    if (error)
        return error;
    descriptor_set(task, (unsigned)descriptor, file, flags & O_CLOEXEC);
    return descriptor;
}

static enum progress answer_zero(struct task *task)
{
    return request_answer(task, 0);
}

long sys_close(struct task *task)
{
    uint64_t descriptor = task_argument(task, 0);
    if (!file_get(task, descriptor))
        return -EBADF;
    if (descriptors_close(task, (unsigned)descriptor, (unsigned)descriptor + 1, 0, answer_zero) ==
        PROGRESS_BLOCKED)
        return SYSCALL_BLOCKED;
    return 0;
}

static enum progress answer_call0(struct task *task)
{
    return request_answer(task, (int64_t)task->call[0]);
}

/* Makes `target` a copy of a file's descriptor, in place of what it was. */
static long duplicate(struct task *task, struct file *file, unsigned target, bool close_on_exec)
{
    struct file *old = task->descriptors->file[target];
    request_control(task, IPC_ADJUST);
    if (file->kind == FILE_PIPE)
        request_adjust(task, file->pipe, file->end, 1);
    if (old && old->kind == FILE_PIPE)
        request_adjust(task, old->pipe, old->end, -1);
    __atomic_fetch_add(&file->references, 1, __ATOMIC_RELAXED);
    descriptor_set(task, target, file, close_on_exec);
    if (old)
        file_release(old);
    if (!task->cb.adjustment_count)
        return target;
    task->call[0] = target;
    return request_call(task, answer_call0);
}

static long duplicate_from(struct task *task, struct file *file, uint64_t from, bool close_on_exec)
{
    int target = descriptor_free(task, from);
    if (target < 0)
        return target;
    return duplicate(task, file, (unsigned)target, close_on_exec);
}

long sys_dup(struct task *task)
{
    struct file *file = file_get(task, task_argument(task, 0));
    return file ? duplicate_from(task, file, 0, false) : -EBADF;
}

long sys_dup3(struct task *task)
{
    uint64_t source = task_argument(task, 0), target = task_argument(task, 1);
    uint64_t flags = task_argument(task, 2);
    struct file *file = file_get(task, source);
    if ((flags & ~(uint64_t)O_CLOEXEC) || source == target)
        return -EINVAL;
    if (!file || target >= DESCRIPTOR_MAX)
        return -EBADF;
    return duplicate(task, file, (unsigned)target, flags & O_CLOEXEC);
}

long sys_fcntl(struct task *task)
{
    uint64_t descriptor = task_argument(task, 0), argument = task_argument(task, 2);
    struct file *file = file_get(task, descriptor);
    if (!file)
        return -EBADF;
    uint8_t *close_on_exec = &task->descriptors->close_on_exec[descriptor];
    switch (task_argument(task, 1)) {
    case F_DUPFD:
    case F_DUPFD_CLOEXEC:
        if (argument >= DESCRIPTOR_MAX)
            return -EINVAL;
        return duplicate_from(task, file, argument, task_argument(task, 1) == F_DUPFD_CLOEXEC);
    case F_GETFD:
        return *close_on_exec ? FD_CLOEXEC : 0;
    case F_SETFD:
        *close_on_exec = argument & FD_CLOEXEC;
        return 0;
    case F_GETFL:
        return (long)file->flags;
    case F_SETFL:
        file->flags = (file->flags & ~(uint64_t)O_NONBLOCK) | (argument & O_NONBLOCK);
        return 0;
    case F_GETPIPE_SZ:
        return file->kind == FILE_PIPE ? PIPE_BYTES : -EBADF;
    default:
        return -EINVAL;
    }
}

/* There is no terminal and no device with controls. */
long sys_ioctl(struct task *task)
{
    return file_get(task, task_argument(task, 0)) ? -ENOTTY : -EBADF;
}

long sys_lseek(struct task *task)
{
    struct file *file = file_get(task, task_argument(task, 0));
    int64_t offset = (int64_t)task_argument(task, 1), base;
    if (!file)
        return -EBADF;
    if (file->kind == FILE_PIPE || file->kind == FILE_CONSOLE)
        return -ESPIPE;
    if (file->kind != FILE_ARCHIVE)
        return 0;
    switch (task_argument(task, 2)) {
    case SEEK_SET:
        base = 0;
        break;
    case SEEK_CUR:
        base = (int64_t)file->offset;
        break;
    case SEEK_END:
        base = (int64_t)file->entry.size_bytes;
        break;
    default:
        return -EINVAL;
    }
    if (__builtin_add_overflow(base, offset, &base) || base < 0)
        return -EINVAL;
    file->offset = (uint64_t)base;
    return base;
}

static enum progress pipe_created(struct task *task)
{
    int64_t result = task->cb.result;
    if (result < 0)
        return request_answer(task, result);
    uint64_t flags = task->call[1];
    int32_t pair[2];
    for (unsigned end = 0; end < 2; end++) {
        struct file *file = file_create(FILE_PIPE, (flags & O_NONBLOCK) | (end ? O_WRONLY : 0));
        if (!file) /* the memory of one page was there just now: the half-made pipe is lost */
            return request_answer(task, -ENOMEM);
        file->pipe = (struct pipe *)result;
        file->end = end ? PIPE_WRITER : PIPE_READER;
        pair[end] = descriptor_free(task, 0);
        descriptor_set(task, (unsigned)pair[end], file, flags & O_CLOEXEC);
    }
    user_write(task->space, task->call[0], pair, sizeof pair);
    return request_answer(task, 0);
}

/* All that can go wrong with the answer is tried before the pipe is made. */
long sys_pipe2(struct task *task)
{
    int32_t pair[2] = {0};
    uint64_t flags = task_argument(task, 1);
    if (flags & ~(uint64_t)(O_CLOEXEC | O_NONBLOCK | O_DIRECT) || (flags & O_DIRECT))
        return -EINVAL;
    int first = descriptor_free(task, 0);
    if (first < 0 || descriptor_free(task, (uint64_t)first + 1) < 0)
        return -EMFILE;
    if (!user_write(task->space, task_argument(task, 0), pair, sizeof pair))
        return -EFAULT;
    task->call[0] = task_argument(task, 0);
    task->call[1] = flags;
    request_control(task, IPC_CREATE);
    return request_call(task, pipe_created);
}

static void stat_of(const struct file *file, struct linux_stat *stat)
{
    static const uint32_t modes[] = {[FILE_CONSOLE] = S_IFCHR | 0620,
                                     [FILE_NULL] = S_IFCHR | 0666,
                                     [FILE_ZERO] = S_IFCHR | 0666,
                                     [FILE_PIPE] = S_IFIFO | 0600};
    *stat = (struct linux_stat){.device = 1, .links = 1, .block_size = BLOCK_BYTES};
    if (file->kind != FILE_ARCHIVE) {
        stat->mode = modes[file->kind];
        stat->inode = file->kind == FILE_PIPE ? (uint64_t)file->pipe : file->kind + 2;
        stat->special_device = file->kind == FILE_PIPE ? 0 : 0x0100 | (file->kind + 1);
        return;
    }
    stat->mode = file->entry.mode;
    stat->inode = file->entry.inode;
    stat->size = (int64_t)file->entry.size_bytes;
    stat->blocks = (stat->size + 511) / 512;
    stat->access_seconds = stat->modify_seconds = stat->change_seconds = file->entry.modify_seconds;
}

static long give_stat(struct task *task, const struct file *file, uint64_t address)
{
    struct linux_stat stat;
    stat_of(file, &stat);
    return user_write(task->space, address, &stat, sizeof stat) ? 0 : -EFAULT;
}

long sys_fstat(struct task *task)
{
    struct file *file = file_get(task, task_argument(task, 0));
    return file ? give_stat(task, file, task_argument(task, 1)) : -EBADF;
}

long sys_newfstatat(struct task *task)
{
    char path[PATH_BYTES];
    struct file *file = 0;
    long error = path_argument(task, 1, path);
    if (error == -ENOENT && (task_argument(task, 3) & AT_EMPTY_PATH)) {
        file = file_get(task, task_argument(task, 0));
        return file ? give_stat(task, file, task_argument(task, 2)) : -EBADF;
    }
    if (!error)
        error = open_file(path, 0, &file);
    if (error)
        return error;
    error = give_stat(task, file, task_argument(task, 2));
    file_release(file);
    return error;
}

long sys_faccessat(struct task *task)
{
    char path[PATH_BYTES];
    struct file *file = 0;
    long error = path_argument(task, 1, path);
    if (!error)
        error = open_file(path, 0, &file);
    if (error)
        return error;
    bool archive = file->kind == FILE_ARCHIVE;
    file_release(file);
    return archive && (task_argument(task, 2) & 2) ? -EROFS : 0;
}
