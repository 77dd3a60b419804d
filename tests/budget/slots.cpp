// SPDX-License-Identifier: Apache-2.0
// The sizes of slots, told by an object's symbols: each is as large as what it is named after. Never linked.
#include "core/ntlm/context.h"

extern "C" {
extern const char baresspi_budget_context[];
extern const char baresspi_budget_credential[];

const char baresspi_budget_context[sizeof(baresspi::ntlm::NtlmContext)] = {};
const char baresspi_budget_credential[sizeof(baresspi::ntlm::NtlmCredential)] = {};
}
