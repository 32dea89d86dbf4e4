/* SPDX-License-Identifier: Apache-2.0 */
/* Arbitrary bytes from a debugger, then some cycles on each hart that is to go: nothing may break, and every answer is a
 * packet that our own reader takes. Half of the inputs are contents of packets, since checksums are hard to guess. */
#include "debug/two_harts.h"
#include "fuzz/input.h"

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size);

static struct two_harts machine;
static struct packet_reader reader, mirror;
static struct packet contents, reply;
static uint8_t frame[PACKET_FRAME_BYTES];

static void check_reply(void)
{
    size_t size = packet_frame(&reply, frame);
    enum packet_event event = PACKET_NOTHING;
    for (size_t n = 0; n < size; n++)
        event = packet_take(&mirror, frame[n]);
    must(event == PACKET_TAKEN && mirror.packet.size == reply.size &&
         !memcmp(mirror.packet.bytes, reply.bytes, reply.size));
}

/* Every request fails, which a hart takes as an access fault. */
static void run_hart(unsigned number)
{
    struct hart *hart = machine.harts[number];
    for (unsigned n = 0; n < 8; n++) {
        if (hart_run(hart, hart_now(hart) + 20) == HART_STOPPED)
            commands_stopped(&machine.commands, number, 5, hart_debug_watched(hart));
        else
            hart_complete(hart,
                          &(struct response){.status = STATUS_NO_TARGET, .cycle = hart_now(hart)});
    }
}

static void obey(const struct packet *packet)
{
    enum commands_result result = commands_do(&machine.commands, packet, &reply);
    if (result != COMMANDS_RESUME) {
        check_reply();
        return;
    }
    for (unsigned n = 0; n < HARTS; n++)
        if (machine.orders[n] != ENGINE_HOLD)
            run_hart(n);
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size)
{
    must(two_harts_init(&machine));
    memset(&reader, 0, sizeof reader);
    bool framed = size && bytes[0] == '$';
    contents.size = 0;
    for (size_t n = 0; n < size; n++) {
        if (framed && packet_take(&reader, bytes[n]) == PACKET_TAKEN)
            obey(&reader.packet);
        if (!framed && bytes[n] != '\n')
            packet_put_bytes(&contents, &bytes[n], 1);
        if (!framed && (bytes[n] == '\n' || n + 1 == size)) {
            obey(&contents);
            contents.size = 0;
        }
    }
    two_harts_free(&machine);
    return 0;
}
