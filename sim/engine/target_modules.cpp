/* SPDX-License-Identifier: Apache-2.0 */
/* The bus's targets. See target_modules.h. */
#include "engine/target_modules.h"

#include <cstring>

namespace missive
{

MemoryModule::MemoryModule(sc_core::sc_module_name name, struct coherence &coherence)
    : sc_module(name), socket("socket"), coherence_(coherence)
{
    socket.register_b_transport(this, &MemoryModule::transport);
    socket.register_transport_dbg(this, &MemoryModule::debug);
}

void MemoryModule::transport(tlm::tlm_generic_payload &payload, sc_core::sc_time &)
{
    auto &extension = *payload.get_extension<RequestExtension>();
    struct coherence_cost cost = {};
    const enum status status = coherence_transact(&coherence_, &extension.request, current_cycle(),
                                                  &extension.response, &cost);
    extension.tenure.cycles = cost.cycles;
    extension.tenure.not_before = cost.not_before;
    if (status == STATUS_FULL)
        extension.tenure.result = Tenure::deferred;
}

unsigned MemoryModule::debug(tlm::tlm_generic_payload &payload)
{
    const struct ram *ram = coherence_.links.ram;
    const uint64_t address = ram->base + payload.get_address();
    const unsigned size = payload.get_data_length();
    if (!ram_holds(ram, address, size))
        return 0;
    if (payload.is_write())
        ram_write(ram, address, payload.get_data_ptr(), size);
    else if (payload.is_read())
        std::memcpy(payload.get_data_ptr(), ram_at(ram, address), size);
    return size;
}

DeviceModule::DeviceModule(sc_core::sc_module_name name, const struct device &device,
                           const struct platform &platform)
    : sc_module(name), socket("socket"), device_(device), finisher_(platform.finisher),
      latency_(time_of(platform.parameters.bus_device_cycles, 0)),
      next_event_("next_event", place_device)
{
    socket.register_b_transport(this, &DeviceModule::transport);
    SC_HAS_PROCESS(DeviceModule);
    SC_METHOD(advance);
    sensitive << next_event_.event();
    dont_initialize();
    plan();
}

void DeviceModule::transport(tlm::tlm_generic_payload &payload, sc_core::sc_time &delay)
{
    delay += latency_;
    payload.set_response_status(tlm_status(access(payload)));
    plan();
    if (finisher_.outcome != FINISHER_RUNNING)
        sc_core::sc_pause();
}

enum status DeviceModule::access(tlm::tlm_generic_payload &payload)
{
    const unsigned size = payload.get_data_length();
    const cycle_t now = current_cycle();
    uint64_t value = 0;
    if (payload.is_write()) {
        std::memcpy(&value, payload.get_data_ptr(), size);
        return device_.store(device_.self, payload.get_address(), size, now, value);
    }
    const enum status status = device_.load(device_.self, payload.get_address(), size, now, &value);
    std::memcpy(payload.get_data_ptr(), &value, size);
    return status;
}

void DeviceModule::advance()
{
    if (device_.next_event(device_.self) <= current_cycle())
        device_.advance(device_.self, current_cycle());
    plan();
}

void DeviceModule::plan()
{
    if (device_.next_event)
        next_event_.set(device_.next_event(device_.self));
}

MechanismModule::MechanismModule(sc_core::sc_module_name name, const struct mechanism &model,
                                 void *state, BusModule &bus)
    : sc_module(name), socket("socket"), stream("stream"), model_(model), state_(state), bus_(bus)
{
    socket.register_b_transport(this, &MechanismModule::transport);
    stream.register_nb_transport_bw(this, &MechanismModule::word_done);
}

void MechanismModule::restart()
{
    word_asked_ = false;
}

void MechanismModule::transport(tlm::tlm_generic_payload &payload, sc_core::sc_time &)
{
    auto &extension = *payload.get_extension<RequestExtension>();
    if (extension.request.kind == REQUEST_BLOCK_WORD)
        word(extension);
    else
        access(extension);
}

static void set_tenure(Tenure &tenure, const struct mechanism_cost &cost)
{
    tenure.cycles = cost.bus_cycles;
    tenure.not_before = cost.not_before;
    tenure.wait = cost.wait;
}

void MechanismModule::access(RequestExtension &extension)
{
    const cycle_t now = current_cycle();
    struct mechanism_cost cost = {};
    const enum status status =
        extension.request.kind == REQUEST_LOAD || extension.request.kind == REQUEST_STORE
            ? model_.access(state_, &extension.request, now, &extension.response, &cost)
            : STATUS_NO_TARGET;
    set_tenure(extension.tenure, cost);
    if (status == STATUS_PENDING)
        extension.tenure.result = Tenure::pending;
    else
        extension.response.status = status;
    ask_for_word(now);
}

/* One word of a block, granted. Masters whose blocks it completes go on. */
void MechanismModule::word(RequestExtension &extension)
{
    const cycle_t now = current_cycle();
    uint16_t master;
    struct response response;
    set_tenure(extension.tenure, model_.word(state_, now, &extension.request));
    extension.response.status = STATUS_OK;
    while (model_.ready(state_, now, &master, &response))
        bus_.release(master, response);
}

tlm::tlm_sync_enum MechanismModule::word_done(tlm::tlm_generic_payload &, tlm::tlm_phase &,
                                              sc_core::sc_time &delay)
{
    word_asked_ = false;
    ask_for_word(cycle_of(sc_core::sc_time_stamp() + delay));
    return tlm::TLM_COMPLETED;
}

void MechanismModule::ask_for_word(cycle_t earliest)
{
    const cycle_t next = model_.next_word(state_, current_cycle());
    if (word_asked_ || next > last_cycle)
        return;
    word_asked_ = true;
    struct request request = {};
    request.kind = REQUEST_BLOCK_WORD;
    request.address = MAP_MECHANISM_BASE;
    tlm::tlm_phase phase = tlm::BEGIN_REQ;
    const sc_core::sc_time at = time_of(cycle_max(next, earliest), place_bus);
    const sc_core::sc_time now = sc_core::sc_time_stamp();
    sc_core::sc_time delay = at > now ? at - now : sc_core::SC_ZERO_TIME;
    stream->nb_transport_fw(word_.begin(request), phase, delay);
}

} // namespace missive
