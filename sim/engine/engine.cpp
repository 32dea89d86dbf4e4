/* SPDX-License-Identifier: Apache-2.0 */
/* Running SystemC slice by slice. See engine.h. */
#include "engine/engine.h"

#include <algorithm>
#include <chrono>

#include "engine/machine.h"

/* Debian's library has a main() that wants this; ours is elsewhere. */
int sc_main(int, char **)
{
    return 0;
}

namespace missive
{

/* How far to run before asking `reached` and the host's clock again. */
constexpr cycle_t slice_cycles = 8192;

class Run
{
  public:
    Run(struct platform &platform, const struct engine_options &options, Machine &machine)
        : platform_(platform), options_(options), machine_(machine)
    {
    }

    struct engine_outcome run();

  private:
    using Clock = std::chrono::steady_clock;

    bool finished() const
    {
        return platform_.finisher.outcome != FINISHER_RUNNING;
    }
    bool over();
    uint64_t instructions() const;
    bool marked() const;
    cycle_t fast_forward();
    void ask_debugger();
    cycle_t next_cycle() const;
    cycle_t slice_end() const;
    double seconds() const
    {
        return std::chrono::duration<double>(Clock::now() - begun_).count();
    }

    struct platform &platform_;
    const struct engine_options &options_;
    Machine &machine_;
    const Clock::time_point begun_ = Clock::now();
    cycle_t reached_ = 0; /* all that happens before this cycle has happened */
    cycle_t granted_ = 0;
    cycle_t timed_from_ = 0;
    struct engine_outcome outcome_ = {};
};

/* Of what happens next; there is something. */
cycle_t Run::next_cycle() const
{
    using namespace sc_core;
    const sc_time idle = sc_time_to_pending_activity(sc_get_curr_simcontext());
    const cycle_t next = cycle_min(cycle_of(sc_time_stamp() + idle), last_cycle - slice_cycles);
    return cycle_max(reached_, next);
}

/* Time may go on to here: over a slice, or over a stretch in which nothing happens. */
cycle_t Run::slice_end() const
{
    const cycle_t end = next_cycle() + slice_cycles;
    return cycle_min(end, cycle_min(granted_, cycle_min(options_.until_cycle, last_cycle)));
}

bool Run::over()
{
    if (finished())
        outcome_.end = ENGINE_FINISHED;
    else if (options_.debugger && options_.debugger->ended)
        outcome_.end = ENGINE_KILLED;
    else if (reached_ >= cycle_min(options_.until_cycle, last_cycle))
        outcome_.end = ENGINE_UNTIL;
    else if (options_.stop && *options_.stop)
        outcome_.end = ENGINE_STOPPED;
    else if (!sc_core::sc_pending_activity())
        outcome_.end = ENGINE_DEADLOCK;
    else if (options_.timeout_seconds > 0 && seconds() >= options_.timeout_seconds)
        outcome_.end = ENGINE_TIMEOUT;
    else
        return false;
    return true;
}

uint64_t Run::instructions() const
{
    uint64_t sum = 0;
    for (unsigned i = 0; i < platform_.hart_count; i++)
        sum += hart_counters(platform_.harts[i])->instructions;
    return sum;
}

bool Run::marked() const
{
    return std::any_of(platform_.harts, platform_.harts + platform_.hart_count, hart_marked);
}

/* Begins timing when its cycle, instruction or marker has come; else how far the machine may go
 * without missing it: no hart retires more than an instruction a cycle, and one at the marker
 * waits. */
cycle_t Run::fast_forward()
{
    const struct parameters &p = platform_.parameters;
    if (timed_from_ != CYCLE_NEVER)
        return CYCLE_NEVER;
    const cycle_t cycle = p.machine_timing_from_cycle ? p.machine_timing_from_cycle : CYCLE_NEVER;
    const uint64_t count =
        p.machine_timing_from_instruction ? p.machine_timing_from_instruction : UINT64_MAX;
    const uint64_t retired = count == UINT64_MAX ? 0 : instructions();
    const cycle_t limit = p.machine_timing_from_marker ? last_cycle : CYCLE_NEVER;
    if (reached_ < cycle && retired < count && !marked()) {
        const uint64_t rest = std::max((count - retired) / platform_.hart_count, UINT64_C(1));
        const bool far = rest >= CYCLE_NEVER - reached_;
        return cycle_min(cycle_min(limit, cycle), far ? CYCLE_NEVER : reached_ + rest);
    }
    timed_from_ = reached_;
    machine_.begin_timing();
    return CYCLE_NEVER;
}

void Run::ask_debugger()
{
    if (!options_.debugger || finished())
        return;
    options_.debugger->poll(options_.debugger->owner, !sc_core::sc_pending_activity());
    machine_.release();
}

struct engine_outcome Run::run()
{
    timed_from_ = parameters_timed(&platform_.parameters) ? 0 : CYCLE_NEVER;
    for (ask_debugger(); !over(); ask_debugger()) {
        const cycle_t untimed_until = fast_forward();
        const cycle_t next = machine_.asleep() ? next_cycle() : reached_;
        granted_ =
            options_.reached ? options_.reached(options_.owner, reached_, next) : CYCLE_NEVER;
        granted_ = cycle_max(granted_, reached_ + 1);
        const cycle_t end = cycle_min(slice_end(), untimed_until);
        if (untimed_until != CYCLE_NEVER)
            machine_.limit(end);
        machine_.advance(end);
        reached_ = finished() ? machine_.current_cycle() + 1 : end;
        if (platform_.finisher.outcome == FINISHER_RESETS)
            machine_.reset();
    }
    const bool failed = platform_.finisher.outcome == FINISHER_FAILED;
    outcome_.exit_code = failed ? std::max(platform_.finisher.code, 1u) : 0;
    outcome_.cycles = reached_;
    outcome_.instructions = instructions();
    outcome_.timed_from = timed_from_;
    platform_.untimed_cycles = cycle_min(timed_from_, reached_);
    outcome_.host_seconds = seconds();
    return outcome_;
}

static void silence_systemc()
{
    sc_core::sc_report_handler::set_actions(sc_core::SC_INFO, sc_core::SC_DO_NOTHING);
    sc_core::sc_report_handler::set_actions(sc_core::SC_WARNING, sc_core::SC_DO_NOTHING);
}

struct engine_outcome run(struct platform &platform, const struct engine_options &options,
                          const Extend &extend)
{
    silence_systemc();
    Machine machine("machine", platform, options.until_cycle, options.debugger);
    if (options.debugger) {
        options.debugger->machine = &machine;
        options.debugger->reset = [](void *reset) { static_cast<Machine *>(reset)->reset(); };
    }
    if (extend)
        extend(machine);
    const struct engine_outcome outcome = Run(platform, options, machine).run();
    machine.settle(outcome.cycles);
    return outcome;
}

} // namespace missive

struct engine_outcome engine_run(struct platform *platform, const struct engine_options *options)
{
    return missive::run(*platform, *options, nullptr);
}
