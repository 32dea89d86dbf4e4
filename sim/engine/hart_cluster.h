/* SPDX-License-Identifier: Apache-2.0 */
/* Whose turn it is: all harts in one SC_METHOD. An activation lets harts run one after the other, in
 * the order of (cycle, number), as long as nothing else of SystemC's comes before the next of them:
 * their clock is then ahead of SystemC's, as TLM-2.0 calls it temporally decoupled, and what they
 * ask of others carries the difference as its delay. So the order of everything is the same as if
 * each hart had an event of its own, and most turns cost no activation.
 *
 * A request can make something happen before the next turn; nothing else that a hart does in its
 * turn does. */
#ifndef MISSIVE_ENGINE_HART_CLUSTER_H
#define MISSIVE_ENGINE_HART_CLUSTER_H

#include <vector>

#include "engine/simulated_time.h"

namespace missive
{

class HartModule;

class HartCluster : public sc_core::sc_module
{
  public:
    /* For `count` harts, each to be added by its number in turn. `lockstep`: no hart's clock is
     * ever ahead of SystemC's when its turn begins. */
    HartCluster(sc_core::sc_module_name name, unsigned count, bool lockstep);

    void add(HartModule &hart);

    /* The hart's next turn: see next_at. A later call replaces an earlier one. */
    void set(unsigned number, cycle_t cycle);

    /* The time of the turn that is being taken, or SystemC's. */
    uint64_t now() const
    {
        return running_ ? now_ : cycle_max(now_, sc_core::sc_time_stamp().value());
    }

    cycle_t current_cycle() const
    {
        return now() / places_per_cycle;
    }

    /* Of the first thing that will happen after this turn. */
    cycle_t next_cycle() const
    {
        return cycle_min(foreign_, turns_[1]) / places_per_cycle;
    }

    /* A hart has asked something in its turn. */
    void asked()
    {
        foreign_ = pending();
    }

    /* The present turn is the last of the run. */
    void stop()
    {
        stopped_ = true;
    }

    /* No turn begins after this time. */
    void limit(uint64_t last)
    {
        limit_ = last;
    }

  private:
    static uint64_t pending();
    void step();
    void take_turns();
    void put(unsigned number, uint64_t due);
    void appoint();

    const bool lockstep_;
    const unsigned leaves_;
    std::vector<HartModule *> harts_;
    std::vector<uint64_t>
        turns_; /* a tournament: [1] is the first of all, [leaves_ + n] hart n's */
    sc_core::sc_event next_;
    uint64_t due_ = time_never; /* of next_ */
    uint64_t now_ = 0;
    uint64_t foreign_ = time_never; /* what comes next that is no hart's turn */
    uint64_t limit_ = 0;
    bool running_ = false;
    bool stopped_ = false;
};

} // namespace missive

#endif
