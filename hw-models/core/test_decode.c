/* SPDX-License-Identifier: Apache-2.0 */
/* The instruction tables: no two entries overlap, every compressed form stands for what the manual
 * says, and what is reserved is illegal. */
#include "core/harness.h"
#include "core/instruction.h"

static const struct {
    uint32_t match, care;
    const char *mnemonic;
} rows[] = {
#define INSTRUCTION(id, mnemonic, encoding, format, timing, body)                                  \
    {(uint32_t)(encoding), (uint32_t)((encoding) >> 32), mnemonic},
#include "core/instructions.def"
#undef INSTRUCTION
};
#define ROWS (sizeof rows / sizeof rows[0])

/* A hint: a case of the other's encoding, which the decoder finds first. */
static bool is_case_of(size_t hint, size_t general)
{
    return hint < general && rows[hint].care != rows[general].care &&
           (rows[hint].care & rows[general].care) == rows[general].care;
}

static void test_no_two_encodings_overlap(void **state)
{
    (void)state;
    for (size_t i = 0; i < ROWS; i++) {
        assert_int_equal(rows[i].match & ~rows[i].care, 0);
        assert_false(instruction_is_short(rows[i].match));
        for (size_t k = 0; k < i; k++)
            if (((rows[i].match ^ rows[k].match) & rows[i].care & rows[k].care) == 0 &&
                !is_case_of(k, i))
                fail_msg("%s and %s overlap", rows[i].mnemonic, rows[k].mnemonic);
    }
}

static void test_each_row_decodes_to_itself(void **state)
{
    (void)state;
    for (size_t i = 0; i < ROWS; i++)
        for (unsigned fill = 0; fill < 2; fill++) {
            uint32_t word = rows[i].match | (fill ? ~rows[i].care : 0);
            assert_int_equal(instruction_decode(word).operation, OPERATION_replay + 1 + i);
            assert_int_equal(instruction_decode(word).length, 4);
        }
}

static void expect(uint32_t word, const char *text)
{
    char got[80];
    instruction_print(got, sizeof got, word, 0x1000);
    assert_string_equal(got, text);
}

static void test_long_forms(void **state)
{
    (void)state;
    expect(0xfff28313, "addi x6,x5,-1");
    expect(0x12345537, "lui x10,0x12345");
    expect(0xfe5216e3, "bne x4,x5,0xfec");
    expect(0xff1ff06f, "jal x0,0xff0");
    expect(0x01053283, "ld x5,16(x10)");
    expect(0xfe553c23, "sd x5,-8(x10)");
    expect(0x43f55513, "srai x10,x10,63");
    expect(0x00b5252f, "amoadd.w x10,x11,(x10)");
    expect(0x1005252f, "lr.w x10,(x10)");
    expect(0x30529073, "csrrw x0,0x305,x5");
    expect(0x300467f3, "csrrsi x15,0x300,8");
    expect(0x02b57553, "fadd.d f10,f10,f11");
    expect(0x62c5f543, "fmadd.d f10,f11,f12,f12");
    expect(0xd2257553, "fcvt.d.l f10,x10");
    expect(0xe2050553, "fmv.x.d x10,f10");
    expect(0x0100000f, "pause");
    expect(0x0ff0000f, "fence");
    expect(0x00000000, ".2byte 0x0");
    expect(0xffffffff, ".4byte 0xffffffff");
}

/* Words and texts made by GNU as and objdump. */
static void test_bit_manipulation(void **state)
{
    (void)state;
    expect(0x08c5853b, "add.uw x10,x11,x12");
    expect(0x20c5a533, "sh1add x10,x11,x12");
    expect(0x20c5c533, "sh2add x10,x11,x12");
    expect(0x20c5e533, "sh3add x10,x11,x12");
    expect(0x20c5a53b, "sh1add.uw x10,x11,x12");
    expect(0x20c5c53b, "sh2add.uw x10,x11,x12");
    expect(0x20c5e53b, "sh3add.uw x10,x11,x12");
    expect(0x0bf5951b, "slli.uw x10,x11,63");
    expect(0x40c5f533, "andn x10,x11,x12");
    expect(0x40c5e533, "orn x10,x11,x12");
    expect(0x40c5c533, "xnor x10,x11,x12");
    expect(0x60059513, "clz x10,x11");
    expect(0x6005951b, "clzw x10,x11");
    expect(0x60159513, "ctz x10,x11");
    expect(0x6015951b, "ctzw x10,x11");
    expect(0x60259513, "cpop x10,x11");
    expect(0x6025951b, "cpopw x10,x11");
    expect(0x0ac5e533, "max x10,x11,x12");
    expect(0x0ac5f533, "maxu x10,x11,x12");
    expect(0x0ac5c533, "min x10,x11,x12");
    expect(0x0ac5d533, "minu x10,x11,x12");
    expect(0x60459513, "sext.b x10,x11");
    expect(0x60559513, "sext.h x10,x11");
    expect(0x0805c53b, "zext.h x10,x11");
    expect(0x60c59533, "rol x10,x11,x12");
    expect(0x60c5953b, "rolw x10,x11,x12");
    expect(0x60c5d533, "ror x10,x11,x12");
    expect(0x63f5d513, "rori x10,x11,63");
    expect(0x61f5d51b, "roriw x10,x11,31");
    expect(0x60c5d53b, "rorw x10,x11,x12");
    expect(0x2875d513, "orc.b x10,x11");
    expect(0x6b85d513, "rev8 x10,x11");
    expect(0x0ac59533, "clmul x10,x11,x12");
    expect(0x0ac5a533, "clmulr x10,x11,x12");
    expect(0x0ac5b533, "clmulh x10,x11,x12");
    expect(0x48c59533, "bclr x10,x11,x12");
    expect(0x4bf59513, "bclri x10,x11,63");
    expect(0x48c5d533, "bext x10,x11,x12");
    expect(0x4bf5d513, "bexti x10,x11,63");
    expect(0x68c59533, "binv x10,x11,x12");
    expect(0x6bf59513, "binvi x10,x11,63");
    expect(0x28c59533, "bset x10,x11,x12");
    expect(0x2bf59513, "bseti x10,x11,63");
}

/* Words and texts made by GNU as and objdump, one for each compressed form (pseudo-instructions
 * written out). */
static void test_compressed_forms(void **state)
{
    (void)state;
    expect(0x1008, "addi x10,x2,32");
    expect(0x21a8, "fld f10,64(x11)");
    expect(0x41a8, "lw x10,64(x11)");
    expect(0x65a8, "ld x10,72(x11)");
    expect(0xa5a8, "fsd f10,72(x11)");
    expect(0xc1e8, "sw x10,68(x11)");
    expect(0xe5a8, "sd x10,72(x11)");
    expect(0x0001, "addi x0,x0,0");
    expect(0x157d, "addi x10,x10,-1");
    expect(0x257d, "addiw x10,x10,31");
    expect(0x557d, "addi x10,x0,-1");
    expect(0x7139, "addi x2,x2,-64");
    expect(0x6505, "lui x10,0x1");
    expect(0x757d, "lui x10,0xfffff");
    expect(0x9141, "srli x10,x10,48");
    expect(0x8541, "srai x10,x10,16");
    expect(0x997d, "andi x10,x10,-1");
    expect(0x8d0d, "sub x10,x10,x11");
    expect(0x8d2d, "xor x10,x10,x11");
    expect(0x8d4d, "or x10,x10,x11");
    expect(0x8d6d, "and x10,x10,x11");
    expect(0x9d0d, "subw x10,x10,x11");
    expect(0x9d2d, "addw x10,x10,x11");
    expect(0xbffd, "jal x0,0xffe");
    expect(0xdd7d, "beq x10,x0,0xffe");
    expect(0xfd7d, "bne x10,x0,0xffe");
    expect(0x1542, "slli x10,x10,48");
    expect(0x2542, "fld f10,16(x2)");
    expect(0x4542, "lw x10,16(x2)");
    expect(0x6542, "ld x10,16(x2)");
    expect(0x8082, "jalr x0,0(x1)");
    expect(0x852e, "add x10,x0,x11");
    expect(0x9002, "ebreak");
    expect(0x9582, "jalr x1,0(x11)");
    expect(0x952e, "add x10,x10,x11");
    expect(0xa82a, "fsd f10,16(x2)");
    expect(0xc82a, "sw x10,16(x2)");
    expect(0xe82a, "sd x10,16(x2)");
}

static bool is_reserved(uint32_t c)
{
    uint32_t rd = c >> 7 & 31, imm = (c >> 7 & 0x20) | (c >> 2 & 31), f3 = c >> 13;
    switch (c & 3) {
    case 0:
        return f3 == 4 || (f3 == 0 && (c & 0x1fe0) == 0);
    case 1:
        if (f3 == 1)
            return rd == 0;
        if (f3 == 3)
            return imm == 0;
        return f3 == 4 && (c >> 10 & 7) == 7 && (c >> 6 & 1);
    default:
        if (f3 == 2 || f3 == 3)
            return rd == 0;
        return f3 == 4 && !(c & 0x1000) && rd == 0 && (c >> 2 & 31) == 0;
    }
}

static void test_reserved_compressed_encodings_are_illegal(void **state)
{
    (void)state;
    for (uint32_t c = 0; c < 0x10000; c++) {
        if ((c & 3) == 3)
            continue;
        struct instruction i = instruction_decode(c | 0xabcd0000);
        bool reserved = is_reserved(c);
        assert_int_equal(i.length, 2);
        if ((i.operation == OPERATION_illegal) != reserved)
            fail_msg("0x%04x should be %s", c, reserved ? "illegal" : "legal");
    }
}

static void test_decoder_takes_any_word(void **state)
{
    uint32_t word = 1;
    char text[24];
    (void)state;
    for (unsigned n = 0; n < 200000; n++) {
        word = word * 1664525 + 1013904223;
        struct instruction i = instruction_decode(word);
        assert_true(i.operation < OPERATION_COUNT && i.rd <= REGISTER_SINK && i.rs1 < 32);
        instruction_print(text, 1 + n % sizeof text, word, word);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_no_two_encodings_overlap),
        cmocka_unit_test(test_each_row_decodes_to_itself),
        cmocka_unit_test(test_long_forms),
        cmocka_unit_test(test_bit_manipulation),
        cmocka_unit_test(test_compressed_forms),
        cmocka_unit_test(test_reserved_compressed_encodings_are_illegal),
        cmocka_unit_test(test_decoder_takes_any_word),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
