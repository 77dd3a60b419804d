// SPDX-License-Identifier: Apache-2.0
// Four threads on the port for POSIX: logins by NTLM, Negotiate and TLS with credentials that all share and
// that are replaced meanwhile, in pools that are too small for them. For ThreadSanitizer (preset host-tsan).
//
// What threads tell each other goes through relaxed atomics alone: a mutex of the test's would put their
// calls in an order that an application need not keep.
#include <baresspi/authority.h>
#include <gtest/gtest.h>
#include <stdio.h>
#include <string.h>

#include <atomic>
#include <thread>
#include <vector>

#include "port/port.h"
#include "port/posix/posix.h"
#include "tests/faults/model/device.h"
#include "tests/faults/threads/side.h"

namespace threads {
namespace {

constexpr unsigned kThreads = 4;
constexpr unsigned kLogins = 120;  // of each thread
constexpr unsigned kEveryTls = 12;

// One credential of each package, for both directions; of TLS one for each.
enum Shared : uint8_t { kNtlm, kNegotiate, kTlsClient, kTlsServer, kShared };

CredHandle Acquire(Shared which, SECURITY_STATUS* status) {
  static const char* const kNames[] = {"NTLM", "Negotiate", "Schannel", "Schannel"};
  SEC_WINNT_AUTH_IDENTITY_A alice = model::IdentityOf(model::Who::kAlice);
  model::Credential tls;
  tls.package = model::Package::kTls;
  tls.versions = SP_PROT_TLS1_2 | SP_PROT_TLS1_3;
  tls.trusts = true;
  tls.certificate = which == kTlsServer;
  tls.use = which == kTlsServer ? SECPKG_CRED_INBOUND : SECPKG_CRED_OUTBOUND;
  SCHANNEL_CRED cred = model::TlsCredentialOf(tls);
  if (which == kTlsClient) cred.dwFlags &= ~SCH_CRED_DISABLE_RECONNECTS;
  if (which == kTlsServer) cred.dwFlags &= ~SCH_CRED_DISABLE_RECONNECTS;
  const bool is_tls = which >= kTlsClient;
  CredHandle handle = {};
  *status = AcquireCredentialsHandleA(nullptr, kNames[which], is_tls ? tls.use : SECPKG_CRED_BOTH, nullptr,
                                      is_tls ? static_cast<void*>(&cred) : &alice, nullptr, nullptr, &handle,
                                      nullptr);
  return handle;
}

struct World {
  std::atomic<uint64_t> credentials[kShared] = {};
  std::atomic<uint64_t> stale = 0;  // a context's that was deleted
  std::atomic<unsigned> done = 0, full = 0, replaced = 0, gone = 0, forgotten = 0;
};

// The context of another thread that is no more is nobody's.
void TryStale(World& world) {
  CtxtHandle handle = Unpack(world.stale.load(std::memory_order_relaxed));
  if (handle.dwLower == 0) return;
  SecPkgContext_Sizes sizes = {};
  EXPECT_EQ(SEC_E_INVALID_HANDLE, QueryContextAttributesA(&handle, SECPKG_ATTR_SIZES, &sizes));
  EXPECT_EQ(SEC_E_INVALID_HANDLE, ImpersonateSecurityContext(&handle));
  EXPECT_EQ(SEC_E_INVALID_HANDLE, DeleteSecurityContext(&handle));
  ++world.gone;
}

// A new credential in place of one that others may be using at this moment.
void Replace(World& world, Shared which) {
  SECURITY_STATUS status = SEC_E_OK;
  const CredHandle fresh = Acquire(which, &status);
  if (status == SEC_E_INSUFFICIENT_MEMORY) {
    ++world.full;
    return;
  }
  EXPECT_EQ(SEC_E_OK, status);
  CredHandle old = Unpack(world.credentials[which].exchange(Pack(fresh), std::memory_order_acq_rel));
  EXPECT_EQ(SEC_E_OK, FreeCredentialsHandle(&old));
  ++world.replaced;
}

void AskCredential(World& world, Shared which) {
  CredHandle handle = Unpack(world.credentials[which].load(std::memory_order_acquire));
  const bool tls = which >= kTlsClient;
  SecPkgCredentials_NamesA names = {};
  SecPkgCred_SupportedAlgs algorithms = {};
  const SECURITY_STATUS status =
      tls ? QueryCredentialsAttributesA(&handle, SECPKG_ATTR_SUPPORTED_ALGS, &algorithms)
          : QueryCredentialsAttributesA(&handle, SECPKG_CRED_ATTR_NAMES, &names);
  EXPECT_TRUE(status == SEC_E_OK || status == SEC_E_INVALID_HANDLE) << Text(status);
  BARESSPI_POLICY policy = {0};  // as it was
  const SECURITY_STATUS set =
      SetCredentialsAttributesA(&handle, BARESSPI_CRED_ATTR_POLICY, &policy, sizeof policy);
  EXPECT_TRUE(set == SEC_E_OK || set == SEC_E_INVALID_HANDLE || set == SEC_E_UNSUPPORTED_FUNCTION)
      << Text(set);
  BARESSPI_POOL_USE use = {};
  EXPECT_EQ(SEC_E_OK, BareSspiQueryPoolUse(tls ? "Schannel" : "NTLM", &use));
  EXPECT_LE(use.Contexts, use.MaxContexts);
}

// The server acts for the client, whom it knows.
void ActFor(Pair& pair) {
  EXPECT_EQ(nullptr, baresspi_port_task_token());
  ASSERT_EQ(SEC_E_OK, ImpersonateSecurityContext(pair.server.context()));
  BARESSPI_TOKEN_INFO info = {};
  EXPECT_EQ(SEC_E_OK, BareSspiQueryTokenInformation(baresspi_port_task_token(), &info));
  EXPECT_EQ(model::kAliceId, info.UserId);
  EXPECT_EQ(SEC_E_OK, RevertSecurityContext(pair.server.context()));
  EXPECT_EQ(nullptr, baresspi_port_task_token());
}

void Use(Pair& pair, bool tls) {
  SecPkgContext_Flags flags = {};
  EXPECT_EQ(SEC_E_OK, QueryContextAttributesA(pair.client.context(), SECPKG_ATTR_FLAGS, &flags));
  if (tls) {
    pair.TalkTls();
    return;
  }
  SecPkgContext_NamesA names = {};
  ASSERT_EQ(SEC_E_OK, QueryContextAttributesA(pair.server.context(), SECPKG_ATTR_NAMES, &names));
  EXPECT_STREQ(model::kAliceName, names.sUserName);
  SecPkgContext_NamesW wide = {};  // of the credential, which others ask, too
  EXPECT_EQ(SEC_E_OK, QueryContextAttributesW(pair.client.context(), SECPKG_ATTR_NATIVE_NAMES, &wide));
  ActFor(pair);
  pair.Talk();
}

// What a thread has open beside the login at work, so that the pools are full at times.
class Backlog {
 public:
  explicit Backlog(World* world) : world_(world) {}
  void Keep(Pair* pair) {
    Drop(place_);
    pairs_[place_] = *pair;
    place_ = (place_ + 1) % kPairs;
  }
  void Drop(unsigned place) {
    if (!pairs_[place].client.has_context()) return;
    const uint64_t handle = Pack(*pairs_[place].client.context());
    pairs_[place].Delete();
    world_->stale.store(handle, std::memory_order_relaxed);
  }
  void DropAll() {
    for (unsigned i = 0; i < kPairs; ++i) Drop(i);
  }

 private:
  static constexpr unsigned kPairs = 2;
  World* world_;
  Pair pairs_[kPairs];
  unsigned place_ = 0;
};

// False: there was no place, or the credential was just replaced.
bool LogIn(World& world, Shared which, Backlog* backlog) {
  const bool tls = which >= kTlsClient;
  const Shared servers = tls ? kTlsServer : which;
  Pair pair;
  pair.client.Begin(Unpack(world.credentials[which].load(std::memory_order_acquire)), true, tls);
  pair.server.Begin(Unpack(world.credentials[servers].load(std::memory_order_acquire)), false, tls);
  const SECURITY_STATUS status = pair.Join();
  if (status == SEC_E_INSUFFICIENT_MEMORY || status == SEC_E_INVALID_HANDLE) {
    ++(status == SEC_E_INSUFFICIENT_MEMORY ? world.full : world.forgotten);
    pair.Delete();
    backlog->DropAll();
    return false;
  }
  EXPECT_EQ(SEC_E_OK, status) << Text(status) << " " << unsigned{which};
  if (status == SEC_E_OK) Use(pair, tls);
  backlog->Keep(&pair);
  return true;
}

void Live(World& world, unsigned number) {
  model::Random random(number + 1);
  Backlog backlog(&world);
  for (unsigned i = 0; i < kLogins;) {
    const Shared which = i % kEveryTls == number ? kTlsClient : random.OneIn(2) ? kNtlm : kNegotiate;
    if (LogIn(world, which, &backlog)) {
      ++i;
      ++world.done;
    } else {
      std::this_thread::yield();
    }
    TryStale(world);
    if (random.OneIn(4)) AskCredential(world, static_cast<Shared>(random.Below(kShared)));
    if (random.OneIn(8)) Replace(world, random.OneIn(4) ? kTlsClient : random.OneIn(2) ? kNtlm : kNegotiate);
    if (random.OneIn(40)) Replace(world, kTlsServer);
  }
  backlog.DropAll();
}

TEST(Threads, LoginsWithSharedCredentialsInPoolsThatAreTooSmall) {
  baresspi_posix_set_device(&model::ThePortsDevice());
  World world;
  for (uint8_t which = 0; which < kShared; ++which) {
    SECURITY_STATUS status = SEC_E_OK;
    world.credentials[which] = Pack(Acquire(static_cast<Shared>(which), &status));
    ASSERT_EQ(SEC_E_OK, status);
  }
  std::vector<std::thread> all;
  for (unsigned number = 0; number < kThreads; ++number)
    all.emplace_back([&, number] { Live(world, number); });
  for (std::thread& thread : all) thread.join();
  for (const std::atomic<uint64_t>& packed : world.credentials) {
    CredHandle handle = Unpack(packed);
    EXPECT_EQ(SEC_E_OK, FreeCredentialsHandle(&handle));
  }
  EXPECT_EQ(kThreads * kLogins, world.done);
  for (const char* package : {"NTLM", "Schannel"}) {
    BARESSPI_POOL_USE use = {};
    EXPECT_EQ(SEC_E_OK, BareSspiQueryPoolUse(package, &use));
    EXPECT_EQ(0u, use.Contexts + use.Credentials) << package;
  }
  EXPECT_NE(0u, world.full) << "the pools were never full";
  EXPECT_NE(0u, world.gone);
  EXPECT_NE(0u, world.replaced);
  printf(
      "%u logins, %u times a full pool, %u credentials replaced, %u first calls with one just replaced, "
      "%u contexts of another thread's that was deleted\n",
      world.done.load(), world.full.load(), world.replaced.load(), world.forgotten.load(), world.gone.load());
}

// <baresspi/context.h>: a deletion may come while another task is in a handshake function.
TEST(Threads, AContextIsDeletedWhileAnotherTaskIsInItsHandshake) {
  baresspi_posix_set_device(&model::ThePortsDevice());
  constexpr unsigned kPairs = 300;
  std::atomic<uint64_t> victims[2] = {};
  std::atomic<bool> over = false;
  std::atomic<unsigned> deleted = 0;
  SECURITY_STATUS status = SEC_E_OK;
  CredHandle credential = Acquire(kNegotiate, &status);
  ASSERT_EQ(SEC_E_OK, status);
  std::thread owner([&] {
    for (unsigned i = 0; i < kPairs; ++i) {
      Pair pair;
      pair.client.Begin(credential, true, false);
      pair.server.Begin(credential, false, false);
      pair.client.victim = &victims[0];
      pair.server.victim = &victims[1];
      const SECURITY_STATUS end = pair.Join();
      EXPECT_TRUE(end == SEC_E_OK || end == SEC_E_INVALID_HANDLE) << Text(end);
      for (Side* side : {&pair.client, &pair.server}) {
        if (!side->has_context()) continue;
        const SECURITY_STATUS last = DeleteSecurityContext(side->context());
        EXPECT_TRUE(last == SEC_E_OK || last == SEC_E_INVALID_HANDLE) << Text(last);
      }
    }
    over = true;
  });
  while (!over) {
    for (std::atomic<uint64_t>& victim : victims) {
      CtxtHandle handle = Unpack(victim.load(std::memory_order_acquire));
      if (DeleteSecurityContext(&handle) == SEC_E_OK) ++deleted;
    }
    std::this_thread::yield();
  }
  owner.join();
  EXPECT_EQ(SEC_E_OK, FreeCredentialsHandle(&credential));
  BARESSPI_POOL_USE use = {};
  EXPECT_EQ(SEC_E_OK, BareSspiQueryPoolUse("NTLM", &use));
  EXPECT_EQ(0u, use.Contexts + use.Credentials);
  EXPECT_NE(0u, deleted);
  printf("%u contexts deleted by another thread\n", deleted.load());
}

}  // namespace
}  // namespace threads
