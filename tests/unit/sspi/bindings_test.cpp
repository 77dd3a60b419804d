// SPDX-License-Identifier: Apache-2.0
// SECBUFFER_CHANNEL_BINDINGS: what is well-formed, what must match what, and which call brings them.
#include <string.h>

#include "tests/support/two_sides.h"
#include "tests/unit/sspi/buffer_list.h"

namespace two_sides {
namespace {

class ChannelBindings : public Test {
 protected:
  // How a login ends in which the client has these bindings and the server those.
  SECURITY_STATUS HowItEnds(const Octets* of_client, const Octets* of_server, ULONG server_requests = 0) {
    Client client;
    Server server;
    const Call client_call = {0, nullptr, of_client, 1024},
               server_call = {server_requests, nullptr, of_server, 1024};
    const Result challenge = server.Step(client.Step({}, client_call).token, server_call);
    return server.Step(client.Step(challenge.token, client_call).token, server_call).status;
  }

  const Octets one_ = TlsBindings("tls-server-end-point:one"), two_ = TlsBindings("tls-server-end-point:two");
};

TEST_F(ChannelBindings, MustBeTheSame) {
  EXPECT_STATUS(SEC_E_OK, HowItEnds(&one_, &one_));
  EXPECT_STATUS(SEC_E_BAD_BINDINGS, HowItEnds(&one_, &two_));
}

TEST_F(ChannelBindings, OfTheClientAreIgnoredByAServerWithoutAny) {
  EXPECT_STATUS(SEC_E_OK, HowItEnds(&one_, nullptr));
  EXPECT_STATUS(SEC_E_OK, HowItEnds(nullptr, nullptr));
}

TEST_F(ChannelBindings, MissingOnesAreRefusedUnlessAllowed) {
  EXPECT_STATUS(SEC_E_BAD_BINDINGS, HowItEnds(nullptr, &one_));
  EXPECT_STATUS(SEC_E_OK, HowItEnds(nullptr, &one_, ASC_REQ_ALLOW_MISSING_BINDINGS));
  EXPECT_STATUS(SEC_E_OK, HowItEnds(&one_, &one_, ASC_REQ_ALLOW_MISSING_BINDINGS));
  EXPECT_STATUS(SEC_E_BAD_BINDINGS, HowItEnds(&two_, &one_, ASC_REQ_ALLOW_MISSING_BINDINGS));
}

TEST_F(ChannelBindings, AddressesCountToo) {
  const Octets plain = Bindings({}, {}, {1, 2, 3}), with_initiator = Bindings({9}, {}, {1, 2, 3}),
               with_acceptor = Bindings({}, {9}, {1, 2, 3});
  Octets with_type = plain;
  with_type[0] = 2;  // dwInitiatorAddrType
  EXPECT_STATUS(SEC_E_OK, HowItEnds(&with_initiator, &with_initiator));
  EXPECT_STATUS(SEC_E_BAD_BINDINGS, HowItEnds(&plain, &with_initiator));
  EXPECT_STATUS(SEC_E_BAD_BINDINGS, HowItEnds(&with_acceptor, &with_initiator));
  EXPECT_STATUS(SEC_E_BAD_BINDINGS, HowItEnds(&plain, &with_type));
}

TEST_F(ChannelBindings, OnlyWhatTheyHoldCountsNotWhereItLies) {
  Octets moved = one_;
  SEC_CHANNEL_BINDINGS head;
  memcpy(&head, moved.data(), sizeof head);
  const auto data = moved.begin() + sizeof head;
  const size_t gap = 5;
  moved.insert(data, gap, 0xEE);
  head.dwApplicationDataOffset += static_cast<ULONG>(gap);
  head.dwInitiatorOffset = head.dwAcceptorOffset = 0xFFFFFFFF;  // of nothing
  memcpy(moved.data(), &head, sizeof head);
  EXPECT_STATUS(SEC_E_OK, HowItEnds(&one_, &moved));
}

TEST_F(ChannelBindings, OneCallOfTheClientThatHasThemWillDo) {
  for (bool in_first : {true, false}) {
    Client client;
    Server server;
    const Call with = {0, nullptr, &one_, 1024}, without = {};
    const Result challenge = server.Step(client.Step({}, in_first ? with : without).token, with);
    const Result authenticate = client.Step(challenge.token, in_first ? without : with);
    EXPECT_STATUS(SEC_E_OK, server.Step(authenticate.token, with).status) << in_first;
  }
}

TEST_F(ChannelBindings, EmptyBufferIsNone) {
  const Octets none;
  EXPECT_STATUS(SEC_E_OK, HowItEnds(&none, nullptr));
  EXPECT_STATUS(SEC_E_OK, HowItEnds(nullptr, &none));
  EXPECT_STATUS(SEC_E_BAD_BINDINGS, HowItEnds(&none, &one_));
}

// Structures that point outside of their buffer.
std::vector<Octets> Malformed() {
  std::vector<Octets> all;
  const Octets good = Bindings({1, 2, 3, 4}, {5, 6, 7, 8}, {9, 10, 11, 12});
  for (size_t size = 1; size < good.size(); ++size) {
    all.push_back(Octets(good.begin(), good.begin() + static_cast<ptrdiff_t>(size)));
  }
  const auto total = static_cast<ULONG>(good.size());
  constexpr size_t kPairs[][2] = {
      {offsetof(SEC_CHANNEL_BINDINGS, cbInitiatorLength), offsetof(SEC_CHANNEL_BINDINGS, dwInitiatorOffset)},
      {offsetof(SEC_CHANNEL_BINDINGS, cbAcceptorLength), offsetof(SEC_CHANNEL_BINDINGS, dwAcceptorOffset)},
      {offsetof(SEC_CHANNEL_BINDINGS, cbApplicationDataLength),
       offsetof(SEC_CHANNEL_BINDINGS, dwApplicationDataOffset)}};
  const struct {
    ULONG length, offset;
  } bad[] = {{total + 1, 0},  {1, total},      {4, total - 3},
             {0xFFFFFFFF, 0}, {0xFFFFFFFF, 1}, {0xFFFFFFFF, sizeof(SEC_CHANNEL_BINDINGS)},
             {1, 0xFFFFFFFF}, {4, 0xFFFFFFFE}, {0x80000000, 0x80000000},
             {0x7FFFFFFF, 1}, {2, 0x7FFFFFFF}};
  for (const auto& pair : kPairs) {
    for (const auto& values : bad) {
      Octets one = good;
      memcpy(&one[pair[0]], &values.length, sizeof values.length);
      memcpy(&one[pair[1]], &values.offset, sizeof values.offset);
      all.push_back(one);
    }
  }
  return all;
}

TEST_F(ChannelBindings, MalformedOnesAreRefusedBeforeAnythingHappens) {
  Client client;
  Server server;
  const Octets negotiate = client.Step({}).token;
  const Octets challenge = server.Step(negotiate).token;
  Client fresh_client;
  Server fresh_server;
  for (const Octets& bindings : Malformed()) {
    const Call call = {0, nullptr, &bindings, 1024};
    EXPECT_STATUS(SEC_E_INVALID_TOKEN, fresh_client.Step({}, call).status);
    EXPECT_STATUS(SEC_E_INVALID_TOKEN, fresh_server.Step(negotiate, call).status);
    EXPECT_STATUS(SEC_E_INVALID_TOKEN, client.Step(challenge, call).status);
  }
  // Then the handshake can still go on
  const Result authenticate = client.Step(challenge);
  ASSERT_STATUS(SEC_E_OK, authenticate.status);
  for (const Octets& bindings : Malformed()) {
    EXPECT_STATUS(SEC_E_INVALID_TOKEN, server.Step(authenticate.token, {0, nullptr, &bindings, 1024}).status);
  }
  EXPECT_STATUS(SEC_E_OK, server.Step(authenticate.token).status);
}

TEST_F(ChannelBindings, OfACallThatTheCallerMustRepeatDoNotCount) {
  Client client;
  Server server;
  const Octets challenge = server.Step(client.Step({}, {0, nullptr, &one_, 1024}).token).token;
  EXPECT_STATUS(SEC_E_BUFFER_TOO_SMALL, client.Step(challenge, {0, nullptr, &two_, 16}).status);
  const Result authenticate = client.Step(challenge);
  EXPECT_STATUS(SEC_E_OK, server.Step(authenticate.token, {0, nullptr, &one_, 1024}).status);
}

TEST_F(ChannelBindings, WrongOnesEndTheHandshake) {
  Client client;
  Server server;
  const Call with_one = {0, nullptr, &one_, 1024}, with_two = {0, nullptr, &two_, 1024};
  const Result challenge = server.Step(client.Step({}).token, with_two);
  const Octets authenticate = client.Step(challenge.token, with_one).token;
  EXPECT_STATUS(SEC_E_BAD_BINDINGS, server.Step(authenticate, with_two).status);
  EXPECT_STATUS(SEC_E_BAD_BINDINGS, server.Step(authenticate, with_one).status);
}

}  // namespace
}  // namespace two_sides
