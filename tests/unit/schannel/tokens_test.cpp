// SPDX-License-Identifier: Apache-2.0
// How a handshake's tokens may be cut, and what a call does with too little room.
#include "config/baresspi_config.h"
#include "tests/support/scripted_port.h"
#include "tests/unit/schannel/pair.h"

namespace tls_sides {
namespace {

class TlsTokens : public Test {};

struct Versions : TlsTokens, testing::WithParamInterface<size_t> {
  const Kind& kind() const { return kKinds[GetParam()]; }
};
using TlsTokensOfBoth = Versions;
INSTANTIATE_TEST_SUITE_P(Version, TlsTokensOfBoth, testing::Values(0, 1, 2, 3));

// What is still missing of the record that these octets begin.
size_t MissingOf(const Octets& octets) {
  if (octets.size() < 5) return 5 - octets.size();
  return 5 + (size_t{octets[3]} << 8 | octets[4]) - octets.size();
}

// Feeds a side what came for it octet by octet. Its answers are added to *out.
Result Drip(Side& side, const Octets& stream, const Call& call, Octets* out) {
  Octets inbox;
  Result result;
  for (const uint8_t octet : stream) {
    inbox.push_back(octet);
    const size_t missing = MissingOf(inbox);
    result = side.Step(inbox, call);
    if (missing != 0) {
      EXPECT_STATUS(SEC_E_INCOMPLETE_MESSAGE, result.status);
      EXPECT_EQ(missing, result.missing);
      EXPECT_EQ(0u, result.attributes);
      EXPECT_EQ(0u, result.extra);
      continue;
    }
    EXPECT_GE(result.status, 0);
    EXPECT_EQ(0u, result.extra);
    inbox.clear();
    *out = Joined(*out, result.token);
    if (result.status < 0) break;
  }
  return result;
}

TEST_P(TlsTokensOfBoth, OneOctetAtATimeIsIncompleteUntilTheRecordIsWhole) {
  Pair pair(kind());
  Octets to_server = pair.client.Step({}, pair.client_call).token;
  Octets to_client;
  Result client;
  Result server;
  for (int turn = 0; turn < 4 && (client.status != SEC_E_OK || server.status != SEC_E_OK); ++turn) {
    if (!to_server.empty()) server = Drip(pair.server, to_server, pair.server_call, &to_client);
    to_server.clear();
    if (client.status == SEC_E_OK) break;
    client = Drip(pair.client, to_client, pair.client_call, &to_server);
    to_client.clear();
  }
  EXPECT_STATUS(SEC_E_OK, client.status);
  EXPECT_STATUS(SEC_E_OK, server.status);
  if (!to_client.empty()) FeedBack(pair.client, to_client);
  Converse(pair.client, pair.server);
}

TEST_P(TlsTokensOfBoth, ARecordATokenIsAsGoodAsAFlight) {
  Pair pair(kind());
  std::vector<Octets> to_server = Records(pair.client.Step({}, pair.client_call).token);
  Result client;
  Result server;
  while (server.status != SEC_E_OK && !to_server.empty()) {
    Octets to_client;
    for (const Octets& record : to_server) {
      server = pair.server.Step(record, pair.server_call);
      ASSERT_GE(server.status, 0) << two_sides::StatusText(server.status);
      to_client = Joined(to_client, server.token);
    }
    to_server.clear();
    const std::vector<Octets> records = Records(to_client);
    if (client.status == SEC_E_OK) {
      FeedBack(pair.client, to_client);
      break;
    }
    for (size_t i = 0; i < records.size(); ++i) {
      client = pair.client.Step(records[i], pair.client_call);
      ASSERT_GE(client.status, 0) << two_sides::StatusText(client.status);
      for (const Octets& record : Records(client.token)) to_server.push_back(record);
    }
  }
  EXPECT_STATUS(SEC_E_OK, client.status);
  EXPECT_STATUS(SEC_E_OK, server.status);
  Converse(pair.client, pair.server);
}

TEST_P(TlsTokensOfBoth, OfARecordAndAHalfTheHalfIsExtra) {
  Pair pair(kind());
  const Octets hello = pair.client.Step({}, pair.client_call).token;
  const Octets flight = pair.server.Step(hello, pair.server_call).token;
  const std::vector<Octets> records = Records(flight);
  ASSERT_GT(records.size(), 1u);
  // The half is more than a head, so that what is missing can be known.
  const size_t part = records[1].size() < 10 ? 5 : records[1].size() / 2;
  const size_t half = records[0].size() + part;
  Result result = pair.client.Step(Octets(flight.begin(), flight.begin() + static_cast<ptrdiff_t>(half)),
                                   pair.client_call);
  EXPECT_STATUS(SEC_I_CONTINUE_NEEDED, result.status);
  EXPECT_EQ(part, result.extra);
  // The half by itself: still incomplete, and nothing is lost.
  const Octets rest = Tail(flight, flight.size() - records[0].size());
  result = pair.client.Step(Octets(rest.begin(), rest.begin() + static_cast<ptrdiff_t>(result.extra)),
                            pair.client_call);
  EXPECT_STATUS(SEC_E_INCOMPLETE_MESSAGE, result.status);
  EXPECT_EQ(records[1].size() - part, result.missing);
  result = pair.client.Step(rest, pair.client_call);
  EXPECT_EQ(kind().protocol == SP_PROT_TLS1_2 ? SEC_I_CONTINUE_NEEDED : SEC_E_OK, result.status);
  result = pair.server.Step(result.token, pair.server_call);
  ASSERT_STATUS(SEC_E_OK, result.status);
  if (kind().protocol == SP_PROT_TLS1_2) {
    EXPECT_STATUS(SEC_E_OK, pair.client.Step(result.token, pair.client_call).status);
  } else if (!result.token.empty()) {
    FeedBack(pair.client, result.token);
  }
  Converse(pair.client, pair.server);
}

TEST_F(TlsTokens, ApplicationDataBehindTheLastFlightIsExtra) {
  Pair pair(kTls12);
  const Octets hello = pair.client.Step({}).token;
  const Octets flight = pair.server.Step(hello).token;
  const Result client = pair.client.Step(flight);
  Result server = pair.server.Step(client.token);
  ASSERT_STATUS(SEC_E_OK, server.status);
  Octets record;
  ASSERT_STATUS(SEC_E_OK, pair.server.Seal({'e', 'a', 'r', 'l', 'y'}, &record));
  const Result last = pair.client.Step(Joined(server.token, record));
  ASSERT_STATUS(SEC_E_OK, last.status);
  EXPECT_EQ(record.size(), last.extra);
  EXPECT_EQ(Octets({'e', 'a', 'r', 'l', 'y'}), pair.client.Open(record).text);
}

TEST_F(TlsTokens, WithoutAnEmptyBufferMissingAndExtraAreSimplyNotTold) {
  Pair pair(kTls12);
  Octets hello = pair.client.Step({}).token;
  SecBuffer input = {20, SECBUFFER_TOKEN, hello.data()};
  Octets room(MaxToken());
  SecBuffer output = {MaxToken(), SECBUFFER_TOKEN, room.data()};
  SecBufferDesc in = {SECBUFFER_VERSION, 1, &input};
  SecBufferDesc out = {SECBUFFER_VERSION, 1, &output};
  CtxtHandle context;
  ULONG attributes = 0;
  EXPECT_STATUS(SEC_E_INCOMPLETE_MESSAGE,
                AcceptSecurityContext(pair.server.credential(), nullptr, &in, kServerFlags, 0, &context, &out,
                                      &attributes, nullptr));
  hello.push_back(0x16);
  input = {static_cast<ULONG>(hello.size()), SECBUFFER_TOKEN, hello.data()};
  output.cbBuffer = MaxToken();
  ASSERT_STATUS(SEC_I_CONTINUE_NEEDED,
                AcceptSecurityContext(pair.server.credential(), nullptr, &in, kServerFlags, 0, &context, &out,
                                      &attributes, nullptr));
  EXPECT_STATUS(SEC_E_OK, DeleteSecurityContext(&context));
}

TEST_P(TlsTokensOfBoth, TooSmallAnOutputSaysTheSizeAndHasDoneNothing) {
  Pair pair(kind());
  Call small_client = pair.client_call;
  Call small_server = pair.server_call;
  Octets to_client;
  Octets to_server;
  Result client;
  Result server;
  for (int turn = 0; turn < 3; ++turn) {
    if (client.status != SEC_E_OK) {
      for (const size_t room : {size_t{0}, size_t{MaxToken() - 1}}) {
        small_client.room = room;
        const Result result = pair.client.Step(to_client, small_client);
        EXPECT_STATUS(SEC_E_BUFFER_TOO_SMALL, result.status);
        EXPECT_EQ(MaxToken(), result.size);
        EXPECT_EQ(0u, result.attributes);
        EXPECT_EQ(0u, result.extra);
      }
      small_client.room = MaxToken();
      client = pair.client.Step(to_client, small_client);
      to_server = client.token;
      to_client.clear();
    }
    if (server.status != SEC_E_OK) {
      for (const size_t room : {size_t{1}, size_t{MaxToken() - 1}}) {
        small_server.room = room;
        const Result result = pair.server.Step(to_server, small_server);
        EXPECT_STATUS(SEC_E_BUFFER_TOO_SMALL, result.status);
        EXPECT_EQ(MaxToken(), result.size);
      }
      small_server.room = MaxToken();
      server = pair.server.Step(to_server, small_server);
      to_client = server.token;
    }
  }
  EXPECT_STATUS(SEC_E_OK, client.status);
  EXPECT_STATUS(SEC_E_OK, server.status);
  if (!to_client.empty()) FeedBack(pair.client, to_client);
  Converse(pair.client, pair.server);
}

TEST_F(TlsTokens, WithoutAPlaceForTheOutputNothingHappens) {
  Pair pair(kTls13);
  Call call;
  call.outputs = 0;
  EXPECT_STATUS(SEC_E_INVALID_TOKEN, pair.client.Step({}, call).status);
  EXPECT_FALSE(pair.client.has_context());
  const Octets hello = pair.client.Step({}).token;
  EXPECT_STATUS(SEC_E_INVALID_TOKEN, pair.server.Step(hello, call).status);
  const Octets flight = pair.server.Step(hello).token;
  EXPECT_STATUS(SEC_E_INVALID_TOKEN, pair.client.Step(flight, call).status);
  const Result client = pair.client.Step(flight);
  ASSERT_STATUS(SEC_E_OK, client.status);
  EXPECT_STATUS(SEC_E_INVALID_TOKEN, pair.server.Step(client.token, call).status);
  const Result server = pair.server.Step(client.token);
  ASSERT_STATUS(SEC_E_OK, server.status);
  FeedBack(pair.client, server.token);
  Converse(pair.client, pair.server);
}

// A side's first call, by what is wrong with it.
TEST_F(TlsTokens, AFirstCallThatFailsLeavesNoSlot) {
  Pair pair(kTls12);
  const Octets hello = pair.client.Step({}).token;
  pair.client.DeleteContext();
  for (int round = 0; round < 2 * BARESSPI_SCHANNEL_MAX_CONTEXTS; ++round) {
    Call call;
    call.requested = ISC_REQ_DATAGRAM;
    EXPECT_STATUS(SEC_E_UNSUPPORTED_FUNCTION, pair.client.Step({}, call).status);
    EXPECT_STATUS(SEC_E_UNSUPPORTED_FUNCTION, pair.server.Step(hello, call).status);
    call = {};
    call.target = "";
    EXPECT_STATUS(SEC_E_TARGET_UNKNOWN, pair.client.Step({}, call).status);
    call = {};
    const Octets odd = {1, 2, 3};
    call.protocols = &odd;
    EXPECT_STATUS(SEC_E_INVALID_TOKEN, pair.client.Step({}, call).status);
    EXPECT_STATUS(SEC_E_INVALID_TOKEN, pair.server.Step(hello, call).status);
    EXPECT_STATUS(SEC_E_INCOMPLETE_MESSAGE, pair.server.Step({}, {}).status);
    call = {};
    call.room = 100;
    EXPECT_STATUS(SEC_E_BUFFER_TOO_SMALL, pair.client.Step({}, call).status);
    EXPECT_STATUS(SEC_E_BUFFER_TOO_SMALL, pair.server.Step(hello, call).status);
    const Octets web(64, 'G');
    EXPECT_LT(pair.server.Step(web, {}).status, 0) << "not TLS at all";
    EXPECT_FALSE(pair.client.has_context());
    EXPECT_FALSE(pair.server.has_context());
  }
  pair.Establish();
}

TEST_F(TlsTokens, TheRandomSourceFailsAtAnyCallAndTheHandshakeWithIt) {
  for (const Kind& kind : {kTls12, kTls13}) {
    SCOPED_TRACE(kind.name);
    Pair pair(kind);
    unsigned calls = 0;
    for (;; ++calls) {
      scripted_port::FailRandomAfter(calls);
      const Outcome outcome = pair.Connect();
      pair.DeleteContexts();
      if (outcome.client.status == SEC_E_OK && outcome.server.status == SEC_E_OK) break;
      EXPECT_TRUE(outcome.client.status == SEC_E_INTERNAL_ERROR ||
                  outcome.server.status == SEC_E_INTERNAL_ERROR)
          << calls << ": " << two_sides::StatusText(outcome.client.status) << ", "
          << two_sides::StatusText(outcome.server.status);
      if (two_sides::kOnBoard) calls += 3;
    }
    EXPECT_GT(calls, 4u);
    scripted_port::Reset();
    pair.Establish();
    Converse(pair.client, pair.server);
  }
}

TEST_F(TlsTokens, TheFunctionOfTheOtherSideDoesNotKnowTheContext) {
  Pair pair(kTls12);
  Octets hello = pair.client.Step({}).token;
  Octets room(MaxToken());
  SecBuffer buffers[2] = {{static_cast<ULONG>(hello.size()), SECBUFFER_TOKEN, hello.data()},
                          {MaxToken(), SECBUFFER_TOKEN, room.data()}};
  SecBufferDesc in = {SECBUFFER_VERSION, 1, &buffers[0]};
  SecBufferDesc out = {SECBUFFER_VERSION, 1, &buffers[1]};
  ULONG attributes = 0;
  EXPECT_STATUS(SEC_E_INVALID_HANDLE,
                AcceptSecurityContext(pair.server.credential(), pair.client.context(), &in, kServerFlags, 0,
                                      pair.client.context(), &out, &attributes, nullptr));
  const Octets flight = pair.server.Step(hello).token;
  EXPECT_STATUS(
      SEC_E_INVALID_HANDLE,
      InitializeSecurityContextA(pair.client.credential(), pair.server.context(), kHost, kClientFlags, 0, 0,
                                 &in, 0, pair.server.context(), &out, &attributes, nullptr));
  EXPECT_STATUS(SEC_E_NO_CREDENTIALS,
                AcceptSecurityContext(pair.client.credential(), nullptr, &in, kServerFlags, 0,
                                      pair.server.context(), &out, &attributes, nullptr));
  const Result client = pair.client.Step(flight);
  const Result server = pair.server.Step(client.token);
  EXPECT_STATUS(SEC_E_OK, server.status);
  EXPECT_STATUS(SEC_E_OK, pair.client.Step(server.token).status);
  Converse(pair.client, pair.server);
}

TEST_F(TlsTokens, ExpiryIsThePeersCertificatesAndNeverWithoutOne) {
  constexpr int64_t kEndOf2049 = 141690816000000000 - 10000000;  // 2049-12-31 23:59:59 UTC as a FILETIME
  for (const Kind& kind : kKinds) {
    if (kind.rsa) continue;
    SCOPED_TRACE(kind.name);
    Pair pair(kind);
    const Octets hello = pair.client.Step({}, pair.client_call).token;
    const Result first = pair.server.Step(hello, pair.server_call);
    EXPECT_EQ(BARESSPI_TIME_NEVER, first.expiry.QuadPart) << "not known yet";
    pair.DeleteContexts();
    const Outcome outcome = pair.Connect();
    EXPECT_EQ(kEndOf2049, outcome.client.expiry.QuadPart);
    EXPECT_EQ(kind.mutual ? kEndOf2049 : BARESSPI_TIME_NEVER, outcome.server.expiry.QuadPart);
  }
}

TEST_F(TlsTokens, AttributesSayWhatTlsGives) {
  constexpr ULONG kClientGets = ISC_RET_REPLAY_DETECT | ISC_RET_SEQUENCE_DETECT | ISC_RET_CONFIDENTIALITY |
                                ISC_RET_INTEGRITY | ISC_RET_STREAM | ISC_RET_CONNECTION | ISC_RET_MUTUAL_AUTH;
  constexpr ULONG kServerGets = ASC_RET_REPLAY_DETECT | ASC_RET_SEQUENCE_DETECT | ASC_RET_CONFIDENTIALITY |
                                ASC_RET_INTEGRITY | ASC_RET_STREAM | ASC_RET_CONNECTION;
  for (const Kind& kind : kKinds) {
    if (kind.rsa) continue;
    SCOPED_TRACE(kind.name);
    Pair pair(kind);
    Outcome outcome = pair.Connect();
    EXPECT_EQ(kClientGets | ISC_RET_EXTENDED_ERROR, outcome.client.attributes);
    EXPECT_EQ(kServerGets | ASC_RET_EXTENDED_ERROR | (kind.mutual ? ASC_RET_MUTUAL_AUTH : 0),
              outcome.server.attributes);
    pair.DeleteContexts();
    pair.client_call.dropped = ISC_REQ_EXTENDED_ERROR;
    pair.server_call.dropped = ASC_REQ_EXTENDED_ERROR;
    outcome = pair.Connect();
    EXPECT_EQ(kClientGets, outcome.client.attributes & ~ULONG{ISC_RET_USED_SUPPLIED_CREDS});
    EXPECT_EQ(0u, outcome.server.attributes & ASC_RET_EXTENDED_ERROR);
  }
}

}  // namespace
}  // namespace tls_sides
