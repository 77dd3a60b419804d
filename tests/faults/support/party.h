// SPDX-License-Identifier: Apache-2.0
// One side of an exchange, of any package. Every call of it may fail, and is made once more by making it
// again.
#pragma once

#include <baresspi/authority.h>
#include <baresspi/schannel.h>
#include <baresspi/sspi.h>

#include "config/baresspi_config.h"
#include "tests/support/two_sides.h"

// On an emulated board TLS would take minutes.
#if BARESSPI_SCHANNEL && !defined(BARESSPI_FAULTS_WITHOUT_TLS)
#define BARESSPI_FAULTS_TLS 1
#else
#define BARESSPI_FAULTS_TLS 0
#endif

namespace faults {

using two_sides::Octets;

enum class Package : uint8_t { kNtlm, kNegotiate, kTls };
const char* NameOf(Package package);

// What a call of InitializeSecurityContext or AcceptSecurityContext gave.
struct Handed {
  SECURITY_STATUS status = SEC_E_INTERNAL_ERROR;
  Octets token;        // to be sent; of a failure what it left there to be sent, if anything
  size_t extra = 0;    // octets at the end of the input that were not used
  bool quiet = false;  // a failure has told nothing: no token, no attributes, no handle
};

class Party {
 public:
  // auth_data is the caller's, for as long as this is.
  Party(Package package, ULONG use, const void* auth_data);
  ~Party();
  Party(const Party&) = delete;
  Party& operator=(const Party&) = delete;

  SECURITY_STATUS Acquire();
  // In place of its own: another's.
  void Borrow(const CredHandle& credential);
  Handed Step(const Octets& token);
  // wire: what goes over of a message.
  SECURITY_STATUS Protect(bool seal, const Octets& text, Octets* wire);
  // extra: what comes behind it, or SEC_I_RENEGOTIATE is to be fed back.
  SECURITY_STATUS Unprotect(bool seal, const Octets& wire, Octets* text, Octets* extra = nullptr);
  SECURITY_STATUS Query(ULONG attribute);
  // What both sides have alike: the session key, or of TLS a key exported. Empty: there is none.
  Octets Key();
  SECURITY_STATUS ShutDown();
  SECURITY_STATUS Delete();
  SECURITY_STATUS Free();
  // Others have ended its context.
  void Abandon() { has_context_ = false; }

  Package package() const { return package_; }
  bool client() const { return use_ == SECPKG_CRED_OUTBOUND; }
  CtxtHandle* context() { return &context_; }
  // What the last call that succeeded has stored as the context's handle.
  const CtxtHandle& given_back() const { return given_back_; }
  CredHandle* credential() { return &credential_; }
  bool has_context() const { return has_context_; }
  bool owns_credential() const { return has_credential_ && !borrowed_; }

  ULONG requested = 0;
  Octets bindings;  // SECBUFFER_CHANNEL_BINDINGS; empty: none

 private:
  Package package_;
  ULONG use_;
  const void* auth_data_;
  CredHandle credential_ = {};
  CtxtHandle context_ = {};
  CtxtHandle given_back_ = {};
  bool has_credential_ = false;
  bool borrowed_ = false;
  bool has_context_ = false;
};

}  // namespace faults
