// SPDX-License-Identifier: Apache-2.0
// A login by SASL's GSS-SPNEGO ([MS-ADTS] 5.1.1.1.2; the Negotiate package), and the security layer that
// it leaves: what protects every message after the bind (RFC 4422 3.7).
#pragma once

#include <baresspi/sspi.h>

#include "boards/ldap/ber.h"

namespace ldap {

constexpr Text kMechanism = "GSS-SPNEGO";

enum class Protection : uint8_t {
  kNone,    // no layer: in the clear, or inside TLS
  kSigned,  // ISC_REQ_INTEGRITY
  kSealed,  // ISC_REQ_CONFIDENTIALITY
};

// UTF-8, zero-terminated.
struct Account {
  const char* user = nullptr;
  const char* domain = "";
  const char* password = "";
};

class Login {
 public:
  // A layer's message is four octets of its size, big-endian, and what EncryptMessage makes of the data: the
  // signature, and the data encrypted. Directories take and send no other by NTLM, also where signing alone
  // was agreed.
  static constexpr size_t kSizeOctets = 4;
  static constexpr size_t kSignature = 16;
  static constexpr size_t kLayer = kSizeOctets + kSignature;

  // target: the service, ldap/HOST; kept until the login is established. End what was before first.
  SECURITY_STATUS Begin(const Account& account, const char* target, Protection protection);
  // Takes the server's token (empty in the first step), and writes the next one, if there is one, to room.
  // SEC_I_CONTINUE_NEEDED, or SEC_E_OK: established, with the protection that was asked for and no other.
  // bindings: of the TLS around it; cbBuffer 0: none.
  SECURITY_STATUS Step(Octets token, const SecBuffer& bindings, uint8_t* room, size_t capacity, size_t* size);
  // Gives everything back, in whatever state.
  void End();

  bool established() const { return established_; }
  // Established: what the layer does, and with keys of how many bits; who one is, and by which package.
  Protection protection() const { return established_ ? protection_ : Protection::kNone; }
  uint32_t KeyBits();
  const char* Who();
  const char* Package();

  // Protects a message that begins kLayer octets behind room, and has size octets; room then begins what is
  // to be sent, kLayer + size octets.
  SECURITY_STATUS Wrap(uint8_t* room, size_t size);
  // Checks, and decrypts in place, what came behind a layer's size; at its end stand the data: *data. An
  // error is final: what came is not what the server sent.
  SECURITY_STATUS Unwrap(uint8_t* message, size_t size, Octets* data);

 private:
  bool AgreedOn(ULONG attributes) const;

  Protection protection_ = Protection::kNone;
  bool has_credential_ = false;
  bool has_context_ = false;
  bool established_ = false;
  const char* target_ = nullptr;
  CredHandle credential_ = {};
  CtxtHandle context_ = {};
};

}  // namespace ldap
