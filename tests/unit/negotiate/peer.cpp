// SPDX-License-Identifier: Apache-2.0
#include "tests/unit/negotiate/peer.h"

namespace negotiate_test {

using ntlm_test::From;

Octets MechListMic(const Octets& session_key, uint32_t flags, From from, const Octets& list) {
  return ntlm_test::PeerChannel(session_key, flags, from).Sign(list);
}

ntlm_test::PeerChannel AfterMic(const Octets& session_key, uint32_t flags, From from) {
  ntlm_test::PeerChannel channel(session_key, flags, from);
  channel.sequence = 1;
  return channel;
}

Octets PeerInitiator::First() const {
  Init init;
  init.mech_types = list();
  if (has_token && mechs[0] == kNtlm) init.token = ntlm.Negotiate();
  if (has_token && optimistic) init.token = optimistic;
  return Make(init);
}

Octets PeerInitiator::Restart() const {
  return Make(Resp{state, {}, ntlm.Negotiate(), {}, {}});
}

Octets PeerInitiator::Last(const Octets& reply) {
  const Resp resp = ReadResp(reply);
  Resp last = {state, {}, ntlm.Answer(ntlm.Negotiate(), resp.token.value_or(Octets())), {}, {}};
  if (sends_mic) {
    last.mic = MechListMic(ntlm.session_key, ntlm.agreed_flags, From::kClient, signed_list.value_or(list()));
  }
  return Make(last);
}

SECURITY_STATUS PeerInitiator::LogIn(Side* server) {
  Result step = server->Step(First());
  if (step.status != SEC_I_CONTINUE_NEEDED) return step.status;
  replies.push_back(step.token);
  if (!ReadResp(step.token).token) {
    step = server->Step(Restart());
    if (step.status != SEC_I_CONTINUE_NEEDED) return step.status;
    replies.push_back(step.token);
  }
  step = server->Step(Last(step.token));
  replies.push_back(step.token);
  return step.status;
}

bool PeerInitiator::ServerMicIsRight() const {
  const Resp last = ReadResp(replies.back());
  return last.mic == MechListMic(ntlm.session_key, ntlm.agreed_flags, From::kServer, list());
}

Octets PeerAcceptor::Reply(const Octets& token) {
  init = ReadInit(token);
  challenge = ntlm.MakeChallenge();
  Resp reply = first;
  reply.token = challenge;
  return Make(reply);
}

Octets PeerAcceptor::Final(const Octets& token) {
  answer = ReadResp(token);
  login = ntlm_test::TakeLogin(init.token.value_or(Octets()), challenge, answer.token.value_or(Octets()));
  Resp reply = last;
  if (sends_mic) {
    reply.mic = MechListMic(login.session_key, login.message.flags, From::kServer, init.mech_types);
  }
  return Make(reply);
}

SECURITY_STATUS PeerAcceptor::LogIn(Side* client) {
  const Result one = client->Step({});
  EXPECT_STATUS(SEC_I_CONTINUE_NEEDED, one.status);
  const Result two = client->Step(Reply(one.token));
  if (two.status != SEC_I_CONTINUE_NEEDED) return two.status;
  return client->Step(Final(two.token)).status;
}

bool PeerAcceptor::ClientMicIsRight() const {
  return answer.mic == MechListMic(login.session_key, login.message.flags, From::kClient, init.mech_types);
}

}  // namespace negotiate_test
