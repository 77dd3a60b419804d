// SPDX-License-Identifier: Apache-2.0
// What is asked, and what the answers mean. wire.cpp has the connection's side.
#include "boards/ldap/client.h"

namespace ldap {
namespace {

constexpr int kMostRounds = 8;  // of a bind; Negotiate with NTLM has two

}  // namespace

Outcome Client::Open(const Settings* settings) {
  constexpr uint32_t kLongest = INT32_MAX;  // a moment further ahead would look like one that is over
  Close();
  settings_ = settings;
  deadline_ = baresspi_milliseconds() + (settings->timeout < kLongest ? settings->timeout : kLongest);
  TextWriter target(target_, sizeof target_ - 1);
  target.Put("ldap/");
  target.Put(settings->host);
  if (!target.ok()) return Outcome::kTooLong;
  target_[target.text().size] = 0;
  const char* const address = settings->address != nullptr ? settings->address : settings->host;
  const int32_t status =
      stream::Connect(&stream_, address, settings->port, settings->tls, settings->host, TimeLeft());
  if (status < 0) return OutcomeOf(status);
  sound_ = true;
  return Outcome::kDone;
}

Outcome Client::Bind() {
  error_ = SEC_E_OUT_OF_SEQUENCE;
  if (layered_) return Outcome::kLoginFailed;
  login_.End();
  const SecBuffer bindings = stream_.secure() ? stream_.Bindings() : SecBuffer();
  bound_ = bindings.cbBuffer != 0;
  error_ = login_.Begin(settings_->account, target_, settings_->protection);
  if (error_ != SEC_E_OK) return Outcome::kLoginFailed;
  result_ = {};
  for (int round = 0; round < kMostRounds; ++round) {
    // The server has more to say than our side has questions: that is no Negotiate.
    if (login_.established()) break;
    size_t size = 0;
    error_ = login_.Step(result_.token, bindings, token_, sizeof token_, &size);
    if (!SEC_SUCCESS(error_)) return Outcome::kLoginFailed;
    const bool server_is_done = round != 0 && result_.code == kSuccess;
    if (server_is_done) {
      if (!login_.established() || size != 0) break;
      layered_ = true;
      return Outcome::kDone;
    }
    BerWriter message = NewMessage();
    PutBind(&message, last_id_, kMechanism, {token_, size});
    Outcome outcome = SendMessage(&message);
    if (outcome == Outcome::kDone) outcome = ReceiveResult(kBindResponse);
    if (outcome != Outcome::kDone) return outcome;
    if (result_.code != kSuccess && result_.code != kSaslBindInProgress) return Outcome::kRefused;
    if (result_.code == kSuccess && login_.established() && !result_.has_token) {
      layered_ = true;
      return Outcome::kDone;
    }
    if (!result_.has_token) break;
  }
  error_ = SEC_E_INVALID_TOKEN;
  return Outcome::kLoginFailed;
}

Outcome Client::ReceiveResult(uint8_t operation) {
  Message message;
  const Outcome outcome = ReceiveAnswer(&message);
  if (outcome != Outcome::kDone) return outcome;
  if (message.operation == operation && ReadResult(message, &result_)) return Outcome::kDone;
  sound_ = false;
  return Outcome::kMalformed;
}

Outcome Client::Search(const SearchRequest& request, const Finder& finder) {
  BerWriter writer = NewMessage();
  if (!PutSearch(&writer, last_id_, request)) return writer.ok() ? Outcome::kBadFilter : Outcome::kTooLong;
  Outcome outcome = SendMessage(&writer);
  while (outcome == Outcome::kDone) {
    Message message;
    Entry entry;
    BerReader urls({});
    Octets url;
    outcome = ReceiveAnswer(&message);
    if (outcome != Outcome::kDone) break;
    if (message.operation == kSearchDone && ReadResult(message, &result_))
      return result_.code == kSuccess ? Outcome::kDone : Outcome::kRefused;
    if (message.operation == kSearchEntry && entry.Read(message)) {
      finder.on_entry(finder.self, entry);
    } else if (message.operation == kSearchReference && ReadReference(message, &urls)) {
      while (finder.on_reference != nullptr && urls.TakeIf(kOctetString, &url))
        finder.on_reference(finder.self, TextOf(url));
    } else {
      sound_ = false;
      outcome = Outcome::kMalformed;
    }
  }
  return outcome;
}

void Client::Close() {
  if (sound_) {
    BerWriter message = NewMessage();
    PutUnbind(&message, last_id_);
    (void)SendMessage(&message);
    stream_.End();
  }
  stream_.Close();
  login_.End();
  sound_ = false;
  layered_ = false;
  bound_ = false;
  error_ = SEC_E_OK;
  result_ = {};
  last_id_ = 0;
  taken_ = 0;
  in_size_ = 0;
}

}  // namespace ldap
