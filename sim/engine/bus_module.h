/* SPDX-License-Identifier: Apache-2.0 */
/* The shared bus in SystemC: target sockets for masters, initiator sockets for the memory and for
 * whatever is mapped into addresses. When the bus is granted, and for how long it is held, is the
 * C model's business (memory/bus.h); this module keeps the appointments and moves the payloads.
 *
 * A TLM-2.0 initiator of your own: bind its socket to `masters`. It may use nb_transport
 * (BEGIN_REQ is answered by BEGIN_RESP) or, from an SC_THREAD, b_transport; loads and stores of 1,
 * 2, 4 or 8 bytes, naturally aligned, coherent with the harts' caches.
 *
 * A TLM-2.0 target of your own: map(base, size, socket). It gets b_transport with addresses that
 * count from base, must not call wait(), and says its latency by the delay argument: the bus is
 * held for it. */
#ifndef MISSIVE_ENGINE_BUS_MODULE_H
#define MISSIVE_ENGINE_BUS_MODULE_H

#include <array>
#include <tlm_utils/multi_passthrough_initiator_socket.h>
#include <tlm_utils/multi_passthrough_target_socket.h>
#include <vector>

#include "engine/simulated_time.h"
#include "engine/transaction.h"

namespace missive
{

/* What a target understands: plain loads and stores, or every request (by the extension). */
enum class Speaks { plain, requests };

class BusModule : public sc_core::sc_module
{
  public:
    tlm_utils::multi_passthrough_target_socket<BusModule> masters;

    BusModule(sc_core::sc_module_name name, struct bus &model, cycle_t address_cycles);

    /* Everything in [base, base + size) goes to `target`. Ranges must not overlap. */
    void map(uint64_t base, uint64_t size_bytes, tlm::tlm_base_target_socket<> &target,
             Speaks speaks = Speaks::plain);

    /* Binds a model's own master: it has this number on the bus. Others get EVENT_SOURCE_DEVICE
     * and up, in the order in which they are bound. */
    void bind_master(tlm::tlm_base_initiator_socket<> &socket, uint16_t number);

    /* Looks again who waits, after the model has been changed from outside. */
    void refresh();

    /* A request that its target left pending is answered at response.cycle. */
    void release(uint16_t master, const struct response &response);

  private:
    struct Range {
        uint64_t base, size_bytes;
        int target;
        Speaks speaks;
    };
    struct Waiting { /* a master's transaction on its way */
        tlm::tlm_generic_payload *payload = nullptr;
        RequestExtension *extension = nullptr;
        int socket = 0;
        sc_core::sc_event *done = nullptr; /* of a master that came by b_transport */
        RequestExtension own;              /* for a payload that came without one */
    };

    tlm::tlm_sync_enum request(int socket, tlm::tlm_generic_payload &payload, tlm::tlm_phase &phase,
                               sc_core::sc_time &delay);
    void blocking_request(int socket, tlm::tlm_generic_payload &payload, sc_core::sc_time &delay);
    unsigned debug_request(int socket, tlm::tlm_generic_payload &payload);

    Waiting *raise(int socket, tlm::tlm_generic_payload &payload, cycle_t cycle);
    void arbitrate();
    void carry_out(struct request &request, Waiting &waiting);
    void call_target(Waiting &waiting);
    void answer(Waiting &waiting);
    uint16_t number_of(int socket) const;
    const Range *range_of(uint64_t address) const;

    struct bus &model_;
    const cycle_t address_cycles_;
    tlm_utils::multi_passthrough_initiator_socket<BusModule> targets_;
    Appointment next_grant_;
    std::vector<Range> ranges_;
    std::vector<uint16_t> numbers_;                /* of the masters, by socket */
    std::array<Waiting, BUS_MAX_MASTERS> waiting_; /* by master number */
};

} // namespace missive

#endif
