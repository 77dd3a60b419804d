// SPDX-License-Identifier: Apache-2.0
// Who is measured: an implementation of NTLM, its client and its server by turns in one program. All log in
// the same account, with the same options: MIC, key exchange, 128 bits, sealing.
#pragma once

#include <stddef.h>
#include <stdint.h>

#include "tests/bench/who.h"

namespace bench {

// The login.
inline constexpr char kUser[] = "alice";
inline constexpr char kDomain[] = "EXAMPLE";
inline constexpr char kPassword[] = "Passw0rd!";
inline constexpr char kService[] = "cifs";
inline constexpr char kHost[] = "files.example.test";

constexpr size_t kTokenRoom = 4096;
constexpr size_t kLargestMessage = 16384;

struct Token {
  size_t size;
  uint8_t octets[kTokenRoom];
};

enum class Package : uint8_t { kNtlm, kNegotiate };
enum class Progress : uint8_t { kFailed, kGoesOn, kDone };
enum class Protection : uint8_t { kSigned, kSealed };

// A message on its way from the client to the server. text: where it lies, which Unprotect may change.
struct Message {
  uint8_t* text;
  size_t size;
  uint8_t signature[16];
};

// One client and one server at a time. What returns bool or Progress says so when it has failed.
struct Subject {
  const char* name;
  bool negotiates;  // has Package::kNegotiate
  bool signs;       // has Protection::kSigned
  // What a program does once before all else.
  bool (*start)();
  // A credential: of the client with user, domain and password, of the server with what it knows of accounts.
  bool (*acquire)(Who who, Package package);
  bool (*release)(Who who);
  // A call of the handshake. in: nullptr for the client's first one. out's size is 0 when nothing is to be
  // sent.
  Progress (*step)(Who who, const Token* in, Token* out);
  // Deletes the context.
  bool (*end)(Who who);
  bool (*protect)(Protection protection, Message* message);
  bool (*unprotect)(Protection protection, Message* message);
};

extern const Subject kOurs;
extern const Subject kBare;
extern const Subject kWinpr;
extern const Subject kGss;

}  // namespace bench
