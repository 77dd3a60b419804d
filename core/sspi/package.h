// SPDX-License-Identifier: Apache-2.0
// What a package is to the front door: a const table of functions, its pools, and what a credential and a
// context begin with.
#pragma once

#include <baresspi/sspi.h>

#include "core/base/pool.h"
#include "core/base/utf.h"
#include "core/sspi/identity.h"

namespace baresspi {

struct Credential : Slot {
  ULONG use;  // SECPKG_CRED_INBOUND, SECPKG_CRED_OUTBOUND or both
};

enum class Phase : uint8_t { kHandshake, kEstablished, kBroken };

struct Context : Slot {
  Credential* credential;  // with a reference
  SECURITY_STATUS error;   // of kBroken
  Phase phase;
  bool initiator;
};

// One call of InitializeSecurityContext or AcceptSecurityContext, its arguments checked.
struct HandshakeCall {
  Text target;
  ULONG requested;    // ISC_REQ_* or ASC_REQ_*
  Bytes token;        // the peer's; empty: none
  Bytes bindings;     // SEC_CHANNEL_BINDINGS and what it points to, well-formed; empty: none
  SecBuffer* output;  // the token goes here; nullptr: the caller gave no place
  ULONG attributes;   // out: ISC_RET_* or ASC_RET_*

  // Where to write a token of size: SEC_E_OK with *out; SEC_E_BUFFER_TOO_SMALL with cbBuffer set to size;
  // SEC_E_INVALID_TOKEN without a place. Nothing is to be changed before it has answered SEC_E_OK.
  [[nodiscard]] SECURITY_STATUS Reserve(size_t size, uint8_t** out);
};

enum class Protection : uint8_t { kSign, kVerify, kSeal, kUnseal };

struct MessageCall {
  Protection protection;
  SecBufferDesc* message;
  ULONG sequence;  // MessageSeqNo
  ULONG* qop;      // in for kSign and kSeal, out for the others (may be nullptr there)
};

// A query hands out the A or the W form.
struct QueryCall {
  ULONG attribute;
  bool wide;
  void* buffer;
};

// A function that a package does not have is nullptr: SEC_E_UNSUPPORTED_FUNCTION. Statuses go back to the
// application as they are.
struct Package {
  const SecPkgInfoA* info_a;
  const SecPkgInfoW* info_w;
  const Pool* credentials;
  const Pool* contexts;
  size_t context_size;

  SECURITY_STATUS (*acquire)(Credential& credential, const AuthData& auth_data);
  SECURITY_STATUS (*query_credential)(Credential& credential, const QueryCall& call);
  SECURITY_STATUS (*set_credential)(Credential& credential, ULONG attribute, const void* buffer, ULONG size);

  // The phase is kHandshake. SEC_E_OK: the front door makes it kEstablished. SEC_I_CONTINUE_NEEDED: it stays.
  // What the caller can mend (EndsHandshake says no): nothing has changed. Anything else: kBroken, all but
  // the Context part wiped.
  SECURITY_STATUS (*initialize)(Context& context, HandshakeCall& call);
  SECURITY_STATUS (*accept)(Context& context, HandshakeCall& call);

  // The phase is kEstablished.
  SECURITY_STATUS (*query_context)(Context& context, const QueryCall& call);
  SECURITY_STATUS (*protect)(Context& context, const MessageCall& call);
  SECURITY_STATUS (*query_token)(const Context& context, struct _BARESSPI_TOKEN_INFO* info);
};

// nullptr: no such package.
const Package* FindPackage(const Text& name);
const Package* PackageOfCredential(HandleValue handle);
const Package* PackageOfContext(HandleValue handle);

// True when a handshake that failed with this status is over; false when the caller can mend it and call
// again.
bool EndsHandshake(SECURITY_STATUS status);

HandleValue ValueOf(const SecHandle* handle);
void StoreHandle(HandleValue value, SecHandle* handle);

// Ends a reference to a context, and to its credential with the last of them.
void ReleaseContext(const Package& package, Context* context);
void ReleaseCredential(const Package& package, Credential* credential);

// A context, or a credential, for the time of a call.
class PinnedContext {
 public:
  explicit PinnedContext(const SecHandle* handle);
  ~PinnedContext();
  PinnedContext(const PinnedContext&) = delete;
  PinnedContext& operator=(const PinnedContext&) = delete;

  Context* get() const { return context_; }
  const Package& package() const { return *package_; }
  // What a function that wants an established context answers: SEC_E_OK, SEC_E_INVALID_HANDLE, or why the
  // handshake broke.
  [[nodiscard]] SECURITY_STATUS Established() const;

 private:
  const Package* package_ = nullptr;
  Context* context_ = nullptr;
};

class PinnedCredential {
 public:
  explicit PinnedCredential(const SecHandle* handle);
  ~PinnedCredential();
  PinnedCredential(const PinnedCredential&) = delete;
  PinnedCredential& operator=(const PinnedCredential&) = delete;

  Credential* get() const { return credential_; }
  const Package& package() const { return *package_; }

 private:
  const Package* package_ = nullptr;
  Credential* credential_ = nullptr;
};

}  // namespace baresspi
