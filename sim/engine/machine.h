/* SPDX-License-Identifier: Apache-2.0 */
/* A platform as SystemC modules, bound together. For C++ users who bind models of their own: give
 * run() a function that is called once the platform's modules stand, and bind to `bus` there (see
 * bus_module.h). */
#ifndef MISSIVE_ENGINE_MACHINE_H
#define MISSIVE_ENGINE_MACHINE_H

#include <functional>
#include <memory>
#include <vector>

#include "engine/engine.h"
#include "engine/hart_module.h"
#include "engine/target_modules.h"

namespace missive
{

class Machine : public sc_core::sc_module
{
  public:
    BusModule bus;

    Machine(sc_core::sc_module_name name, struct platform &platform, cycle_t until_cycle,
            struct engine_debugger *debugger = nullptr);
    ~Machine() override;

    void settle(cycle_t end); /* all harts, when the run is over */

    /* Everything that happens before cycle `end` happens, or the run's end comes. */
    void advance(cycle_t end);
    cycle_t current_cycle() const; /* of what happened last */

    /* No hart runs past this cycle, or that of the constructor. */
    void limit(cycle_t cycle);
    /* All harts stand where simulated time does: from here on they model it. */
    void begin_timing();

    void reset(); /* not while a transaction is carried out */

    void release(); /* harts that were held and now have another order */

    bool asleep() const; /* every hart waits for an interrupt */

    /* The address of a symbol of the guest's kernel. False: there is none of this name. */
    bool symbol(const char *name, uint64_t &address) const;

  private:
    static void interrupt(void *owner, unsigned hart);
    static void device_changed(void *owner, unsigned device);

    struct platform &platform_;
    const cycle_t until_cycle_;
    HartPace pace_;
    MemoryModule memory_;
    std::vector<std::unique_ptr<DeviceModule>> devices_;
    std::unique_ptr<MechanismModule> mechanism_;
    HartCluster cluster_;
    std::vector<std::unique_ptr<HartModule>> harts_;
};

using Extend = std::function<void(Machine &machine)>;

struct engine_outcome run(struct platform &platform, const struct engine_options &options,
                          const Extend &extend);

} // namespace missive

#endif
