// SPDX-License-Identifier: Apache-2.0
// A call that the caller can mend changes nothing; a handshake that the peer broke is over. No place of
// either package's pools is lost.
#include "config/baresspi_config.h"
#include "tests/unit/negotiate/peer.h"

namespace negotiate_test {
namespace {

// One of the ways in which a login can go: its tokens by turns, the client's first.
struct Course {
  const char* what;
  bool hint;      // the server speaks first
  bool raw;       // the client is of the NTLM package
  bool kerberos;  // the server is told first that the client likes Kerberos better
};
constexpr Course kCourses[] = {{"ours", false, false, false},
                               {"server first", true, false, false},
                               {"raw client", false, true, false},
                               {"fallback", false, false, true}};

class NegotiateRetry : public NegotiateTest {
 protected:
  // Runs a course, a call of each side by turns, through step(side, leg, token).
  using StepBy = std::function<Result(Side*, const Octets&)>;
  static void Run(const Course& course, const StepBy& step) {
    SCOPED_TRACE(course.what);
    scripted_port::Reset();
    Client client(ISC_REQ_CONFIDENTIALITY, "Password", course.raw ? "NTLM" : "Negotiate");
    Server server;
    if (course.kerberos) {
      Fallback(&server, step);
      return;
    }
    Octets token;
    if (course.hint) token = step(&server, {}).token;
    Result result = step(&client, token);
    ASSERT_STATUS(SEC_I_CONTINUE_NEEDED, result.status);
    result = step(&server, result.token);
    ASSERT_STATUS(SEC_I_CONTINUE_NEEDED, result.status);
    result = step(&client, result.token);
    ASSERT_STATUS(course.raw ? SEC_E_OK : SEC_I_CONTINUE_NEEDED, result.status);
    result = step(&server, result.token);
    ASSERT_STATUS(SEC_E_OK, result.status);
    if (!course.raw) {
      ASSERT_STATUS(SEC_E_OK, step(&client, result.token).status);
    }
    ExpectWorking(&client, &server);
  }

  static void Fallback(Side* server, const StepBy& step) {
    PeerInitiator peer;
    peer.mechs = {kKerberos, kNtlm};
    EXPECT_EQ(ReadResp(step(server, peer.First()).token).state, kRequestMic);
    const Result challenge = step(server, peer.Restart());
    ASSERT_STATUS(SEC_I_CONTINUE_NEEDED, challenge.status);
    peer.replies.push_back(step(server, peer.Last(challenge.token)).token);
    EXPECT_TRUE(peer.ServerMicIsRight());
    EXPECT_EQ(Hex(server->SessionKey()), Hex(peer.ntlm.session_key));
  }
};

TEST_F(NegotiateRetry, EveryCourseGoesWell) {
  for (const Course& course : kCourses) {
    Run(course, [](Side* side, const Octets& token) { return side->Step(token); });
  }
}

TEST_F(NegotiateRetry, TooSmallAnOutputTellsASizeThatSuffices) {
  for (const Course& course : kCourses) {
    for (const size_t room : {size_t{0}, size_t{1}, size_t{40}, size_t{100}, size_t{135}, size_t{180}}) {
      Run(course, [&](Side* side, const Octets& token) {
        Result result = side->StepInto(room, token);
        if (result.status != SEC_E_BUFFER_TOO_SMALL) return result;
        EXPECT_GT(result.size, room);
        EXPECT_EQ(result.attributes, 0u);
        const ULONG needed = result.size;
        result = side->StepInto(needed, token);
        EXPECT_GE(result.status, 0) << "from " << room << " to " << needed << ": " << result.size;
        EXPECT_LE(needed, result.size + 130) << "not much more than it was";
        return result;
      });
    }
  }
}

TEST_F(NegotiateRetry, EveryTooSmallOutputOfEveryLegChangesNothing) {
  const size_t stride = two_sides::kOnBoard ? 37 : 1;
  for (const Course& course : kCourses) {
    // The last result is that of the first room that suffices.
    Run(course, [&](Side* side, const Octets& token) {
      Result result = {};
      for (size_t room = 0; room < 1024; room += stride) {
        result = side->StepInto(room, token);
        if (result.status != SEC_E_BUFFER_TOO_SMALL) break;
        EXPECT_GT(result.size, room);
      }
      return result;
    });
  }
}

TEST_F(NegotiateRetry, LoginsAreTheSameHoweverOftenTheyWereTriedAgain) {
  // But for random and time, which are the next ones: the list, the choice, the keys.
  Client client;
  Server server;
  const auto twice = [](Side* side, const Octets& token) {
    EXPECT_STATUS(SEC_E_BUFFER_TOO_SMALL, side->StepInto(20, token).status);
    return side->Step(token).token;
  };
  const Octets init = twice(&client, {});
  const Octets reply = twice(&server, init);
  const Octets answer = twice(&client, reply);
  EXPECT_EQ(Hex(ReadInit(init).mech_types), Hex(MechTypes({kNtlm})));
  EXPECT_EQ(ReadResp(reply).state, kIncomplete);
  EXPECT_EQ(ReadResp(reply).mech, kNtlm);
  EXPECT_STATUS(SEC_E_OK, client.Step(twice(&server, answer)).status);
  ExpectWorking(&client, &server);
}

TEST_F(NegotiateRetry, FullPoolAtEveryLegIsMended) {
  for (const Course& course : kCourses) {
    if (course.raw) continue;  // its client takes one of them first
    Run(course, [&](Side* side, const Octets& token) {
      Client ntlm(0, "Password", "NTLM");
      std::vector<CtxtHandle> taken;
      const auto take = [&](CtxtHandle* context) {
        uint8_t octets[64];
        SecBuffer buffer = {sizeof octets, SECBUFFER_TOKEN, octets};
        SecBufferDesc output = {SECBUFFER_VERSION, 1, &buffer};
        return InitializeSecurityContextA(ntlm.credential(), nullptr, nullptr, 0, 0, 0, nullptr, 0, context,
                                          &output, nullptr, nullptr);
      };
      CtxtHandle context = {};
      while (take(&context) == SEC_I_CONTINUE_NEEDED) taken.push_back(context);
      const size_t entries = scripted_port::Log().size();
      Result result = {};
      for (int i = 0; i < 3; ++i) {
        result = side->Step(token);
        if (result.status != SEC_E_INSUFFICIENT_MEMORY) break;
        EXPECT_EQ(result.attributes, 0u);
        EXPECT_EQ(scripted_port::Log().size(), entries) << "nobody was refused";
      }
      for (CtxtHandle& one : taken) EXPECT_STATUS(SEC_E_OK, DeleteSecurityContext(&one));
      return result.status == SEC_E_INSUFFICIENT_MEMORY ? side->Step(token) : result;
    });
  }
}

TEST_F(NegotiateRetry, FullPoolIsSaidWhereAContextIsTaken) {
  std::vector<CtxtHandle> taken;
  Client ntlm(0, "Password", "NTLM");
  Server server, hinting;
  hinting.Step({});
  {
    uint8_t octets[64];
    CtxtHandle context = {};
    for (;;) {
      SecBuffer buffer = {sizeof octets, SECBUFFER_TOKEN, octets};
      SecBufferDesc output = {SECBUFFER_VERSION, 1, &buffer};
      if (InitializeSecurityContextA(ntlm.credential(), nullptr, nullptr, 0, 0, 0, nullptr, 0, &context,
                                     &output, nullptr, nullptr) != SEC_I_CONTINUE_NEEDED) {
        break;
      }
      taken.push_back(context);
    }
  }
  EXPECT_EQ(taken.size(), size_t{BARESSPI_MAX_CONTEXTS} - 1) << "NTLM's and Negotiate's lie in one pool";
  {
    Client client;
    PeerInitiator peer;
    EXPECT_STATUS(SEC_E_INSUFFICIENT_MEMORY, client.Step({}).status);
    EXPECT_FALSE(client.has_context());
    EXPECT_STATUS(SEC_E_INSUFFICIENT_MEMORY, server.Step(peer.First()).status);
    EXPECT_STATUS(SEC_E_INSUFFICIENT_MEMORY, server.Step(peer.ntlm.Negotiate()).status) << "raw";
    EXPECT_FALSE(server.has_context());
    EXPECT_STATUS(SEC_E_OK, peer.LogIn(&hinting)) << "a handshake that began takes no more than it has";
  }
  for (CtxtHandle& one : taken) EXPECT_STATUS(SEC_E_OK, DeleteSecurityContext(&one));
}

TEST_F(NegotiateRetry, FullPoolOfItsOwnContexts) {
  Client client;
  std::vector<CtxtHandle> taken;
  uint8_t octets[128];
  const auto take = [&](CtxtHandle* context) {
    SecBuffer buffer = {sizeof octets, SECBUFFER_TOKEN, octets};
    SecBufferDesc output = {SECBUFFER_VERSION, 1, &buffer};
    return AcceptSecurityContext(client.credential(), nullptr, nullptr, 0, 0, context, &output, nullptr,
                                 nullptr);
  };
  Server server;
  const auto hint = [&](CtxtHandle* context) {
    SecBuffer buffer = {sizeof octets, SECBUFFER_TOKEN, octets};
    SecBufferDesc output = {SECBUFFER_VERSION, 1, &buffer};
    return AcceptSecurityContext(server.credential(), nullptr, nullptr, 0, 0, context, &output, nullptr,
                                 nullptr);
  };
  CtxtHandle context = {};
  EXPECT_STATUS(SEC_E_NO_CREDENTIALS, take(&context));
  while (hint(&context) == SEC_I_CONTINUE_NEEDED) taken.push_back(context);
  EXPECT_EQ(taken.size(), size_t{BARESSPI_MAX_CONTEXTS});
  EXPECT_EQ(FreeContexts("NTLM"), 0u);
  EXPECT_STATUS(SEC_E_INSUFFICIENT_MEMORY, client.Step({}).status);
  for (CtxtHandle& one : taken) EXPECT_STATUS(SEC_E_OK, DeleteSecurityContext(&one));
}

TEST_F(NegotiateRetry, FailingRandomAtEveryLegIsMended) {
  for (const Course& course : kCourses) {
    int failures = 0;
    Run(course, [&](Side* side, const Octets& token) {
      scripted_port::FailRandomAfter(0);
      Result result = side->Step(token);
      for (int i = 0; i < 2 && result.status == SEC_E_INTERNAL_ERROR; ++i) {
        EXPECT_EQ(result.attributes, 0u);
        result = side->Step(token);
      }
      scripted_port::Reset();
      if (result.status != SEC_E_INTERNAL_ERROR) return result;
      ++failures;
      return side->Step(token);
    });
    EXPECT_EQ(failures, course.kerberos ? 1 : 2) << course.what;
  }
}

TEST_F(NegotiateRetry, WithoutAPlaceForTheTokenNothingHappens) {
  Client client;
  Server server;
  const auto accept_nowhere = [&](const Octets& token, CtxtHandle* old, CtxtHandle* fresh) {
    two_sides::Buffer in(token);
    SecBuffer buffer = {static_cast<ULONG>(in.size()), SECBUFFER_TOKEN, in.data()};
    SecBufferDesc input = {SECBUFFER_VERSION, 1, &buffer};
    return AcceptSecurityContext(server.credential(), old, &input, 0, 0, fresh, nullptr, nullptr, nullptr);
  };
  CtxtHandle none = {};
  const Octets init = client.Step({}).token;
  EXPECT_STATUS(SEC_E_INVALID_TOKEN, accept_nowhere(init, nullptr, &none));
  const Octets answer = client.Step(server.Step(init).token).token;
  EXPECT_STATUS(SEC_E_INVALID_TOKEN, accept_nowhere(answer, server.context(), &none));
  const Result last = server.Step(answer);
  ASSERT_STATUS(SEC_E_OK, last.status);
  // The client has nothing more to send.
  two_sides::Buffer in(last.token);
  SecBuffer buffer = {static_cast<ULONG>(in.size()), SECBUFFER_TOKEN, in.data()};
  SecBufferDesc input = {SECBUFFER_VERSION, 1, &buffer};
  EXPECT_STATUS(SEC_E_OK, InitializeSecurityContextA(nullptr, client.context(), nullptr, client.requested, 0,
                                                     0, &input, 0, nullptr, nullptr, nullptr, nullptr));
  ExpectWorking(&client, &server);
}

// ---- Broken is broken, and its place is kept for the error. ----
TEST_F(NegotiateRetry, BrokenHandshakeIsFinal) {
  const size_t all = BARESSPI_MAX_CONTEXTS;
  for (int leg = 1; leg <= 3; ++leg) {
    Client client;
    Server server;
    Octets right = client.Step({}).token;
    Side* side = &server;
    if (leg >= 2) {
      right = server.Step(right).token;
      side = &client;
    }
    if (leg >= 3) {
      right = client.Step(right).token;
      side = &server;
    }
    const size_t taken = leg == 1 ? 1U : 2U;
    EXPECT_EQ(FreeContexts("NTLM"), all - taken);
    EXPECT_STATUS(SEC_E_INVALID_TOKEN, side->Step({1, 2, 3}).status);
    EXPECT_EQ(FreeContexts("NTLM"), all - taken) << "leg " << leg;
    if (leg == 1) continue;  // there is no context
    EXPECT_STATUS(SEC_E_INVALID_TOKEN, side->Step(right).status) << "the right token comes too late";
    EXPECT_STATUS(SEC_E_INVALID_TOKEN, side->Status());
    EXPECT_STATUS(SEC_E_INVALID_TOKEN, side->Seal({1}).status);
    EXPECT_EQ(side->State(), -1);
    EXPECT_EQ(FreeContexts("Negotiate"), all - 2) << "its place is kept for the error";
    side->DeleteContext();
    EXPECT_EQ(FreeContexts("Negotiate"), all - 1);
  }
}

TEST_F(NegotiateRetry, EstablishedTakesNoMoreTokens) {
  Client client;
  Server server;
  const Login login = LogIn(&client, &server);
  EXPECT_STATUS(SEC_E_INVALID_TOKEN, client.Step(login.legs[3]).status);
  EXPECT_STATUS(SEC_E_INVALID_TOKEN, server.Step(login.legs[2]).status);
  ExpectWorking(&client, &server);
}

TEST_F(NegotiateRetry, TheLogTellsOneEndOfALogin) {
  for (const bool mic : {true, false}) {
    PeerInitiator peer;
    peer.sends_mic = mic;
    Server server;
    SetUp();
    peer.LogIn(&server);
    ASSERT_EQ(scripted_port::Log().size(), 1u) << "not let in and refused";
    EXPECT_EQ(scripted_port::Log()[0].event, mic ? BARESSPI_EVENT_LOGON : BARESSPI_EVENT_LOGON_DENIED);
    EXPECT_EQ(scripted_port::Log()[0].detail, mic ? 7u : static_cast<uint32_t>(SEC_E_MESSAGE_ALTERED));
  }
}

TEST_F(NegotiateRetry, TwoPairsAtOnceDoNotDisturbEachOther) {
  Client one, two;
  Server first, second;
  const Octets a = one.Step({}).token;
  const Octets b = two.Step({}).token;
  const Octets c = first.Step(a).token;
  const Octets d = second.Step(b).token;
  const Octets e = one.Step(c).token;
  const Octets f = two.Step(d).token;
  EXPECT_STATUS(SEC_E_OK, one.Step(first.Step(e).token).status);
  EXPECT_STATUS(SEC_E_OK, two.Step(second.Step(f).token).status);
  EXPECT_NE(one.SessionKey(), two.SessionKey());
  ExpectWorking(&one, &first);
  ExpectWorking(&two, &second);
}

}  // namespace
}  // namespace negotiate_test
