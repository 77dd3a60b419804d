// SPDX-License-Identifier: Apache-2.0
// The device that all exchanges here run on, and its authority, whose answers a test scripts.
#pragma once

#include <baresspi/authority.h>

#include <functional>

namespace faults {

// The port is as new (scripted_port::Reset()), but has this device, and the authority answers as it should.
void Restart();

// Alice's, who is EXAMPLE\alice with the password Passw0rd!. elsewhere: its authority validates responses;
// else it knows NT hashes. Either maps every certificate to alice.
const BARESSPI_DEVICE& Device(bool elsewhere);

// Calls of the authority's functions since Restart().
unsigned AuthorityCalls();
// The n-th of them answers so, whatever else it does; SEC_E_OK: as it should.
void AuthorityAnswers(unsigned n, SECURITY_STATUS status);
// In the n-th, before it answers, this runs: once.
void AtAuthorityCall(unsigned n, std::function<void()> hook);

}  // namespace faults
