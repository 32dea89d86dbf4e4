/* SPDX-License-Identifier: Apache-2.0 */
/* How busy the bus is. A tenure is told when it begins, with the cycle of its end; it is charged when the next one comes, so that
 * nothing of the future is counted. */
#include "scene.h"

static void bus_charge(struct scene_bus *bus)
{
    bus->busy_cycles += bus->end - bus->begin;
    cycle_t from = bus->begin;
    if (bus->end - from > SCENE_WINDOW_CYCLES)
        from = bus->end - SCENE_WINDOW_CYCLES;
    while (from < bus->end) {
        cycle_t number = from / SCENE_BIN_CYCLES;
        cycle_t left = SCENE_BIN_CYCLES - from % SCENE_BIN_CYCLES; /* of the bin */
        cycle_t to = from + cycle_min(left, bus->end - from);
        unsigned bin = number % SCENE_BINS;
        if (bus->bin_number[bin] != number) {
            bus->bin_number[bin] = number;
            bus->bin_busy[bin] = 0;
        }
        bus->bin_busy[bin] += to - from;
        from = to;
    }
}

void scene_bus_tenure(struct scene_bus *bus, const struct event *event)
{
    bus_charge(bus);
    bus->begin = event->cycle;
    bus->end = cycle_max(event->arg[3], event->cycle);
    bus->master = event->arg[0];
    bus->kind = event->arg[1];
    bus->tenures++;
}

bool scene_bus_held(const struct scene *scene)
{
    return scene->bus.tenures > 0 && scene->now >= scene->bus.begin && scene->now < scene->bus.end;
}

cycle_t scene_bus_busy(const struct scene *scene)
{
    const struct scene_bus *bus = &scene->bus;
    return bus->busy_cycles + (cycle_min(bus->end, scene->now) - bus->begin);
}

cycle_t scene_bus_bin(const struct scene *scene, unsigned back)
{
    const struct scene_bus *bus = &scene->bus;
    cycle_t running = scene->now / SCENE_BIN_CYCLES;
    if (back >= SCENE_BINS || back > running)
        return 0;
    cycle_t number = running - back;
    cycle_t begin = number * SCENE_BIN_CYCLES, end = begin + SCENE_BIN_CYCLES;
    unsigned bin = number % SCENE_BINS;
    cycle_t busy = bus->bin_number[bin] == number ? bus->bin_busy[bin] : 0;
    cycle_t from = cycle_max(bus->begin, begin);
    cycle_t to = cycle_min(cycle_min(bus->end, scene->now), end);
    return to > from ? busy + (to - from) : busy;
}
