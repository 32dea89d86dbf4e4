/* SPDX-License-Identifier: Apache-2.0 */
/* The target description: what registers an RV64 hart has, from the table of CSRs. Feature and register names are those
 * GDB knows for RISC-V. */
#include <stdarg.h>
#include <stdio.h>

#include "debug/target.h"

#define FIRST_OTHER_CSR 4 /* fflags, frm and fcsr belong to the floating-point feature */

static const char *const x_names[] = {
    "zero", "ra", "sp", "gp", "tp",  "t0",  "t1", "t2", "fp", "s1", "a0",
    "a1",   "a2", "a3", "a4", "a5",  "a6",  "a7", "s2", "s3", "s4", "s5",
    "s6",   "s7", "s8", "s9", "s10", "s11", "t3", "t4", "t5", "t6", "pc",
};
static const char *const f_names[] = {
    "ft0", "ft1", "ft2", "ft3", "ft4",  "ft5",  "ft6", "ft7", "fs0",  "fs1",  "fa0",
    "fa1", "fa2", "fa3", "fa4", "fa5",  "fa6",  "fa7", "fs2", "fs3",  "fs4",  "fs5",
    "fs6", "fs7", "fs8", "fs9", "fs10", "fs11", "ft8", "ft9", "ft10", "ft11",
};
static const struct {
    unsigned number;
    const char *name;
} csrs[] = {
#define CSR(number, name, read, write) {number, name},
#include "core/csr.def"
#undef CSR
};

struct text {
    char *bytes;
    size_t size;
};

static void put(struct text *text, const char *format, ...) __attribute__((format(printf, 2, 3)));
static void put(struct text *text, const char *format, ...)
{
    size_t room = TARGET_DESCRIPTION_BYTES - text->size;
    va_list arguments;
    va_start(arguments, format);
    int length = vsnprintf(text->bytes + text->size, room, format, arguments);
    va_end(arguments);
    text->size += (size_t)length < room ? (size_t)length : room - 1;
}

static void put_register(struct text *text, const char *name, unsigned number, const char *rest)
{
    put(text, "<reg name=\"%s\" bitsize=\"64\" regnum=\"%u\" %s/>\n", name, number, rest);
}

static void put_csrs(struct text *text, bool floating)
{
    for (size_t n = 0; n < sizeof csrs / sizeof *csrs; n++)
        if ((csrs[n].number < FIRST_OTHER_CSR) == floating)
            put_register(text, csrs[n].name, TARGET_CSR0 + csrs[n].number,
                         floating ? "type=\"int\" group=\"float\"" : "type=\"int\" group=\"csr\"");
}

static void put_protection(struct text *text)
{
    char name[16];
    for (unsigned n = 0; n < 4; n += 2) {
        snprintf(name, sizeof name, "pmpcfg%u", n);
        put_register(text, name, TARGET_CSR0 + 0x3a0 + n, "type=\"int\" group=\"csr\"");
    }
    for (unsigned n = 0; n < 16; n++) {
        snprintf(name, sizeof name, "pmpaddr%u", n);
        put_register(text, name, TARGET_CSR0 + 0x3b0 + n, "type=\"int\" group=\"csr\"");
    }
}

size_t target_describe(char bytes[TARGET_DESCRIPTION_BYTES])
{
    struct text text = {bytes, 0};
    put(&text,
        "<?xml version=\"1.0\"?>\n<!DOCTYPE target SYSTEM \"gdb-target.dtd\">\n<target>\n"
        "<architecture>riscv:rv64</architecture>\n<feature name=\"org.gnu.gdb.riscv.cpu\">\n");
    for (unsigned n = 0; n <= TARGET_PC; n++)
        put_register(&text, x_names[n], n,
                     n == TARGET_PC || n == 1 ? "type=\"code_ptr\""
                     : n == 2                 ? "type=\"data_ptr\""
                                              : "type=\"int\"");
    put(&text, "</feature>\n<feature name=\"org.gnu.gdb.riscv.fpu\">\n<union id=\"riscv_double\">"
               "<field name=\"float\" type=\"ieee_single\"/><field name=\"double\" "
               "type=\"ieee_double\"/></union>\n");
    for (unsigned n = 0; n < 32; n++)
        put_register(&text, f_names[n], TARGET_F0 + n, "type=\"riscv_double\" group=\"float\"");
    put_csrs(&text, true);
    put(&text, "</feature>\n<feature name=\"org.gnu.gdb.riscv.virtual\">\n");
    put_register(&text, "priv", TARGET_PRIVILEGE, "type=\"int\"");
    put(&text, "</feature>\n<feature name=\"org.gnu.gdb.riscv.csr\">\n");
    put_csrs(&text, false);
    put_protection(&text);
    put(&text, "</feature>\n</target>\n");
    return text.size;
}
