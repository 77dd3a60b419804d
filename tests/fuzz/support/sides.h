// SPDX-License-Identifier: Apache-2.0
// A client or a server of NTLM or Negotiate, driven through the C API, with all that must hold of a call
// looked at after each call.
#pragma once

#include <baresspi/authority.h>
#include <baresspi/sspi.h>

#include "tests/fuzz/support/octets.h"

namespace fuzz {

// The account that the servers know: EXAMPLE\alice, Passw0rd!, UserId 7.
inline constexpr char kUser[] = "alice";
inline constexpr char kDomain[] = "EXAMPLE";
inline constexpr char kPassword[] = "Passw0rd!";
inline constexpr ULONG kUserId = 7;
SEC_WINNT_AUTH_IDENTITY_A Alice();
// The servers' device, with that account alone.
BARESSPI_DEVICE Device();
// Channel bindings with these octets as their application data.
Octets Bindings(const Octets& application_data);

struct Call {
  ULONG requested = 0;
  const char* target = nullptr;  // client only
  const Octets* bindings = nullptr;
};

struct Result {
  SECURITY_STATUS status = SEC_E_OK;
  Octets token;  // empty after an error
  ULONG attributes = 0;

  bool operator==(const Result&) const = default;
  bool done() const { return status == SEC_E_OK; }
  bool goes_on() const { return status == SEC_I_CONTINUE_NEEDED; }
};

// A credential and at most one context, which end with it.
class Side {
 public:
  // tight: every output is tried too small first, and then with the size that the library has asked for.
  Side(const char* package, ULONG use, void* auth_data, bool tight);
  ~Side();
  Side(const Side&) = delete;
  Side& operator=(const Side&) = delete;

  Result Step(const Octets& token, const Call& call);
  void SetPolicy(ULONG flags);
  // Every attribute is asked for, in both forms, whatever state the context is in.
  void Query();

  bool has_context() const { return has_context_; }
  bool established() const { return established_; }
  CtxtHandle* context() { return &context_; }

 private:
  Result Try(const Octets& token, const Call& call, size_t room, ULONG* needed);
  void CheckBroken(SECURITY_STATUS status);
  void CheckDone();
  bool client() const { return use_ == SECPKG_CRED_OUTBOUND; }

  CredHandle credential_ = {};
  CtxtHandle context_ = {};
  ULONG use_;
  bool tight_;
  bool negotiate_;
  bool has_context_ = false;
  bool established_ = false;
  uint64_t steps_ = 0;
};

// An exchange that an input describes, its sides tight or not: what each call came to.
using Exchange = std::vector<Result>(const uint8_t* data, size_t size, bool tight);
// A target's whole turn: the exchange, and, where the input's first octet asks for it, once more with tight
// sides: in buffers that are too small at first everything comes out alike.
void PlayBothWays(const uint8_t* data, size_t size, Exchange* exchange);

}  // namespace fuzz
