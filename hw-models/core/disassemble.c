/* SPDX-License-Identifier: Apache-2.0 */
/* Instructions as text, for the reports of tests and debuggers: plain operands in the manual's
 * order, no pseudo-instructions; a compressed instruction is shown as what it stands for. */
#include "core/instruction.h"

#include <inttypes.h>
#include <stdio.h>

static const char *const mnemonics[OPERATION_COUNT] = {
#define INSTRUCTION(id, mnemonic, encoding, format, timing, body) [OPERATION_##id] = mnemonic,
#include "core/instructions.def"
#undef INSTRUCTION
};

static int print_register(char *text, size_t size, uint8_t file, uint8_t number)
{
    unsigned shown = number == REGISTER_SINK ? 0 : number;
    return snprintf(text, size, "%c%u", file == REGISTER_F ? 'f' : 'x', shown);
}

static int print_operand(char *text, size_t size, char letter, const struct instruction *i,
                         uint64_t pc)
{
    const struct instruction_format *f = instruction_format(i);
    uint32_t raw = (uint32_t)i->immediate;

    switch (letter) {
    case 'd':
        return print_register(text, size, f->rd, i->rd);
    case 's':
        return print_register(text, size, f->rs1, i->rs1);
    case 't':
        return print_register(text, size, f->rs2, i->rs2);
    case 'r':
        return print_register(text, size, f->rs3, i->rs3);
    case 'i':
        return snprintf(text, size, "%" PRId32, i->immediate);
    case 'm':
        return snprintf(text, size, "%" PRId32 "(x%u)", i->immediate, i->rs1);
    case 'a':
        return snprintf(text, size, "(x%u)", i->rs1);
    case 'p':
        return snprintf(text, size, "0x%" PRIx64, pc + (uint64_t)(int64_t)i->immediate);
    case 'u':
        return snprintf(text, size, "0x%" PRIx32, raw >> 12);
    case 'c':
        return snprintf(text, size, "0x%" PRIx32, raw >> 20);
    case 'z':
        return snprintf(text, size, "%" PRIu32, raw >> 15 & 31);
    default:
        return snprintf(text, size, "%c", letter);
    }
}

void instruction_print(char *text, size_t size, uint32_t word, uint64_t pc)
{
    struct instruction i = instruction_decode(word);
    const char *mnemonic = mnemonics[i.operation];

    if (!mnemonic) {
        snprintf(text, size, ".%ubyte 0x%" PRIx32, i.length, (uint32_t)i.immediate);
        return;
    }
    int used = snprintf(text, size, "%s", mnemonic);
    const char *separator = " ";
    for (const char *s = instruction_format(&i)->syntax; *s && (size_t)used + 1 < size; s++) {
        used += snprintf(text + used, size - (size_t)used, "%s", *s == ',' ? "," : separator);
        separator = "";
        if (*s != ',' && (size_t)used + 1 < size)
            used += print_operand(text + used, size - (size_t)used, *s, &i, pc);
    }
}
