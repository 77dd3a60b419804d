// SPDX-License-Identifier: Apache-2.0
// One of our contexts, established with the test's peer, and the peer's two channels beside it.
#pragma once

#include <memory>

#include "tests/unit/ntlm/harness.h"

namespace ntlm_test {

class Established {
 public:
  // flags: what both sides have. ours: which side the core is.
  Established(uint32_t flags, From ours) {
    if (ours == From::kClient) {
      ULONG request = 0;
      if ((flags & kSign) != 0) request |= ISC_REQ_INTEGRITY;
      if ((flags & kSeal) != 0) request |= ISC_REQ_CONFIDENTIALITY;
      client_ = std::make_unique<Client>(Identity(), request);
      client_->SetPolicy(BARESSPI_POLICY_ALLOW_WEAK_KEYS);
      PeerServer server;
      server.flags = flags | kTargetInfo | kTargetTypeDomain;
      const Tokens tokens = LogIn(client_.get(), server);
      EXPECT_EQ(tokens.client, SEC_E_OK);
      const Login login = TakeLogin(tokens.negotiate, tokens.challenge, tokens.authenticate);
      Open(login.session_key, login.message.flags, ours);
    } else {
      server_ = std::make_unique<Server>(ULONG{BARESSPI_POLICY_ALLOW_WEAK_KEYS});
      PeerClient client;
      client.flags = flags;
      EXPECT_EQ(LogIn(&client, server_.get()).server, SEC_E_OK);
      Open(client.session_key, client.agreed_flags, ours);
    }
  }

  Endpoint& ours() {
    if (client_) return *client_;
    return *server_;
  }
  // The same octets as ours is to make, and those that ours is to take.
  PeerChannel& expected() { return *expected_; }
  PeerChannel& peer() { return *peer_; }

 private:
  void Open(const Octets& session_key, uint32_t flags, From ours) {
    const From theirs = ours == From::kClient ? From::kServer : From::kClient;
    expected_ = std::make_unique<PeerChannel>(session_key, flags, ours);
    peer_ = std::make_unique<PeerChannel>(session_key, flags, theirs);
  }

  std::unique_ptr<Client> client_;
  std::unique_ptr<Server> server_;
  std::unique_ptr<PeerChannel> expected_;
  std::unique_ptr<PeerChannel> peer_;
};

// Every way in which two sides may have agreed to sign and seal.
struct Agreement {
  uint32_t flags;
  From ours;
};

inline std::vector<Agreement> Agreements(uint32_t without = 0) {
  std::vector<Agreement> all;
  for (const From ours : {From::kClient, From::kServer}) {
    for (const uint32_t bits : {uint32_t{0}, k128, k128 | k56}) {
      for (const uint32_t key : {uint32_t{0}, kKeyExch})
        all.push_back({kUsual & ~(bits | key | without), ours});
    }
  }
  return all;
}

}  // namespace ntlm_test
