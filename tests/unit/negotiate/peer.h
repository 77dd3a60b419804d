// SPDX-License-Identifier: Apache-2.0
// The other side of a login, written in the test: an initiator and an acceptor of SPNEGO around the test's
// NTLM, whose every token a test can bend. RFC 4178, [MS-SPNG], and not core/negotiate.
#pragma once

#include "tests/unit/negotiate/harness.h"

namespace negotiate_test {

// The mechListMIC of one side: the first message of its direction.
Octets MechListMic(const Octets& session_key, uint32_t flags, ntlm_test::From from, const Octets& list);
// That direction's channel for the application, once the mechListMIC is out: a new cipher, number 1.
ntlm_test::PeerChannel AfterMic(const Octets& session_key, uint32_t flags, ntlm_test::From from);

// A client at our server.
struct PeerInitiator {
  ntlm_test::PeerClient ntlm;
  std::vector<Octets> mechs = {kNtlm};
  std::optional<Octets> optimistic;  // mechToken; else NTLM's when that is named first, none when not
  bool has_token = true;             // mechToken at all
  bool sends_mic = true;
  std::optional<Octets> signed_list;  // what the MIC is about; else what was sent
  int state = kIncomplete;            // of its NegTokenResps

  Octets list() const { return MechTypes(mechs); }
  Octets First() const;
  // NTLM's NEGOTIATE in a NegTokenResp, after the server took NTLM instead of the first mechanism.
  Octets Restart() const;
  // For the reply with the CHALLENGE.
  Octets Last(const Octets& reply);

  // All of it. The last reply is in final, every reply in replies.
  SECURITY_STATUS LogIn(Side* server);
  std::vector<Octets> replies;
  // The server's mechListMIC in its last reply is there and right.
  bool ServerMicIsRight() const;
};

// A server for our client.
struct PeerAcceptor {
  ntlm_test::PeerServer ntlm;
  Resp first = {kIncomplete, kNtlm, {}, {}, {}};  // the reply with the CHALLENGE, which token gets
  Resp last = {kCompleted, {}, {}, {}, {}};       // which mic gets when sends_mic
  bool sends_mic = true;

  Octets Reply(const Octets& init);
  Octets Final(const Octets& token);
  // All of it: how it ends for the client.
  SECURITY_STATUS LogIn(Side* client);

  // After Reply and Final.
  Init init;
  Octets challenge;
  Resp answer;
  ntlm_test::Login login;
  bool ClientMicIsRight() const;
};

}  // namespace negotiate_test
