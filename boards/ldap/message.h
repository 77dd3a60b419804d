// SPDX-License-Identifier: Apache-2.0
// LDAP's messages (RFC 4511 4): those that a client sends, written; those that it receives, read. What is
// read are views of the message's octets.
#pragma once

#include "boards/ldap/ber.h"

namespace ldap {

enum Operation : uint8_t {
  kBindRequest = 0x60,
  kBindResponse = 0x61,
  kUnbindRequest = 0x42,
  kSearchRequest = 0x63,
  kSearchEntry = 0x64,
  kSearchDone = 0x65,
  kSearchReference = 0x73,
  kExtendedResponse = 0x78,
};

// resultCode, as many as are named here: 4.1.9.
enum ResultCode : uint32_t {
  kSuccess = 0,
  kSaslBindInProgress = 14,
};
// The name that RFC 4511 gives it; empty if it has none.
Text ResultName(uint32_t code);

// ---- What a client sends. ----

// SASL (4.2): a token of the mechanism.
void PutBind(BerWriter* out, uint32_t id, Text mechanism, Octets credentials);
void PutUnbind(BerWriter* out, uint32_t id);

enum class Scope : uint8_t { kBase = 0, kOneLevel = 1, kSubtree = 2 };

struct SearchRequest {
  Text base;
  Scope scope = Scope::kSubtree;
  Text filter = "(objectClass=*)";
  const Text* attributes = nullptr;  // no attributes: all that are not operational
  size_t attribute_count = 0;
};
// False: the filter is none that is known (filter.h).
bool PutSearch(BerWriter* out, uint32_t id, const SearchRequest& request);

// ---- What it receives. Controls are not looked at: none was asked for. ----

struct Message {
  uint32_t id = 0;
  uint8_t operation = 0;
  Octets content;
};
// The octets are one message and nothing else.
bool ReadMessage(Octets octets, Message* message);

struct Result {
  uint32_t code = 0;
  Text matched_dn;
  Text diagnostic;
  Octets token;  // a bind's serverSaslCreds
  bool has_token = false;
  Text name;  // an extended response's number
};
// Of a bind, a search's end, an extended response: by the message's operation.
bool ReadResult(const Message& message, Result* result);

// One entry, which was checked through and through: what is taken of it is there.
class Entry {
 public:
  bool Read(const Message& message);

  Text dn() const { return dn_; }
  // The attributes, one after another: its name (no octet of it is a control) and its values.
  class Attributes {
   public:
    explicit Attributes(Octets list) : list_(list) {}
    bool Next(Text* name, BerReader* values);

   private:
    BerReader list_;
  };
  Attributes attributes() const { return Attributes(attributes_); }

 private:
  Text dn_;
  Octets attributes_;
};

// The places where the search may go on: OCTET STRINGs that are URLs. False: it is malformed.
bool ReadReference(const Message& message, BerReader* urls);

// The id of what a server says by itself (4.4), and what it says then: that it ends the connection (4.4.1).
constexpr uint32_t kUnsolicited = 0;
constexpr Text kNoticeOfDisconnection = "1.3.6.1.4.1.1466.20036";

}  // namespace ldap
