// SPDX-License-Identifier: Apache-2.0
#include "tests/fuzz/support/sides.h"

#include "tests/fuzz/support/check.h"
#include "tests/fuzz/support/port.h"

namespace fuzz {
namespace {

constexpr size_t kRoom = 4096;  // more than most tokens take

struct Accounts {
  Accounts() { FUZZ_CHECK(BareSspiNtHash(kPassword, sizeof kPassword - 1, hash) == SEC_E_OK); }
  uint8_t hash[16];
  BARESSPI_ACCOUNT_ENTRY entry = {kDomain, kUser, hash, kUserId};
  BARESSPI_ACCOUNT_TABLE table = {&entry, 1};
  BARESSPI_AUTHORITY authority = {&table, BareSspiAccountTableGetNtHash, nullptr, nullptr};
};

unsigned char* Writable(const char* text) {
  return reinterpret_cast<unsigned char*>(const_cast<char*>(text));  // the interface's strings have no const
}

// What is handed out can be read to its end.
void ReadString(const void* string, bool wide) {
  if (string == nullptr) return;
  size_t n = 0;
  while ((wide ? static_cast<const char16_t*>(string)[n] : static_cast<const char*>(string)[n]) != 0) ++n;
  FUZZ_CHECK(n < 1024);
}

}  // namespace

SEC_WINNT_AUTH_IDENTITY_A Alice() {
  SEC_WINNT_AUTH_IDENTITY_A alice = {};
  alice.User = Writable(kUser);
  alice.UserLength = sizeof kUser - 1;
  alice.Domain = Writable(kDomain);
  alice.DomainLength = sizeof kDomain - 1;
  alice.Password = Writable(kPassword);
  alice.PasswordLength = sizeof kPassword - 1;
  alice.Flags = SEC_WINNT_AUTH_IDENTITY_ANSI;
  return alice;
}

BARESSPI_DEVICE Device() {
  static const Accounts accounts;
  BARESSPI_DEVICE device = {};
  device.Version = BARESSPI_DEVICE_VERSION;
  device.Length = sizeof device;
  device.NetBiosComputerName = "DEVICE";
  device.NetBiosDomainName = kDomain;
  device.DnsComputerName = "device.example.test";
  device.DnsDomainName = "example.test";
  device.Authority = &accounts.authority;
  return device;
}

Octets Bindings(const Octets& application_data) {
  SEC_CHANNEL_BINDINGS head = {};
  head.cbApplicationDataLength = static_cast<ULONG>(application_data.size());
  head.dwApplicationDataOffset = sizeof head;
  const auto* octets = reinterpret_cast<const uint8_t*>(&head);
  Octets all(octets, octets + sizeof head);
  all.insert(all.end(), application_data.begin(), application_data.end());
  return all;
}

Side::Side(const char* package, ULONG use, void* auth_data, bool tight)
    : use_(use), tight_(tight), negotiate_(package[1] == 'e') {
  FUZZ_CHECK(AcquireCredentialsHandleA(nullptr, const_cast<char*>(package), use, nullptr, auth_data, nullptr,
                                       nullptr, &credential_, nullptr) == SEC_E_OK);
}

Side::~Side() {
  if (has_context_) FUZZ_CHECK(DeleteSecurityContext(&context_) == SEC_E_OK);
  FUZZ_CHECK(DeleteSecurityContext(&context_) == SEC_E_INVALID_HANDLE);
  FUZZ_CHECK(FreeCredentialsHandle(&credential_) == SEC_E_OK);
}

void Side::SetPolicy(ULONG flags) {
  BARESSPI_POLICY policy = {flags};
  FUZZ_CHECK(SetCredentialsAttributesA(&credential_, BARESSPI_CRED_ATTR_POLICY, &policy, sizeof policy) ==
             SEC_E_OK);
}

// One call, its arguments on the heap in their exact sizes.
Result Side::Try(const Octets& token, const Call& call, size_t room, ULONG* needed) {
  const Buffer in(token);
  const Buffer bindings(call.bindings == nullptr ? Octets() : *call.bindings);
  const Buffer out(room);
  SecBuffer inputs[2] = {{static_cast<ULONG>(in.size()), SECBUFFER_TOKEN, in.data()},
                         {static_cast<ULONG>(bindings.size()), SECBUFFER_CHANNEL_BINDINGS, bindings.data()}};
  SecBufferDesc input = {SECBUFFER_VERSION, call.bindings == nullptr ? 1U : 2U, inputs};
  SecBuffer token_out = {static_cast<ULONG>(room), SECBUFFER_TOKEN, out.data()};
  SecBufferDesc output = {SECBUFFER_VERSION, 1, &token_out};
  CtxtHandle* const old_context = has_context_ ? &context_ : nullptr;
  Result result;
  result.attributes = 0xFFFFFFFF;
  port::SeedRandom(steps_);  // a call that is repeated draws what it drew
  if (client()) {
    result.status = InitializeSecurityContextA(&credential_, old_context, call.target, call.requested, 0, 0,
                                               &input, 0, &context_, &output, &result.attributes, nullptr);
  } else {
    result.status = AcceptSecurityContext(&credential_, old_context, &input, call.requested, 0, &context_,
                                          &output, &result.attributes, nullptr);
  }
  *needed = token_out.cbBuffer;
  FUZZ_CHECK(in.First(in.size()) == token);  // what is read is not written to
  if (result.status == SEC_E_OK || result.status == SEC_I_CONTINUE_NEEDED) {
    FUZZ_CHECK(token_out.cbBuffer <= room);
    FUZZ_CHECK(result.done() || result.attributes == 0);
    result.token = out.First(token_out.cbBuffer);
    has_context_ = true;
    return result;
  }
  FUZZ_CHECK(result.status < 0 && result.attributes == 0);
  return result;
}

Result Side::Step(const Octets& token, const Call& call) {
  ++steps_;
  if (established_) {  // nothing more is expected, and nothing happens
    ULONG size = 0;
    FUZZ_CHECK(Try(token, call, kRoom, &size).status == SEC_E_INVALID_TOKEN);
    return {SEC_E_INVALID_TOKEN, {}, 0};
  }
  const bool had_context = has_context_;
  ULONG needed = 0;
  Result result;
  size_t room = tight_ ? 0 : kRoom;
  for (unsigned tries = 0;; ++tries) {
    result = Try(token, call, room, &needed);
    if (result.status != SEC_E_BUFFER_TOO_SMALL) break;
    // A peer with a very large TargetInfo makes tokens that need more than kRoom.
    FUZZ_CHECK(needed > room && tries < (tight_ ? 2 : 1));
    FUZZ_CHECK(has_context_ == had_context);
    // One octet less than what is enough, and then that.
    room = tight_ && tries == 0 ? needed - 1U : needed;
  }
  if (client()) {
    FUZZ_STATUS(result.status, SEC_E_OK, SEC_I_CONTINUE_NEEDED, SEC_E_TARGET_UNKNOWN, SEC_E_INVALID_TOKEN,
                SEC_E_UNSUPPORTED_FUNCTION, negotiate_ ? SEC_E_LOGON_DENIED : SEC_E_OK,
                negotiate_ ? SEC_E_MESSAGE_ALTERED : SEC_E_OK);
  } else {
    FUZZ_STATUS(result.status, SEC_E_OK, SEC_I_CONTINUE_NEEDED, SEC_E_INVALID_TOKEN,
                SEC_E_UNSUPPORTED_FUNCTION, SEC_E_LOGON_DENIED, SEC_E_BAD_BINDINGS, SEC_E_MESSAGE_ALTERED,
                negotiate_ ? SEC_E_SECPKG_NOT_FOUND : SEC_E_OK);
  }
  if (result.done()) {
    established_ = true;
    CheckDone();
  } else if (result.status < 0 && result.status != SEC_E_TARGET_UNKNOWN) {
    FUZZ_CHECK(needed == 0);  // no output
    if (had_context) CheckBroken(result.status);
  }
  return result;
}

// A broken context accepts nothing but queries of its error, and its end.
void Side::CheckBroken(SECURITY_STATUS status) {
  ULONG size = 0;
  Call call;
  FUZZ_CHECK(Try({}, call, kRoom, &size).status == status);
  uint8_t octets[16] = {};
  SecBuffer buffer = {sizeof octets, SECBUFFER_TOKEN, octets};
  SecBufferDesc message = {SECBUFFER_VERSION, 1, &buffer};
  FUZZ_CHECK(MakeSignature(&context_, 0, &message, 0) == status);
  FUZZ_CHECK(DecryptMessage(&context_, &message, 0, nullptr) == status);
  SecPkgContext_Sizes sizes;
  FUZZ_CHECK(QueryContextAttributesA(&context_, SECPKG_ATTR_SIZES, &sizes) == status);
  void* token = nullptr;
  FUZZ_CHECK(QuerySecurityContextToken(&context_, &token) == status && token == nullptr);
}

void Side::CheckDone() {
  void* token = nullptr;
  const SECURITY_STATUS status = QuerySecurityContextToken(&context_, &token);
  FUZZ_CHECK(status == (client() ? SEC_E_UNSUPPORTED_FUNCTION : SEC_E_OK));
  if (client()) return;
  BARESSPI_TOKEN_INFO info;
  FUZZ_CHECK(BareSspiQueryTokenInformation(token, &info) == SEC_E_OK);
  const bool anonymous = (info.TokenFlags & BARESSPI_TOKEN_ANONYMOUS) != 0;
  FUZZ_CHECK(info.UserId == (anonymous ? 0 : kUserId));
  FUZZ_CHECK(!anonymous || (info.User.cbUtf16le == 0 && info.Domain.cbUtf16le == 0));
}

void Side::Query() {
  if (!has_context_) return;
  for (ULONG attribute = 0; attribute < 0x70; ++attribute) {
    for (const bool wide : {false, true}) {
      // Pointers and numbers, as large as the largest of the structures for these packages.
      struct {
        void* word[16];
      } answer = {};
      const SECURITY_STATUS status = wide ? QueryContextAttributesW(&context_, attribute, &answer)
                                          : QueryContextAttributesA(&context_, attribute, &answer);
      if (!established_) {
        // Which mechanism it will be, Negotiate says before the end.
        FUZZ_CHECK(status < 0 || (negotiate_ && attribute == SECPKG_ATTR_NEGOTIATION_INFO));
        continue;
      }
      FUZZ_STATUS(status, SEC_E_OK, SEC_E_UNSUPPORTED_FUNCTION, SEC_E_INSUFFICIENT_MEMORY);
      if (status != SEC_E_OK) continue;
      if (attribute == SECPKG_ATTR_NAMES || attribute == SECPKG_ATTR_AUTHORITY)
        ReadString(answer.word[0], wide);
      if (attribute == SECPKG_ATTR_NATIVE_NAMES) ReadString(answer.word[1], wide);
    }
  }
}

void PlayBothWays(const uint8_t* data, size_t size, Exchange* exchange) {
  const Case one;
  const std::vector<Result> results = exchange(data, size, false);
  if (size != 0 && (data[0] & 128) != 0) FUZZ_CHECK(exchange(data, size, true) == results);
}

}  // namespace fuzz
