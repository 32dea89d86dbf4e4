/* SPDX-License-Identifier: Apache-2.0 */
/* Moving transactions over the bus. See bus_module.h. */
#include "engine/bus_module.h"

#include <cstring>

namespace missive
{

BusModule::BusModule(sc_core::sc_module_name name, struct bus &model, cycle_t address_cycles)
    : sc_module(name), masters("masters"), model_(model), address_cycles_(address_cycles),
      targets_("targets"), next_grant_("next_grant", place_bus)
{
    masters.register_nb_transport_fw(this, &BusModule::request);
    masters.register_b_transport(this, &BusModule::blocking_request);
    masters.register_transport_dbg(this, &BusModule::debug_request);
    SC_HAS_PROCESS(BusModule);
    SC_METHOD(arbitrate);
    sensitive << next_grant_.event();
    dont_initialize();
}

void BusModule::map(uint64_t base, uint64_t size_bytes, tlm::tlm_base_target_socket<> &target,
                    Speaks speaks)
{
    ranges_.push_back({base, size_bytes, static_cast<int>(ranges_.size()), speaks});
    targets_.bind(target);
}

void BusModule::bind_master(tlm::tlm_base_initiator_socket<> &socket, uint16_t number)
{
    numbers_.push_back(number);
    socket.bind(masters);
}

uint16_t BusModule::number_of(int socket) const
{
    const auto index = static_cast<size_t>(socket);
    return index < numbers_.size()
               ? numbers_[index]
               : static_cast<uint16_t>(EVENT_SOURCE_DEVICE + index - numbers_.size());
}

const BusModule::Range *BusModule::range_of(uint64_t address) const
{
    for (const Range &range : ranges_)
        if (address - range.base < range.size_bytes)
            return &range;
    return nullptr;
}

static bool is_plain_access(const tlm::tlm_generic_payload &payload)
{
    const unsigned size = payload.get_data_length();
    return payload.get_command() != tlm::TLM_IGNORE_COMMAND &&
           (size == 1 || size == 2 || size == 4 || size == 8) &&
           payload.get_address() % size == 0 && payload.get_streaming_width() >= size &&
           !payload.get_byte_enable_ptr();
}

/* The request that a payload from outside stands for. */
static void describe(const tlm::tlm_generic_payload &payload, struct request &request)
{
    request = {};
    request.kind = payload.is_read() ? REQUEST_LOAD : REQUEST_STORE;
    request.size_bytes = static_cast<uint8_t>(payload.get_data_length());
    request.address = payload.get_address();
    if (payload.is_write())
        std::memcpy(&request.data, payload.get_data_ptr(), request.size_bytes);
}

/* NULL: the bus has no such request; the payload says so. */
BusModule::Waiting *BusModule::raise(int socket, tlm::tlm_generic_payload &payload, cycle_t cycle)
{
    const uint16_t master = number_of(socket);
    Waiting &waiting = waiting_.at(master);
    auto *extension = payload.get_extension<RequestExtension>();
    if (!extension) {
        if (!is_plain_access(payload)) {
            payload.set_response_status(tlm::TLM_BURST_ERROR_RESPONSE);
            return nullptr;
        }
        extension = &waiting.own;
        extension->tenure = {};
        extension->response = {};
        describe(payload, extension->request);
    }
    extension->request.master = master;
    extension->request.cycle = cycle;
    waiting.payload = &payload;
    waiting.extension = extension;
    waiting.socket = socket;
    waiting.done = nullptr;
    bus_request(&model_, &extension->request);
    next_grant_.set(bus_next(&model_));
    return &waiting;
}

tlm::tlm_sync_enum BusModule::request(int socket, tlm::tlm_generic_payload &payload,
                                      tlm::tlm_phase &phase, sc_core::sc_time &delay)
{
    if (phase != tlm::BEGIN_REQ) /* END_RESP */
        return tlm::TLM_COMPLETED;
    return raise(socket, payload, cycle_of(sc_core::sc_time_stamp() + delay)) ? tlm::TLM_ACCEPTED
                                                                              : tlm::TLM_COMPLETED;
}

void BusModule::blocking_request(int socket, tlm::tlm_generic_payload &payload,
                                 sc_core::sc_time &delay)
{
    sc_core::sc_event done;
    sc_core::wait(delay);
    delay = sc_core::SC_ZERO_TIME;
    Waiting *waiting = raise(socket, payload, current_cycle());
    if (!waiting)
        return;
    waiting->done = &done;
    sc_core::wait(done);
}

unsigned BusModule::debug_request(int, tlm::tlm_generic_payload &payload)
{
    const uint64_t address = payload.get_address();
    const Range *range = range_of(address);
    if (!range)
        return 0;
    payload.set_address(address - range->base);
    const unsigned moved = targets_[range->target]->transport_dbg(payload);
    payload.set_address(address);
    return moved;
}

void BusModule::arbitrate()
{
    struct request request;
    if (bus_grant(&model_, current_cycle(), &request))
        carry_out(request, waiting_[request.master]);
    next_grant_.set(bus_next(&model_));
}

void BusModule::carry_out(struct request &request, Waiting &waiting)
{
    const cycle_t now = current_cycle();
    RequestExtension &extension = *waiting.extension;
    extension.request = request;
    extension.tenure = {};
    call_target(waiting);
    const Tenure &tenure = extension.tenure;
    const bool deferred = tenure.result == Tenure::deferred;
    const cycle_t end = bus_hold(&model_, now, &extension.request, tenure.cycles,
                                 deferred ? 0 : tenure.not_before, tenure.wait);
    if (deferred) {
        bus_retry(&model_, &request, tenure.not_before);
    } else if (tenure.result == Tenure::answered) {
        extension.response.cycle = end;
        answer(waiting);
    }
}

/* Fills in response and tenure of the extension. */
void BusModule::call_target(Waiting &waiting)
{
    RequestExtension &extension = *waiting.extension;
    tlm::tlm_generic_payload &payload = *waiting.payload;
    const uint64_t address = extension.request.address;
    const Range *range = range_of(address);
    extension.tenure.cycles = address_cycles_;
    if (!range ||
        (range->speaks == Speaks::plain && payload.get_command() == tlm::TLM_IGNORE_COMMAND)) {
        extension.response.status = STATUS_NO_TARGET;
        return;
    }
    const bool from_outside = &extension == &waiting.own;
    if (from_outside && range->speaks == Speaks::requests)
        payload.set_extension(&extension);
    sc_core::sc_time delay = sc_core::SC_ZERO_TIME;
    payload.set_address(address - range->base);
    targets_[range->target]->b_transport(payload, delay);
    payload.set_address(address);
    if (from_outside && range->speaks == Speaks::requests)
        payload.clear_extension(&extension);
    if (range->speaks == Speaks::requests)
        return;
    extension.tenure.cycles += cycle_of(delay + sc_core::sc_time::from_value(places_per_cycle - 1));
    extension.response.status = status_of(payload.get_response_status());
    if (payload.is_read() && payload.get_data_length() <= sizeof extension.response.data)
        std::memcpy(&extension.response.data, payload.get_data_ptr(), payload.get_data_length());
}

void BusModule::answer(Waiting &waiting)
{
    tlm::tlm_generic_payload &payload = *waiting.payload;
    const struct response &response = waiting.extension->response;
    payload.set_response_status(tlm_status(response.status));
    if (payload.is_read())
        std::memcpy(payload.get_data_ptr(), &response.data, payload.get_data_length());
    sc_core::sc_time delay = time_of(response.cycle, place_device) - sc_core::sc_time_stamp();
    if (waiting.done) {
        waiting.done->notify(delay);
        return;
    }
    tlm::tlm_phase phase = tlm::BEGIN_RESP;
    masters[waiting.socket]->nb_transport_bw(payload, phase, delay);
}

void BusModule::refresh()
{
    next_grant_.set(bus_next(&model_));
}

void BusModule::release(uint16_t master, const struct response &response)
{
    Waiting &waiting = waiting_.at(master);
    waiting.extension->response = response;
    waiting.extension->response.cycle = cycle_max(response.cycle, current_cycle() + 1);
    answer(waiting);
}

} // namespace missive
