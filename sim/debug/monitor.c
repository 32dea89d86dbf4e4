/* SPDX-License-Identifier: Apache-2.0 */
/* `monitor`: what a debugger's user may ask Missive itself. */
#include <inttypes.h>
#include <string.h>

#include "debug/commands.h"

static void say_cycle(const struct commands *c, struct packet *answer)
{
    cycle_t last = 0;
    for (unsigned n = 0; n < c->target->hart_count; n++)
        last = cycle_max(last, hart_now(c->target->harts[n]));
    packet_put(answer, "cycle %" PRIu64 "\n", last);
}

static void say_machine(const struct commands *c, struct packet *answer)
{
    packet_put(answer, "%s", c->target->about);
    for (unsigned n = 0; n < c->target->hart_count; n++) {
        const struct hart *h = c->target->harts[n];
        packet_put(answer,
                   "hart %u: pc 0x%" PRIx64 ", cycle %" PRIu64 ", %" PRIu64 " instructions%s\n", n,
                   hart_pc(h), hart_now(h), hart_counters(h)->instructions,
                   hart_debug_is_waiting(h) ? ", waiting for an interrupt" : "");
    }
}

static void do_reset(const struct commands *c, struct packet *answer)
{
    if (!c->target->reset) {
        packet_put(answer, "this machine cannot be reset\n");
        return;
    }
    c->target->reset(c->target->machine);
    packet_put(answer,
               "all harts are at 0x%" PRIx64 "; `maintenance flush register-cache` shows it\n",
               hart_pc(c->target->harts[0]));
}

static void say_help(const struct commands *c, struct packet *answer);

static const struct {
    const char *name, *doc;
    void (*say)(const struct commands *c, struct packet *answer);
} asked[] = {
    {"cycle", "how far the harts have got", say_cycle},
    {"info machine", "the machine and its harts", say_machine},
    {"reset", "the machine, from its images on; clock and drives go on", do_reset},
    {"help", "this list", say_help},
};
#define ASKED_COUNT (sizeof asked / sizeof *asked)

static void say_help(const struct commands *c, struct packet *answer)
{
    (void)c;
    for (size_t n = 0; n < ASKED_COUNT; n++)
        packet_put(answer, "monitor %-12s  %s\n", asked[n].name, asked[n].doc);
}

void monitor_do(const struct commands *commands, const char *text, struct packet *answer)
{
    for (size_t n = 0; n < ASKED_COUNT; n++)
        if (!strcmp(text, asked[n].name)) {
            asked[n].say(commands, answer);
            return;
        }
    packet_put(answer, "there is no such command; `monitor help` lists them\n");
}
