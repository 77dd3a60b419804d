// SPDX-License-Identifier: Apache-2.0
// A client and a server that one thread joins, over the C API alone: nothing here is shared or locked.
#pragma once

#include <baresspi/schannel.h>

#include <atomic>
#include <string>
#include <vector>

namespace threads {

using Octets = std::vector<uint8_t>;

std::string Text(SECURITY_STATUS status);

// A handle in one word, so that another thread sees all of it or nothing: its halves have 32 bits.
uint64_t Pack(const SecHandle& handle);
SecHandle Unpack(uint64_t packed);

class Side {
 public:
  void Begin(const CredHandle& credential, bool client, bool tls) {
    credential_ = credential;
    client_ = client;
    tls_ = tls;
  }
  // A call of InitializeSecurityContext or AcceptSecurityContext.
  SECURITY_STATUS Step(Octets token, Octets* answer);
  void Delete();
  CtxtHandle* context() { return &context_; }
  bool has_context() const { return has_context_; }

  std::atomic<uint64_t>* victim = nullptr;  // where the context's handle goes when it is made

 private:
  CredHandle credential_ = {};
  CtxtHandle context_ = {};
  bool client_ = false;
  bool tls_ = false;
  bool has_context_ = false;
};

struct Pair {
  Side client;
  Side server;

  // The whole handshake: SEC_E_OK, or the first error of either.
  SECURITY_STATUS Join();
  // Messages both ways.
  void Talk();
  void TalkTls();
  void Delete();
};

}  // namespace threads
