// SPDX-License-Identifier: Apache-2.0
// baresspi-tls: the Schannel package as a program with tokens in and tokens out, the same on this machine and
// on a board, so that any peer can be joined to it by a pipe or a UART. Uses the public API alone.
//
// Commands, one a line, each answered with one line. Octets are base64, "-" is none. I: a credential, C: a
// context, both counted from 0. STATUS stands for two words, the name and the number.
//   LOAD name octets           -> LOADED size       a certificate or a key, DER or PEM, for CRED and MAP
//   MAP name user id           -> MAPPED            the client's certificate (DER) that stands for an account
//   CRED I client|server ..    -> CRED STATUS       AcquireCredentialsHandle; the words: identity.h
//   FREE I                     -> FREED STATUS
//   OPEN C I ..                -> OPEN              a context, made by its first STEP; the words: channel.h
//   SET C [cred=I] ..          -> SET               what the steps from now on are called with
//   STEP C octets [room]       -> STEP STATUS attributes=.. token=.. extra=N missing=N
//   SEAL C octets              -> SEALED STATUS token=..
//   UNSEAL C octets            -> UNSEALED STATUS data=.. extra=N missing=N
//   SHUTDOWN C                 -> CONTROLLED STATUS     the next STEP has the token
//   ALERT C level number       -> CONTROLLED STATUS     likewise
//   SESSION C on|off           -> CONTROLLED STATUS     whether it may be resumed
//   RENEGOTIATE C              -> CONTROLLED STATUS
//   KEYING C label size [hex]  -> SET STATUS        for QUERY keying; hex: the context value, "-" an empty
//   one QUERY C name               -> QUERIED STATUS name=value..    the names: queries.cpp END C -> ENDED
//   STATUS QUIT
// What is no command, or none that can be run, is answered with ERR and why.
#include <baresspi/authority.h>

#include "boards/common/console.h"
#include "boards/tls/channel.h"

// The longest line, and the longest token that a step may make.
#ifndef BARESSPI_TOKEN_LINE
#define BARESSPI_TOKEN_LINE (1024 * 1024)
#endif
#ifndef BARESSPI_TLS_ROOM
#define BARESSPI_TLS_ROOM 20480
#endif

namespace tls {
namespace {

constexpr size_t kIdentities =
    BARESSPI_SCHANNEL_MAX_CREDENTIALS + 1;  // one more than there can be, to see that
constexpr size_t kChannels = BARESSPI_SCHANNEL_MAX_CONTEXTS + 1;

constinit char line[BARESSPI_TOKEN_LINE];
constinit uint8_t room[BARESSPI_TLS_ROOM];
constinit Store store;
constinit Identity identities[kIdentities];
constinit Channel channels[kChannels];

// ---- Who a client's certificate stands for. ----
struct Mapping {
  const Octets* certificate;
  char16_t user[32];
  ULONG user_length;
  ULONG id;
};
constinit Mapping mapping = {};
constexpr char16_t kDomain[] = u"DEVICE";

BARESSPI_NAME Name(const char16_t* text, size_t length) {
  return {reinterpret_cast<const uint8_t*>(text), static_cast<ULONG>(length * sizeof *text)};
}

SECURITY_STATUS MapCertificate(const void*, const uint8_t* certificate, ULONG size, BARESSPI_NAME* domain,
                               BARESSPI_NAME* user, BARESSPI_ACCOUNT* account) {
  if (mapping.certificate == nullptr || mapping.certificate->size != size) return SEC_E_LOGON_DENIED;
  for (ULONG i = 0; i < size; ++i) {
    if (mapping.certificate->data[i] != certificate[i]) return SEC_E_LOGON_DENIED;
  }
  *domain = Name(kDomain, sizeof kDomain / sizeof *kDomain - 1);
  *user = Name(mapping.user, mapping.user_length);
  account->UserId = mapping.id;
  return SEC_E_OK;
}

constexpr BARESSPI_AUTHORITY kAuthority = {nullptr, nullptr, nullptr, MapCertificate};
constexpr BARESSPI_DEVICE kDevice = {BARESSPI_DEVICE_VERSION,
                                     sizeof(BARESSPI_DEVICE),
                                     "BARESSPI",
                                     nullptr,
                                     "baresspi",
                                     nullptr,
                                     nullptr,
                                     0,
                                     &kAuthority,
                                     nullptr};

// ---- The commands, each handed its words; they write the answer, all but the line's end. ----
void Complain(const char* what) {
  token::Put("ERR ");
  token::Put(what);
}

Identity* IdentityAt(const char* word) {
  uint32_t at = kIdentities;
  return ParseNumber(Whole(word), &at) && at < kIdentities ? &identities[at] : nullptr;
}

Channel* ChannelAt(const char* word) {
  uint32_t at = kChannels;
  return ParseNumber(Whole(word), &at) && at < kChannels ? &channels[at] : nullptr;
}

void Load(const Words& words) {
  Octets octets;
  if (!token::DecodeBase64(words[2], &octets)) return Complain("not base64");
  if (!store.Keep(words[1], octets)) return Complain("no room, or too long a name");
  token::Put("LOADED ");
  token::PutNumber(static_cast<uint32_t>(octets.size));
}

void Map(const Words& words) {
  const Octets* const certificate = store.Find(Whole(words[1]));
  const size_t length = token::Length(words[2]);
  if (certificate == nullptr || length > sizeof mapping.user / sizeof *mapping.user ||
      !ParseNumber(Whole(words[3]), &mapping.id)) {
    return Complain("not a name in the store, a user, and a number");
  }
  for (size_t i = 0; i < length; ++i) mapping.user[i] = static_cast<char16_t>(words[2][i]);
  mapping.user_length = static_cast<ULONG>(length);
  mapping.certificate = certificate;
  token::Put("MAPPED");
}

void Cred(const Words& words) {
  Identity* const identity = IdentityAt(words[1]);
  SECURITY_STATUS status = SEC_E_OK;
  if (identity == nullptr || identity->used()) return Complain("no such credential, or one in use");
  if (identity->Acquire(words, store, &status) != Identity::Made::kYes)
    return Complain("words that mean nothing");
  PutStatus("CRED", status);
}

void Free(const Words& words) {
  Identity* const identity = IdentityAt(words[1]);
  if (identity == nullptr || !identity->used()) return Complain("no such credential");
  PutStatus("FREED", identity->Free());
}

void Open(const Words& words) {
  Channel* const channel = ChannelAt(words[1]);
  Identity* const identity = IdentityAt(words[2]);
  if (channel == nullptr || channel->used()) return Complain("no such context, or one in use");
  if (identity == nullptr || !identity->used()) return Complain("no such credential");
  channel->Use(identity);
  if (!channel->Configure(words)) return Complain("words that mean nothing");
  token::Put("OPEN");
}

void Set(const Words& words, Channel& channel) {
  const char* const other = words.Value("cred");
  if (other != nullptr) {
    Identity* const identity = IdentityAt(other);
    if (identity == nullptr || !identity->used()) return Complain("no such credential");
    channel.Use(identity);
  }
  if (!channel.Configure(words)) return Complain("words that mean nothing");
  token::Put("SET");
}

void Step(const Words& words, Channel& channel) {
  Octets input;
  uint32_t size = sizeof room;
  if (!token::DecodeBase64(words[2], &input)) return Complain("not base64");
  if (words.count() > 3 && (!ParseNumber(Whole(words[3]), &size) || size > sizeof room)) {
    return Complain("not a size of room");
  }
  channel.Step(input, {room, size});
}

void Seal(const Words& words, Channel& channel) {
  Octets data;
  if (!token::DecodeBase64(words[2], &data)) return Complain("not base64");
  channel.Seal(data, {room, sizeof room});
}

void Unseal(const Words& words, Channel& channel) {
  Octets input;
  if (!token::DecodeBase64(words[2], &input)) return Complain("not base64");
  channel.Unseal(input);
}

void Shutdown(const Words&, Channel& channel) {
  DWORD control = SCHANNEL_SHUTDOWN;
  channel.Control(&control, sizeof control);
}

void Renegotiate(const Words&, Channel& channel) {
  DWORD control = SCHANNEL_RENEGOTIATE;
  channel.Control(&control, sizeof control);
}

void Alert(const Words& words, Channel& channel) {
  SCHANNEL_ALERT_TOKEN control = {SCHANNEL_ALERT, 0, 0};
  if (!ParseNumber(Whole(words[2]), &control.dwAlertType) ||
      !ParseNumber(Whole(words[3]), &control.dwAlertNumber)) {
    return Complain("not a level and a number");
  }
  channel.Control(&control, sizeof control);
}

void Session(const Words& words, Channel& channel) {
  const bool on = token::Equal(words[2], "on");
  SCHANNEL_SESSION_TOKEN control = {SCHANNEL_SESSION,
                                    on ? SSL_SESSION_ENABLE_RECONNECTS : SSL_SESSION_DISABLE_RECONNECTS};
  channel.Control(&control, sizeof control);
}

void Keying(const Words& words, Channel& channel) {
  uint32_t size = 0;
  Octets value;
  const bool has_value = words.count() > 4;
  if (!ParseNumber(Whole(words[3]), &size)) return Complain("not a size");
  if (has_value && !token::Equal(words[4], "-") && !token::DecodeHex(words[4], &value))
    return Complain("not hex");
  channel.SetKeying(words[2], has_value ? &value : nullptr, size);
}

void Query(const Words& words, Channel& channel) {
  channel.Query(words[2]);
}

void End(const Words&, Channel& channel) {
  channel.End();
}

struct Command {
  const char* name;
  void (*run)(const Words& words);
};
constexpr Command kCommands[] = {
    {"LOAD", Load}, {"MAP", Map}, {"CRED", Cred}, {"FREE", Free}, {"OPEN", Open}};

struct ChannelCommand {
  const char* name;
  void (*run)(const Words& words, Channel& channel);
};
constexpr ChannelCommand kChannelCommands[] = {
    {"SET", Set},           {"STEP", Step},   {"SEAL", Seal},       {"UNSEAL", Unseal},
    {"SHUTDOWN", Shutdown}, {"ALERT", Alert}, {"SESSION", Session}, {"RENEGOTIATE", Renegotiate},
    {"KEYING", Keying},     {"QUERY", Query}, {"END", End},
};

void Run(const Words& words) {
  for (const Command& command : kCommands) {
    if (token::Equal(words[0], command.name)) return command.run(words);
  }
  for (const ChannelCommand& command : kChannelCommands) {
    if (!token::Equal(words[0], command.name)) continue;
    Channel* const channel = ChannelAt(words[1]);
    if (channel == nullptr || !channel->used()) return Complain("no such context");
    return command.run(words, *channel);
  }
  Complain("unknown command");
}

void Serve() {
  for (;;) {
    const token::LineStatus status = token::ReadLine(line, sizeof line);
    if (status == token::LineStatus::kEnd) return;
    if (status == token::LineStatus::kTooLong) {
      Complain("line too long");
    } else {
      const Words words(line);
      if (words.count() == 0) continue;
      if (token::Equal(words[0], "QUIT")) return;
      Run(words);
    }
    token::EndLine();
  }
}

// In order: a context before the credential that it was made with.
void EndAll() {
  for (Channel& channel : channels) {
    if (channel.used()) channel.Drop();
  }
  for (Identity& identity : identities) {
    if (identity.used()) (void)identity.Free();
  }
}

}  // namespace
}  // namespace tls

int main() {
  board::SetDevice(&tls::kDevice);
  tls::Serve();
  tls::EndAll();
  return 0;
}
