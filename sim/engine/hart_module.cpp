/* SPDX-License-Identifier: Apache-2.0 */
/* When a hart runs, and how far. See hart_module.h, and ARCHITECTURE.md ("Time"). */
#include "engine/hart_module.h"

namespace missive
{

/* A hart that is alone still comes back now and then, so that a guest in an endless loop can be
 * stopped. */
constexpr cycle_t longest_run_cycles = 10000;

HartModule::HartModule(sc_core::sc_module_name name, struct hart *hart, unsigned number,
                       const HartPace &pace)
    : sc_module(name), socket("socket"), hart_(hart), pace_(pace),
      next_("next", place_hart + number)
{
    socket.register_nb_transport_bw(this, &HartModule::answer);
    SC_HAS_PROCESS(HartModule);
    SC_METHOD(step);
    sensitive << next_.event();
    dont_initialize();
    next_.set(0);
}

/* While anything else happens within a quantum, a quantum; else up to what happens next. */
cycle_t HartModule::horizon() const
{
    const cycle_t now = current_cycle();
    const sc_core::sc_time idle =
        sc_core::sc_time_to_pending_activity(sc_core::sc_get_curr_simcontext());
    const cycle_t alone_until =
        cycle_min(cycle_of(sc_core::sc_time_stamp() + idle), now + longest_run_cycles);
    return cycle_min(cycle_max(now + pace_.quantum_cycles, alone_until), pace_.until_cycle);
}

void HartModule::step()
{
    sleeping_ = false;
    take_answer();
    switch (hart_run(hart_, horizon())) {
    case HART_RAN:
        next_.set(hart_now(hart_));
        break;
    case HART_REQUEST:
        ask();
        break;
    case HART_WAITING:
        sleeping_ = true;
        next_.set(hart_wakeup(hart_));
        break;
    }
}

void HartModule::take_answer()
{
    if (!answered_)
        return;
    answered_ = false;
    hart_complete(hart_, &transaction_.response());
}

void HartModule::settle(cycle_t end)
{
    constexpr unsigned no_interrupt = 0; /* an unused bit: only the clock moves */
    take_answer();
    if (sleeping_)
        hart_set_interrupt(hart_, no_interrupt, false, end);
}

void HartModule::ask()
{
    const struct request &request = *hart_request(hart_);
    tlm::tlm_phase phase = tlm::BEGIN_REQ;
    sc_core::sc_time delay = time_of(cycle_max(request.cycle, current_cycle()), 0);
    const sc_core::sc_time now = sc_core::sc_time_stamp();
    delay = delay > now ? delay - now : sc_core::SC_ZERO_TIME;
    socket->nb_transport_fw(transaction_.begin(request), phase, delay);
}

tlm::tlm_sync_enum HartModule::answer(tlm::tlm_generic_payload &, tlm::tlm_phase &,
                                      sc_core::sc_time &delay)
{
    answered_ = true;
    next_.set(cycle_of(sc_core::sc_time_stamp() + delay));
    return tlm::TLM_COMPLETED;
}

void HartModule::interrupt()
{
    if (sleeping_)
        next_.set(current_cycle());
}

} // namespace missive
