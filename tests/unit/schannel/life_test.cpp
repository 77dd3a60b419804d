// SPDX-License-Identifier: Apache-2.0
// Contexts and credentials come and go: in any state, in any order, more of them than there are places, many
// at once by turns.
#include <memory>

#include "config/baresspi_config.h"
#include "tests/unit/schannel/replay.h"

namespace tls_sides {
namespace {

namespace pki = baresspi::pki;

class TlsLife : public Test {};

TEST_F(TlsLife, AContextIsDeletedInAnyStateAndItsPlaceIsFree) {
  for (const Kind& kind : kKinds) {
    if (two_sides::kOnBoard && &kind != &kKinds[0] && &kind != &kKinds[3]) continue;
    SCOPED_TRACE(kind.name);
    Pair pair(kind);
    const auto end = [&pair] {
      pair.DeleteContexts();
      pair.Establish();  // PSA's slots are back, too
      Converse(pair.client, pair.server);
      pair.DeleteContexts();
    };
    const auto begin = [&pair](int steps) {
      Result last = pair.client.Step({}, pair.client_call);
      for (int i = 1; i < steps; ++i) {
        Side& side = i % 2 == 0 ? static_cast<Side&>(pair.client) : pair.server;
        last = side.Step(last.token, i % 2 == 0 ? pair.client_call : pair.server_call);
      }
      return last;
    };
    for (int steps = 1; steps <= 4; ++steps) {
      (void)begin(steps);
      end();
    }
    // With half a message in mbed TLS's hands.
    const Result flight = begin(2);
    EXPECT_GE(pair.client.Step(Records(flight.token)[0], pair.client_call).status, 0);
    end();
    // Broken by the peer.
    Octets altered = begin(2).token;
    altered[altered.size() / 2] ^= 0x40;
    EXPECT_LT(pair.client.Step(altered, pair.client_call).status, 0);
    end();
    // Established, shut down by one side, by both.
    pair.Establish();
    const Octets closing = pair.client.Shutdown().token;
    EXPECT_STATUS(SEC_I_CONTEXT_EXPIRED, pair.server.Open(closing).status);
    end();
    pair.Establish();
    EXPECT_STATUS(SEC_E_OK, pair.server.Shutdown().status);
    EXPECT_STATUS(SEC_E_OK, pair.client.Shutdown().status);
    end();
    // A shutdown that was asked for and never sent.
    pair.Establish();
    const DWORD shutdown = SCHANNEL_SHUTDOWN;
    EXPECT_STATUS(SEC_E_OK, pair.client.Control(&shutdown, sizeof shutdown));
    end();
  }
}

TEST_F(TlsLife, ADeletedContextIsNobodys) {
  Pair pair(kTls13);
  pair.Establish();
  CtxtHandle stale = *pair.client.context();
  Octets record;
  ASSERT_STATUS(SEC_E_OK, pair.server.Seal({1}, &record));
  pair.client.DeleteContext();
  EXPECT_STATUS(SEC_E_INVALID_HANDLE, DeleteSecurityContext(&stale));
  SecPkgContext_StreamSizes sizes = {};
  EXPECT_STATUS(SEC_E_INVALID_HANDLE, QueryContextAttributesA(&stale, SECPKG_ATTR_STREAM_SIZES, &sizes));
  SecBuffer buffers[4] = {{static_cast<ULONG>(record.size()), SECBUFFER_DATA, record.data()}};
  SecBufferDesc message = {SECBUFFER_VERSION, 4, buffers};
  EXPECT_STATUS(SEC_E_INVALID_HANDLE, DecryptMessage(&stale, &message, 0, nullptr));
  EXPECT_STATUS(SEC_E_INVALID_HANDLE, ApplyControlToken(&stale, &message));
  ULONG peak = 0;
  EXPECT_STATUS(SEC_E_INVALID_HANDLE, BareSspiTlsArenaPeak(&stale, &peak, &peak));
}

TEST_F(TlsLife, ACredentialThatIsFreedLivesAsLongAsItsContexts) {
  for (const Kind& kind : {kKinds[2], kKinds[3]}) {
    SCOPED_TRACE(kind.name);
    Pair pair(kind);
    const Octets hello = pair.client.Step({}, pair.client_call).token;
    const Octets flight = pair.server.Step(hello, pair.server_call).token;
    CredHandle client_credential = *pair.client.credential();
    pair.client.FreeCredential();
    pair.server.FreeCredential();
    EXPECT_STATUS(SEC_E_INVALID_HANDLE, FreeCredentialsHandle(&client_credential));
    const Result client = pair.client.Step(flight, pair.client_call);
    ASSERT_GE(client.status, 0);
    const Result server = pair.server.Step(client.token, pair.server_call);
    ASSERT_STATUS(SEC_E_OK, server.status);
    if (client.status != SEC_E_OK) {
      EXPECT_STATUS(SEC_E_OK, pair.client.Step(server.token, pair.client_call).status);
    } else if (!server.token.empty()) {
      FeedBack(pair.client, server.token);
    }
    Converse(pair.client, pair.server);
    pair.DeleteContexts();
    EXPECT_STATUS(SEC_E_INVALID_HANDLE, pair.client.Step({}, pair.client_call).status);
  }
}

TEST_F(TlsLife, OfAFreedCredentialNoSessionIsLeft) {
  for (const Kind& kind : {kTls12, kTls13}) {
    SCOPED_TRACE(kind.name);
    // As often as there are places for credentials and for sessions, so that each place is somebody else's.
    for (int round = 0; round < 6; ++round) {
      Pair pair(kind);
      const Outcome outcome = pair.Connect();
      ASSERT_STATUS(SEC_E_OK, outcome.client.status);
      SecPkgContext_SessionInfo info = {};
      EXPECT_STATUS(SEC_E_OK, pair.client.Query(SECPKG_ATTR_SESSION_INFO, &info));
      EXPECT_EQ(0u, info.dwFlags & SSL_SESSION_RECONNECT) << "another credential's session";
      if (round % 2 == 0) {  // the handle first, then the context, which still could keep one
        pair.client.FreeCredential();
        pair.server.FreeCredential();
        pair.DeleteContexts();
      }
    }
  }
}

TEST_F(TlsLife, WhenAllPlacesAreTakenTheNextIsTurnedAwayAndLaterComesIn) {
  const ClientSetup client_setup;
  const ServerSetup server_setup;
  Client client(client_setup);
  Server server(server_setup);
  Octets room(MaxToken());
  std::vector<CtxtHandle> contexts;
  const auto start = [&] {
    SecBuffer buffer = {MaxToken(), SECBUFFER_TOKEN, room.data()};
    SecBufferDesc output = {SECBUFFER_VERSION, 1, &buffer};
    CtxtHandle context;
    ULONG attributes = 1;
    const SECURITY_STATUS status =
        InitializeSecurityContextA(client.credential(), nullptr, const_cast<char*>(kHost), kClientFlags, 0, 0,
                                   nullptr, 0, &context, &output, &attributes, nullptr);
    if (status >= 0) contexts.push_back(context);
    if (status < 0) {
      EXPECT_EQ(0u, attributes);
    }
    return status;
  };
  for (int i = 0; i < BARESSPI_SCHANNEL_MAX_CONTEXTS; ++i) EXPECT_STATUS(SEC_I_CONTINUE_NEEDED, start());
  for (int i = 0; i < 3; ++i) EXPECT_STATUS(SEC_E_INSUFFICIENT_MEMORY, start());
  const Octets hello(50, 0);
  EXPECT_STATUS(SEC_E_INSUFFICIENT_MEMORY, server.Step(hello).status);
  // A credential is tried in a context.
  EXPECT_STATUS(SEC_E_INSUFFICIENT_MEMORY, Server(server_setup).acquired());
  EXPECT_STATUS(SEC_E_OK, DeleteSecurityContext(&contexts.back()));
  contexts.pop_back();
  EXPECT_STATUS(SEC_I_CONTINUE_NEEDED, start());
  for (CtxtHandle& context : contexts) EXPECT_STATUS(SEC_E_OK, DeleteSecurityContext(&context));
  Establish(client, server);
  // Credentials.
  std::vector<std::unique_ptr<Server>> credentials;
  for (int i = 0; i < BARESSPI_SCHANNEL_MAX_CREDENTIALS - 2; ++i) {
    credentials.push_back(std::make_unique<Server>(server_setup));
    EXPECT_STATUS(SEC_E_OK, credentials.back()->acquired());
  }
  EXPECT_STATUS(SEC_E_INSUFFICIENT_MEMORY, Server(server_setup).acquired());
  credentials.pop_back();
  EXPECT_STATUS(SEC_E_OK, Server(server_setup).acquired());
  Converse(client, server);
}

// Two handshakes by turns, and data of one between the tokens of the other.
TEST_F(TlsLife, SeveralContextsGoOnByTurns) {
  static_assert(BARESSPI_SCHANNEL_MAX_CONTEXTS >= 4);
  for (const Kind* first_kind : {&kTls12, &kTls13}) {
    for (const Kind* second_kind : {&kTls12, &kTls13}) {
      Pair first(*first_kind);
      Pair second(*second_kind);
      Octets one = first.client.Step({}).token;
      Octets two = second.client.Step({}).token;
      Result results[2][2];
      for (int turn = 0; turn < 4; ++turn) {
        const bool to_server = turn % 2 == 0;
        if (!one.empty() && results[0][to_server].status != SEC_E_OK) {
          results[0][to_server] = to_server ? first.server.Step(one) : first.client.Step(one);
          one = results[0][to_server].token;
        }
        if (!two.empty() && results[1][to_server].status != SEC_E_OK) {
          results[1][to_server] = to_server ? second.server.Step(two) : second.client.Step(two);
          two = results[1][to_server].token;
        }
      }
      for (int i = 0; i < 2; ++i) {
        for (int k = 0; k < 2; ++k) EXPECT_STATUS(SEC_E_OK, results[i][k].status);
      }
      if (first_kind == &kTls13) FeedBack(first.client, one);
      if (second_kind == &kTls13) FeedBack(second.client, two);
      for (int i = 0; i < 5; ++i) {
        Converse(first.client, first.server);
        Converse(second.client, second.server);
      }
      // One ends in the middle of the other's handshake.
      second.DeleteContexts();
      const Octets hello = second.client.Step({}).token;
      Converse(first.client, first.server);
      const Octets flight = second.server.Step(hello).token;
      first.DeleteContexts();
      const Result client = second.client.Step(flight);
      EXPECT_GE(client.status, 0);
      first.Establish();
      EXPECT_STATUS(SEC_E_OK, second.server.Step(client.token).status);
      Converse(first.client, first.server);
    }
  }
}

// ---- A thousand handshakes that are dropped. ----
struct TlsLongMany : Test, testing::WithParamInterface<size_t> {
  const Kind& kind() const { return kKinds[GetParam()]; }
};
INSTANTIATE_TEST_SUITE_P(Kind, TlsLongMany, testing::Values(0, 1, 2, 3));

TEST_P(TlsLongMany, AThousandHandshakesDroppedAtAnyStageLeaveEverySlot) {
  Pair pair(kind(), SCH_CRED_DISABLE_RECONNECTS);
  const Recording recording(pair);
  const int count = two_sides::kOnBoard ? 20 : kind().mutual ? 100 : 1000;
  for (size_t turn = 0; turn < recording.turns().size(); ++turn) {
    const Turn& last = recording.turns()[turn];
    for (int i = 0; i < count; ++i) {
      recording.ReplayTo(turn);
      ASSERT_STATUS(last.result.status, recording.Give(turn, last.input).status)
          << "turn " << turn << ", number " << i;
      pair.DeleteContexts();
    }
  }
  pair.Establish();
  Converse(pair.client, pair.server);
}

TEST_P(TlsLongMany, AThousandHandshakesThatFailLeaveEverySlot) {
  Pair pair(kind(), SCH_CRED_DISABLE_RECONNECTS);
  const Recording recording(pair);
  const int count = two_sides::kOnBoard ? 10 : kind().mutual ? 50 : 250;
  for (size_t turn = 1; turn < recording.turns().size(); ++turn) {
    Octets altered = recording.turns()[turn].input;
    ASSERT_LT(3U, altered.size());
    // Both hellos are in the clear: what message it is. Behind them, what is in the last one.
    altered[turn <= 2 ? 5 : altered.size() - 3] ^= 0x10;
    for (int i = 0; i < count; ++i) {
      recording.ReplayTo(turn);
      ASSERT_LT(recording.Give(turn, altered).status, 0) << "turn " << turn << ", number " << i;
      if (i % 2 == 0) pair.DeleteContexts();  // else by the next replay
    }
    pair.DeleteContexts();
  }
  pair.Establish();
  Converse(pair.client, pair.server);
}

}  // namespace
}  // namespace tls_sides
