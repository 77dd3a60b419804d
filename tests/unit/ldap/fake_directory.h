// SPDX-License-Identifier: Apache-2.0
// What a client's test has at the other end of the scripted network: a directory that lets EXAMPLE\alice in
// by Negotiate, with the protection that the client asks for, and whose answers the test makes.
#pragma once

#include <baresspi/authority.h>

#include <functional>
#include <string>
#include <vector>

#include "boards/ldap/client.h"
#include "tests/support/scripted_sockets.h"

namespace ldap_test {

using scripted_sockets::Octets;

// A message around an operation with this content.
Octets MessageOf(uint32_t id, uint8_t operation, const Octets& content);
// The content of a result.
Octets ResultOf(uint32_t code, const std::string& diagnostic = "", const Octets& more = {});
// The content of an entry with one attribute.
Octets EntryOf(const std::string& dn, const std::string& name, const std::string& value);

class FakeDirectory {
 public:
  FakeDirectory();
  ~FakeDirectory();
  FakeDirectory(const FakeDirectory&) = delete;
  FakeDirectory& operator=(const FakeDirectory&) = delete;

  uint16_t port() const { return port_; }
  // Goes on without waiting. False: nothing happened.
  bool Pump();
  void Hang();  // closes its connection

  // What is said: through the layer, if there is one; or as it is.
  void Say(const Octets& message) { SayRaw(layered_ ? Wrap(message) : message); }
  void SayRaw(const Octets& octets) { out_.insert(out_.end(), octets.begin(), octets.end()); }
  Octets Wrap(Octets message, ULONG qop = BARESSPI_SECQOP_WRAP_ENCRYPT);

  // A search came, with this id.
  std::function<void(uint32_t id)> on_search;
  // A bind was answered: the answer may be changed, or another one said.
  std::function<Octets(uint32_t id, const Octets& answer, SECURITY_STATUS status)> on_bind;
  ULONG attributes() const { return attributes_; }  // ASC_RET_*, once it is established
  unsigned unbinds = 0;
  unsigned connections = 0;
  bool refused_message = false;  // the client's was not protected as agreed

 private:
  void Read();
  bool TakeMessage();
  void Answer(const ldap::Message& message);
  void AnswerBind(const ldap::Message& message);
  void Send();
  void EndLogin();

  BARESSPI_DEVICE device_;
  CredHandle credential_ = {};
  CtxtHandle context_ = {};
  bool has_context_ = false;
  bool established_ = false;
  bool layered_ = false;
  ULONG attributes_ = 0;
  int listener_ = -1;
  int socket_ = -1;
  uint16_t port_ = 0;
  Octets in_;
  Octets out_;
};

}  // namespace ldap_test
