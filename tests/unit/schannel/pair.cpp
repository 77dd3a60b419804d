// SPDX-License-Identifier: Apache-2.0
#include "tests/unit/schannel/pair.h"

namespace tls_sides {

namespace pki = baresspi::pki;

ClientSetupOf::ClientSetupOf(const Kind& kind, ULONG flags) {
  cred.grbitEnabledProtocols = kind.protocol;
  cred.dwFlags = flags;
  if (!kind.mutual) return;
  if (kind.rsa) {
    Show(pki::kClientRsa, pki::kClientRsaKey);
  } else {
    Show(pki::kClient, pki::kClientKey);
  }
}

ServerSetupOf::ServerSetupOf(const Kind& kind, ULONG flags) {
  cred.grbitEnabledProtocols = kind.protocol;
  cred.dwFlags = flags;
  Trust(kind.rsa ? pki::kRootRsa : pki::kRoot);
  if (kind.rsa) {
    Show(pki::kServerRsa, pki::kServerRsaKey);
  } else {
    Show(pki::kServer, pki::kServerKey);
  }
}

Pair::Pair(const Kind& kind, ULONG flags)
    : client_setup(kind, flags), server_setup(kind, flags), client(client_setup), server(server_setup) {
  EXPECT_STATUS(SEC_E_OK, client.acquired());
  EXPECT_STATUS(SEC_E_OK, server.acquired());
  if (kind.mutual) server_call.requested = ASC_REQ_MUTUAL_AUTH;
}

void Pair::Establish() {
  tls_sides::Establish(client, server, client_call, server_call);
}

Outcome Pair::Connect() {
  return tls_sides::Connect(client, server, client_call, server_call);
}

void Pair::DeleteContexts() {
  client.DeleteContext();
  server.DeleteContext();
}

std::vector<Octets> Records(const Octets& stream) {
  std::vector<Octets> records;
  size_t at = 0;
  while (at < stream.size()) {
    size_t end = stream.size();
    if (end - at >= 5) {
      const size_t size = 5 + (size_t{stream[at + 3]} << 8 | stream[at + 4]);
      if (size < end - at) end = at + size;
    }
    records.emplace_back(stream.begin() + static_cast<ptrdiff_t>(at),
                         stream.begin() + static_cast<ptrdiff_t>(end));
    at = end;
  }
  return records;
}

Octets Joined(const Octets& first, const Octets& second) {
  Octets all = first;
  all.insert(all.end(), second.begin(), second.end());
  return all;
}

Octets Tail(const Octets& octets, size_t size) {
  return Octets(octets.end() - static_cast<ptrdiff_t>(size), octets.end());
}

ULONG MaxToken() {
  PSecPkgInfoA info = nullptr;
  char name[] = UNISP_NAME_A;
  EXPECT_STATUS(SEC_E_OK, QuerySecurityPackageInfoA(name, &info));
  return info == nullptr ? 0 : info->cbMaxToken;
}

}  // namespace tls_sides
