// SPDX-License-Identifier: Apache-2.0
// The other side of a login, written in the test: a client and a server of NTLMv2 whose every field a test
// can bend, and their keys, signatures and seals, from [MS-NLMP] and not from core/ntlm. Only the primitives
// are core/crypto's, which has tests of its own against other libraries.
#pragma once

#include <optional>

#include "core/crypto/rc4.h"
#include "tests/unit/ntlm/wire.h"

namespace ntlm_test {

// ---- Keys and proofs, [MS-NLMP] 3.3.2, 3.4.4, 3.4.5. ----
Octets HashMd5(const Octets& message);
Octets Mac(const Octets& key, const Octets& message);  // HMAC-MD5
Octets Rc4(const Octets& key, const Octets& data);
Octets NtHash(std::u16string_view password);
// upper_user: in upper case already, so that the test says what that is.
Octets ResponseKey(const Octets& nt_hash, std::u16string_view upper_user, std::u16string_view domain);

enum class From { kClient, kServer };
Octets SignKey(const Octets& session_key, From from);
// Of the first 16, 7 or 5 octets, by the flags.
Octets SealKey(const Octets& session_key, uint32_t flags, From from);

// One direction of an established context, over a connection: makes what the other side must take.
class PeerChannel {
 public:
  PeerChannel(const Octets& session_key, uint32_t flags, From from);
  // Encrypts message in place and returns its signature; sign alone leaves the message.
  Octets Seal(Octets* message);
  Octets Sign(const Octets& message);
  uint32_t sequence = 0;

 private:
  Octets Finish(const Octets& mac);

  uint32_t flags_;
  Octets sign_key_;
  baresspi::Rc4 cipher_;
};

// ---- The client. ----
struct PeerClient {
  std::u16string user = u"User";
  std::u16string upper_user = u"USER";
  std::u16string domain = u"DOMAIN";            // in the message
  std::optional<std::u16string> hashed_domain;  // in NTOWFv2; as in the message when not given
  std::u16string password = u"Password";
  std::optional<Octets> nt_hash;  // instead of the password's
  std::u16string workstation = u"PEER";
  uint32_t flags = kUsual;   // of NEGOTIATE and, less what the server refused, AUTHENTICATE
  uint32_t extra_flags = 0;  // of AUTHENTICATE alone
  size_t negotiate_size = 40;
  size_t header = 88;                // of AUTHENTICATE
  bool announces_mic = true;         // MsvAvFlags bit 2
  bool writes_mic = true;            // at the place that header has for it
  std::optional<uint32_t> av_flags;  // MsvAvFlags instead of what announces_mic says
  AvPairs more_pairs;                // besides the server's
  std::optional<Octets> pairs;       // octets instead of the whole list
  Octets response_version = {1, 1};  // RespType, HiRespType
  Octets after_pairs = Octets(4);    // what follows MsvAvEOL
  std::optional<Octets> lm;          // else Z(24)
  std::optional<Octets> nt;          // else an NTLMv2 response
  std::optional<Octets> key;         // else as KEY_EXCH wants it
  std::optional<uint64_t> time;      // else the server's
  Octets client_challenge = FromHex("aaaaaaaaaaaaaaaa");
  Octets random_session_key = FromHex("55555555555555555555555555555555");

  Octets Negotiate() const { return MakeNegotiate(flags, negotiate_size); }
  // negotiate: as it was sent; empty in datagram mode.
  Octets Answer(const Octets& negotiate, const Octets& challenge);

  Octets session_key;         // after Answer: ExportedSessionKey
  uint32_t agreed_flags = 0;  // after Answer: of the AUTHENTICATE
};

// The LMv2 response to a server's challenge, 3.3.2.
Octets LmV2Response(const Octets& response_key, const Octets& server_challenge,
                    const Octets& client_challenge);

// ---- The server. ----
struct PeerServer {
  uint32_t flags = kUsual | kTargetInfo | kTargetTypeDomain;
  Octets challenge = FromHex("0123456789abcdef");
  std::u16string target_name = u"PEERDOM";
  AvPairs pairs = {{kAvNbDomainName, Utf16(u"PEERDOM")}, {kAvNbComputerName, Utf16(u"PEERHOST")}};
  std::optional<uint64_t> time = 134117966450000000;  // MsvAvTimestamp
  std::optional<Octets> target_info;                  // octets instead of all that
  size_t header = 56;

  Octets MakeChallenge() const;
};

// What a server finds in an AUTHENTICATE. The password and how its user's name is hashed are the test's to
// say.
struct Account {
  std::u16string upper_user = u"USER";
  std::u16string domain = u"DOMAIN";
  std::u16string password = u"Password";
};
struct Login {
  Authenticate message;
  AvPairs pairs;
  uint64_t time = 0;
  Octets client_challenge;
  bool proof_is_right = false;
  Octets session_key;
  bool mic_is_right = false;  // at the place that the header has for it
};
Login TakeLogin(const Octets& negotiate, const Octets& challenge, const Octets& authenticate,
                const Account& account = {});

}  // namespace ntlm_test
