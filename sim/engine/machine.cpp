/* SPDX-License-Identifier: Apache-2.0 */
/* Building the modules of a platform. See machine.h. */
#include "engine/machine.h"

#include <algorithm>

namespace missive
{

static cycle_t quantum_of(const struct parameters &parameters)
{
    return parameters_timed(&parameters) ? parameters.machine_quantum_cycles
                                         : parameters.machine_untimed_quantum_cycles;
}

Machine::Machine(sc_core::sc_module_name name, struct platform &platform, cycle_t until_cycle,
                 struct engine_debugger *debugger)
    : sc_module(name), bus("bus", platform.bus, platform.parameters.bus_address_cycles),
      platform_(platform),
      until_cycle_(until_cycle), pace_{quantum_of(platform.parameters),
                                       parameters_timed(&platform.parameters),
                                       0,
                                       until_cycle,
                                       platform.has_htif ? &platform.htif : nullptr,
                                       debugger,
                                       [this] { release(); }},
      memory_("memory", platform.coherence),
      cluster_("cluster", platform.hart_count, debugger != nullptr)
{
    for (unsigned i = 0; i < platform.hart_count; i++) {
        const std::string label = "hart" + std::to_string(i);
        harts_.push_back(
            std::make_unique<HartModule>(label.c_str(), platform.harts[i], i, pace_, cluster_));
        bus.bind_master(harts_.back()->socket, static_cast<uint16_t>(i));
    }
    bus.map(platform.ram.base, platform.ram.size_bytes, memory_.socket, Speaks::requests);
    if (platform.mechanism) {
        mechanism_ = std::make_unique<MechanismModule>("mechanism", *platform.mechanism,
                                                       platform.mechanism_state, bus);
        bus.bind_master(mechanism_->stream, EVENT_SOURCE_CONTROLLER);
        bus.map(MAP_MECHANISM_BASE, MAP_MECHANISM_SIZE, mechanism_->socket, Speaks::requests);
    }
    for (unsigned i = 0; i < platform.device_count; i++) {
        const struct device &device = platform.devices[i];
        devices_.push_back(std::make_unique<DeviceModule>(device.name, device, platform));
        bus.map(device.base, device.size_bytes, devices_.back()->socket);
    }
    platform.interrupts = {this, interrupt};
    platform.device_watch = {this, device_changed};
}

Machine::~Machine()
{
    platform_.interrupts = {};
    platform_.device_watch = {};
}

void Machine::settle(cycle_t end)
{
    for (auto &hart : harts_)
        hart->settle(end);
}

void Machine::advance(cycle_t end)
{
    const uint64_t last = end * places_per_cycle - 1;
    cluster_.limit(last);
    sc_core::sc_start(sc_core::sc_time::from_value(last - sc_core::sc_time_stamp().value()));
}

cycle_t Machine::current_cycle() const
{
    return cluster_.current_cycle();
}

void Machine::limit(cycle_t cycle)
{
    pace_.until_cycle = cycle_min(until_cycle_, cycle);
}

void Machine::begin_timing()
{
    limit(CYCLE_NEVER);
    pace_.timed = true;
    pace_.quantum_cycles = platform_.parameters.machine_quantum_cycles;
    for (unsigned i = 0; i < platform_.hart_count; i++)
        hart_begin_timing(platform_.harts[i]);
}

void Machine::release()
{
    for (auto &hart : harts_)
        hart->release();
}

bool Machine::asleep() const
{
    return std::all_of(harts_.begin(), harts_.end(),
                       [](const auto &hart) { return hart->asleep(); });
}

void Machine::reset()
{
    platform_reset(&platform_, current_cycle() + 1); /* this one may have been closed */
    for (auto &hart : harts_)
        hart->restart();
    for (auto &device : devices_)
        device->plan();
    if (mechanism_)
        mechanism_->restart();
    bus.refresh();
}

bool Machine::symbol(const char *name, uint64_t &address) const
{
    return elf_image_symbol(&platform_.images.kernel.elf, name, &address);
}

void Machine::interrupt(void *owner, unsigned hart)
{
    static_cast<Machine *>(owner)->harts_[hart]->interrupt();
}

void Machine::device_changed(void *owner, unsigned device)
{
    static_cast<Machine *>(owner)->devices_[device]->plan();
}

} // namespace missive
