// SPDX-License-Identifier: Apache-2.0
#include "tests/faults/model/exchange.h"

#include <string.h>

#include <string>

#include "tests/faults/model/device.h"
#include "tests/faults/model/memory.h"

namespace model {
namespace {

// SEC_CHANNEL_BINDINGS with application data, or half of it.
Octets Bindings(bool whole) {
  SEC_CHANNEL_BINDINGS head = {};
  head.cbApplicationDataLength = 4;
  head.dwApplicationDataOffset = sizeof head;
  Octets octets(sizeof head + 4, 'b');
  memcpy(octets.data(), &head, sizeof head);
  if (!whole) octets.resize(sizeof head + 2);
  return octets;
}

void Spoil(Random& random, SecBufferDesc* description) {
  switch (random.Below(3)) {
    case 0:
      description->ulVersion = 1;
      break;
    case 1:
      description->pBuffers = nullptr;
      break;
    default:
      description->pBuffers[0].pvBuffer = nullptr;
      description->pBuffers[0].cbBuffer = 5;
  }
}

}  // namespace

void Exchange::Call(World& world, const Token& token, bool has_bindings) {
  Memory in(token.octets);
  Memory out(room);
  const bool spoilt = op.fault == Fault::kBadBindings;
  Memory bindings(Bindings(!spoilt));
  const bool nothing = token.octets.empty() && op.fault != Fault::kBadDescription;
  SecBuffer inputs[3] = {{static_cast<ULONG>(token.octets.size()), SECBUFFER_TOKEN, in.data()},
                         {0, SECBUFFER_EMPTY, nullptr},
                         {static_cast<ULONG>(bindings.size()), SECBUFFER_CHANNEL_BINDINGS, bindings.data()}};
  SecBuffer outputs[1] = {{room, SECBUFFER_TOKEN, out.data()}};
  SecBufferDesc input = {SECBUFFER_VERSION, has_bindings || spoilt ? 3u : 2u, inputs};
  SecBufferDesc output_list = {SECBUFFER_VERSION, op.fault == Fault::kNoOutput ? 0u : 1u, outputs};
  if (op.fault == Fault::kBadDescription) Spoil(random, &input);
  if (op.fault == Fault::kBadOutput) Spoil(random, &output_list);
  const ULONG before = outputs[0].cbBuffer;
  const bool no_input = nothing && !has_bindings && !spoilt && random.OneIn(2);
  const bool no_output = op.fault == Fault::kNoOutput && random.OneIn(2);
  SecBufferDesc* const from = no_input ? nullptr : &input;
  SecBufferDesc* const to = no_output ? nullptr : &output_list;
  SecHandle* const fresh = op.fault == Fault::kNoNewContext ? nullptr : &made;
  TimeStamp expiry;
  static const std::vector<char> long_name(400, 'n');
  static const std::u16string long_wide(400, u'n');
  const bool too_long = op.fault == Fault::kLongTarget;
  const std::string narrow = too_long ? std::string(long_name.begin(), long_name.end()) : kHost;
  const std::u16string wide = too_long ? long_wide : std::u16string(narrow.begin(), narrow.end());
  if (IsAccept(op)) {
    status = TableA(op).AcceptSecurityContext(credential, old, from, requested, 0, fresh, to, &attributes,
                                              &expiry);
  } else if (op.entry == Entry::InitializeSecurityContextA) {
    status = TableA(op).InitializeSecurityContextA(credential, old, narrow.c_str(), requested, 0, 0, from, 0,
                                                   fresh, to, &attributes, &expiry);
  } else {
    status = TableW(op).InitializeSecurityContextW(credential, old, wide.c_str(), requested, 0, 0, from, 0,
                                                   fresh, to, &attributes, &expiry);
  }
  size = outputs[0].cbBuffer;
  kept = size == before;
  out.Check(world);
  if (!in.Is(token.octets)) Fail(world, "the input's octets have changed");
  if (status >= 0 && op.fault != Fault::kNoOutput) {
    Require(world, size <= room, "an output longer than its room");
    output = out.First(size);
  }
  if (inputs[1].BufferType == SECBUFFER_EXTRA) rest = in.First(inputs[1].cbBuffer);
}

}  // namespace model
