// SPDX-License-Identifier: Apache-2.0
// The rules of port/port.h that a kernel's port has to keep, with several tasks.
#include "port/port.h"

#include <baresspi/authority.h>
#include <baresspi/sspi.h>
#include <gtest/gtest.h>
#include <string.h>

#include <atomic>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

#include "tests/ports/device.h"

namespace {

constexpr int kTasks = 4;

template <typename Function>
void InTasks(Function function) {
  std::vector<std::thread> tasks;
  for (int i = 0; i < kTasks; ++i) tasks.emplace_back(function, i);
  for (std::thread& task : tasks) task.join();
}

// Counts with an ordinary variable, which loses counts when two are inside.
void ExpectExclusion(void (*lock)(), void (*unlock)()) {
  constexpr int kTurns = 20000;
  volatile int inside = 0;
  int entered = 0;
  InTasks([&](int) {
    for (int i = 0; i < kTurns; ++i) {
      lock();
      inside = inside + 1;
      EXPECT_EQ(1, inside);
      entered = entered + 1;
      inside = inside - 1;
      unlock();
    }
  });
  EXPECT_EQ(kTasks * kTurns, entered);
}

TEST(Port, OneTaskAtATimeHasThePools) {
  ExpectExclusion(baresspi_port_lock, baresspi_port_unlock);
}

TEST(Port, OneTaskAtATimeHasMbedTls) {
  ExpectExclusion(baresspi_port_tls_lock, baresspi_port_tls_unlock);
}

TEST(Port, ThePoolsAreFreeWhileAnotherTaskHasMbedTls) {
  baresspi_port_tls_lock();
  std::thread other([] {
    baresspi_port_lock();
    baresspi_port_unlock();
  });
  other.join();
  baresspi_port_lock();  // inside of it, as BareSSPI does
  baresspi_port_unlock();
  baresspi_port_tls_unlock();
}

TEST(Port, ATaskBeginsWithoutTokenAndArenaAndKeepsItsOwn) {
  static char tokens[kTasks], arenas[kTasks];
  std::atomic<int> ready = 0;
  InTasks([&](int i) {
    EXPECT_EQ(nullptr, baresspi_port_task_token());
    EXPECT_EQ(nullptr, baresspi_port_task_arena());
    baresspi_port_set_task_token(&tokens[i]);
    EXPECT_EQ(nullptr, baresspi_port_task_arena()) << "a place of its own";
    baresspi_port_set_task_arena(&arenas[i]);
    for (++ready; ready < kTasks;) std::this_thread::yield();
    EXPECT_EQ(&tokens[i], baresspi_port_task_token());
    EXPECT_EQ(&arenas[i], baresspi_port_task_arena());
    baresspi_port_set_task_token(nullptr);
    EXPECT_EQ(nullptr, baresspi_port_task_token());
    EXPECT_EQ(&arenas[i], baresspi_port_task_arena());
  });
}

TEST(Port, RandomDoesNotRepeat) {
  uint8_t one[64] = {}, other[64] = {};
  ASSERT_EQ(1, baresspi_port_random(one, sizeof one));
  ASSERT_EQ(1, baresspi_port_random(other, sizeof other));
  EXPECT_NE(0, memcmp(one, other, sizeof one));
}

// A client and a server in one task, who hand each other what the other made. The server's context is kept.
void LogIn(CredHandle* client, CredHandle* server, CtxtHandle* accepted) {
  uint8_t up[2888], down[2888];
  SecBuffer question = {sizeof up, SECBUFFER_TOKEN, up}, answer = {sizeof down, SECBUFFER_TOKEN, down};
  SecBufferDesc questions = {SECBUFFER_VERSION, 1, &question}, answers = {SECBUFFER_VERSION, 1, &answer};
  CtxtHandle context;
  ASSERT_EQ(SEC_I_CONTINUE_NEEDED, InitializeSecurityContextA(client, nullptr, nullptr, 0, 0, 0, nullptr, 0,
                                                              &context, &questions, nullptr, nullptr));
  ASSERT_EQ(SEC_I_CONTINUE_NEEDED,
            AcceptSecurityContext(server, nullptr, &questions, 0, 0, accepted, &answers, nullptr, nullptr));
  question.cbBuffer = sizeof up;
  ASSERT_EQ(SEC_E_OK, InitializeSecurityContextA(client, &context, nullptr, 0, 0, 0, &answers, 0, &context,
                                                 &questions, nullptr, nullptr));
  answer.cbBuffer = sizeof down;
  ASSERT_EQ(SEC_E_OK,
            AcceptSecurityContext(server, accepted, &questions, 0, 0, accepted, &answers, nullptr, nullptr));
  ASSERT_EQ(SEC_E_OK, DeleteSecurityContext(&context));
}

struct Accounts {
  Accounts() {
    for (int i = 0; i < kTasks; ++i) {
      BareSspiNtHash("secret", 6, hashes[i]);
      names[i] = "user" + std::to_string(i);
      entries[i] = {nullptr, names[i].c_str(), hashes[i], static_cast<ULONG>(i + 1)};
    }
    table = {entries, kTasks};
    authority = {&table, BareSspiAccountTableGetNtHash, nullptr, nullptr};
    device.Version = BARESSPI_DEVICE_VERSION;
    device.Length = sizeof device;
    device.NetBiosComputerName = "DEVICE";
    device.Authority = &authority;
  }
  uint8_t hashes[kTasks][16];
  std::string names[kTasks];
  BARESSPI_ACCOUNT_ENTRY entries[kTasks];
  BARESSPI_ACCOUNT_TABLE table;
  BARESSPI_AUTHORITY authority;
  BARESSPI_DEVICE device = {};
};

CredHandle Acquire(ULONG use, void* data) {
  CredHandle handle;
  char package[] = "NTLM";
  EXPECT_EQ(SEC_E_OK, AcquireCredentialsHandleA(nullptr, package, use, nullptr, data, nullptr, nullptr,
                                                &handle, nullptr));
  return handle;
}

TEST(Port, TasksThatImpersonateDifferentCallersSeeTheirOwn) {
  Accounts accounts;
  CredHandle server = Acquire(SECPKG_CRED_INBOUND, &accounts.device);
  std::atomic<int> ready = 0;
  InTasks([&](int i) {
    std::string user = accounts.names[i];
    unsigned char password[] = "secret";
    SEC_WINNT_AUTH_IDENTITY_A me = {reinterpret_cast<unsigned char*>(user.data()),
                                    static_cast<ULONG>(user.size()),
                                    nullptr,
                                    0,
                                    password,
                                    6,
                                    SEC_WINNT_AUTH_IDENTITY_ANSI};
    // A credential of each task's would be more than the pool has: they come and go one after another.
    static std::mutex one_at_a_time;
    CtxtHandle context;
    {
      const std::lock_guard<std::mutex> guard(one_at_a_time);
      CredHandle client = Acquire(SECPKG_CRED_OUTBOUND, &me);
      LogIn(&client, &server, &context);
      EXPECT_EQ(SEC_E_OK, FreeCredentialsHandle(&client));
    }
    EXPECT_EQ(SEC_E_OK, ImpersonateSecurityContext(&context));
    for (++ready; ready < kTasks;) std::this_thread::yield();
    BARESSPI_TOKEN_INFO info = {};
    EXPECT_EQ(SEC_E_OK, BareSspiQueryTokenInformation(baresspi_port_task_token(), &info));
    EXPECT_EQ(static_cast<ULONG>(i + 1), info.UserId);
    EXPECT_EQ(SEC_E_OK, RevertSecurityContext(&context));
    EXPECT_EQ(nullptr, baresspi_port_task_token());
    EXPECT_EQ(SEC_E_OK, DeleteSecurityContext(&context));
  });
  EXPECT_EQ(SEC_E_OK, FreeCredentialsHandle(&server));
}

}  // namespace

int main(int count, char** arguments) {
  testing::InitGoogleTest(&count, arguments);
  if (!tests_port_begin()) return 1;
  return RUN_ALL_TESTS();
}
