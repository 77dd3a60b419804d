// SPDX-License-Identifier: Apache-2.0
#include "tests/faults/support/pool_memory.h"

#include "core/sspi/pools.h"
#if BARESSPI_FAULTS_TLS
#include "core/sspi/packages.h"
#endif

namespace faults {

using baresspi::Pool;
using baresspi::Slot;

const Pool& ContextsOf([[maybe_unused]] Package package) {
#if BARESSPI_FAULTS_TLS
  if (package == Package::kTls) return *baresspi::schannel::kPackage.contexts;
#endif
  return baresspi::kSharedContexts;
}

const Pool& CredentialsOf([[maybe_unused]] Package package) {
#if BARESSPI_FAULTS_TLS
  if (package == Package::kTls) return *baresspi::schannel::kPackage.credentials;
#endif
  return baresspi::kSharedCredentials;
}

Slot* SlotOf(const Pool& pool, const SecHandle& live) {
  return pool.Find(live.dwLower, live.dwUpper, Pool::Then::kNothing);
}

Octets MemoryOf(const Pool& pool, const Slot* one) {
  const auto* begin = reinterpret_cast<const uint8_t*>(one) - size_t{one->index} * pool.slot_size();
  return Octets(begin, begin + pool.count() * pool.slot_size());
}

}  // namespace faults
