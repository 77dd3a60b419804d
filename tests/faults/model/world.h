// SPDX-License-Identifier: Apache-2.0
// The model: what a program that keeps to <baresspi/sspi.h> knows of its credentials, contexts and messages,
// and so what each call has to answer. It is made of the public headers alone.
#pragma once

#include <baresspi/authority.h>
#include <baresspi/schannel.h>

#include <vector>

#include "tests/faults/model/entries.h"
#include "tests/faults/model/random.h"
#include "tests/faults/model/tally.h"

namespace model {

using Octets = std::vector<uint8_t>;

// ---- A call, drawn: all that it needs is said here and by the state of the world, so that calls before it
// can be left out. ----
enum class Fault : uint8_t {
  kNone,
  kNullHandle,
  kZeroHandle,
  kInvalidatedHandle,
  kForgedHandle,
  kHandleOfOtherKind,
  kNullArgument,    // what a result goes to, or is read from
  kBadDescription,  // a SecBufferDesc: version, or a NULL in it
  kBadOutput,       // likewise, of the output
  kAllocate,        // ISC_REQ_ALLOCATE_MEMORY
  kNoNewContext,    // phNewContext NULL in a first call
  kSmallOutput,
  kNoOutput,
  kRandomFails,
  kNoToken,
  kCutToken,
  kGarbage,
  kLongTarget,
  kBadBindings,
  kWrongName,  // of a package
  kBadAuthData,
  kUnknown,        // an attribute, a QOP, a control token that nobody has
  kSmallSize,      // of a structure
  kAltered,        // a message
  kMissingBuffer,  // of a message
  kCount
};

inline constexpr uint8_t kNobody = 0xFF;

struct Op {
  Entry entry;
  Fault fault;
  uint8_t slot;        // the context's
  uint8_t credential;  // its slot
  uint8_t peer;        // whose last token is the input; kNobody: none
  uint8_t item;        // a message's slot
  bool first;          // a context is made
  uint64_t seed;       // of all the rest
};

// ---- What there is. ----
enum class Package : uint8_t { kNtlm, kNegotiate, kTls };
enum class Life : uint8_t { kNone, kHandshake, kEstablished, kBroken, kGone };
enum class Who : uint8_t { kAlice, kWrongPassword, kStranger, kNoName, kNoIdentity };

struct Credential {
  bool open = false;
  uint32_t serial = 0;  // 0: there was none in this slot
  SecHandle handle = {};
  Package package = Package::kNtlm;
  ULONG use = 0;
  Who who = Who::kNoIdentity;
  bool authority = false;
  ULONG policy = 0;
  // TLS.
  ULONG versions = 0;  // SP_PROT_*
  bool trusts = false;
  bool manual = false;
  bool certificate = false;
};

// What a handshake's token is, as far as another context cares.
enum class Kind : uint8_t { kNothing, kHint, kOffer, kChallenge, kProof, kDone, kRecords, kGarbage };

// What a client asks of NTLM: its NEGOTIATE has nothing else.
struct Offer {
  bool sign = false;
  bool seal = false;
  bool identify = false;
  bool operator==(const Offer&) const = default;
};

struct Token {
  Octets octets;
  Kind kind = Kind::kNothing;
  bool wrapped = false;  // in SPNEGO
  uint32_t serial = 0;
  uint32_t from = 0;       // the context's serial
  uint32_t number = 0;     // TLS: which of that context's
  uint32_t challenge = 0;  // of a proof: the token that it answers
  uint32_t session = 0;    // of the end of SPNEGO: whose keys
  uint32_t to = 0;         // the context that it answers; 0: it is the first
  // TLS.
  bool alert = false;
  ULONG versions = 0;  // that the client has, or the one that the server has chosen
  bool shows = false;  // the client has a certificate
  bool asks = false;   // the server asks for one
  Offer offer;         // of an offer and a proof: the client's. Of a challenge: what was granted
  Who who = Who::kNoIdentity;
  bool anonymous = false;
  bool has_bindings = false;
};

struct Context {
  Life life = Life::kNone;
  uint32_t serial = 0;
  SecHandle handle = {};
  Package package = Package::kNtlm;
  bool initiator = false;
  Credential credential;  // as it was when the context was made
  ULONG requested = 0;
  ULONG attributes = 0;
  SECURITY_STATUS error = SEC_E_OK;
  int step = 0;    // tokens taken
  ULONG need = 0;  // the room that its last call lacked, for this token
  uint32_t need_of = 0;
  bool raw = false;   // Negotiate without SPNEGO
  bool lost = false;  // an acceptor that has answered what no client of ours says
  Token out;
  Offer offer;  // the client's, or as granted
  bool bindings = false;
  uint32_t challenge = 0;  // an acceptor's
  // Established.
  uint32_t session = 0;  // whoever has the same one has the same keys
  bool sign = false;
  bool seal = false;
  bool anonymous = false;
  bool identify = false;
  bool odd = false;  // its peer may count its messages otherwise
  uint32_t sent = 0;
  uint32_t received = 0;
  // TLS.
  uint32_t partner = 0;  // the serial of the context whose tokens it takes
  uint32_t taken = 0;    // how many of them
  uint32_t made = 0;     // tokens
  ULONG version = 0;     // SP_PROT_TLS1_*_CLIENT that both have; 0: none, or not known
  bool asks = false;     // an acceptor that asks for a certificate; an initiator that is asked
  bool wants = false;    // SEC_I_INCOMPLETE_CREDENTIALS was returned
  bool shows = false;    // the initiator has a certificate
  bool speaks = false;   // a control token waits
  bool closes = false;   // and it ends the connection
  bool alert = false;    // by an alert
  bool closed = false;
  bool peer_closed = false;
  bool keying = false;  // KEYING_MATERIAL_INFO was set
  Octets feeds;         // what SEC_I_RENEGOTIATE asked to be fed back

  bool live() const { return life != Life::kNone && life != Life::kGone; }
};

struct Message {
  uint32_t from = 0;  // the context's serial; 0: there is none
  Package package = Package::kNtlm;
  bool by_initiator = false;
  uint32_t session = 0;
  uint32_t number = 0;
  bool protects = false;  // its signature is more than 01 00..
  bool sealed = false;
  bool encrypting = false;  // made by EncryptMessage
  bool closes = false;      // TLS: close_notify
  bool alert = false;       // TLS: a fatal alert
  Octets text;              // plain
  Octets data;              // as it goes over
  Octets token;             // the signature; of TLS the record
};

struct Stale {
  void* token = nullptr;
  uint32_t of = 0;  // the context's serial
};

// The statuses that a call may answer.
class Expect {
 public:
  Expect() = default;
  Expect(std::initializer_list<SECURITY_STATUS> statuses) {
    for (const SECURITY_STATUS status : statuses) Add(status);
  }
  void Add(SECURITY_STATUS status) {
    if (!Has(status)) statuses_[count_++] = status;
  }
  void Add(const Expect& other) {
    for (uint32_t i = 0; i < other.count_; ++i) Add(other.statuses_[i]);
  }
  bool Has(SECURITY_STATUS status) const {
    for (uint32_t i = 0; i < count_; ++i) {
      if (statuses_[i] == status) return true;
    }
    return false;
  }
  bool empty() const { return count_ == 0; }
  uint32_t count() const { return count_; }
  SECURITY_STATUS operator[](uint32_t i) const { return statuses_[i]; }

 private:
  SECURITY_STATUS statuses_[24] = {};
  uint32_t count_ = 0;
};

inline constexpr uint8_t kCredentialSlots = 10;
inline constexpr uint8_t kContextSlots = 14;
inline constexpr uint8_t kMessageSlots = 10;
inline constexpr uint8_t kStaleTokens = 8;

struct World {
  Credential credentials[kCredentialSlots];
  Context contexts[kContextSlots];
  Message messages[kMessageSlots];
  Stale tokens[kStaleTokens];
  uint32_t token_count = 0;
  void* task_token = nullptr;  // what impersonation has left
  void* handed_out = nullptr;  // by the last query
  uint32_t serials = 0;
  struct Key {
    uint32_t session = 0;
    Octets octets;
  } keys[4];                        // SECPKG_ATTR_SESSION_KEY as one side told it
  BARESSPI_POOL_USE pools[2] = {};  // the largest they can be: NTLM's and Negotiate's, TLS's
  Tally* tally = nullptr;
  uint64_t seed = 0;
  uint32_t calls = 0;
  bool tells = false;  // prints every call
  Op now = {};
};

// ---- world.cpp ----
// As a device just switched on.
void Begin(World& world, uint64_t seed);
// Deletes all, and looks whether the pools are empty.
void End(World& world);
void Run(World& world, const Op& op);
// Counts the call, and ends the process where the status is none of the expected ones.
void Judge(World& world, bool legal, const Expect& expected, SECURITY_STATUS status);
// What the model knows better: ends the process.
[[noreturn]] void Fail(World& world, const char* format, ...) __attribute__((format(printf, 2, 3)));
inline void Require(World& world, bool holds, const char* what) {
  if (!holds) Fail(world, "%s", what);
}
inline constexpr int kExitFound = 7;  // of a process that has found something

uint32_t ContextsInUse(const World& world, bool tls);
uint32_t CredentialsInUse(const World& world, bool tls);
bool ContextsFull(const World& world, bool tls);
bool CredentialsFull(const World& world, bool tls);
void NoteToken(World& world, void* token, uint32_t of);

// A handle as the fault has it. The handle given is a copy.
struct Drawn {
  SecHandle handle = {};
  SecHandle before = {};
  bool null = false;
  bool good = false;
  SecHandle* pointer() { return null ? nullptr : &handle; }
  bool same() const { return handle.dwLower == before.dwLower && handle.dwUpper == before.dwUpper; }
};
Drawn DrawContext(const World& world, const Op& op);
Drawn DrawCredential(const World& world, const Op& op);

// A function of either table, or itself.
const SecurityFunctionTableA& TableA(const Op& op);
const SecurityFunctionTableW& TableW(const Op& op);

// What a function that wants an established context says before it looks at anything else: nothing, where
// there is one.
Expect StateErrors(const Context& context);

// ---- One file a group of entry points. ----
void RunAcquire(World& world, const Op& op);
void RunCredentialCall(World& world, const Op& op);
void RunHandshake(World& world, const Op& op);
void RunProtect(World& world, const Op& op);
void RunUnprotect(World& world, const Op& op);
void RunControl(World& world, const Op& op);
void RunQuery(World& world, const Op& op);
void RunSetAttribute(World& world, const Op& op);
void RunTokenCall(World& world, const Op& op);
void RunDelete(World& world, const Op& op);
void RunRefused(World& world, const Op& op);
void RunPackageCall(World& world, const Op& op);

// ---- draw.cpp ----
Op Draw(const World& world, Random& random);

}  // namespace model
