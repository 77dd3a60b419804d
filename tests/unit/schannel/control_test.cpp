// SPDX-License-Identifier: Apache-2.0
// What goes over beside data: close_notify, alerts, tickets of TLS 1.3.
#include <string.h>

#include <algorithm>

#include "config/baresspi_config.h"
#include "tests/support/scripted_port.h"
#include "tests/unit/schannel/pair.h"

namespace tls_sides {
namespace {

using two_sides::Buffer;

class TlsControl : public Test {};
struct TlsControlOfBoth : TlsControl, testing::WithParamInterface<size_t> {
  const Kind& kind() const { return kKinds[GetParam()]; }
};
INSTANTIATE_TEST_SUITE_P(Version, TlsControlOfBoth, testing::Values(0, 1));

SECURITY_STATUS Control(Side& side, const Octets& token) {
  Buffer buffer(token);
  return side.Control(buffer.data(), token.size());
}

Octets Words(std::initializer_list<ULONG> words) {
  Octets octets;
  for (const ULONG word : words) {
    uint8_t part[sizeof word];
    memcpy(part, &word, sizeof word);
    octets.insert(octets.end(), part, part + sizeof part);
  }
  return octets;
}

TEST_P(TlsControlOfBoth, CloseNotifyGoesEachWayByItself) {
  for (const bool client_first : {true, false}) {
    Pair pair(kind());
    pair.Establish();
    Side& first = client_first ? static_cast<Side&>(pair.client) : pair.server;
    Side& second = client_first ? static_cast<Side&>(pair.server) : pair.client;
    const Result closing = first.Shutdown();
    ASSERT_STATUS(SEC_E_OK, closing.status);
    ASSERT_FALSE(closing.token.empty());
    EXPECT_EQ(1u, Records(closing.token).size());
    Octets record;
    EXPECT_STATUS(SEC_E_CONTEXT_EXPIRED, first.Seal({1}, &record)) << "it has said that there is no more";
    EXPECT_STATUS(SEC_I_CONTEXT_EXPIRED, second.Open(closing.token).status);
    EXPECT_STATUS(SEC_I_CONTEXT_EXPIRED, second.Open(closing.token).status) << "whatever comes";
    // Half of the connection is open still.
    ASSERT_STATUS(SEC_E_OK, second.Seal({'m', 'o', 'r', 'e'}, &record));
    EXPECT_EQ(Octets({'m', 'o', 'r', 'e'}), first.Open(record).text);
    const Result answer = second.Shutdown();
    ASSERT_STATUS(SEC_E_OK, answer.status);
    EXPECT_STATUS(SEC_I_CONTEXT_EXPIRED, first.Open(answer.token).status);
    EXPECT_STATUS(SEC_E_CONTEXT_EXPIRED, first.Shutdown().status) << "once is enough";
    EXPECT_STATUS(SEC_E_CONTEXT_EXPIRED, second.Shutdown().status);
    SecPkgContext_StreamSizes sizes = {};
    EXPECT_STATUS(SEC_E_OK, first.Query(SECPKG_ATTR_STREAM_SIZES, &sizes)) << "closed is not broken";
  }
}

TEST_P(TlsControlOfBoth, DataAndCloseNotifyInOneBufferAreTakenOneByOne) {
  Pair pair(kind());
  pair.Establish();
  Octets record;
  ASSERT_STATUS(SEC_E_OK, pair.server.Seal({'b', 'y', 'e'}, &record));
  const Octets closing = pair.server.Shutdown().token;
  const Opened opened = pair.client.Open(Joined(record, closing));
  EXPECT_EQ(Octets({'b', 'y', 'e'}), opened.text);
  ASSERT_EQ(closing, opened.extra);
  const Opened last = pair.client.Open(Joined(closing, {1, 2, 3}));
  EXPECT_STATUS(SEC_I_CONTEXT_EXPIRED, last.status);
  EXPECT_EQ(Octets({1, 2, 3}), last.extra);
}

TEST_P(TlsControlOfBoth, ShutdownWithTooLittleRoomCanBeCalledAgain) {
  Pair pair(kind());
  pair.Establish();
  ASSERT_STATUS(SEC_E_OK, Control(pair.client, Words({SCHANNEL_SHUTDOWN})));
  Call call;
  call.room = 10;
  const Result small = pair.client.Step({}, call);
  EXPECT_STATUS(SEC_E_BUFFER_TOO_SMALL, small.status);
  EXPECT_GT(small.size, 10u);
  call.room = small.size;
  const Result closing = pair.client.Step({}, call);
  ASSERT_STATUS(SEC_E_OK, closing.status);
  EXPECT_STATUS(SEC_I_CONTEXT_EXPIRED, pair.server.Open(closing.token).status);
}

TEST_P(TlsControlOfBoth, AFatalAlertEndsBothSides) {
  Pair pair(kind());
  pair.Establish();
  const Result alert = pair.server.Alert(TLS1_ALERT_FATAL, TLS1_ALERT_ACCESS_DENIED);
  ASSERT_STATUS(SEC_E_OK, alert.status);
  Octets record;
  EXPECT_STATUS(SEC_E_CONTEXT_EXPIRED, pair.server.Seal({1}, &record));
  const Opened opened = pair.client.Open(alert.token);
  EXPECT_LT(opened.status, 0);
  EXPECT_STATUS(opened.status, pair.client.Open(alert.token).status);
  EXPECT_STATUS(opened.status, pair.client.Seal({1}, &record));
}

TEST_P(TlsControlOfBoth, AWarningIsNotTheEnd) {
  Pair pair(kind());
  pair.Establish();
  const Result alert = pair.client.Alert(TLS1_ALERT_WARNING, TLS1_ALERT_USER_CANCELED);
  ASSERT_STATUS(SEC_E_OK, alert.status);
  const Opened opened = pair.server.Open(alert.token);
  EXPECT_STATUS(SEC_E_OK, opened.status);
  EXPECT_TRUE(opened.text.empty());
  Converse(pair.client, pair.server);
}

TEST_P(TlsControlOfBoth, DuringTheHandshakeAnAlertOrCloseNotifyEndsIt) {
  for (const bool fatal : {true, false}) {
    for (const bool by_client : {true, false}) {
      SCOPED_TRACE(by_client);
      Pair pair(kind());
      const Octets hello = pair.client.Step({}).token;
      const Octets flight = pair.server.Step(hello).token;
      Side& speaker = by_client ? static_cast<Side&>(pair.client) : pair.server;
      const Result words =
          fatal ? speaker.Alert(TLS1_ALERT_FATAL, TLS1_ALERT_USER_CANCELED) : speaker.Shutdown();
      EXPECT_STATUS(SEC_I_CONTEXT_EXPIRED, words.status);
      ASSERT_FALSE(words.token.empty());
      const Result heard =
          by_client ? pair.server.Step(words.token) : pair.client.Step(Joined(flight, words.token));
      if (by_client || kind().protocol == SP_PROT_TLS1_2) {
        EXPECT_LT(heard.status, 0) << two_sides::StatusText(heard.status);
      }
      // For the speaker it is over.
      const Result after = speaker.Step(by_client ? flight : hello);
      EXPECT_STATUS(SEC_E_CONTEXT_EXPIRED, after.status);
      EXPECT_STATUS(SEC_E_CONTEXT_EXPIRED, speaker.Step({}).status);
      EXPECT_TRUE(after.token.empty());
    }
  }
}

// What the peer sent was right up to some record, so that a flight is out already: the alert comes behind it.
TEST_P(TlsControlOfBoth, AlertComesBehindTheFlightThatIsOutAlready) {
  Pair pair(kind());
  const Octets hello = pair.client.Step({}).token;
  const Octets nonsense = {22, 3, 3, 0, 4, 77, 0, 0, 0};
  const Result refused = pair.server.Step(Joined(hello, nonsense));
  EXPECT_LT(refused.status, 0);
  const std::vector<Octets> records = Records(refused.token);
  ASSERT_LT(1u, records.size());
  const size_t size = records.back().size();
  EXPECT_EQ(kind().protocol == SP_PROT_TLS1_2 ? 5u + 2 : 5u + 2 + 1 + 16, size);
  EXPECT_EQ(kind().protocol == SP_PROT_TLS1_2 ? 21 : 23, records.back()[0]);
}

// The server has made its ServerHello, but not written it, when it finds the key share to be no point.
TEST_P(TlsControlOfBoth, AlertComesBehindAMessageThatWasStillToBeWritten) {
  Pair pair(kind());
  if (kind().protocol == SP_PROT_TLS1_2) return;
  const Octets hello = pair.client.Step({}).token;
  size_t ended = 0;
  for (size_t at = hello.size() / 2; at < hello.size(); ++at) {
    Octets altered = hello;
    altered[at] ^= 0x7C;
    Pair other(kind());
    const Result refused = other.server.Step(altered);
    if (refused.status >= 0 || refused.token.empty()) continue;
    const Octets last = Records(refused.token).back();
    ASSERT_TRUE(last[0] == 21 || (last[0] == 23 && last.size() == 5 + 2 + 1 + 16)) << at;
    ++ended;
  }
  EXPECT_LT(0u, ended);
}

// RFC 8446 4.2.8.2: a point that is not on the curve. That is the peer's fault, and not an error of this
// side.
TEST_P(TlsControlOfBoth, ABadKeyShareIsThePeersFault) {
  if (kind().protocol == SP_PROT_TLS1_2) return;
  const Octets share = {0, 23, 0, 65, 4};  // secp256r1, 65 octets, uncompressed
  for (const bool by_client : {true, false}) {
    for (const size_t octet : {4u, 5u, 36u, 37u, 68u}) {  // the form, and both ends of each coordinate
      SCOPED_TRACE(by_client);
      Pair pair(kind());
      const Octets hello = pair.client.Step({}).token;
      Octets altered = by_client ? hello : pair.server.Step(hello).token;
      auto at = std::search(altered.begin(), altered.end(), share.begin(), share.end());
      ASSERT_GT(altered.end() - at, 68);
      at[static_cast<ptrdiff_t>(octet)] ^= 1;
      const Result refused = by_client ? pair.server.Step(altered) : pair.client.Step(altered);
      EXPECT_STATUS(by_client ? SEC_E_ILLEGAL_MESSAGE : SEC_E_ALGORITHM_MISMATCH, refused.status);
      ASSERT_FALSE(refused.token.empty());
      const uint8_t alert = by_client ? TLS1_ALERT_ILLEGAL_PARAMETER : TLS1_ALERT_HANDSHAKE_FAILURE;
      EXPECT_EQ(Octets({21, 3, 3, 0, 2, TLS1_ALERT_FATAL, alert}), Records(refused.token).back());
    }
  }
}

TEST_P(TlsControlOfBoth, NothingIsSaidToAPeerThatHasEndedIt) {
  for (const uint8_t level : {uint8_t{TLS1_ALERT_FATAL}, uint8_t{TLS1_ALERT_WARNING}}) {
    Pair pair(kind());
    const Octets hello = pair.client.Step({}).token;
    const uint8_t number =
        level == TLS1_ALERT_WARNING ? uint8_t{TLS1_ALERT_CLOSE_NOTIFY} : uint8_t{TLS1_ALERT_USER_CANCELED};
    const Result ended = pair.server.Step(Joined(hello, {21, 3, 3, 0, 2, level, number}));
    EXPECT_LT(ended.status, 0);
    // In TLS 1.3 it came in the clear when it must not, and anybody may have sent it.
    EXPECT_EQ(kind().protocol == SP_PROT_TLS1_2, ended.token.empty());
  }
}

struct Wrong {
  const char* why;
  Octets token;
  SECURITY_STATUS status;
};
std::vector<Wrong> WrongTokens() {
  std::vector<Wrong> wrongs = {
      {"renegotiation", Words({SCHANNEL_RENEGOTIATE}), SEC_E_UNSUPPORTED_FUNCTION},
      {"unknown", Words({4}), SEC_E_UNSUPPORTED_FUNCTION},
      {"unknown, large", Words({0xFFFFFFFF, 1, 2}), SEC_E_UNSUPPORTED_FUNCTION},
      {"alert of level 0", Words({SCHANNEL_ALERT, 0, 40}), SEC_E_INVALID_TOKEN},
      {"alert of level 3", Words({SCHANNEL_ALERT, 3, 40}), SEC_E_INVALID_TOKEN},
      {"alert of a level beyond", Words({SCHANNEL_ALERT, 0xFFFFFFFF, 40}), SEC_E_INVALID_TOKEN},
      {"alert 256", Words({SCHANNEL_ALERT, TLS1_ALERT_FATAL, 256}), SEC_E_INVALID_TOKEN},
      {"session without a flag", Words({SCHANNEL_SESSION, 0}), SEC_E_INVALID_TOKEN},
      {"session with both", Words({SCHANNEL_SESSION, 3}), SEC_E_INVALID_TOKEN},
      {"session with another", Words({SCHANNEL_SESSION, 4}), SEC_E_INVALID_TOKEN},
  };
  const Octets alert = Words({SCHANNEL_ALERT, TLS1_ALERT_FATAL, 40});
  for (size_t size = 0; size < alert.size(); ++size) {
    wrongs.push_back({"alert cut off", Octets(alert.begin(), alert.begin() + static_cast<ptrdiff_t>(size)),
                      SEC_E_INVALID_TOKEN});
  }
  const Octets session = Words({SCHANNEL_SESSION, SSL_SESSION_DISABLE_RECONNECTS});
  for (size_t size = 0; size < session.size(); ++size) {
    wrongs.push_back({"session cut off",
                      Octets(session.begin(), session.begin() + static_cast<ptrdiff_t>(size)),
                      SEC_E_INVALID_TOKEN});
  }
  wrongs.push_back({"shutdown cut off", {1, 0, 0}, SEC_E_INVALID_TOKEN});
  return wrongs;
}

TEST_P(TlsControlOfBoth, MalformedTokensAreRefusedAndHarmNothing) {
  Pair pair(kind());
  const Octets hello = pair.client.Step({}).token;
  for (const Wrong& wrong : WrongTokens()) {
    SCOPED_TRACE(wrong.why);
    EXPECT_STATUS(wrong.status, Control(pair.client, wrong.token)) << "during the handshake";
  }
  const Octets flight = pair.server.Step(hello).token;
  for (const Wrong& wrong : WrongTokens()) EXPECT_STATUS(wrong.status, Control(pair.server, wrong.token));
  const Result client = pair.client.Step(flight);
  const Result server = pair.server.Step(client.token);
  ASSERT_STATUS(SEC_E_OK, server.status);
  if (kind().protocol == SP_PROT_TLS1_2) {
    EXPECT_STATUS(SEC_E_OK, pair.client.Step(server.token).status);
  } else {
    FeedBack(pair.client, server.token);
  }
  for (const Wrong& wrong : WrongTokens()) EXPECT_STATUS(wrong.status, Control(pair.client, wrong.token));
  // None at all, or none that could be read.
  EXPECT_STATUS(SEC_E_INVALID_TOKEN, ApplyControlToken(pair.client.context(), nullptr));
  SecBuffer buffer = {4, SECBUFFER_DATA, &buffer};
  SecBufferDesc description = {SECBUFFER_VERSION, 1, &buffer};
  EXPECT_STATUS(SEC_E_INVALID_TOKEN, ApplyControlToken(pair.client.context(), &description));
  buffer = {4, SECBUFFER_TOKEN, nullptr};
  EXPECT_STATUS(SEC_E_INVALID_TOKEN, ApplyControlToken(pair.client.context(), &description));
  EXPECT_STATUS(SEC_E_INVALID_TOKEN, pair.client.Step({}).status) << "there is nothing to say";
  EXPECT_STATUS(SEC_E_INVALID_TOKEN, pair.client.Step({0x16, 3, 3, 0, 4, 0, 0, 0, 0}).status);
  Converse(pair.client, pair.server);
  EXPECT_STATUS(SEC_E_OK, Control(pair.client, Words({SCHANNEL_SESSION, SSL_SESSION_ENABLE_RECONNECTS})));
  EXPECT_STATUS(SEC_E_OK, Control(pair.client, Words({SCHANNEL_SESSION, SSL_SESSION_DISABLE_RECONNECTS})));
  EXPECT_STATUS(SEC_E_OK, Control(pair.client, Words({SCHANNEL_SHUTDOWN, 77, 78, 79})))
      << "more than is read";
}

// ---- Tickets of TLS 1.3: INTEROP, line 32. ----
class TlsTickets : public Test {
 protected:
  TlsTickets() : pair_(kTls13) {
    const Octets hello = pair_.client.Step({}).token;
    const Octets flight = pair_.server.Step(hello).token;
    const Result client = pair_.client.Step(flight);
    EXPECT_STATUS(SEC_E_OK, client.status);
    const Result server = pair_.server.Step(client.token);
    EXPECT_STATUS(SEC_E_OK, server.status);
    tickets_ = server.token;
    EXPECT_FALSE(tickets_.empty());
  }

  Pair pair_;
  Octets tickets_;
};

TEST_F(TlsTickets, FedBackByThemselvesTheyEndInOk) {
  size_t count = 0;
  for (const Octets& ticket : Records(tickets_)) {
    const Opened opened = pair_.client.Open(ticket);
    ASSERT_STATUS(SEC_I_RENEGOTIATE, opened.status);
    EXPECT_EQ(ticket, opened.extra);
    const Result result = pair_.client.Step(opened.extra);
    EXPECT_STATUS(SEC_E_OK, result.status);
    EXPECT_TRUE(result.token.empty());
    EXPECT_EQ(0u, result.extra);
    EXPECT_EQ(0u, result.missing);
    EXPECT_NE(0u, result.attributes & ISC_RET_CONFIDENTIALITY);
    ++count;
  }
  EXPECT_GE(count, 1u);
  Converse(pair_.client, pair_.server);
}

TEST_F(TlsTickets, WithDataBehindThemTheDataIsExtraAgain) {
  Octets record;
  ASSERT_STATUS(SEC_E_OK, pair_.server.Seal({'d', 'a', 't', 'a'}, &record));
  Octets rest = Joined(tickets_, record);
  while (rest.size() > record.size()) {
    const Opened opened = pair_.client.Open(rest);
    ASSERT_STATUS(SEC_I_RENEGOTIATE, opened.status);
    EXPECT_EQ(rest, opened.extra) << "the ticket itself, and what is behind it";
    const Result result = pair_.client.Step(opened.extra);
    ASSERT_STATUS(SEC_E_OK, result.status);
    ASSERT_NE(0u, result.extra);
    rest = Tail(rest, result.extra);
  }
  EXPECT_EQ(record, rest);
  EXPECT_EQ(Octets({'d', 'a', 't', 'a'}), pair_.client.Open(rest).text);
  Converse(pair_.client, pair_.server);
}

TEST_F(TlsTickets, DecryptedAgainTheyAreTheSameAnswer) {
  const Octets ticket = Records(tickets_)[0];
  EXPECT_STATUS(SEC_I_RENEGOTIATE, pair_.client.Open(ticket).status);
  EXPECT_STATUS(SEC_I_RENEGOTIATE, pair_.client.Open(ticket).status) << "it is not read twice";
  EXPECT_STATUS(SEC_E_INCOMPLETE_MESSAGE, pair_.client.Open({ticket[0], ticket[1]}).status);
  EXPECT_STATUS(SEC_E_OK, pair_.client.Step(ticket).status);
  const std::vector<Octets> records = Records(tickets_);
  for (size_t i = 1; i < records.size(); ++i) FeedBack(pair_.client, records[i]);
  Converse(pair_.client, pair_.server);
}

TEST_F(TlsTickets, NotFedBackButSkippedTheDataGoesOn) {
  for (const Octets& ticket : Records(tickets_))
    EXPECT_STATUS(SEC_I_RENEGOTIATE, pair_.client.Open(ticket).status);
  Converse(pair_.client, pair_.server);
}

TEST_F(TlsTickets, DataMayBeSealedBetweenATicketAndItsReturn) {
  const Octets ticket = Records(tickets_)[0];
  EXPECT_STATUS(SEC_I_RENEGOTIATE, pair_.client.Open(ticket).status);
  Octets record;
  ASSERT_STATUS(SEC_E_OK, pair_.client.Seal({1, 2}, &record));
  EXPECT_EQ(Octets({1, 2}), pair_.server.Open(record).text);
  EXPECT_STATUS(SEC_E_OK, pair_.client.Step(ticket).status);
  const std::vector<Octets> records = Records(tickets_);
  for (size_t i = 1; i < records.size(); ++i) FeedBack(pair_.client, records[i]);
  Converse(pair_.client, pair_.server);
}

TEST_F(TlsTickets, AnyFlippedBitBreaksTheClient) {
  Octets altered = tickets_;
  altered[20] ^= 4;
  const SECURITY_STATUS status = pair_.client.Open(altered).status;
  EXPECT_STATUS(SEC_E_MESSAGE_ALTERED, status);
  EXPECT_STATUS(status, pair_.client.Step(tickets_).status);
}

TEST_F(TlsTickets, TheEndOfAnotherRecordIsNotTakenForATicket) {
  const Octets ticket = Records(tickets_)[0];
  EXPECT_STATUS(SEC_I_RENEGOTIATE, pair_.client.Open(ticket).status);
  Octets other = ticket;
  other.back() ^= 1;
  EXPECT_STATUS(SEC_E_INVALID_TOKEN, pair_.client.Step(other).status) << "may be mended";
  EXPECT_STATUS(SEC_E_INVALID_TOKEN, pair_.client.Step(Tail(ticket, 30)).status);
  EXPECT_STATUS(SEC_E_OK, pair_.client.Step(ticket).status);
  EXPECT_STATUS(SEC_E_INVALID_TOKEN, pair_.client.Step(ticket).status) << "once";
}

}  // namespace
}  // namespace tls_sides
