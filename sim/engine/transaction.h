/* SPDX-License-Identifier: Apache-2.0 */
/* A master's transaction as a TLM-2.0 payload. An uncached load or store is a plain TLM READ or
 * WRITE, which any target understands; what moves a cache line has no data (they live in the flat
 * RAM), so its command is IGNORE and the extension says what is meant. One object a master, used
 * again and again: nothing is allocated per transaction. */
#ifndef MISSIVE_ENGINE_TRANSACTION_H
#define MISSIVE_ENGINE_TRANSACTION_H

#include <tlm>

#include "engine/models.h"

namespace missive
{

/* What carrying out a request costs the bus, as the target says. */
struct Tenure {
    cycle_t cycles = 1;
    cycle_t not_before = 0; /* a holder's clock (skew); of a deferred request: when to ask again */
    enum activity wait = ACTIVITY_memory;
    enum { answered, deferred, pending } result = answered;
};

struct RequestExtension : tlm::tlm_extension<RequestExtension> {
    struct request request = {};
    struct response response = {};
    Tenure tenure;

    tlm::tlm_extension_base *clone() const override;
    void copy_from(const tlm::tlm_extension_base &other) override;
};

class Transaction : public tlm::tlm_mm_interface
{
  public:
    Transaction();
    ~Transaction() override;
    Transaction(const Transaction &) = delete;
    Transaction &operator=(const Transaction &) = delete;

    /* The payload for a new request; the one before must have been answered. */
    tlm::tlm_generic_payload &begin(const struct request &request);

    const struct response &response() const
    {
        return extension_.response;
    }

    void free(tlm::tlm_generic_payload *) override
    {
    }

  private:
    tlm::tlm_generic_payload payload_;
    RequestExtension extension_;
    uint64_t data_ = 0;
};

tlm::tlm_response_status tlm_status(enum status status);
enum status status_of(tlm::tlm_response_status status);

} // namespace missive

#endif
