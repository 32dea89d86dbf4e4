/* SPDX-License-Identifier: Apache-2.0 */
/* Cycles as SystemC time. A cycle is one nanosecond; its picoseconds are used for the order inside
 * it: devices first, then harts by number, then the bus. So the order of everything that happens
 * in a run is the order of SystemC time itself, (cycle, place), and depends on nothing that
 * SystemC leaves open. */
#ifndef MISSIVE_ENGINE_SIMULATED_TIME_H
#define MISSIVE_ENGINE_SIMULATED_TIME_H

#include <systemc>

#include "base/cycle.h"

namespace missive
{

constexpr uint64_t places_per_cycle = 1000;
constexpr unsigned place_device = 0;
constexpr unsigned place_hart = 1; /* and the hart's number */
constexpr unsigned place_bus = 500;

/* SystemC's clock ends after 2^64 ps, 213 days at 1 GHz: what lies beyond never happens. */
constexpr cycle_t last_cycle = UINT64_MAX / places_per_cycle - 1;

inline sc_core::sc_time time_of(cycle_t cycle, unsigned place)
{
    return sc_core::sc_time::from_value(cycle * places_per_cycle + place);
}

inline cycle_t cycle_of(const sc_core::sc_time &time)
{
    return time.value() / places_per_cycle;
}

inline cycle_t current_cycle()
{
    return cycle_of(sc_core::sc_time_stamp());
}

constexpr uint64_t time_never = UINT64_MAX;

/* `place` in `cycle`, or as soon after it as the place is still to come at `now`. */
inline uint64_t next_at(uint64_t now, cycle_t cycle, unsigned place)
{
    if (cycle > last_cycle)
        return time_never;
    const uint64_t then = cycle * places_per_cycle + place;
    if (then > now)
        return then;
    const uint64_t today = now - now % places_per_cycle + place;
    return today > now ? today : today + places_per_cycle;
}

/* An event that always happens at one place in a cycle. A later call replaces an earlier one. */
class Appointment
{
  public:
    Appointment(const char *name, unsigned place) : event_(name), place_(place)
    {
    }

    const sc_core::sc_event &event() const
    {
        return event_;
    }

    /* At next_at. Never: cancelled. */
    void set(cycle_t cycle)
    {
        const uint64_t now = sc_core::sc_time_stamp().value();
        const uint64_t then = next_at(now, cycle, place_);
        if (then == due_)
            return;
        if (due_ > now)
            event_.cancel();
        due_ = then;
        if (then != time_never)
            event_.notify(sc_core::sc_time::from_value(then - now));
    }

  private:
    sc_core::sc_event event_;
    const unsigned place_;
    uint64_t due_ = time_never;
};

} // namespace missive

#endif
