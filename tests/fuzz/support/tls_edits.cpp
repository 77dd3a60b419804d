// SPDX-License-Identifier: Apache-2.0
#include "tests/fuzz/support/tls_edits.h"

#include "tests/support/pki/certificates.h"

namespace fuzz::tls {
namespace {

namespace pki = baresspi::pki;

constexpr size_t kHead = 5;
constexpr size_t kMessageHead = 4;
constexpr uint8_t kChangeCipherSpec = 20;
constexpr uint8_t kAlert = 21;
constexpr uint8_t kHandshake = 22;
constexpr uint8_t kClientHello = 1;
constexpr uint8_t kServerHello = 2;
constexpr uint8_t kCertificate = 11;

const pki::Octets* const kCertificates[] = {
    &pki::kRoot,
    &pki::kServer,
    &pki::kServerP384,
    &pki::kServerRsa,
    &pki::kServerSha512,
    &pki::kServerChained,
    &pki::kServerExpired,
    &pki::kServerFuture,
    &pki::kServerOtherName,
    &pki::kServerUntrusted,
    &pki::kServerSelf,
    &pki::kServerClientOnly,
    &pki::kServerAddresses,
    &pki::kServerSha1,
    &pki::kServerWeak,
    &pki::kRootExpired,
    &pki::kClient,
    &pki::kClientRsa,
    &pki::kClientUntrusted,
    &pki::kIntermediate,
};

using Place = Octets::iterator;
Place At(Octets& octets, size_t offset) {
  return octets.begin() + static_cast<ptrdiff_t>(std::min(offset, octets.size()));
}

void PutNumber(Octets* out, size_t value, unsigned octets) {
  while (octets-- != 0) out->push_back(static_cast<uint8_t>(value >> (8 * octets)));
}

size_t Number(const Octets& octets, size_t at, unsigned count) {
  size_t value = 0;
  for (; count != 0; --count, ++at) value = value << 8 | (at < octets.size() ? octets[at] : 0);
  return value;
}

void Append(Octets* out, const Octets& more) {
  out->insert(out->end(), more.begin(), more.end());
}

// Removes some octets at a place and puts others there.
void Replace(Octets* octets, Input* script) {
  const size_t at = octets->empty() ? 0 : script->U16() % octets->size();
  const size_t removed = std::min<size_t>(script->U8(), octets->size() - at);
  const Octets put = script->Take(script->U8());
  octets->erase(At(*octets, at), At(*octets, at + removed));
  octets->insert(At(*octets, at), put.begin(), put.end());
}

// The messages that lie whole in a handshake record, each with its head; what follows is the last one.
std::vector<Octets> Messages(const Octets& content) {
  std::vector<Octets> messages;
  for (size_t at = 0; at < content.size();) {
    size_t end = content.size();
    if (end - at >= kMessageHead) end = std::min(end, at + kMessageHead + Number(content, at + 1, 3));
    messages.emplace_back(content.begin() + static_cast<ptrdiff_t>(at),
                          content.begin() + static_cast<ptrdiff_t>(end));
    at = end;
  }
  return messages;
}

void MendLength(Octets* message) {
  if (message->size() < kMessageHead) return;
  Octets size;
  PutNumber(&size, message->size() - kMessageHead, 3);
  std::copy(size.begin(), size.end(), message->begin() + 1);
}

// Where a hello's extensions begin, with their length; the message's end where it has none.
size_t ExtensionsOf(const Octets& hello) {
  size_t at = kMessageHead + 2 + 32;
  at += 1 + Number(hello, at, 1);  // session id
  if (hello[0] == kClientHello) {
    at += 2 + Number(hello, at, 2);  // cipher suites
    at += 1 + Number(hello, at, 1);  // compression methods
  } else {
    at += 2 + 1;
  }
  return std::min(at, hello.size());
}

struct Extension {
  size_t type;
  Octets content;
};

void EditExtension(std::vector<Extension>* list, Input* script) {
  const size_t i = list->empty() ? 0 : script->U8() % list->size();
  const auto place = list->begin() + static_cast<ptrdiff_t>(i);
  const unsigned what = script->U8() % 6;
  if (what == 0) return void(list->insert(place, {script->U16(), script->Take(script->U8())}));
  if (list->empty()) return;
  if (what == 1) list->erase(place);
  if (what == 2) list->push_back((*list)[i]);
  if (what == 3) (*list)[i].type = script->U16();
  if (what == 4) (*list)[i].content = script->Take(script->U8());
  if (what == 5) Replace(&(*list)[i].content, script);
}

void EditHello(Octets* hello, Input* script) {
  const size_t begin = ExtensionsOf(*hello);
  std::vector<Extension> list;
  for (size_t at = begin + 2; at + 4 <= hello->size();) {
    const size_t size = std::min(Number(*hello, at + 2, 2), hello->size() - at - 4);
    const auto content = hello->begin() + static_cast<ptrdiff_t>(at + 4);
    list.push_back({Number(*hello, at, 2), Octets(content, content + static_cast<ptrdiff_t>(size))});
    at += 4 + size;
  }
  EditExtension(&list, script);
  Octets octets;
  for (const Extension& extension : list) {
    PutNumber(&octets, extension.type, 2);
    PutNumber(&octets, extension.content.size(), 2);
    Append(&octets, extension.content);
  }
  hello->resize(begin);
  PutNumber(hello, octets.size(), 2);
  Append(hello, octets);
}

// TLS 1.2's certificate_list (RFC 5246 7.4.2): certificates of others, altered or not, in place of its own.
void EditCertificates(Octets* message, Input* script) {
  Octets list;
  for (unsigned count = script->U8() % 4; count != 0; --count) {
    const pki::Octets& chosen = *kCertificates[script->U8() % std::size(kCertificates)];
    Octets certificate(chosen.data, chosen.data + chosen.size);
    for (unsigned edits = script->U8() % 4; edits != 0; --edits) Replace(&certificate, script);
    PutNumber(&list, certificate.size(), 3);
    Append(&list, certificate);
  }
  message->resize(kMessageHead);
  PutNumber(message, list.size(), 3);
  Append(message, list);
}

// Messages of one record, which is made anew of them.
void EditMessages(Record* record, Input* script) {
  std::vector<Octets> messages = Messages(record->content);
  if (messages.empty()) return;
  const size_t i = script->U8() % messages.size();
  Octets& message = messages[i];
  const uint8_t type = message[0];
  bool mends = true;
  switch (script->U8() % 8) {
    case 0:
      Replace(&message, script);
      break;
    case 1:
      mends = false;
      Replace(&message, script);
      break;
    case 2:
      if (type == kClientHello || type == kServerHello) EditHello(&message, script);
      break;
    case 3:
      if (type == kCertificate) EditCertificates(&message, script);
      break;
    case 4:
      std::swap(messages[i], messages[script->U8() % messages.size()]);
      break;
    case 5:
      messages.push_back(message);
      break;
    case 6:
      message[0] = script->U8();
      break;
    case 7:
      message = script->Take(script->U8());
      break;
  }
  if (mends && i < messages.size()) MendLength(&messages[i]);
  record->content.clear();
  for (const Octets& one : messages) Append(&record->content, one);
}

void EditOneRecord(std::vector<Record>* records, size_t i, Input* script) {
  Record& record = (*records)[i];
  switch (script->U8() % 6) {
    case 0:
      record.type = script->U8();
      break;
    case 1:
      record.version = script->U16();
      break;
    case 2:
      record.claimed = script->U16();
      break;
    case 3:
      if (!record.content.empty()) record.content[script->U16() % record.content.size()] ^= script->U8();
      break;
    case 4:
      Replace(&record.content, script);
      break;
    case 5:
      record.content.resize(std::min<size_t>(script->U16(), 20000));
      break;
  }
}

void Fragment(std::vector<Record>* records, size_t i, Input* script) {
  const size_t size = script->U8();  // 0: an empty record before it
  Record rest = (*records)[i];
  Record& first = (*records)[i];
  if (size > first.content.size()) return;
  rest.content.erase(rest.content.begin(), At(rest.content, size));
  first.content.resize(size);
  records->insert(records->begin() + static_cast<ptrdiff_t>(i) + 1, rest);
}

void EditRecords(std::vector<Record>* records, const Octets& other, Input* script) {
  const unsigned what = script->U8() % 12;
  const size_t i = records->empty() ? 0 : script->U8() % records->size();
  const auto place = records->begin() + static_cast<ptrdiff_t>(i);
  const uint16_t version = records->empty() ? 0x0303 : (*records)[i].version;
  if (what == 0) return void(records->insert(place, {kAlert, version, {script->U8(), script->U8()}}));
  if (what == 1) return void(records->insert(place, {kChangeCipherSpec, version, {1}}));
  if (what == 2) return void(records->insert(place, {script->U8(), version, script->Take(script->U8())}));
  if (what == 3) {
    const std::vector<Record> foreign = Split(other);
    if (!foreign.empty()) records->insert(place, foreign[script->U8() % foreign.size()]);
    return;
  }
  if (records->empty()) return;
  if (what == 4) records->erase(place);
  if (what == 5) records->push_back((*records)[i]);
  if (what == 6) std::swap((*records)[i], (*records)[script->U8() % records->size()]);
  if (what == 7) Fragment(records, i, script);
  if (what == 8 && i + 1 < records->size()) {
    Append(&(*records)[i].content, (*records)[i + 1].content);
    records->erase(place + 1);
  }
  if (what == 9) EditOneRecord(records, i, script);
  if (what >= 10 && (*records)[i].type == kHandshake) EditMessages(&(*records)[i], script);
}

}  // namespace

std::vector<Record> Split(const Octets& flight) {
  std::vector<Record> records;
  for (size_t at = 0; at < flight.size();) {
    Record record;
    record.type = flight[at];
    record.version = static_cast<uint16_t>(Number(flight, at + 1, 2));
    const size_t claimed = Number(flight, at + 3, 2);
    const size_t begin = std::min(at + kHead, flight.size());
    const size_t end = std::min(begin + claimed, flight.size());
    record.content.assign(flight.begin() + static_cast<ptrdiff_t>(begin),
                          flight.begin() + static_cast<ptrdiff_t>(end));
    if (end - begin != claimed) record.claimed = static_cast<int32_t>(claimed);
    records.push_back(record);
    at = end;
  }
  return records;
}

Octets Join(const std::vector<Record>& records) {
  Octets flight;
  for (const Record& record : records) {
    flight.push_back(record.type);
    PutNumber(&flight, record.version, 2);
    PutNumber(&flight, record.claimed >= 0 ? static_cast<size_t>(record.claimed) : record.content.size(), 2);
    Append(&flight, record.content);
  }
  return flight;
}

Octets Edited(const Octets& flight, const Octets& other, Input* script) {
  Octets edited = flight;
  const unsigned edits = script->U8() % 8;
  if (edits != 0) {
    std::vector<Record> records = Split(flight);
    for (unsigned i = 0; i < edits; ++i) EditRecords(&records, other, script);
    edited = Join(records);
  }
  for (unsigned i = script->U8() % 4; i != 0; --i) {
    if (script->U8() % 2 == 0) {
      Replace(&edited, script);
    } else {
      edited.resize(std::min<size_t>(script->U16(), edited.size()));
    }
  }
  return edited;
}

}  // namespace fuzz::tls
