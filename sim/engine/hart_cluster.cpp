/* SPDX-License-Identifier: Apache-2.0 */
/* Taking turns. See hart_cluster.h. */
#include "engine/hart_cluster.h"

#include "engine/hart_module.h"

namespace missive
{

static unsigned power_of_two(unsigned at_least)
{
    unsigned power = 1;
    while (power < at_least)
        power *= 2;
    return power;
}

HartCluster::HartCluster(sc_core::sc_module_name name, unsigned count, bool lockstep)
    : sc_module(name), lockstep_(lockstep), leaves_(power_of_two(count)),
      turns_(2 * leaves_, time_never), next_("next")
{
    SC_HAS_PROCESS(HartCluster);
    SC_METHOD(step);
    sensitive << next_;
    dont_initialize();
}

void HartCluster::add(HartModule &hart)
{
    harts_.push_back(&hart);
}

/* A time names its hart by its place, so the first of all says whose it is. */
void HartCluster::put(unsigned number, uint64_t due)
{
    size_t at = leaves_ + number;
    turns_[at] = due;
    for (; at > 1; at /= 2) {
        due = cycle_min(due, turns_[at ^ 1]);
        turns_[at / 2] = due;
    }
}

void HartCluster::set(unsigned number, cycle_t cycle)
{
    put(number, next_at(now(), cycle, place_hart + number));
    if (!running_)
        appoint();
}

/* SystemC is to come back at the first turn. */
void HartCluster::appoint()
{
    const uint64_t now = sc_core::sc_time_stamp().value();
    if (turns_[1] == due_)
        return;
    if (due_ != time_never)
        next_.cancel();
    due_ = turns_[1];
    if (due_ != time_never)
        next_.notify(sc_core::sc_time::from_value(due_ - now));
}

uint64_t HartCluster::pending()
{
    return (sc_core::sc_time_stamp() +
            sc_core::sc_time_to_pending_activity(sc_core::sc_get_curr_simcontext()))
        .value();
}

static unsigned number_of(uint64_t turn)
{
    return static_cast<unsigned>(turn % places_per_cycle) - place_hart;
}

void HartCluster::take_turns()
{
    const uint64_t present = sc_core::sc_time_stamp().value();
    const uint64_t last = lockstep_ ? present : limit_;
    for (uint64_t turn = turns_[1]; turn <= present || (turn <= last && turn < foreign_);
         turn = turns_[1]) {
        now_ = turn;
        const unsigned number = number_of(turn);
        put(number, time_never);
        harts_[number]->step();
        if (stopped_)
            return;
    }
}

void HartCluster::step()
{
    due_ = time_never;
    foreign_ = pending();
    running_ = true;
    take_turns();
    running_ = false;
    appoint();
}

} // namespace missive
