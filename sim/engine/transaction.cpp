/* SPDX-License-Identifier: Apache-2.0 */
/* Payload and extension of a transaction. See transaction.h. */
#include "engine/transaction.h"

namespace missive
{

tlm::tlm_extension_base *RequestExtension::clone() const
{
    auto *copy = new RequestExtension;
    copy->copy_from(*this);
    return copy;
}

void RequestExtension::copy_from(const tlm::tlm_extension_base &other)
{
    const auto &from = static_cast<const RequestExtension &>(other);
    request = from.request;
    response = from.response;
    tenure = from.tenure;
}

Transaction::Transaction() : payload_(this)
{
    payload_.set_extension(&extension_);
    payload_.acquire();
}

Transaction::~Transaction()
{
    payload_.clear_extension(&extension_);
}

tlm::tlm_generic_payload &Transaction::begin(const struct request &request)
{
    extension_.request = request;
    extension_.response = {};
    extension_.tenure = {};
    data_ = request.kind == REQUEST_STORE ? request.data : 0;
    payload_.set_command(request.kind == REQUEST_LOAD    ? tlm::TLM_READ_COMMAND
                         : request.kind == REQUEST_STORE ? tlm::TLM_WRITE_COMMAND
                                                         : tlm::TLM_IGNORE_COMMAND);
    payload_.set_address(request.address);
    payload_.set_data_ptr(reinterpret_cast<unsigned char *>(&data_));
    payload_.set_data_length(request.size_bytes);
    payload_.set_streaming_width(request.size_bytes);
    payload_.set_byte_enable_ptr(nullptr);
    payload_.set_dmi_allowed(false);
    payload_.set_response_status(tlm::TLM_INCOMPLETE_RESPONSE);
    return payload_;
}

tlm::tlm_response_status tlm_status(enum status status)
{
    switch (status) {
    case STATUS_OK:
        return tlm::TLM_OK_RESPONSE;
    case STATUS_NO_TARGET:
        return tlm::TLM_ADDRESS_ERROR_RESPONSE;
    default:
        return tlm::TLM_GENERIC_ERROR_RESPONSE;
    }
}

enum status status_of(tlm::tlm_response_status status)
{
    switch (status) {
    case tlm::TLM_OK_RESPONSE:
        return STATUS_OK;
    case tlm::TLM_ADDRESS_ERROR_RESPONSE:
        return STATUS_NO_TARGET;
    default:
        return STATUS_DENIED;
    }
}

} // namespace missive
