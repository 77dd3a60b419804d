// SPDX-License-Identifier: Apache-2.0
// What the caller can mend has changed nothing: too small an output, a random source that fails, a full pool.
#include <string>

#include "config/baresspi_config.h"
#include "tests/support/scripted_port.h"
#include "tests/support/two_sides.h"
#include "tests/unit/sspi/buffer_list.h"

namespace two_sides {
namespace {

class Retry : public Test {
 protected:
  // Tries every size that is too small for a leg, then the one that was asked for.
  Result WithJustEnoughRoom(Side& side, const Octets& token, Call call, size_t size) {
    for (size_t room = 0; room < size; ++room) {
      call.room = room;
      const Result result = side.Step(token, call);
      EXPECT_STATUS(SEC_E_BUFFER_TOO_SMALL, result.status) << room;
      EXPECT_EQ(result.size, size) << "what is needed";
      EXPECT_EQ(result.attributes, 0u);
    }
    call.room = size;
    const Result result = side.Step(token, call);
    EXPECT_EQ(result.token.size(), size);
    return result;
  }

  Client client_;
  Server server_;
};

TEST_F(Retry, TooSmallOutputOfEveryLegChangesNothing) {
  const Call call = {kSeal, kTarget, nullptr, 1024};
  const Tokens expected = LogIn(client_, server_, call);
  client_.DeleteContext();
  server_.DeleteContext();
  const Result negotiate = WithJustEnoughRoom(client_, {}, call, expected.negotiate.size());
  EXPECT_STATUS(SEC_I_CONTINUE_NEEDED, negotiate.status);
  const Result challenge = WithJustEnoughRoom(server_, negotiate.token, {}, expected.challenge.size());
  EXPECT_STATUS(SEC_I_CONTINUE_NEEDED, challenge.status);
  const Result authenticate =
      WithJustEnoughRoom(client_, challenge.token, call, expected.authenticate.size());
  EXPECT_STATUS(SEC_E_OK, authenticate.status);
  EXPECT_STATUS(SEC_E_OK, server_.Step(authenticate.token).status);
}

TEST_F(Retry, TooSmallFirstOutputLeavesNoContext) {
  EXPECT_STATUS(SEC_E_BUFFER_TOO_SMALL, client_.Step({}, {0, nullptr, nullptr, 39}).status);
  EXPECT_FALSE(client_.has_context());
  const Octets negotiate = client_.Step({}).token;
  EXPECT_STATUS(SEC_E_BUFFER_TOO_SMALL, server_.Step(negotiate, {0, nullptr, nullptr, 55}).status);
  EXPECT_FALSE(server_.has_context());
}

TEST_F(Retry, OutputWithoutOctetsIsTooSmall) {
  CtxtHandle context;
  List output({{0, SECBUFFER_TOKEN, nullptr}});
  EXPECT_STATUS(SEC_E_BUFFER_TOO_SMALL,
                InitializeSecurityContextA(client_.credential(), nullptr, nullptr, 0, 0, 0, nullptr, 0,
                                           &context, output.get(), nullptr, nullptr));
  EXPECT_EQ(output[0].cbBuffer, 40u);
}

TEST_F(Retry, CbMaxTokenSufficesForEveryLeg) {
  PSecPkgInfoA info;
  ASSERT_STATUS(SEC_E_OK, QuerySecurityPackageInfoA("NTLM", &info));
  const std::string longest(128, 'x');
  const Call call = {kSeal, longest.c_str(), nullptr, info->cbMaxToken};
  LogIn(client_, server_, call, call);
}

TEST_F(Retry, ServerWithoutRandomSendsNothingUntilItHasSome) {
  const Octets negotiate = client_.Step({}).token;
  scripted_port::FailRandomAfter(0);
  const Result failed = server_.Step(negotiate);
  EXPECT_STATUS(SEC_E_INTERNAL_ERROR, failed.status);
  EXPECT_FALSE(server_.has_context());
  EXPECT_EQ(failed.attributes, 0u);
  SetUp();
  const Result challenge = server_.Step(negotiate);
  ASSERT_STATUS(SEC_I_CONTINUE_NEEDED, challenge.status);
  EXPECT_STATUS(SEC_E_OK, server_.Step(client_.Step(challenge.token).token).status);
}

TEST_F(Retry, ClientWithoutRandomSendsNothingUntilItHasSome) {
  const Octets challenge = server_.Step(client_.Step({}, {kSeal}).token).token;
  scripted_port::FailRandomAfter(0);
  for (int i = 0; i < 3; ++i) {
    const Result failed = client_.Step(challenge, {kSeal});
    EXPECT_STATUS(SEC_E_INTERNAL_ERROR, failed.status);
    EXPECT_EQ(failed.attributes, 0u);
    EXPECT_STATUS(SEC_E_UNSUPPORTED_FUNCTION, CompleteAuthToken(client_.context(), nullptr))
        << "it is still there";
  }
  SetUp();
  const Result authenticate = client_.Step(challenge, {kSeal});
  ASSERT_STATUS(SEC_E_OK, authenticate.status);
  EXPECT_STATUS(SEC_E_OK, server_.Step(authenticate.token).status);
}

TEST_F(Retry, NoNtProofLeavesTheClientWhenRandomFails) {
  const Octets challenge = server_.Step(client_.Step({}, {kSeal}).token).token;
  const Octets with_random = client_.Step(challenge, {kSeal}).token;
  client_.DeleteContext();
  SetUp();
  client_.Step({}, {kSeal});
  scripted_port::FailRandomAfter(0);
  Buffer in(challenge), out(1024);
  List input({Of(SECBUFFER_TOKEN, in)}), output({Of(SECBUFFER_TOKEN, out)});
  EXPECT_STATUS(SEC_E_INTERNAL_ERROR,
                InitializeSecurityContextA(nullptr, client_.context(), nullptr, kSeal, 0, 0, input.get(), 0,
                                           nullptr, output.get(), nullptr, nullptr));
  // Nothing that could be taken for a token stands in the buffer
  EXPECT_NE(out.First(8), Octets(with_random.begin(), with_random.begin() + 8));
}

TEST_F(Retry, FullPoolOfContextsTakesMoreWhenOneIsFreed) {
  Octets negotiate;
  {
    Client other;
    negotiate = other.Step({}).token;
  }
  std::vector<CtxtHandle> taken;
  Buffer in(negotiate), out(1024);
  List input({Of(SECBUFFER_TOKEN, in)});
  const auto accept = [&](CtxtHandle* context) {
    List output({Of(SECBUFFER_TOKEN, out)});
    return AcceptSecurityContext(server_.credential(), nullptr, input.get(), 0, 0, context, output.get(),
                                 nullptr, nullptr);
  };
  for (size_t i = 0; i < BARESSPI_MAX_CONTEXTS; ++i) {
    CtxtHandle context;
    ASSERT_STATUS(SEC_I_CONTINUE_NEEDED, accept(&context)) << i;
    taken.push_back(context);
  }
  for (size_t i = 0; i < BARESSPI_MAX_CONTEXTS; ++i) {
    CtxtHandle context = {1, 2};
    EXPECT_STATUS(SEC_E_INSUFFICIENT_MEMORY, accept(&context));
    EXPECT_STATUS(SEC_E_INSUFFICIENT_MEMORY, client_.Step({}).status) << "clients take from the same pool";
    EXPECT_EQ(context.dwLower, 1u);
    EXPECT_STATUS(SEC_E_OK, DeleteSecurityContext(&taken[i]));
    EXPECT_STATUS(SEC_I_CONTINUE_NEEDED, accept(&taken[i]));
  }
  for (CtxtHandle& context : taken) EXPECT_STATUS(SEC_E_OK, DeleteSecurityContext(&context));
}

TEST_F(Retry, FullPoolOfCredentialsTakesMoreWhenOneIsFreed) {
  SEC_WINNT_AUTH_IDENTITY_A alice = Alice();
  const auto acquire = [&](CredHandle* credential) {
    return AcquireCredentialsHandleA(nullptr, "NTLM", SECPKG_CRED_OUTBOUND, nullptr, &alice, nullptr, nullptr,
                                     credential, nullptr);
  };
  client_.FreeCredential();
  server_.FreeCredential();
  CredHandle taken[BARESSPI_MAX_CREDENTIALS];
  for (CredHandle& credential : taken) ASSERT_STATUS(SEC_E_OK, acquire(&credential));
  for (CredHandle& credential : taken) {
    CredHandle more = {1, 2};
    EXPECT_STATUS(SEC_E_INSUFFICIENT_MEMORY, acquire(&more));
    EXPECT_EQ(more.dwLower, 1u);
    EXPECT_STATUS(SEC_E_OK, FreeCredentialsHandle(&credential));
    EXPECT_STATUS(SEC_E_OK, acquire(&credential));
  }
  for (CredHandle& credential : taken) EXPECT_STATUS(SEC_E_OK, FreeCredentialsHandle(&credential));
}

TEST_F(Retry, FailedAcquireTakesNoPlace) {
  SEC_WINNT_AUTH_IDENTITY_A bad = Identity("alice", "EXAMPLE", "\xff");
  for (int i = 0; i < 3 * BARESSPI_MAX_CREDENTIALS; ++i) {
    CredHandle credential;
    EXPECT_STATUS(SEC_E_UNKNOWN_CREDENTIALS,
                  AcquireCredentialsHandleA(nullptr, "NTLM", SECPKG_CRED_OUTBOUND, nullptr, &bad, nullptr,
                                            nullptr, &credential, nullptr));
  }
  client_.FreeCredential();
  server_.FreeCredential();
  ExpectAllCredentialsFree();
}

}  // namespace
}  // namespace two_sides
