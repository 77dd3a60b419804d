// SPDX-License-Identifier: Apache-2.0
// What a package is to the front door: a const table of functions, its pools, and what a credential and a
// context begin with.
#pragma once

#include <baresspi/sspi.h>

#include "config/baresspi_config.h"
#include "core/base/pool.h"
#include "core/base/utf.h"
#include "core/sspi/identity.h"
#include "core/sspi/time.h"

namespace baresspi {

struct Package;

struct Credential : Slot {
  const Package* package;
  ULONG use;  // SECPKG_CRED_INBOUND, SECPKG_CRED_OUTBOUND or both
};

enum class Phase : uint8_t { kHandshake, kEstablished, kBroken };

struct Context : Slot {
  Credential* credential;  // with a reference
  uint16_t error;          // of kBroken: the lower half of the SEC_E_* that broke it
  Phase phase;
  bool initiator;
  ULONG attributes;  // as the package likes; ISC_RET_* or ASC_RET_* when the handshake is done
#if BARESSPI_SERVERS
  ULONG user_id;  // acceptor: the caller's, as the authority said
#endif
};

// One call of InitializeSecurityContext or AcceptSecurityContext, its arguments checked.
struct HandshakeCall {
  // its_target is zero-terminated or nullptr.
  HandshakeCall(const void* its_target, bool wide, ULONG its_requested, Bytes its_token,
                SecBuffer* its_output)
      : target(Text::Terminated(its_target, wide)),
        requested(its_requested),
        token(its_token),
        output(its_output) {}

  Text target;
  ULONG requested;  // ISC_REQ_* or ASC_REQ_*
  Bytes token;      // the peer's; empty: none
  bool has_bindings = false;
  uint8_t bindings[16];   // MD5 of the gss_channel_bindings_struct that the application gave
  SecBuffer* output;      // the token goes here; nullptr: the caller gave no place
  bool mendable = false;  // out, by Mendable
#if BARESSPI_SCHANNEL
  // For TLS, which reads and writes more than tokens.
  const SecHandle* credential = nullptr;         // of this call; a later one may bring another
  const SecBufferDesc* input_buffers = nullptr;  // usable, or nullptr
  const SecBufferDesc* output_buffers = nullptr;
  uint64_t expiry = kNever;  // out, where the package knows one
  bool speaks = false;       // out: the output goes to the peer although the call fails
#endif

  // Where the token goes. Nothing of the context is to be changed before Reserve has answered SEC_E_OK.
  [[nodiscard]] MutableBytes Room() const {
    return output == nullptr ? MutableBytes()
                             : MutableBytes(static_cast<uint8_t*>(output->pvBuffer), output->cbBuffer);
  }
  // Sets cbBuffer to the token's size. SEC_E_BUFFER_TOO_SMALL; SEC_E_INVALID_TOKEN when the caller gave no
  // place.
  [[nodiscard]] SECURITY_STATUS Reserve(size_t size);
  // Fails the call, not the handshake: nothing has changed, and the caller may call again.
  [[nodiscard]] SECURITY_STATUS Mendable(SECURITY_STATUS status) {
    mendable = true;
    return status;
  }
};

enum class Protection : uint8_t { kSign, kVerify, kSeal, kUnseal };

struct MessageCall {
  Protection protection;
  SecBufferDesc* message;
  ULONG sequence;  // MessageSeqNo
  ULONG* qop;      // in for kSign and kSeal, out for the others (may be nullptr there)
};

// What a query hands out comes in two forms. A function of the interface names its own, so that firmware with
// A functions alone has nothing of the other.
struct Form {
  bool wide;
  const void* infos;        // SecPkgInfoA or SecPkgInfoW of all packages
  const void* key_info[2];  // RC4's names: what it signs with, what it is
};
extern const Form kFormA;
extern const Form kFormW;

struct AttributeCall {
  ULONG attribute;
  const Form* form;  // of a query; nullptr: the attribute is set
  void* buffer;
  ULONG size;  // of the buffer, where the attribute is set
};

#if BARESSPI_SCHANNEL
// What a package has that secures a stream, as TLS does. Its initialize and accept are called when the phase
// is kEstablished, too; it gives attributes in every phase; it logs a caller itself, who may have no name.
struct Stream {
  // ApplyControlToken, and SetContextAttributes, in any phase but kBroken.
  SECURITY_STATUS (*control)(Context& context, const SecBufferDesc* input);
  SECURITY_STATUS (*set_context)(Context& context, const AttributeCall& call);
  // Called before a context breaks or goes back, and a credential goes back: what it holds beside its slot is
  // let go.
  void (*end_context)(Context& context);
  void (*end_credential)(Credential& credential);
};
#endif

// A function that a package does not have is nullptr: SEC_E_UNSUPPORTED_FUNCTION. Statuses go back to the
// application as they are.
struct Package {
  const char* name;
  uint16_t use;        // SECPKG_CRED_*: the halves that are configured in
  bool answers_early;  // some queries of a context also while its handshake goes on
  const Pool* const credentials;
  const Pool* const contexts;

  SECURITY_STATUS (*acquire)(Credential& credential, const AuthData& auth_data);
  SECURITY_STATUS (*query_credential)(Credential& credential, const AttributeCall& call);
  SECURITY_STATUS (*set_credential)(Credential& credential, const AttributeCall& call);

  // The phase is kHandshake. SEC_E_OK: the front door makes it kEstablished, and tells the application the
  // context's attributes and the log who its caller is. SEC_I_CONTINUE_NEEDED, or a failure that is
  // HandshakeCall::Mendable: it stays. Any other failure: kBroken, all but the Context part wiped.
  SECURITY_STATUS (*initialize)(Context& context, HandshakeCall& call);
  SECURITY_STATUS (*accept)(Context& context, HandshakeCall& call);

  // The phase is kEstablished; of a query, where the package answers early, maybe kHandshake.
  SECURITY_STATUS (*query_context)(Context& context, const AttributeCall& call);
  SECURITY_STATUS (*protect)(Context& context, const MessageCall& call);
  SECURITY_STATUS (*query_token)(const Context& context, struct _BARESSPI_TOKEN_INFO* info);

#if BARESSPI_SCHANNEL
  const Stream* stream;  // nullptr: messages, not a stream
#endif
};

// Whether a package may be another's mechanism.
constexpr bool kPackagesNest = BARESSPI_NEGOTIATE != 0;

// SEC_E_* differ in their lower halves alone.
constexpr SECURITY_STATUS WholeError(uint16_t half) {
  return static_cast<SECURITY_STATUS>((static_cast<uint32_t>(SEC_E_INVALID_HANDLE) & 0xFFFF0000U) | half);
}

// With one half alone configured in, the compiler knows the answer.
inline bool IsInitiator(const Context& context) {
  return !BARESSPI_SERVERS || (BARESSPI_CLIENTS && context.initiator);
}

inline const Package& PackageOf(const Context& context) {
  return *context.credential->package;
}

inline bool IsStream([[maybe_unused]] const Package& package) {
#if BARESSPI_SCHANNEL
  return package.stream != nullptr;
#else
  return false;
#endif
}

// The package that the application names, zero-terminated, in UTF-16 when wide; nullptr: no such package.
const Package* FindPackage(const void* name, bool wide);

// SecPkgInfoA or SecPkgInfoW, by the form.
const void* InfoOf(const Package& package, const Form& form);

// The handle of a slot.
void StoreHandle(const Pool& pool, const Slot* slot, SecHandle* handle);

// What a handle names in one of the packages' pools; nullptr: nothing.
using PoolOf = const Pool* const Package::*;
Slot* FindSlot(const SecHandle* handle, PoolOf pool, Pool::Then then);

// For a function that no package has.
SECURITY_STATUS Refuse(const SecHandle* handle, PoolOf pool);

// A context is used by one task at a time, so it needs no pinning.
inline Context* FindContext(const SecHandle* handle) {
  return static_cast<Context*>(FindSlot(handle, &Package::contexts, Pool::Then::kNothing));
}
// The same for a function that wants the handshake done: SEC_E_OK; SEC_E_INVALID_HANDLE; why the handshake
// broke.
[[nodiscard]] SECURITY_STATUS FindEstablished(const SecHandle* handle, Context** context);

// With a reference, since tasks may share a credential: end it with Release.
inline Credential* PinCredential(const SecHandle* handle) {
  return static_cast<Credential*>(FindSlot(handle, &Package::credentials, Pool::Then::kPin));
}
void ReleaseCredential(Credential* credential);

// Ends a handshake, or with TLS a connection, that the peer broke: what the context holds is let go and
// wiped, and every later call for it answers this status.
#if BARESSPI_SCHANNEL
void BreakContext(Context* context, SECURITY_STATUS status);
#else
// In place, since it has one caller.
[[gnu::always_inline]] inline void BreakContext(Context* context, SECURITY_STATUS status);
#endif

// Ends a reference to a context, and to its credential with the last of them.
void ReleaseContext(Context* context);

// What QuerySecurityContextToken says of an acceptor's context.
void* TokenOf(const Context& context);

}  // namespace baresspi
