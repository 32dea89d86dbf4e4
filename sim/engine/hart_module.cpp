/* SPDX-License-Identifier: Apache-2.0 */
/* When a hart runs, and how far. See hart_module.h, and ARCHITECTURE.md ("Time"). */
#include "engine/hart_module.h"

namespace missive
{

/* A hart that is alone still comes back now and then, so that a guest in an endless loop can be
 * stopped. */
constexpr cycle_t longest_run_cycles = 10000;

/* How long a store to tohost may go unseen. */
constexpr cycle_t longest_htif_cycles = 1000;

HartModule::HartModule(sc_core::sc_module_name name, struct hart *hart, unsigned number,
                       HartPace &pace, HartCluster &cluster)
    : sc_module(name), socket("socket"), hart_(hart), number_(number), pace_(pace),
      cluster_(cluster)
{
    socket.register_nb_transport_bw(this, &HartModule::answer);
    cluster_.add(*this);
    next(0);
}

void HartModule::next(cycle_t cycle)
{
    cluster_.set(number_, cycle);
}

/* While anything else happens within a quantum, a quantum; else up to what happens next. */
cycle_t HartModule::horizon() const
{
    const cycle_t now = cluster_.current_cycle();
    const cycle_t longest = pace_.htif ? longest_htif_cycles : longest_run_cycles;
    const cycle_t alone_until = cycle_min(cluster_.next_cycle(), now + longest);
    return cycle_min(cycle_max(now + pace_.quantum_cycles, alone_until), pace_.until_cycle);
}

/* A reservation does not outlive another hart's turn while nobody hears of its stores. */
void HartModule::take_turn()
{
    if (!pace_.timed && pace_.last_hart != number_)
        hart_other_ran(hart_);
    pace_.last_hart = number_;
}

void HartModule::step()
{
    sleeping_ = false;
    take_turn();
    take_answer();
    if (serve_htif())
        return;
    if (pace_.debugger)
        debug();
    else
        go_on(hart_run(hart_, horizon()));
}

void HartModule::go_on(enum hart_outcome outcome)
{
    switch (outcome) {
    case HART_STOPPED:
        break;
    case HART_RAN:
        next(hart_now(hart_));
        break;
    case HART_REQUEST:
        ask();
        break;
    case HART_WAITING:
        sleeping_ = true;
        next(asks_htif() ? cycle_min(hart_now(hart_) + longest_htif_cycles, hart_wakeup(hart_))
                         : hart_wakeup(hart_));
        break;
    }
}

/* As far as a debugger lets it. False: it has stopped; it goes on when the debugger does. */
bool HartModule::run_debugged(enum hart_outcome &outcome, const struct debug_watch *&watched)
{
    const bool step = pace_.debugger->orders[number_] == ENGINE_STEP;
    const cycle_t until = horizon();
    const uint64_t before = hart_debug_steps(hart_);
    watched = nullptr;
    do {
        const cycle_t next = cycle_min(until, hart_now(hart_) + 1);
        outcome = hart_run(hart_, step || pace_.debugger->watches ? next : until);
        watched = hart_debug_watched(hart_);
        if (outcome == HART_STOPPED || watched || (step && hart_debug_steps(hart_) != before))
            return false;
    } while (outcome == HART_RAN && hart_now(hart_) < until);
    return true;
}

void HartModule::debug()
{
    enum hart_outcome outcome;
    const struct debug_watch *watched;
    for (;;) {
        held_ = pace_.debugger->orders[number_] == ENGINE_HOLD;
        if (held_)
            return;
        if (run_debugged(outcome, watched))
            break;
        pace_.debugger->stopped(pace_.debugger->owner, number_, watched);
        pace_.after_debugging();
    }
    next(CYCLE_NEVER); /* a reset by the debugger gave it a turn, which it has just had */
    go_on(outcome);
}

void HartModule::release()
{
    if (!held_ || pace_.debugger->orders[number_] == ENGINE_HOLD)
        return;
    held_ = false;
    hart_debug_delay(hart_, cluster_.current_cycle());
    next(hart_now(hart_));
}

bool HartModule::asks_htif() const
{
    return pace_.htif && htif_asked(pace_.htif);
}

/* Time has come to all that this hart has stored: true if that was the run's end. */
bool HartModule::serve_htif()
{
    if (!asks_htif())
        return false;
    htif_serve(pace_.htif, cluster_.current_cycle());
    if (pace_.htif->links.finisher->outcome == FINISHER_RUNNING)
        return false;
    cluster_.stop();
    sc_core::sc_pause();
    return true;
}

void HartModule::take_answer()
{
    if (!answered_)
        return;
    answered_ = false;
    hart_complete(hart_, &transaction_.response());
}

void HartModule::restart()
{
    answered_ = sleeping_ = held_ = false;
    next(hart_now(hart_));
}

void HartModule::settle(cycle_t end)
{
    constexpr unsigned no_interrupt = 0; /* an unused bit: only the clock moves */
    take_answer();
    if (held_)
        hart_debug_delay(hart_, end);
    if (sleeping_)
        hart_set_interrupt(hart_, no_interrupt, false, end);
}

void HartModule::ask()
{
    const struct request &request = *hart_request(hart_);
    tlm::tlm_phase phase = tlm::BEGIN_REQ;
    sc_core::sc_time delay = time_of(cycle_max(request.cycle, cluster_.current_cycle()), 0);
    const sc_core::sc_time now = sc_core::sc_time_stamp();
    delay = delay > now ? delay - now : sc_core::SC_ZERO_TIME;
    socket->nb_transport_fw(transaction_.begin(request), phase, delay);
    cluster_.asked();
}

tlm::tlm_sync_enum HartModule::answer(tlm::tlm_generic_payload &, tlm::tlm_phase &,
                                      sc_core::sc_time &delay)
{
    answered_ = true;
    next(cycle_of(sc_core::sc_time_stamp() + delay));
    return tlm::TLM_COMPLETED;
}

void HartModule::interrupt()
{
    if (sleeping_)
        next(cluster_.current_cycle());
}

} // namespace missive
