/* SPDX-License-Identifier: Apache-2.0 */
/* A hart in SystemC: when the cluster says that it is its turn, it lets the model run ahead on what
 * is private to it. It has an initiator socket through which it asks for the rest (nb_transport, base protocol: BEGIN_REQ
 * forward with the time at which the hart asks, BEGIN_RESP backward with the time at which it may
 * go on; the bus has no other phases). */
#ifndef MISSIVE_ENGINE_HART_MODULE_H
#define MISSIVE_ENGINE_HART_MODULE_H

#include <functional>

#include <tlm_utils/simple_initiator_socket.h>

#include "engine/engine.h"
#include "engine/hart_cluster.h"
#include "engine/transaction.h"

namespace missive
{

struct HartPace {
    cycle_t quantum_cycles;                /* the most that separates two running harts */
    bool timed;                            /* harts model time */
    unsigned last_hart;                    /* that ran */
    cycle_t until_cycle;                   /* no hart runs past it */
    struct htif *htif;                     /* NULL: the guest has none */
    struct engine_debugger *debugger;      /* NULL: none */
    std::function<void()> after_debugging; /* the harts' orders may have changed */
};

class HartModule : public sc_core::sc_module
{
  public:
    tlm_utils::simple_initiator_socket<HartModule> socket;

    HartModule(sc_core::sc_module_name name, struct hart *hart, unsigned number, HartPace &pace,
               HartCluster &cluster);

    /* Its turn has come. */
    void step();

    /* An interrupt line of this hart has changed. */
    void interrupt();

    /* Its hart has been restarted: what was under way for it is forgotten. */
    void restart();

    /* The run is over, at `end`: takes the answer that is already on its way, and sleeps up to
     * there, so that the hart's counters cover all that was reported of it. */
    void settle(cycle_t end);

    /* If a debugger held this hart and holds it no longer: it goes on from here. */
    void release();

    /* It waits for an interrupt. */
    bool asleep() const
    {
        return sleeping_;
    }

  private:
    void next(cycle_t cycle);
    void take_turn();
    void go_on(enum hart_outcome outcome);
    void debug();
    bool run_debugged(enum hart_outcome &outcome, const struct debug_watch *&watched);
    bool asks_htif() const;
    bool serve_htif();
    cycle_t horizon() const;
    void ask();
    void take_answer();
    tlm::tlm_sync_enum answer(tlm::tlm_generic_payload &payload, tlm::tlm_phase &phase,
                              sc_core::sc_time &delay);

    struct hart *const hart_;
    const unsigned number_;
    HartPace &pace_;
    HartCluster &cluster_;
    Transaction transaction_;
    bool answered_ = false;
    bool sleeping_ = false;
    bool held_ = false;
};

} // namespace missive

#endif
