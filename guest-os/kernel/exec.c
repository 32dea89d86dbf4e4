/* SPDX-License-Identifier: Apache-2.0 */
/* exec.h, and execve. Arguments and environment are first packed into one block of NUL-terminated strings, the form that
 * /.exec has by itself; from it the new stack is built as the psABI and Linux want it. */
#include "kernel/exec.h"

#include "boot/machine.h"
#include "fs/archive.h"
#include "include/bytes.h"
#include "include/probe.h"
#include "include/random.h"
#include "include/spinlock.h"
#include "kernel/area.h"
#include "kernel/elf.h"
#include "kernel/file.h"
#include "kernel/print.h"
#include "kernel/process.h"
#include "kernel/schedule.h"
#include "kernel/signal.h"
#include "kernel/syscall.h"
#include "kernel/user.h"
#include "kernel/wait.h"

#define BLOCK_BYTES 131072
#define AUXILIARY_WORDS 40

/* path, argc arguments, envc environment entries */
struct strings {
    uint64_t argc, envc;
    const char *text;
    uint64_t bytes;
};

/* Packing space for one execve at a time. */
static struct spinlock block_lock;
static char block[BLOCK_BYTES] __attribute__((section(".noinit")));

static int64_t pack(struct space *space, uint64_t vector, uint64_t *bytes)
{
    int64_t count = 0;
    for (;; count++) {
        uint64_t address;
        if (!vector)
            return 0;
        if (!user_read(space, &address, vector + 8 * (uint64_t)count, sizeof address))
            return -EFAULT;
        if (!address)
            return count;
        int64_t length = user_string(space, block + *bytes, address, BLOCK_BYTES - *bytes);
        if (length < 0)
            return length == -ENAMETOOLONG ? -E2BIG : length;
        *bytes += (uint64_t)length + 1;
    }
}

static long pack_arguments(struct task *task, struct strings *strings)
{
    int64_t length = user_string(task->space, block, task_argument(task, 0), BLOCK_BYTES);
    if (length < 0)
        return length;
    uint64_t bytes = (uint64_t)length + 1;
    int64_t argc = pack(task->space, task_argument(task, 1), &bytes);
    if (argc < 0)
        return argc;
    int64_t envc = pack(task->space, task_argument(task, 2), &bytes);
    if (envc < 0)
        return envc;
    *strings = (struct strings){(uint64_t)argc, (uint64_t)envc, block, bytes};
    return 0;
}

struct stack {
    struct space *space;
    uint64_t top; /* grows down */
    bool complete;
};

static uint64_t push(struct stack *stack, const void *bytes, uint64_t size_bytes)
{
    stack->top -= size_bytes;
    stack->complete &= user_write(stack->space, stack->top, bytes, size_bytes);
    return stack->top;
}

static unsigned fill_auxiliary(uint64_t *word, const struct elf_program *program, uint64_t random,
                               uint64_t path)
{
    const uint64_t pairs[][2] = {{AT_PHDR, program->headers},
                                 {AT_PHENT, 56},
                                 {AT_PHNUM, program->header_count},
                                 {AT_PAGESZ, PAGE_BYTES},
                                 {AT_BASE, 0},
                                 {AT_FLAGS, 0},
                                 {AT_ENTRY, program->entry},
                                 {AT_UID, 0},
                                 {AT_EUID, 0},
                                 {AT_GID, 0},
                                 {AT_EGID, 0},
                                 {AT_HWCAP, HWCAP_IMAFDC},
                                 {AT_CLKTCK, CLOCK_TICKS_PER_SECOND},
                                 {AT_SECURE, 0},
                                 {AT_RANDOM, random},
                                 {AT_EXECFN, path},
                                 {AT_NULL, 0}};
    _Static_assert(LENGTH(pairs) * 2 <= AUXILIARY_WORDS, "room for the auxiliary vector");
    memcpy(word, pairs, sizeof pairs);
    return LENGTH(pairs) * 2;
}

/* The pointers to `count` strings, which begin at user address *at; and a NULL. */
static void write_pointers(struct stack *stack, uint64_t *word, uint64_t count, uint64_t *at,
                           const char **text)
{
    uint64_t zero = 0;
    for (; count; count--) {
        stack->complete &= user_write(stack->space, *word, at, sizeof *at);
        *word += 8;
        *at += strlen(*text) + 1;
        *text += strlen(*text) + 1;
    }
    stack->complete &= user_write(stack->space, *word, &zero, sizeof zero);
    *word += 8;
}

/* From the top: strings, random bytes, auxiliary vector, environment, arguments, their count. 0: no memory. */
static uint64_t build_stack(struct space *space, uint64_t end, const struct strings *strings,
                            const struct elf_program *program)
{
    struct stack stack = {space, end - 16, true};
    uint64_t random[2] = {random_next(), random_next()}, auxiliary[AUXILIARY_WORDS];
    uint64_t at = push(&stack, strings->text, strings->bytes);
    stack.top = ROUND_DOWN(stack.top, 16);
    uint64_t random_at = push(&stack, random, sizeof random);
    unsigned words = fill_auxiliary(auxiliary, program, random_at, at);
    uint64_t below = 1 + strings->argc + 1 + strings->envc + 1;
    if ((words + below) % 2)
        stack.top -= 8;
    push(&stack, auxiliary, words * 8);
    uint64_t sp = stack.top - below * 8, word = sp + 8;
    const char *text = strings->text;
    at += strlen(text) + 1;
    text += strlen(text) + 1;
    stack.complete &= user_write(space, sp, &strings->argc, 8);
    write_pointers(&stack, &word, strings->argc, &at, &text);
    write_pointers(&stack, &word, strings->envc, &at, &text);
    return stack.complete ? sp : 0;
}

/* As /proc/self/exe says it: from the root, which is every process's folder. */
static void absolute_path(char *to, const char *path, uint64_t bytes)
{
    while (path[0] == '.' && path[1] == '/')
        path += 2;
    to[0] = '/';
    text_copy(to + (*path != '/'), path, bytes - 1);
}

static void name_task(struct task *task, const char *path)
{
    const char *last = path;
    absolute_path(task->path, path, sizeof task->path);
    for (; *path; path++)
        if (*path == '/')
            last = path + 1;
    memset(&task->name, 0, sizeof task->name);
    text_copy(task->name.text, last, sizeof task->name);
    process_name(task, task->pid, task->name.word[0], task->name.word[1]);
}

/* A new space with the program and its stack; *sp is where it starts. 0 or a negative errno. */
static long build(const char *path, const struct strings *strings, struct space **space,
                  struct elf_program *program, uint64_t *sp)
{
    struct archive_entry file;
    uint64_t end = USER_HIGH_END - random_next() % USER_STACK_PLACES * PAGE_BYTES;
    struct area stack = {
        .begin = end - USER_STACK_BYTES, .end = end, .protection = PROT_READ | PROT_WRITE};
    if (!archive_find(path, &file))
        return -ENOENT;
    if ((file.mode & 0170000) != S_IFREG || !(file.mode & 0111))
        return -EACCES;
    *space = space_create();
    if (!*space)
        return -ENOMEM;
    long error = elf_load(*space, &file, program);
    if (!error && !area_insert(*space, &stack))
        error = -ENOEXEC;
    if (!error && !(*sp = build_stack(*space, end, strings, program)))
        error = -ENOMEM;
    if (error)
        space_release(*space);
    return error;
}

static void enter(struct task *task, struct space *space, const struct elf_program *program,
                  uint64_t sp)
{
    memset(&task->frame, 0, sizeof task->frame);
    memset(task->fp, 0, sizeof task->fp);
    task->frame.x[REG_PC] = program->entry;
    task->frame.x[REG_SP] = sp;
    task->space = space;
    task->fp_hart = 0;
    task->clear_child_tid = 0;
    for (unsigned i = 0; i < SIGNAL_COUNT; i++)
        if (task->actions[i].handler != SIG_IGN)
            task->actions[i] = (struct linux_sigaction){.handler = SIG_DFL};
}

static enum progress close_rest(struct task *task)
{
    return descriptors_close(task, 0, DESCRIPTOR_MAX, descriptor_closes_on_exec, close_rest);
}

static long replace(struct task *task)
{
    struct strings strings;
    struct space *space, *old = task->space;
    struct elf_program program;
    uint64_t sp;
    long error = pack_arguments(task, &strings);
    const char *path = error ? 0 : process_path(task, strings.text);
    if (!error)
        error = build(path, &strings, &space, &program, &sp);
    if (error)
        return error;
    if (path != task->path)
        name_task(task, path);
    enter(task, space, &program, sp);
    schedule_fp_drop();
    space_activate(space);
    space_release(old);
    spinlock_take(&process_lock);
    process_vfork_end(task);
    spinlock_give(&process_lock);
    return 0;
}

long sys_execve(struct task *task)
{
    spinlock_take(&block_lock);
    long error = replace(task);
    spinlock_give(&block_lock);
    if (error)
        return error;
    return close_rest(task) == PROGRESS_READY ? SYSCALL_READY : SYSCALL_BLOCKED;
}

static uint64_t number(const char **text, const char *end)
{
    uint64_t value = 0;
    while (*text < end && **text >= '0' && **text <= '9')
        value = value * 10 + (uint64_t)(*(*text)++ - '0');
    return value;
}

/* "ARGC ENVC\n", then the strings. */
static bool parse(const struct archive_entry *file, struct strings *strings)
{
    const char *text = (const char *)file->data, *end = text + file->size_bytes;
    strings->argc = number(&text, end);
    if (text == end || *text++ != ' ')
        return false;
    strings->envc = number(&text, end);
    if (text == end || *text++ != '\n')
        return false;
    strings->text = text;
    uint64_t left = 1 + strings->argc + strings->envc;
    for (; text < end && left; text++)
        left -= !*text;
    strings->bytes = (uint64_t)(text - strings->text);
    return !left && strings->bytes <= BLOCK_BYTES;
}

void exec_first(struct task *task)
{
    struct archive_entry file;
    struct strings strings;
    struct space *space;
    struct elf_program program;
    uint64_t sp;
    if (!archive_find("/.exec", &file) || !file.data || !parse(&file, &strings))
        panic("the archive has no sound /.exec");
    long error = build(strings.text, &strings, &space, &program, &sp);
    if (error)
        panic("cannot run %s: %s", strings.text,
              error == -ENOENT    ? "no such file in the archive"
              : error == -EACCES  ? "not an executable file"
              : error == -ENOEXEC ? "not a static ELF program for 64-bit RISC-V"
                                  : "not enough memory");
    name_task(task, strings.text);
    enter(task, space, &program, sp);
}
