// SPDX-License-Identifier: Apache-2.0
#include "boards/ldap/message.h"

#include "boards/ldap/filter.h"

namespace ldap {
namespace {

constexpr uint32_t kVersion = 3;

enum ContextTag : uint8_t {
  kSaslAuthentication = 0xA3,  // of AuthenticationChoice
  kServerSaslCreds = 0x87,
  kReferralUrls = 0xA3,  // of LDAPResult
  kControls = 0xA0,      // of LDAPMessage
  kResponseName = 0x8A,
  kResponseValue = 0x8B,
};

// A message around an operation.
class MessageWriter {
 public:
  MessageWriter(BerWriter* out, uint32_t id, uint8_t operation) : out_(out), message_(out->Begin(kSequence)) {
    out->PutNumber(kInteger, id);
    operation_ = out->Begin(operation);
  }
  void End() {
    out_->End(operation_);
    out_->End(message_);
  }

 private:
  BerWriter* out_;
  size_t message_;
  size_t operation_ = 0;
};

// A reader whose every element has this tag, and has been found to be whole.
bool AllAre(BerReader elements, uint8_t tag) {
  while (elements.ok() && !elements.at_end()) (void)elements.Take(tag);
  return elements.ok();
}

bool IsPlain(Text name) {
  for (size_t i = 0; i < name.size; ++i) {
    if (name[i] <= ' ' || name[i] > '~' || name[i] == ':') return false;
  }
  return !name.empty();
}

}  // namespace

void PutBind(BerWriter* out, uint32_t id, Text mechanism, Octets credentials) {
  MessageWriter message(out, id, kBindRequest);
  out->PutNumber(kInteger, kVersion);
  out->Put(kOctetString, Text());  // the name is in the token
  const size_t sasl = out->Begin(kSaslAuthentication);
  out->Put(kOctetString, mechanism);
  out->Put(kOctetString, credentials);
  out->End(sasl);
  message.End();
}

void PutUnbind(BerWriter* out, uint32_t id) {
  MessageWriter(out, id, kUnbindRequest).End();
}

bool PutSearch(BerWriter* out, uint32_t id, const SearchRequest& request) {
  constexpr uint32_t kNeverDereference = 0;
  constexpr uint32_t kNoLimit = 0;
  MessageWriter message(out, id, kSearchRequest);
  out->Put(kOctetString, request.base);
  out->PutNumber(kEnumerated, static_cast<uint32_t>(request.scope));
  out->PutNumber(kEnumerated, kNeverDereference);
  out->PutNumber(kInteger, kNoLimit);  // entries
  out->PutNumber(kInteger, kNoLimit);  // seconds
  out->PutBoolean(false);              // values, too
  if (!PutFilter(out, request.filter)) return false;
  const size_t attributes = out->Begin(kSequence);
  for (size_t i = 0; i < request.attribute_count; ++i) out->Put(kOctetString, request.attributes[i]);
  out->End(attributes);
  message.End();
  return true;
}

bool ReadMessage(Octets octets, Message* message) {
  BerReader outer(octets);
  BerReader inner(outer.Take(kSequence));
  message->id = inner.TakeNumber(kInteger);
  Octets controls;
  const bool has_operation = inner.Next(&message->operation, &message->content);
  (void)inner.TakeIf(kControls, &controls);
  return outer.done() && inner.done() && has_operation;
}

bool ReadResult(const Message& message, Result* result) {
  *result = {};
  BerReader reader(message.content);
  result->code = reader.TakeNumber(kEnumerated);
  result->matched_dn = TextOf(reader.Take(kOctetString));
  result->diagnostic = TextOf(reader.Take(kOctetString));
  Octets referral;
  Octets name;
  if (reader.TakeIf(kReferralUrls, &referral) && !AllAre(BerReader(referral), kOctetString)) return false;
  if (message.operation == kBindResponse) result->has_token = reader.TakeIf(kServerSaslCreds, &result->token);
  if (message.operation == kExtendedResponse) {
    (void)reader.TakeIf(kResponseName, &name);
    Octets value;
    (void)reader.TakeIf(kResponseValue, &value);
    result->name = TextOf(name);
  }
  return reader.done();
}

bool Entry::Attributes::Next(Text* name, BerReader* values) {
  Octets attribute;
  if (!list_.TakeIf(kSequence, &attribute)) return false;
  BerReader reader(attribute);
  *name = TextOf(reader.Take(kOctetString));
  *values = BerReader(reader.Take(kSet));
  return reader.done();
}

bool Entry::Read(const Message& message) {
  BerReader reader(message.content);
  dn_ = TextOf(reader.Take(kOctetString));
  attributes_ = reader.Take(kSequence);
  if (!reader.done() || !AllAre(BerReader(attributes_), kSequence)) return false;
  Attributes list = attributes();
  Text name;
  BerReader values({});
  size_t sound = 0;
  while (list.Next(&name, &values)) {
    if (!IsPlain(name) || !AllAre(values, kOctetString)) return false;
    ++sound;
  }
  // Next also ends at one that is malformed: all of them must have been seen.
  size_t all = 0;
  Octets each;
  for (BerReader count(attributes_); count.TakeIf(kSequence, &each);) ++all;
  return sound == all;
}

bool ReadReference(const Message& message, BerReader* urls) {
  *urls = BerReader(message.content);
  return !urls->at_end() && AllAre(*urls, kOctetString);
}

}  // namespace ldap
