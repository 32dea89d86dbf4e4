/* SPDX-License-Identifier: Apache-2.0 */
/* What the bus leads to, each a TLM-2.0 target around a C model: the memory (behind it MESI and
 * DRAM timing), the memory-mapped devices with their own events, and the message mechanism, which
 * is a master of the bus as well. */
#ifndef MISSIVE_ENGINE_TARGET_MODULES_H
#define MISSIVE_ENGINE_TARGET_MODULES_H

#include <tlm_utils/simple_initiator_socket.h>
#include <tlm_utils/simple_target_socket.h>

#include "engine/bus_module.h"

namespace missive
{

class MemoryModule : public sc_core::sc_module
{
  public:
    tlm_utils::simple_target_socket<MemoryModule> socket;

    MemoryModule(sc_core::sc_module_name name, struct coherence &coherence);

  private:
    void transport(tlm::tlm_generic_payload &payload, sc_core::sc_time &delay);
    unsigned debug(tlm::tlm_generic_payload &payload);

    struct coherence &coherence_;
};

class DeviceModule : public sc_core::sc_module
{
  public:
    tlm_utils::simple_target_socket<DeviceModule> socket;

    DeviceModule(sc_core::sc_module_name name, const struct device &device,
                 const struct platform &platform);

    void plan(); /* its next event may be another one now */

  private:
    void transport(tlm::tlm_generic_payload &payload, sc_core::sc_time &delay);
    enum status access(tlm::tlm_generic_payload &payload);
    void advance();

    const struct device &device_;
    const struct finisher &finisher_;
    const sc_core::sc_time latency_;
    Appointment next_event_;
};

class MechanismModule : public sc_core::sc_module
{
  public:
    tlm_utils::simple_target_socket<MechanismModule> socket;
    tlm_utils::simple_initiator_socket<MechanismModule> stream; /* the words of its blocks */

    MechanismModule(sc_core::sc_module_name name, const struct mechanism &model, void *state,
                    BusModule &bus);

    void restart(); /* its model has been, and its request on the bus was taken back */

  private:
    void transport(tlm::tlm_generic_payload &payload, sc_core::sc_time &delay);
    void access(RequestExtension &extension);
    void word(RequestExtension &extension);
    tlm::tlm_sync_enum word_done(tlm::tlm_generic_payload &payload, tlm::tlm_phase &phase,
                                 sc_core::sc_time &delay);
    void ask_for_word(cycle_t earliest);

    const struct mechanism &model_;
    void *const state_;
    BusModule &bus_;
    Transaction word_;
    bool word_asked_ = false;
};

} // namespace missive

#endif
