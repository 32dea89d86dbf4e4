/* SPDX-License-Identifier: Apache-2.0 */
/* print.h: formats into a line's buffer, which goes out in one piece. Longer lines are cut. */
#include "kernel/print.h"

#include <stdarg.h>

#include "boot/machine.h"
#include "include/bytes.h"
#include "kernel/console.h"

#define LINE_BYTES 256

struct line {
    char text[LINE_BYTES];
    unsigned length;
};

static void add(struct line *line, char letter)
{
    if (line->length < LINE_BYTES)
        line->text[line->length++] = letter;
}

static void add_text(struct line *line, const char *text)
{
    while (*text)
        add(line, *text++);
}

static void add_number(struct line *line, uint64_t value, unsigned base)
{
    char digits[20];
    unsigned count = 0;
    do
        digits[count++] = "0123456789abcdef"[value % base];
    while (value /= base);
    while (count)
        add(line, digits[--count]);
}

static void format_line(struct line *line, const char *format, va_list arguments)
{
    for (; *format; format++) {
        if (*format != '%' || !format[1]) {
            add(line, *format);
            continue;
        }
        format++;
        if (*format == 's') {
            add_text(line, va_arg(arguments, const char *));
        } else if (*format == 'd') {
            add_number(line, va_arg(arguments, uint64_t), 10);
        } else {
            add_text(line, "0x");
            add_number(line, va_arg(arguments, uint64_t), 16);
        }
    }
}

void print(const char *format, ...)
{
    struct line line = {.length = 0};
    va_list arguments;
    va_start(arguments, format);
    format_line(&line, format, arguments);
    va_end(arguments);
    console_put(CONSOLE_ERROR, line.text, line.length);
}

_Noreturn void panic(const char *format, ...)
{
    struct line line = {.length = 0};
    va_list arguments;
    add_text(&line, "panic: ");
    va_start(arguments, format);
    format_line(&line, format, arguments);
    va_end(arguments);
    line.length = MIN(line.length, LINE_BYTES - 1);
    add(&line, '\n');
    console_put(CONSOLE_ERROR, line.text, line.length);
    machine_end(PANIC_STATUS);
}
