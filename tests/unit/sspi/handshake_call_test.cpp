// SPDX-License-Identifier: Apache-2.0
// InitializeSecurityContext and AcceptSecurityContext as calls: what may be NULL, in which order buffers may
// come, what is refused before anything happens.
#include "tests/support/scripted_port.h"
#include "tests/support/two_sides.h"
#include "tests/unit/sspi/buffer_list.h"

namespace two_sides {
namespace {

constexpr SecHandle kUntouched = {0x1234, 0x5678};

class HandshakeCall : public Test {
 protected:
  // The first call of a client of alice's, then of a server.
  SECURITY_STATUS Initialize(PCtxtHandle old_context, PSecBufferDesc input, PCtxtHandle fresh,
                             PSecBufferDesc output, ULONG requested = 0, PCredHandle credential = nullptr) {
    return InitializeSecurityContextA(credential == nullptr ? client_.credential() : credential, old_context,
                                      nullptr, requested, 0, 0, input, 0, fresh, output, nullptr, nullptr);
  }
  SECURITY_STATUS Accept(PCtxtHandle old_context, PSecBufferDesc input, PCtxtHandle fresh,
                         PSecBufferDesc output, ULONG requested = 0) {
    return AcceptSecurityContext(server_.credential(), old_context, input, requested, 0, fresh, output,
                                 nullptr, nullptr);
  }

  Client client_;
  Server server_;
  Buffer out_{1024};
};

TEST_F(HandshakeCall, SecondCallOfAClientWithoutCredentialAndNewContext) {
  CtxtHandle context;
  List first({Of(SECBUFFER_TOKEN, out_)});
  ASSERT_STATUS(SEC_I_CONTINUE_NEEDED, Initialize(nullptr, nullptr, &context, first.get()));
  Buffer challenge(server_.Step(out_.First(first[0].cbBuffer)).token);
  List input({Of(SECBUFFER_TOKEN, challenge)}), output({Of(SECBUFFER_TOKEN, out_)});
  EXPECT_STATUS(SEC_E_OK, InitializeSecurityContextA(nullptr, &context, nullptr, 0, 0, 0, input.get(), 0,
                                                     nullptr, output.get(), nullptr, nullptr));
  EXPECT_STATUS(SEC_E_OK, server_.Step(out_.First(output[0].cbBuffer)).status);
  EXPECT_STATUS(SEC_E_OK, DeleteSecurityContext(&context));
}

TEST_F(HandshakeCall, NewContextMayBeTheOldOneOrAnother) {
  CtxtHandle context, other = kUntouched;
  List first({Of(SECBUFFER_TOKEN, out_)});
  ASSERT_STATUS(SEC_I_CONTINUE_NEEDED, Initialize(nullptr, nullptr, &context, first.get()));
  const CtxtHandle before = context;
  Buffer challenge(server_.Step(out_.First(first[0].cbBuffer)).token);
  List input({Of(SECBUFFER_TOKEN, challenge)}), output({Of(SECBUFFER_TOKEN, out_)});
  EXPECT_STATUS(SEC_E_OK, InitializeSecurityContextA(nullptr, &context, nullptr, 0, 0, 0, input.get(), 0,
                                                     &other, output.get(), nullptr, nullptr));
  EXPECT_EQ(other.dwLower, before.dwLower);
  EXPECT_EQ(other.dwUpper, before.dwUpper);
  EXPECT_STATUS(SEC_E_OK, DeleteSecurityContext(&context));
  EXPECT_STATUS(SEC_E_INVALID_HANDLE, DeleteSecurityContext(&other)) << "they are one";
}

TEST_F(HandshakeCall, SecondCallDoesNotLookAtTheCredential) {
  const Octets challenge = server_.Step(client_.Step({}).token).token;
  Buffer in(challenge);
  List input({Of(SECBUFFER_TOKEN, in)}), output({Of(SECBUFFER_TOKEN, out_)});
  CredHandle garbage = kUntouched;
  EXPECT_STATUS(SEC_E_OK,
                InitializeSecurityContextA(&garbage, client_.context(), nullptr, 0, 0, 0, input.get(), 0,
                                           nullptr, output.get(), nullptr, nullptr));
}

TEST_F(HandshakeCall, FirstCallNeedsAPlaceForTheContext) {
  List output({Of(SECBUFFER_TOKEN, out_)});
  EXPECT_STATUS(SEC_E_INVALID_HANDLE, Initialize(nullptr, nullptr, nullptr, output.get()));
  Buffer negotiate(client_.Step({}).token);
  List input({Of(SECBUFFER_TOKEN, negotiate)}), answer({Of(SECBUFFER_TOKEN, out_)});
  EXPECT_STATUS(SEC_E_INVALID_HANDLE, Accept(nullptr, input.get(), nullptr, answer.get()));
}

TEST_F(HandshakeCall, ServersLastCallNeedsNoOutput) {
  const Tokens tokens = LogIn(client_, server_);
  server_.DeleteContext();
  scripted_port::Reset();  // the same challenge again
  server_.Step(tokens.negotiate);
  Buffer in(tokens.authenticate);
  List input({Of(SECBUFFER_TOKEN, in)});
  EXPECT_STATUS(SEC_E_OK, Accept(server_.context(), input.get(), nullptr, nullptr));
}

TEST_F(HandshakeCall, ServersLastCallHasNoToken) {
  const Octets negotiate = client_.Step({}).token;
  const Octets authenticate = client_.Step(server_.Step(negotiate).token).token;
  const Result last = server_.Step(authenticate);
  EXPECT_STATUS(SEC_E_OK, last.status);
  EXPECT_EQ(last.size, 0u);
}

TEST_F(HandshakeCall, AllocateMemoryIsRefusedBeforeAnythingHappens) {
  CtxtHandle fresh = kUntouched;
  ULONG attributes = 0xFFFFFFFF;
  List output({Of(SECBUFFER_TOKEN, out_)});
  EXPECT_STATUS(SEC_E_UNSUPPORTED_FUNCTION,
                InitializeSecurityContextA(client_.credential(), nullptr, nullptr, ISC_REQ_ALLOCATE_MEMORY, 0,
                                           0, nullptr, 0, &fresh, output.get(), &attributes, nullptr));
  EXPECT_STATUS(SEC_E_UNSUPPORTED_FUNCTION,
                InitializeSecurityContextW(client_.credential(), nullptr, nullptr, ISC_REQ_ALLOCATE_MEMORY, 0,
                                           0, nullptr, 0, &fresh, output.get(), nullptr, nullptr));
  EXPECT_EQ(attributes, 0u);
  EXPECT_EQ(output[0].cbBuffer, out_.size());
  Buffer negotiate(client_.Step({}).token);
  List input({Of(SECBUFFER_TOKEN, negotiate)});
  EXPECT_STATUS(SEC_E_UNSUPPORTED_FUNCTION,
                Accept(nullptr, input.get(), &fresh, output.get(), ASC_REQ_ALLOCATE_MEMORY));
  EXPECT_EQ(fresh.dwLower, kUntouched.dwLower);
  EXPECT_EQ(scripted_port::RandomHandedOut(), 0u);
}

TEST_F(HandshakeCall, AllocateMemoryInALaterCallEndsNothing) {
  const Octets challenge = server_.Step(client_.Step({}).token).token;
  Call call;
  call.requested = ISC_REQ_ALLOCATE_MEMORY;
  EXPECT_STATUS(SEC_E_UNSUPPORTED_FUNCTION, client_.Step(challenge, call).status);
  const Result authenticate = client_.Step(challenge);
  ASSERT_STATUS(SEC_E_OK, authenticate.status);
  EXPECT_STATUS(SEC_E_UNSUPPORTED_FUNCTION, server_.Step(authenticate.token, call).status);
  EXPECT_STATUS(SEC_E_OK, server_.Step(authenticate.token).status);
}

// Lists that cannot be walked.
TEST_F(HandshakeCall, MalformedListsAreRefusedAndEndNothing) {
  const Octets challenge = server_.Step(client_.Step({}).token).token;
  Buffer in(challenge);
  List good_input({Of(SECBUFFER_TOKEN, in)}), good_output({Of(SECBUFFER_TOKEN, out_)});
  SecBuffer no_octets = {16, SECBUFFER_TOKEN, nullptr};
  SecBufferDesc wrong_version = *good_input.get(), no_array = {SECBUFFER_VERSION, 1, nullptr},
                hollow = {SECBUFFER_VERSION, 1, &no_octets};
  wrong_version.ulVersion = SECBUFFER_VERSION + 1;
  CtxtHandle fresh = kUntouched;
  for (PSecBufferDesc bad : {&wrong_version, &no_array, &hollow}) {
    EXPECT_STATUS(SEC_E_INVALID_TOKEN, Initialize(nullptr, bad, &fresh, good_output.get()));
    EXPECT_STATUS(SEC_E_INVALID_TOKEN, Initialize(nullptr, nullptr, &fresh, bad));
    EXPECT_STATUS(SEC_E_INVALID_TOKEN, Accept(nullptr, bad, &fresh, good_output.get()));
    EXPECT_STATUS(SEC_E_INVALID_TOKEN, Accept(nullptr, good_input.get(), &fresh, bad));
    EXPECT_STATUS(SEC_E_INVALID_TOKEN, Initialize(client_.context(), bad, nullptr, good_output.get()));
    EXPECT_STATUS(SEC_E_INVALID_TOKEN, Initialize(client_.context(), good_input.get(), nullptr, bad));
  }
  EXPECT_EQ(fresh.dwLower, kUntouched.dwLower);
  const Result authenticate = client_.Step(challenge);
  ASSERT_STATUS(SEC_E_OK, authenticate.status);
  Buffer last(authenticate.token);
  List last_input({Of(SECBUFFER_TOKEN, last)});
  for (PSecBufferDesc bad : {&wrong_version, &no_array, &hollow}) {
    EXPECT_STATUS(SEC_E_INVALID_TOKEN, Accept(server_.context(), bad, nullptr, good_output.get()));
    EXPECT_STATUS(SEC_E_INVALID_TOKEN, Accept(server_.context(), last_input.get(), nullptr, bad));
  }
  EXPECT_STATUS(SEC_E_OK, server_.Step(authenticate.token).status);
}

TEST_F(HandshakeCall, NoPlaceForTheFirstTokenLeavesNoContext) {
  CtxtHandle fresh = kUntouched;
  List empty({}), other({Of(SECBUFFER_DATA, out_)});
  Buffer negotiate(client_.Step({}).token);
  List input({Of(SECBUFFER_TOKEN, negotiate)});
  for (PSecBufferDesc output : {static_cast<PSecBufferDesc>(nullptr), empty.get(), other.get()}) {
    EXPECT_STATUS(SEC_E_INVALID_TOKEN, Initialize(nullptr, nullptr, &fresh, output));
    EXPECT_STATUS(SEC_E_INVALID_TOKEN, Accept(nullptr, input.get(), &fresh, output));
  }
  EXPECT_EQ(fresh.dwLower, kUntouched.dwLower);
  EXPECT_EQ(fresh.dwUpper, kUntouched.dwUpper);
}

TEST_F(HandshakeCall, ServersFirstCallNeedsAToken) {
  CtxtHandle fresh = kUntouched;
  List empty({}), output({Of(SECBUFFER_TOKEN, out_)});
  SecBuffer none = {0, SECBUFFER_TOKEN, nullptr};
  SecBufferDesc hollow = {SECBUFFER_VERSION, 1, &none};
  for (PSecBufferDesc input : {static_cast<PSecBufferDesc>(nullptr), empty.get(), &hollow}) {
    EXPECT_STATUS(SEC_E_INVALID_TOKEN, Accept(nullptr, input, &fresh, output.get()));
  }
  EXPECT_EQ(fresh.dwLower, kUntouched.dwLower);
}

TEST_F(HandshakeCall, ClientsFirstCallMayHaveAnEmptyTokenOrNone) {
  SecBuffer none = {0, SECBUFFER_TOKEN, nullptr};
  SecBufferDesc hollow = {SECBUFFER_VERSION, 1, &none}, no_buffers = {SECBUFFER_VERSION, 0, nullptr};
  for (PSecBufferDesc input : {static_cast<PSecBufferDesc>(nullptr), &hollow, &no_buffers}) {
    CtxtHandle context;
    List output({Of(SECBUFFER_TOKEN, out_)});
    EXPECT_STATUS(SEC_I_CONTINUE_NEEDED, Initialize(nullptr, input, &context, output.get()));
    EXPECT_STATUS(SEC_E_OK, DeleteSecurityContext(&context));
  }
}

TEST_F(HandshakeCall, BuffersMayComeInAnyOrderWithOthersBetween) {
  const Tokens tokens = LogIn(client_, server_);
  Buffer negotiate(tokens.negotiate), challenge(tokens.challenge), junk(Octets(33, 0xEE)), sink(64);
  const SecBuffer empty = {7, SECBUFFER_EMPTY, nullptr}, token_2 = Of(SECBUFFER_TOKEN, challenge),
                  token_1 = Of(SECBUFFER_TOKEN, negotiate), extra = Of(SECBUFFER_EXTRA, junk),
                  missing = Of(SECBUFFER_MISSING, junk), data = Of(SECBUFFER_DATA, junk);
  const std::vector<SecBuffer> orders[] = {
      {token_1}, {empty, token_1}, {token_1, empty, data}, {extra, data, token_1, missing}};
  for (std::vector<SecBuffer> order : orders) {
    SecBufferDesc input = {SECBUFFER_VERSION, static_cast<ULONG>(order.size()), order.data()};
    List output({Of(SECBUFFER_DATA, sink), empty, Of(SECBUFFER_TOKEN, out_), Of(SECBUFFER_ALERT, sink)});
    CtxtHandle context;
    scripted_port::Reset();
    EXPECT_STATUS(SEC_I_CONTINUE_NEEDED, Accept(nullptr, &input, &context, output.get()));
    EXPECT_EQ(out_.First(output[2].cbBuffer), tokens.challenge);
    EXPECT_EQ(output[0].cbBuffer, sink.size()) << "the others stay as they are";
    EXPECT_EQ(output[3].cbBuffer, sink.size());
    EXPECT_EQ(sink.First(64), Octets(64));
    EXPECT_STATUS(SEC_E_OK, DeleteSecurityContext(&context));
    for (SecBuffer& buffer : order) {
      if (buffer.BufferType == SECBUFFER_TOKEN) buffer = token_2;
    }
    client_.DeleteContext();
    client_.Step({}, {kSeal, kTarget, nullptr, 1024});
    List answer({empty, Of(SECBUFFER_TOKEN, out_)});
    EXPECT_STATUS(SEC_E_OK, Initialize(client_.context(), &input, nullptr, answer.get()));
    EXPECT_EQ(answer[1].cbBuffer, tokens.authenticate.size());
  }
}

TEST_F(HandshakeCall, TypesMayCarryAttributes) {
  Buffer negotiate(client_.Step({}).token);
  List input({Of(SECBUFFER_TOKEN | SECBUFFER_READONLY, negotiate)}), output({Of(SECBUFFER_TOKEN, out_)});
  CtxtHandle context;
  EXPECT_STATUS(SEC_I_CONTINUE_NEEDED, Accept(nullptr, input.get(), &context, output.get()));
  EXPECT_STATUS(SEC_E_OK, DeleteSecurityContext(&context));
}

TEST_F(HandshakeCall, OctetsMayLieAtAnyAlignment) {
  const Tokens tokens = LogIn(client_, server_);
  for (size_t shift = 0; shift < 8; ++shift) {
    SetUp();
    client_.DeleteContext();
    server_.DeleteContext();
    client_.Step({}, {kSeal, kTarget, nullptr, 1024});
    server_.Step(tokens.negotiate);
    Octets moved(shift);
    moved.insert(moved.end(), tokens.challenge.begin(), tokens.challenge.end());
    Buffer in(moved), out(1024);
    SecBuffer input_buffer = {static_cast<ULONG>(tokens.challenge.size()), SECBUFFER_TOKEN,
                              in.data() + shift},
              output_buffer = {static_cast<ULONG>(out.size() - shift), SECBUFFER_TOKEN, out.data() + shift};
    SecBufferDesc input = {SECBUFFER_VERSION, 1, &input_buffer},
                  output = {SECBUFFER_VERSION, 1, &output_buffer};
    ASSERT_STATUS(SEC_E_OK, Initialize(client_.context(), &input, nullptr, &output));
    const Octets all = out.First(shift + output_buffer.cbBuffer);
    EXPECT_EQ(Octets(all.begin() + static_cast<ptrdiff_t>(shift), all.end()), tokens.authenticate) << shift;
    EXPECT_STATUS(SEC_E_OK, Accept(server_.context(), &output, nullptr, nullptr));
  }
}

TEST_F(HandshakeCall, TokenAfterTheEndIsRefusedAndEndsNothing) {
  const Tokens tokens = LogIn(client_, server_);
  EXPECT_STATUS(SEC_E_INVALID_TOKEN, client_.Step(tokens.challenge).status);
  EXPECT_STATUS(SEC_E_INVALID_TOKEN, server_.Step(tokens.authenticate).status);
  EXPECT_STATUS(SEC_E_INVALID_TOKEN, client_.Step({}).status);
  SecPkgContext_Sizes sizes;
  EXPECT_STATUS(SEC_E_OK, QueryContextAttributesA(client_.context(), SECPKG_ATTR_SIZES, &sizes));
  EXPECT_STATUS(SEC_E_OK, QueryContextAttributesA(server_.context(), SECPKG_ATTR_SIZES, &sizes));
}

TEST_F(HandshakeCall, AAndWDoTheSame) {
  const Tokens tokens = LogIn(client_, server_);
  SetUp();
  CtxtHandle context;
  List first({Of(SECBUFFER_TOKEN, out_)});
  ASSERT_STATUS(SEC_I_CONTINUE_NEEDED,
                InitializeSecurityContextW(client_.credential(), nullptr, u"cifs/device.example.org", kSeal,
                                           0, 0, nullptr, 0, &context, first.get(), nullptr, nullptr));
  EXPECT_EQ(out_.First(first[0].cbBuffer), tokens.negotiate);
  Octets server_random(8);
  baresspi_port_random(server_random.data(), server_random.size());  // the server's share
  Buffer challenge(tokens.challenge);
  List input({Of(SECBUFFER_TOKEN, challenge)}), output({Of(SECBUFFER_TOKEN, out_)});
  ASSERT_STATUS(SEC_E_OK,
                InitializeSecurityContextW(nullptr, &context, u"cifs/device.example.org", kSeal, 0, 0,
                                           input.get(), 0, nullptr, output.get(), nullptr, nullptr));
  EXPECT_EQ(out_.First(output[0].cbBuffer), tokens.authenticate);
  EXPECT_STATUS(SEC_E_OK, DeleteSecurityContext(&context));
}

}  // namespace
}  // namespace two_sides
