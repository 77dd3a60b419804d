// SPDX-License-Identifier: Apache-2.0
// The sizes of slots, told by an object's symbols: each is as large as what it is named after. Never linked.
//
// A slot of contexts holds NTLM's and Negotiate's alike: what Negotiate adds stands before and behind what
// NTLM has without it.
#include "core/ntlm/context.h"
#if BARESSPI_NEGOTIATE
#include "core/negotiate/context.h"
#endif
#if BARESSPI_SCHANNEL
#include "core/schannel/context.h"
#endif

extern "C" {
extern const char baresspi_budget_context[];
extern const char baresspi_budget_credential[];

const char baresspi_budget_context[sizeof(baresspi::ntlm::NtlmContext) - sizeof(baresspi::MechanismBase) +
                                   sizeof(baresspi::Context)] = {};
const char baresspi_budget_credential[sizeof(baresspi::ntlm::NtlmCredential)] = {};

#if BARESSPI_NEGOTIATE
extern const char baresspi_budget_negotiate_context[];

const char baresspi_budget_negotiate_context[sizeof(baresspi::negotiate::NegotiateContext) -
                                             sizeof baresspi_budget_context] = {};
#endif

#if BARESSPI_SCHANNEL
extern const char baresspi_budget_tls_context[];
extern const char baresspi_budget_tls_credential[];
extern const char baresspi_budget_tls_arena[];

const char baresspi_budget_tls_context[sizeof(baresspi::schannel::SchannelContext)] = {};
const char baresspi_budget_tls_credential[sizeof(baresspi::schannel::SchannelCredential)] = {};
const char baresspi_budget_tls_arena[BARESSPI_SCHANNEL_ARENA_BYTES] = {};
#endif
}
