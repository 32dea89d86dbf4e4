/* SPDX-License-Identifier: Apache-2.0 */
/* The stub packet by packet: framing, registers, memory, points, threads, and what it refuses. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "debug/two_harts.h"

static struct two_harts machine;
static struct packet packet, reply;

static int set_up(void **state)
{
    (void)state;
    return two_harts_init(&machine) ? 0 : -1;
}

static int tear_down(void **state)
{
    (void)state;
    two_harts_free(&machine);
    return 0;
}

static enum commands_result say_bytes(const char *bytes, size_t size)
{
    packet.size = 0;
    packet_put_bytes(&packet, bytes, size);
    return commands_do(&machine.commands, &packet, &reply);
}

static enum commands_result say(const char *text)
{
    return say_bytes(text, strlen(text));
}

static const char *replied(void)
{
    static char text[PACKET_BYTES + 1];
    memcpy(text, reply.bytes, reply.size);
    text[reply.size] = 0;
    return text;
}

#define ASK(text, answer)                                                                          \
    do {                                                                                           \
        assert_int_equal(say(text), COMMANDS_REPLY);                                               \
        assert_string_equal(replied(), answer);                                                    \
    } while (0)

/* The event that the last of these bytes gives. */
static enum packet_event feed(struct packet_reader *reader, const char *bytes)
{
    enum packet_event event = PACKET_NOTHING;
    for (; *bytes; bytes++)
        event = packet_take(reader, (uint8_t)*bytes);
    return event;
}

static void test_framing(void **state)
{
    (void)state;
    static struct packet_reader reader;
    static uint8_t frame[PACKET_FRAME_BYTES];
    assert_int_equal(feed(&reader, "+$g#67"), PACKET_TAKEN);
    assert_int_equal(reader.packet.size, 1);
    assert_int_equal(feed(&reader, "$g#68"), PACKET_BAD);
    assert_int_equal(feed(&reader, "$g#6g"), PACKET_BAD);
    assert_int_equal(feed(&reader, "$lost$g#67"), PACKET_TAKEN);
    assert_int_equal(feed(&reader, "\x03"), PACKET_INTERRUPT);
    assert_int_equal(feed(&reader, "-"), PACKET_REFUSED);

    packet.size = 0;
    packet_put_bytes(&packet, "a#$}*\x03", 6);
    size_t size = packet_frame(&packet, frame);
    enum packet_event event = PACKET_NOTHING;
    for (size_t n = 0; n < size; n++) {
        assert_int_equal(event, PACKET_NOTHING);
        event = packet_take(&reader, frame[n]);
    }
    assert_int_equal(event, PACKET_TAKEN);
    assert_int_equal(reader.packet.size, 6);
    assert_memory_equal(reader.packet.bytes, "a#$}*\x03", 6);

    packet_take(&reader, '$');
    for (unsigned n = 0; n < PACKET_BYTES + 1; n++)
        assert_int_equal(packet_take(&reader, 'a'), PACKET_NOTHING);
    assert_int_equal(feed(&reader, "#61"), PACKET_BAD); /* too long; the checksum is right */
}

static void test_registers(void **state)
{
    (void)state;
    ASK("P5=8877665544332211", "OK");
    ASK("p5", "8877665544332211");
    assert_int_equal(hart_x(machine.harts[0], 5), 0x1122334455667788);
    ASK("P20=0010008000000000", "OK"); /* pc */
    assert_int_equal(hart_pc(machine.harts[0]), 0x80001000);
    ASK("P2b=0100000000000000", "OK"); /* fa0 */
    assert_int_equal(hart_f(machine.harts[0], 10), 1);
    ASK("P381=0200000000000000", "OK"); /* mscratch */
    ASK("p381", "0200000000000000");
    ASK("Hg2", "OK");
    ASK("pf55", "0100000000000000");  /* mhartid */
    ASK("p1041", "0300000000000000"); /* priv */
    ASK("Pf55=0000000000000000", "E16");
    ASK("P5=11", "E16");
    ASK("pffffffffffffffff", "E16");
    ASK("p", "E16");
    say("g");
    assert_int_equal(reply.size, 65 * 16);
    static char all[1 + 65 * 16 + 1] = "G";
    memset(all + 1, '4', 65 * 16);
    ASK(all, "OK");
    assert_int_equal(hart_x(machine.harts[1], 31), 0x4444444444444444);
    assert_int_equal(hart_x(machine.harts[1], 0), 0);
    assert_int_equal(hart_x(machine.harts[0], 31), 0);
}

static void test_memory(void **state)
{
    (void)state;
    ASK("M80000100,4:01020304", "OK");
    ASK("m80000100,4", "01020304");
    assert_int_equal(say_bytes("X80000104,3:\0}#", 15), COMMANDS_REPLY);
    assert_string_equal(replied(), "OK");
    ASK("m80000103,5", "04007d2300");
    ASK("X80000000,0:", "OK");
    ASK("m8000fffe,8", "0000"); /* as much as there is */
    ASK("m80010000,8", "E0e");
    ASK("mffffffffffffffff,8", "E0e");
    ASK("M8000fffe,4:01020304", "E0e");
    ASK("m8000fffe,2", "0000"); /* nothing was written */
    ASK("M80000000,4:010203", "E16");
    ASK("M80000000,ffffffffffffffff:00", "E16");
    ASK("m80000000", "E16");
    say("m80000000,ffffffff");
    assert_in_range(reply.size, 1, PACKET_BYTES);
}

static void test_points(void **state)
{
    (void)state;
    char text[64];
    ASK("Z0,80000000,4", "OK");
    ASK("Z0,80000000,4", "OK");
    ASK("Z1,80000000,4", "OK");
    assert_int_equal(machine.target.points.breakpoint_count, 2);
    ASK("z0,80000000,4", "OK");
    ASK("z0,80000000,4", "OK");
    assert_int_equal(machine.target.points.breakpoint_count, 1);
    ASK("Z2,80000000,8", "OK");
    ASK("Z3,80000000,8", "OK");
    ASK("Z4,80000000,0", "E16");
    ASK("Z4,ffffffffffffffff,2", "E16");
    ASK("Z5,80000000,4", "");
    ASK("Z0,80000000", "E16");
    assert_int_equal(machine.target.points.watch_count, 2);
    ASK("z3,80000000,8", "OK");
    assert_true(machine.target.points.watches[0].write);
    for (unsigned n = 1; n < DEBUG_MAX_BREAKPOINTS; n++) {
        snprintf(text, sizeof text, "Z0,%x,2", n * 2);
        ASK(text, "OK");
    }
    ASK("Z0,80000004,2", "E1c");
    target_clear_points(&machine.target);
}

static void test_stop_replies(void **state)
{
    (void)state;
    static const struct debug_watch watch = {RAM_BASE + 64, 8, false, true};
    say("qSupported:swbreak+;hwbreak+");
    ASK("Z0,80000000,4", "OK");
    commands_stopped(&machine.commands, 1, 5, NULL);
    ASK("?", "T05thread:2;core:1;swbreak:;");
    ASK("qC", "QC2");
    commands_stopped(&machine.commands, 0, 5, &watch);
    ASK("?", "T05thread:1;core:0;watch:80000040;");
    commands_stopped(&machine.commands, 0, 2, NULL);
    ASK("?", "T02thread:1;core:0;");
}

static void test_threads_and_orders(void **state)
{
    (void)state;
    ASK("qfThreadInfo", "m1,2");
    ASK("qsThreadInfo", "l");
    ASK("T2", "OK");
    ASK("T3", "E03");
    ASK("Hg3", "E03");
    ASK("Hc-1", "OK");
    ASK("vCont?", "vCont;c;C;s;S");
    assert_int_equal(say("vCont;s:2"), COMMANDS_RESUME);
    assert_int_equal(machine.orders[0], ENGINE_HOLD);
    assert_int_equal(machine.orders[1], ENGINE_STEP);
    assert_int_equal(say("vCont;S05:1;c"), COMMANDS_RESUME);
    assert_int_equal(machine.orders[0], ENGINE_STEP);
    assert_int_equal(machine.orders[1], ENGINE_GO);
    ASK("vCont;x", "E16");
    ASK("vCont;s:9", "E16");
    ASK("vCont", "E16");
    assert_int_equal(machine.orders[0], ENGINE_STEP); /* as it was */
    assert_int_equal(say("c80000040"), COMMANDS_RESUME);
    assert_int_equal(machine.orders[0], ENGINE_GO);
    assert_int_equal(hart_pc(machine.harts[0]), 0x80000040);
    assert_int_equal(say("s"), COMMANDS_RESUME);
    assert_int_equal(machine.orders[1], ENGINE_HOLD);
    assert_int_equal(say("D"), COMMANDS_DETACH);
    assert_int_equal(say("k"), COMMANDS_KILL);
}

static void test_description_and_monitor(void **state)
{
    (void)state;
    static char whole[TARGET_DESCRIPTION_BYTES];
    char ask[64];
    size_t size = 0;
    do {
        snprintf(ask, sizeof ask, "qXfer:features:read:target.xml:%zx,400", size);
        say(ask);
        memcpy(whole + size, reply.bytes + 1, reply.size - 1);
        size += reply.size - 1;
    } while (reply.bytes[0] == 'm');
    whole[size] = 0;
    assert_string_equal(whole + size - strlen("</target>\n"), "</target>\n");
    assert_non_null(strstr(whole, "\"sstatus\""));
    ASK("qXfer:features:read:other.xml:0,400", "E16");
    say("qRcmd,6379636c65"); /* cycle */
    assert_string_equal(replied(), "6379636c6520300a");
    ASK("qRcmd,6", "E16");
    ASK("vMustReplyEmpty", "");
    ASK("", "");
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)
    const struct CMUnitTest tests[] = {
        TEST(test_framing),
        TEST(test_registers),
        TEST(test_memory),
        TEST(test_points),
        TEST(test_stop_replies),
        TEST(test_threads_and_orders),
        TEST(test_description_and_monitor),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
