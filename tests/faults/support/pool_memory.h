// SPDX-License-Identifier: Apache-2.0
// The octets of the pools as they lie in memory: to see that nothing has changed, and to bring a slot to
// where only thousands of millions of logins would.
#pragma once

#include "core/base/pool.h"
#include "tests/faults/support/party.h"

namespace faults {

const baresspi::Pool& ContextsOf(Package package);
const baresspi::Pool& CredentialsOf(Package package);

// The slot of a handle that is good.
baresspi::Slot* SlotOf(const baresspi::Pool& pool, const SecHandle& live);
// All slots of a pool in which this one is.
Octets MemoryOf(const baresspi::Pool& pool, const baresspi::Slot* one);

}  // namespace faults
