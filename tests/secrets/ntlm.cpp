// SPDX-License-Identifier: Apache-2.0
// Logins by NTLM and by Negotiate, with everything that can be asked of them, good ones and bad ones.
#include <baresspi/authority.h>

#include "core/base/memory.h"
#include "tests/secrets/keys.h"
#include "tests/secrets/program.h"

namespace secrets {
namespace {

// Nothing else in these programs has four octets of these in a row, in either form.
constexpr char kPassword[] = "q7#Vk9!mZ2$x";
constexpr char16_t kPassword16[] = u"q7#Vk9!mZ2$x";
constexpr char kOther[] = "Wf%3&dJ8~u]L";
constexpr char kMalformed[] = "Bp;0^hG5\xFF";
constexpr ULONG kLength = sizeof kPassword - 1;
constexpr size_t kRoom = 1024;
constexpr ULONG kSigned = ISC_REQ_INTEGRITY | ISC_REQ_REPLAY_DETECT | ISC_REQ_SEQUENCE_DETECT;
constexpr ULONG kSealed = kSigned | ISC_REQ_CONFIDENTIALITY;

enum class Form : uint8_t { kUtf8, kUtf16, kExtended, kHash };
enum class Ending : uint8_t { kGood, kWrongPassword, kWrongMic };

struct Case {
  const char* name;
  const char* package;
  Form form;       // of the client's identity
  bool validates;  // the authority checks the response itself
  ULONG requested;
  Ending ending;
};
constexpr Case kCases[] = {
    {"NTLM, sealed", "NTLM", Form::kUtf8, false, kSealed, Ending::kGood},
    {"NTLM, signed, password in UTF-16", "NTLM", Form::kUtf16, false, kSigned, Ending::kGood},
    {"NTLM, no protection, identity extended", "NTLM", Form::kExtended, false, 0, Ending::kGood},
    {"NTLM, NT hash for a password", "NTLM", Form::kHash, false, kSealed, Ending::kGood},
    {"NTLM, response validated elsewhere", "NTLM", Form::kHash, true, kSealed, Ending::kGood},
    {"NTLM, datagrams", "NTLM", Form::kHash, false, kSealed | ISC_REQ_DATAGRAM, Ending::kGood},
    {"NTLM, wrong password", "NTLM", Form::kHash, false, kSealed, Ending::kWrongPassword},
    {"NTLM, wrong MIC", "NTLM", Form::kHash, false, kSealed, Ending::kWrongMic},
    {"Negotiate, sealed", "Negotiate", Form::kUtf8, false, kSealed, Ending::kGood},
    {"Negotiate, signed, NT hash", "Negotiate", Form::kHash, false, kSigned, Ending::kGood},
    {"Negotiate, wrong password", "Negotiate", Form::kHash, false, kSealed, Ending::kWrongPassword},
};

struct Token {
  uint8_t octets[kRoom];
  ULONG size;
};

// What an authority knows.
struct Account {
  uint8_t hash[kKeySize];
  bool matches;  // its hash is the client's
};

SECURITY_STATUS GetHash(const void* account, const BARESSPI_NAME*, const BARESSPI_NAME*, uint8_t hash[16],
                        BARESSPI_ACCOUNT*) {
  baresspi::Copy(hash, static_cast<const Account*>(account)->hash, kKeySize);
  return SEC_E_OK;
}

// As a domain controller would answer: the session's base key, which is made where nobody looks.
constinit uint8_t validated_key[kKeySize];
SECURITY_STATUS Validate(const void*, const BARESSPI_LOGON*, uint8_t key[16], BARESSPI_ACCOUNT*) {
  for (size_t i = 0; i < kKeySize; ++i) key[i] = static_cast<uint8_t>(validated_key[i] ^ kMask);
  return SEC_E_OK;
}

class Login {
 public:
  explicit Login(const Case& its) : case_(its) {}
  void Run();

 private:
  void Acquire();
  void Acquire(const void* identity, bool wide);
  void Handshake();
  SECURITY_STATUS Initialize(const Token& in, Token* out);
  SECURITY_STATUS Accept(const Token& in, Token* out);
  void Learn(const Token& challenge, const Token& authenticate);
  void Ask(PCtxtHandle context);
  void Converse(PCtxtHandle from, PCtxtHandle to, ULONG sequence);
  void Sign(PCtxtHandle from, PCtxtHandle to, ULONG sequence);
  void Delete();

  const Case& case_;
  BARESSPI_DEVICE device_ = {};
  Account account_ = {};
  BARESSPI_AUTHORITY authority_ = {};
  uint8_t hash_[kKeySize] = {};
  Session session_ = {};  // as it must be
  CredHandle credentials_[2] = {};
  CtxtHandle contexts_[2] = {};
  bool has_context_[2] = {};
  bool established_ = false;
};

void Login::Acquire(const void* identity, bool wide) {
  SECURITY_STATUS status[2] = {};
  const auto* package = case_.package;
  const char16_t* package16 = package[1] == 'T' ? u"NTLM" : u"Negotiate";
  secrets::Run("AcquireCredentialsHandle, client", [&] {
    status[0] = wide ? AcquireCredentialsHandleW(nullptr, reinterpret_cast<const SEC_WCHAR*>(package16),
                                                 SECPKG_CRED_OUTBOUND, nullptr, const_cast<void*>(identity),
                                                 nullptr, nullptr, &credentials_[0], nullptr)
                     : AcquireCredentialsHandleA(nullptr, package, SECPKG_CRED_OUTBOUND, nullptr,
                                                 const_cast<void*>(identity), nullptr, nullptr,
                                                 &credentials_[0], nullptr);
  });
  secrets::Run("AcquireCredentialsHandle, server", [&] {
    status[1] = AcquireCredentialsHandleA(nullptr, package, SECPKG_CRED_INBOUND, nullptr, &device_, nullptr,
                                          nullptr, &credentials_[1], nullptr);
  });
  Expect("credentials", status[0] == SEC_E_OK && status[1] == SEC_E_OK);
  Held("AcquireCredentialsHandle", "NTOWFv2");
}

void Login::Acquire() {
  static unsigned char user[] = "alice", domain[] = "EXAMPLE";
  static char16_t user16[] = u"alice", domain16[] = u"EXAMPLE";
  if (case_.form == Form::kUtf16) {
    SEC_WINNT_AUTH_IDENTITY_W identity = {};
    identity.User = reinterpret_cast<unsigned short*>(user16);
    identity.Domain = reinterpret_cast<unsigned short*>(domain16);
    char16_t password[kLength];
    baresspi::Copy(password, kPassword16, sizeof password);
    Hide(password, sizeof password);
    identity.Password = reinterpret_cast<unsigned short*>(password);
    identity.UserLength = 5;
    identity.DomainLength = 7;
    identity.PasswordLength = kLength;
    identity.Flags = SEC_WINNT_AUTH_IDENTITY_UNICODE;
    return Acquire(&identity, true);
  }
  SEC_WINNT_AUTH_IDENTITY_EXA identity = {};
  identity.Version = SEC_WINNT_AUTH_IDENTITY_VERSION;
  identity.Length = sizeof identity;
  identity.User = user;
  identity.UserLength = 5;
  identity.Domain = domain;
  identity.DomainLength = 7;
  identity.Password = reinterpret_cast<unsigned char*>(const_cast<char*>(kPassword));
  identity.PasswordLength = kLength;
  identity.Flags = SEC_WINNT_AUTH_IDENTITY_ANSI;
  if (case_.form == Form::kHash) {
    identity.Password = hash_;
    identity.PasswordLength = sizeof hash_;
    identity.Flags |= BARESSPI_AUTH_IDENTITY_NT_HASH;
  }
  // The plain form lies within the extended one.
  const bool extended = case_.form == Form::kExtended;
  Acquire(extended ? static_cast<const void*>(&identity) : &identity.User, false);
}

SECURITY_STATUS Login::Initialize(const Token& in, Token* out) {
  SECURITY_STATUS status = SEC_E_INTERNAL_ERROR;
  SecBuffer from = {in.size, SECBUFFER_TOKEN, const_cast<uint8_t*>(in.octets)};
  SecBuffer to = {sizeof out->octets, SECBUFFER_TOKEN, out->octets};
  SecBufferDesc input = {SECBUFFER_VERSION, 1, &from};
  SecBufferDesc output = {SECBUFFER_VERSION, 1, &to};
  secrets::Run(
      has_context_[0] ? "InitializeSecurityContext, later" : "InitializeSecurityContext, first", [&] {
        status = InitializeSecurityContextA(&credentials_[0], has_context_[0] ? &contexts_[0] : nullptr,
                                            "cifs/device.example.test", case_.requested, 0, 0, &input, 0,
                                            &contexts_[0], &output, nullptr, nullptr);
      });
  has_context_[0] = has_context_[0] || status >= 0;
  out->size = to.cbBuffer;
  Tell(out->octets, out->size);
  return status;
}

SECURITY_STATUS Login::Accept(const Token& in, Token* out) {
  SECURITY_STATUS status = SEC_E_INTERNAL_ERROR;
  SecBuffer from = {in.size, SECBUFFER_TOKEN, const_cast<uint8_t*>(in.octets)};
  SecBuffer to = {sizeof out->octets, SECBUFFER_TOKEN, out->octets};
  SecBufferDesc input = {SECBUFFER_VERSION, 1, &from};
  SecBufferDesc output = {SECBUFFER_VERSION, 1, &to};
  const ULONG requested = (case_.requested & ISC_REQ_DATAGRAM) != 0 ? ASC_REQ_DATAGRAM : 0;
  secrets::Run(has_context_[1] ? "AcceptSecurityContext, later" : "AcceptSecurityContext, first", [&] {
    status = AcceptSecurityContext(&credentials_[1], has_context_[1] ? &contexts_[1] : nullptr, &input,
                                   requested, 0, &contexts_[1], &output, nullptr, nullptr);
  });
  has_context_[1] = has_context_[1] || status >= 0;
  out->size = to.cbBuffer;
  Tell(out->octets, out->size);
  return status;
}

void Login::Learn(const Token& challenge, const Token& authenticate) {
  const Bytes asked(challenge.octets, challenge.size);
  const Bytes answered(authenticate.octets, authenticate.size);
  if (Learning()) {
    NoteSession(asked, answered, hash_, (case_.requested & ISC_REQ_DATAGRAM) != 0);
    if (case_.ending == Ending::kWrongPassword)
      NoteSession(asked, answered, account_.hash, (case_.requested & ISC_REQ_DATAGRAM) != 0);
  }
  MakeSession(asked, answered, hash_, &session_);
  for (size_t i = 0; i < kKeySize; ++i) validated_key[i] = static_cast<uint8_t>(session_.base_key[i] ^ kMask);
}

void Login::Handshake() {
  Token mine = {};
  Token theirs = {};
  SECURITY_STATUS client = SEC_I_CONTINUE_NEEDED;
  SECURITY_STATUS server = SEC_I_CONTINUE_NEEDED;
  for (int round = 0; round < 4 && (client > 0 || server > 0); ++round) {
    if (client > 0) client = Initialize(theirs, &mine);
    auto* const authenticate = const_cast<uint8_t*>(FindMessage({mine.octets, mine.size}, 3));
    if (authenticate != nullptr) {
      Learn(theirs, mine);
      if (case_.ending == Ending::kWrongMic) authenticate[kMicAt] ^= 1;
    }
    if (client < 0 || server <= 0) break;
    server = Accept(mine, &theirs);
    if (server < 0) break;
    // Negotiate's client learns from the last token that it is done.
    if (authenticate != nullptr && client > 0) client = Initialize(theirs, &mine);
  }
  established_ = client == SEC_E_OK && server == SEC_E_OK;
  Expect("the login ends as it must", established_ == (case_.ending == Ending::kGood) && client >= 0);
}

void Login::Ask(PCtxtHandle context) {
  SecPkgContext_SessionKey key = {};
  SecPkgContext_KeyInfoA info = {};
  SecPkgContext_NamesA names = {};
  secrets::Run("QueryContextAttributes", [&] {
    (void)QueryContextAttributesA(context, SECPKG_ATTR_SESSION_KEY, &key);
    (void)QueryContextAttributesExW(context, SECPKG_ATTR_SESSION_KEY, &key, sizeof key);
    (void)QueryContextAttributesA(context, SECPKG_ATTR_KEY_INFO, &info);
    (void)QueryContextAttributesA(context, SECPKG_ATTR_NAMES, &names);
  });
  Expect("the session key", key.SessionKeyLength == kKeySize &&
                                baresspi::EqualConstantTime(key.SessionKey, session_.key, kKeySize));
}

// A sealed message, and one that was altered on its way.
void Login::Converse(PCtxtHandle from, PCtxtHandle to, ULONG sequence) {
  uint8_t text[25] = "which nobody is to know!";
  uint8_t signature[16] = {};
  SecBuffer parts[] = {{sizeof text, SECBUFFER_DATA, text}, {sizeof signature, SECBUFFER_TOKEN, signature}};
  SecBufferDesc message = {SECBUFFER_VERSION, 2, parts};
  SECURITY_STATUS status = SEC_E_INTERNAL_ERROR;
  ULONG qop = 0;
  Hide(text, sizeof text);
  secrets::Run("EncryptMessage", [&] { status = EncryptMessage(from, 0, &message, sequence); });
  Expect("sealed", status == SEC_E_OK);
  Tell(text, sizeof text);
  Tell(signature, sizeof signature);
  text[3] ^= 1;
  secrets::Run("DecryptMessage, altered", [&] { status = DecryptMessage(to, &message, sequence, &qop); });
  Expect("refused", status == SEC_E_MESSAGE_ALTERED);
  Tell(text, sizeof text);
  text[3] ^= 1;
  secrets::Run("DecryptMessage", [&] { status = DecryptMessage(to, &message, sequence, &qop); });
  Tell(text, sizeof text);
  Expect("unsealed", status == SEC_E_OK && text[0] == 'w' && text[23] == '!');
}

void Login::Sign(PCtxtHandle from, PCtxtHandle to, ULONG sequence) {
  uint8_t text[100] = "signed";
  uint8_t signature[16] = {};
  SecBuffer parts[] = {{sizeof text, SECBUFFER_DATA, text}, {sizeof signature, SECBUFFER_TOKEN, signature}};
  SecBufferDesc message = {SECBUFFER_VERSION, 2, parts};
  SECURITY_STATUS status = SEC_E_INTERNAL_ERROR;
  ULONG qop = 0;
  secrets::Run("MakeSignature", [&] { status = MakeSignature(from, 0, &message, sequence); });
  Expect("signed", status == SEC_E_OK);
  Tell(signature, sizeof signature);
  signature[5] ^= 1;
  secrets::Run("VerifySignature, altered", [&] { status = VerifySignature(to, &message, sequence, &qop); });
  Expect("refused", status == SEC_E_MESSAGE_ALTERED);
  signature[5] ^= 1;
  secrets::Run("VerifySignature", [&] { status = VerifySignature(to, &message, sequence, &qop); });
  Expect("verified", status == SEC_E_OK);
}

void Login::Delete() {
  SECURITY_STATUS status = SEC_E_OK;
  for (int who = 0; who < 2; ++who) {
    if (!has_context_[who]) continue;
    secrets::Run("DeleteSecurityContext", [&] { status = DeleteSecurityContext(&contexts_[who]); });
    Expect("deleted", status == SEC_E_OK);
    // The client's is gone: what is left now is the server's, which was wiped when it broke.
    if (who == 0 && !established_) Ended("a context that broke", Life::kContext);
  }
  Ended("DeleteSecurityContext", Life::kContext);
  for (CredHandle& credential : credentials_) {
    secrets::Run("FreeCredentialsHandle", [&] { status = FreeCredentialsHandle(&credential); });
    Expect("freed", status == SEC_E_OK);
  }
  Ended("FreeCredentialsHandle", Life::kCredential);
}

void Login::Run() {
  const bool wrong = case_.ending == Ending::kWrongPassword;
  HashOf(kPassword, kLength, hash_);
  HashOf(wrong ? kOther : kPassword, kLength, account_.hash);
  if (Learning()) {
    NotePassword(kPassword, kPassword16, kLength);
    NoteAccount(hash_);
    if (wrong) NoteAccount(account_.hash);
  }
  Hide(hash_, sizeof hash_);
  Hide(account_.hash, sizeof account_.hash);
  authority_ = {&account_, case_.validates ? nullptr : GetHash, case_.validates ? Validate : nullptr,
                nullptr};
  device_.Version = BARESSPI_DEVICE_VERSION;
  device_.Length = sizeof device_;
  device_.NetBiosComputerName = "DEVICE";
  device_.NetBiosDomainName = "EXAMPLE";
  device_.DnsComputerName = "device.example.test";
  device_.Authority = &authority_;
  Acquire();
  Handshake();
  if (established_) {
    Ask(&contexts_[0]);
    Ask(&contexts_[1]);
    for (ULONG i = 0; i < 2 && (case_.requested & ISC_REQ_INTEGRITY) != 0; ++i) {
      Sign(&contexts_[0], &contexts_[1], 2 * i);
      Sign(&contexts_[1], &contexts_[0], 2 * i);
      if ((case_.requested & ISC_REQ_CONFIDENTIALITY) == 0) continue;
      Converse(&contexts_[0], &contexts_[1], 2 * i + 1);
      Converse(&contexts_[1], &contexts_[0], 2 * i + 1);
    }
  }
  Delete();
}

void LogIn(const void* its) {
  Login(*static_cast<const Case*>(its)).Run();
}

// What has no context: the hash of a password, and a credential that is refused.
void HashAndRefuse(const void*) {
  uint8_t hash[kKeySize];
  if (Learning()) {
    NotePassword(kPassword, kPassword16, kLength);
    HashOf(kPassword, kLength, hash);
    NoteAccount(hash);
    NotePassword(kMalformed, nullptr, sizeof kMalformed - 2);
  }
  SECURITY_STATUS status = SEC_E_INTERNAL_ERROR;
  secrets::Run("BareSspiNtHash", [&] { status = BareSspiNtHash(kPassword, kLength, hash); });
  Expect("a hash", status == SEC_E_OK);
  secrets::Run("BareSspiNtHash, malformed",
               [&] { status = BareSspiNtHash(kMalformed, sizeof kMalformed - 1, hash); });
  Expect("no hash", status == SEC_E_INVALID_PARAMETER);
  SEC_WINNT_AUTH_IDENTITY_A identity = {};
  unsigned char user[] = "alice";
  identity.User = user;
  identity.UserLength = 5;
  identity.Password = reinterpret_cast<unsigned char*>(const_cast<char*>(kMalformed));
  identity.PasswordLength = sizeof kMalformed - 1;
  identity.Flags = SEC_WINNT_AUTH_IDENTITY_ANSI;
  CredHandle credential;
  secrets::Run("AcquireCredentialsHandle, malformed", [&] {
    status = AcquireCredentialsHandleA(nullptr, "NTLM", SECPKG_CRED_OUTBOUND, nullptr, &identity, nullptr,
                                       nullptr, &credential, nullptr);
  });
  Expect("no credential", status == SEC_E_UNKNOWN_CREDENTIALS);
  Ended("all", Life::kCredential);
}

}  // namespace

void RunNtlm() {
  for (const Case& its : kCases) Repeat(its.name, LogIn, &its, Random::kSecret);
  Repeat("without a context", HashAndRefuse, nullptr, Random::kSecret);
}

}  // namespace secrets
