/* SPDX-License-Identifier: Apache-2.0 */
/* A TLM-2.0 target and a TLM-2.0 initiator of somebody else's, bound to the bus: an ordinary
 * blocking target, and an SC_THREAD that uses b_transport. The guest (test/outside.S) uses the one
 * and waits for the other. */
#include <cstring>
#include <tlm_utils/simple_initiator_socket.h>
#include <tlm_utils/simple_target_socket.h>
#include <unistd.h>

#include "test/run_guest.h"

/* cmocka last: its macros have names that C++'s headers use */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

extern "C" {
#include <cmocka.h>
}

namespace
{

constexpr uint64_t target_base = 0x40000000;

struct Register : sc_core::sc_module {
    tlm_utils::simple_target_socket<Register> socket;
    uint32_t value = 0;
    unsigned accesses = 0;

    explicit Register(sc_core::sc_module_name name) : sc_module(name), socket("socket")
    {
        socket.register_b_transport(this, &Register::transport);
    }

    void transport(tlm::tlm_generic_payload &payload, sc_core::sc_time &delay)
    {
        accesses++;
        delay += sc_core::sc_time(300, sc_core::SC_NS);
        const bool good = payload.get_address() == 8 && payload.get_data_length() == 4;
        if (good && payload.is_write())
            std::memcpy(&value, payload.get_data_ptr(), 4);
        else if (good)
            std::memcpy(payload.get_data_ptr(), &value, 4);
        payload.set_response_status(good ? tlm::TLM_OK_RESPONSE : tlm::TLM_ADDRESS_ERROR_RESPONSE);
    }
};

struct Writer : sc_core::sc_module {
    tlm_utils::simple_initiator_socket<Writer> socket;
    const uint64_t address;
    SC_HAS_PROCESS(Writer);

    Writer(sc_core::sc_module_name name, uint64_t where)
        : sc_module(name), socket("socket"), address(where)
    {
        SC_THREAD(write);
    }

    tlm::tlm_response_status transport(tlm::tlm_command command, uint64_t where, uint64_t &data)
    {
        tlm::tlm_generic_payload payload;
        sc_core::sc_time delay = sc_core::SC_ZERO_TIME;
        payload.set_command(command);
        payload.set_address(where);
        payload.set_data_ptr(reinterpret_cast<unsigned char *>(&data));
        payload.set_data_length(8);
        payload.set_streaming_width(8);
        payload.set_response_status(tlm::TLM_INCOMPLETE_RESPONSE);
        socket->b_transport(payload, delay);
        return payload.get_response_status();
    }

    void write()
    {
        uint64_t data = 77, back = 0;
        wait(20, sc_core::SC_US);
        if (transport(tlm::TLM_WRITE_COMMAND, address, data) != tlm::TLM_OK_RESPONSE ||
            transport(tlm::TLM_READ_COMMAND, address, back) != tlm::TLM_OK_RESPONSE || back != 77 ||
            transport(tlm::TLM_READ_COMMAND, 0x50000000, back) == tlm::TLM_OK_RESPONSE ||
            transport(tlm::TLM_READ_COMMAND, address + 1, back) != tlm::TLM_BURST_ERROR_RESPONSE)
            _exit(1);
    }
};

void a_stranger_can_be_bound(void **)
{
    struct guest_run run = {};
    run.program = "outside";
    run.hosts = 1;
    run.words[0] = "mailbox";
    std::unique_ptr<Register> target;
    std::unique_ptr<Writer> writer;
    const auto result = run_guest_extended(run, [&](missive::Machine &machine) {
        uint64_t mailbox = 0;
        target = std::make_unique<Register>("register");
        assert_true(machine.symbol("mailbox", mailbox));
        writer = std::make_unique<Writer>("writer", mailbox);
        machine.bus.map(target_base, 0x1000, target->socket);
        writer->socket.bind(machine.bus.masters);
    });
    assert_true(result.ran);
    assert_int_equal(result.outcome.end, ENGINE_FINISHED);
    assert_int_equal(result.outcome.exit_code, 0);
    assert_int_equal(result.word[0], 77);
    assert_true(result.outcome.cycles > 20000 && result.outcome.cycles < 30000);
    assert_true(result.migrations > 0);
}

} // namespace

int main()
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_stranger_can_be_bound),
    };
    return cmocka_run_group_tests(tests, nullptr, nullptr);
}
