// SPDX-License-Identifier: Apache-2.0
// A context of the Schannel package, worked by the commands of the line protocol. Each method writes its
// answer, all but the line's end.
#pragma once

#include <baresspi/schannel.h>

#include "boards/tls/identity.h"
#include "config/baresspi_config.h"

namespace tls {

// "NAME 0xstatus"
void PutStatus(const char* answer, SECURITY_STATUS status);

// queries.cpp: QUERIED STATUS 0xstatus name=value..
void QueryAndPut(CtxtHandle* context, const char* name);

class Channel {
 public:
  // OPEN's words from the third on: target=NAME, alpn=a,b, flags=a,b (see channel.cpp), alert (an ALERT
  // buffer is given as an output too). The context itself is made by the first step. SET changes the same
  // later.
  bool Configure(const Words& words);
  void Use(Identity* identity) { identity_ = identity; }
  Identity* identity() const { return identity_; }

  // STEP STATUS 0xstatus attributes=0x.. token=.. extra=N missing=N
  void Step(Octets input, Octets room);
  // SEALED STATUS 0xstatus token=..         the record
  void Seal(Octets data, Octets room);
  // UNSEALED STATUS 0xstatus data=.. extra=N missing=N        octets in place
  void Unseal(Octets input);
  // CONTROLLED STATUS 0xstatus        ApplyControlToken
  void Control(void* token, size_t size);
  // SET STATUS 0xstatus        SECPKG_ATTR_KEYING_MATERIAL_INFO
  void SetKeying(const char* label, const Octets* context, uint32_t size);
  // QUERIED STATUS 0xstatus name=value..
  void Query(const char* name) { QueryAndPut(&context_, name); }
  // ENDED STATUS 0xstatus
  void End();
  // The same without an answer.
  SECURITY_STATUS Drop();

  bool used() const { return identity_ != nullptr; }

 private:
  SECURITY_STATUS StepWith(SecBufferDesc* input, SecBufferDesc* output, ULONG* attributes);

  static constexpr size_t kMaxTarget = 300;
  static constexpr size_t kMaxAlpn = 128;

  Identity* identity_ = nullptr;
  CtxtHandle context_ = {};
  bool has_context_ = false;
  bool wants_alert_ = false;
  ULONG request_ = 0;
  char target_[kMaxTarget] = {};
  size_t alpn_size_ = 0;  // of the whole structure
  alignas(SEC_APPLICATION_PROTOCOLS) uint8_t alpn_[sizeof(SEC_APPLICATION_PROTOCOLS) + kMaxAlpn] = {};
  char label_[64] = {};
  uint8_t label_context_[64] = {};
};

}  // namespace tls
