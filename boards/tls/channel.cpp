// SPDX-License-Identifier: Apache-2.0
#include "boards/tls/channel.h"

#include "boards/token/status_name.h"

namespace tls {
namespace {

struct Flag {
  const char* name;
  ULONG client;
  ULONG server;
};

// A name that means nothing to one side has 0 there.
constexpr Flag kFlags[] = {
    {"stream", ISC_REQ_STREAM, ASC_REQ_STREAM},
    {"conf", ISC_REQ_CONFIDENTIALITY, ASC_REQ_CONFIDENTIALITY},
    {"integ", ISC_REQ_INTEGRITY, ASC_REQ_INTEGRITY},
    {"replay", ISC_REQ_REPLAY_DETECT, ASC_REQ_REPLAY_DETECT},
    {"sequence", ISC_REQ_SEQUENCE_DETECT, ASC_REQ_SEQUENCE_DETECT},
    {"extended", ISC_REQ_EXTENDED_ERROR, ASC_REQ_EXTENDED_ERROR},
    {"mutual", ISC_REQ_MUTUAL_AUTH, ASC_REQ_MUTUAL_AUTH},
    {"manual", ISC_REQ_MANUAL_CRED_VALIDATION, 0},
    {"use-supplied", ISC_REQ_USE_SUPPLIED_CREDS, 0},
    {"tickets", 0, ASC_REQ_SESSION_TICKET},
    {"allocate", ISC_REQ_ALLOCATE_MEMORY, ASC_REQ_ALLOCATE_MEMORY},
};

bool ParseFlags(const char* list, bool client, ULONG* flags) {
  *flags = 0;
  Piece item;
  while (TakeItem(&list, ',', &item)) {
    bool known = item.Is("none");
    for (const Flag& flag : kFlags) {
      if (!item.Is(flag.name)) continue;
      known = true;
      *flags |= client ? flag.client : flag.server;
    }
    if (!known) return false;
  }
  return true;
}

constexpr char kUsualFlags[] = "stream,conf,integ,replay,sequence,extended";

ULONG Size(size_t size) {
  return static_cast<ULONG>(size);
}

// What a call left of its input: how many octets of it belong to the next call, or are still missing.
struct Rest {
  ULONG extra = 0;
  ULONG missing = 0;
  bool misplaced = false;  // an EXTRA that does not lie at the input's end
};

Rest FindRest(const SecBuffer* buffers, size_t count, Octets input) {
  Rest rest;
  for (size_t i = 0; i < count; ++i) {
    const SecBuffer& buffer = buffers[i];
    if (buffer.BufferType == SECBUFFER_MISSING) rest.missing = buffer.cbBuffer;
    if (buffer.BufferType != SECBUFFER_EXTRA) continue;
    rest.extra = buffer.cbBuffer;
    rest.misplaced = buffer.cbBuffer > input.size ||
                     (buffer.pvBuffer != nullptr &&
                      static_cast<uint8_t*>(buffer.pvBuffer) + buffer.cbBuffer != input.data + input.size);
  }
  return rest;
}

void PutRest(const Rest& rest) {
  token::Put(" extra=");
  token::PutNumber(rest.extra);
  token::Put(" missing=");
  token::PutNumber(rest.missing);
  if (rest.misplaced) token::Put(" MISPLACED");
}

}  // namespace

void PutStatus(const char* answer, SECURITY_STATUS status) {
  token::Put(answer);
  token::Put(" ");
  token::Put(token::StatusName(status));
  token::Put(" ");
  token::PutHexNumber(static_cast<uint32_t>(status));
}

bool Channel::Configure(const Words& words) {
  const char* const target = words.Value("target");
  if (target != nullptr) {
    const size_t length = token::Length(target);
    if (length >= sizeof target_) return false;
    for (size_t i = 0; i <= length; ++i) target_[i] = target[i];
  }
  const char* alpn = words.Value("alpn");
  if (alpn != nullptr) {
    auto* const protocols = reinterpret_cast<SEC_APPLICATION_PROTOCOLS*>(alpn_);
    SEC_APPLICATION_PROTOCOL_LIST& list = protocols->ProtocolLists[0];
    size_t size = 0;
    Piece name;
    while (TakeItem(&alpn, ',', &name)) {
      if (name.length > 255 || size + 1 + name.length > kMaxAlpn) return false;
      list.ProtocolList[size++] = static_cast<uint8_t>(name.length);
      for (size_t i = 0; i < name.length; ++i) list.ProtocolList[size++] = static_cast<uint8_t>(name.text[i]);
    }
    list.ProtoNegoExt = SecApplicationProtocolNegotiationExt_ALPN;
    list.ProtocolListSize = static_cast<unsigned short>(size);
    const size_t list_size = offsetof(SEC_APPLICATION_PROTOCOL_LIST, ProtocolList) + size;
    protocols->ProtocolListsSize = Size(list_size);
    alpn_size_ = offsetof(SEC_APPLICATION_PROTOCOLS, ProtocolLists) + list_size;
  }
  const char* const alert = words.Value("alert");
  if (alert != nullptr) wants_alert_ = token::Equal(alert, "yes");
  const char* const flags = words.Value("flags");
  if (flags == nullptr) return request_ != 0 || ParseFlags(kUsualFlags, identity_->client(), &request_);
  return ParseFlags(flags, identity_->client(), &request_);
}

SECURITY_STATUS Channel::StepWith(SecBufferDesc* input, SecBufferDesc* output, ULONG* attributes) {
  CtxtHandle* const context = has_context_ ? &context_ : nullptr;
  TimeStamp expiry;
  if (identity_->client()) {
    SEC_CHAR* const target = target_[0] != 0 ? target_ : nullptr;
    return InitializeSecurityContextA(identity_->handle(), context, target, request_, 0, SECURITY_NATIVE_DREP,
                                      input, 0, &context_, output, attributes, &expiry);
  }
  return AcceptSecurityContext(identity_->handle(), context, input, request_, SECURITY_NATIVE_DREP, &context_,
                               output, attributes, &expiry);
}

void Channel::Step(Octets input, Octets room) {
  const bool has_alpn = alpn_size_ > 0 && !has_context_;  // a handshake's first call has it
  SecBuffer inputs[] = {
      {Size(input.size), SECBUFFER_TOKEN, input.data},
      {0, SECBUFFER_EMPTY, nullptr},
      {has_alpn ? Size(alpn_size_) : 0, has_alpn ? SECBUFFER_APPLICATION_PROTOCOLS : SECBUFFER_EMPTY, alpn_},
  };
  // A call that has no token to give has no TOKEN buffer either.
  if (input.size == 0) inputs[0] = {0, SECBUFFER_EMPTY, nullptr};
  uint8_t alert_room[64];
  SecBuffer outputs[] = {
      {Size(room.size), SECBUFFER_TOKEN, room.data},
      {sizeof alert_room, SECBUFFER_ALERT, alert_room},
  };
  SecBufferDesc in = {SECBUFFER_VERSION, 3, inputs};
  SecBufferDesc out = {SECBUFFER_VERSION, wants_alert_ ? 2u : 1u, outputs};
  ULONG attributes = 0;
  const SECURITY_STATUS status = StepWith(&in, &out, &attributes);
  // A first call that failed has made no context.
  if (SEC_SUCCESS(status)) has_context_ = true;
  PutStatus("STEP", status);
  token::Put(" attributes=");
  token::PutHexNumber(attributes);
  token::Put(" token=");
  // A failure has a token only where the attributes say so; else the buffer is as it was, or holds the size
  // needed.
  const ULONG extended = identity_->client() ? ISC_RET_EXTENDED_ERROR : ASC_RET_EXTENDED_ERROR;
  const bool speaks = SEC_SUCCESS(status) || (attributes & extended) != 0;
  const Octets written = {room.data, speaks ? outputs[0].cbBuffer : 0};
  token::PutBase64(&written, 1);
  if (status == SEC_E_BUFFER_TOO_SMALL) {
    token::Put(" needed=");
    token::PutNumber(outputs[0].cbBuffer);
  }
  if (wants_alert_) {
    token::Put(" alert=");
    const Octets alert = {alert_room, outputs[1].cbBuffer};
    token::PutBase64(&alert, 1);
  }
  PutRest(FindRest(inputs, 3, input));
}

void Channel::Seal(Octets data, Octets room) {
  SecPkgContext_StreamSizes sizes = {};
  SECURITY_STATUS status = QueryContextAttributesA(&context_, SECPKG_ATTR_STREAM_SIZES, &sizes);
  if (status != SEC_E_OK) return PutStatus("SEALED", status);
  const size_t around = sizes.cbHeader + sizes.cbTrailer;
  if (around + data.size > room.size) return PutStatus("SEALED", SEC_E_BUFFER_TOO_SMALL);
  uint8_t* const text = room.data + sizes.cbHeader;
  for (size_t i = 0; i < data.size; ++i) text[i] = data.data[i];
  SecBuffer buffers[] = {
      {sizes.cbHeader, SECBUFFER_STREAM_HEADER, room.data},
      {Size(data.size), SECBUFFER_DATA, text},
      {sizes.cbTrailer, SECBUFFER_STREAM_TRAILER, text + data.size},
      {0, SECBUFFER_EMPTY, nullptr},
  };
  SecBufferDesc message = {SECBUFFER_VERSION, 4, buffers};
  status = EncryptMessage(&context_, 0, &message, 0);
  PutStatus("SEALED", status);
  if (status != SEC_E_OK) return;
  // What is sent is the three parts, one after another.
  Octets parts[3];
  for (size_t i = 0; i < 3; ++i) parts[i] = {static_cast<uint8_t*>(buffers[i].pvBuffer), buffers[i].cbBuffer};
  token::Put(" token=");
  token::PutBase64(parts, 3);
}

void Channel::Unseal(Octets input) {
  SecBuffer buffers[] = {
      {Size(input.size), SECBUFFER_DATA, input.data},
      {0, SECBUFFER_EMPTY, nullptr},
      {0, SECBUFFER_EMPTY, nullptr},
      {0, SECBUFFER_EMPTY, nullptr},
  };
  SecBufferDesc message = {SECBUFFER_VERSION, 4, buffers};
  ULONG qop = 0;
  const SECURITY_STATUS status = DecryptMessage(&context_, &message, 0, &qop);
  PutStatus("UNSEALED", status);
  token::Put(" data=");
  Octets text;
  if (status == SEC_E_OK) {
    for (const SecBuffer& buffer : buffers) {
      if (buffer.BufferType == SECBUFFER_DATA)
        text = {static_cast<uint8_t*>(buffer.pvBuffer), buffer.cbBuffer};
    }
  }
  token::PutBase64(&text, 1);
  PutRest(FindRest(buffers, 4, input));
}

void Channel::Control(void* control, size_t size) {
  SecBuffer buffer = {Size(size), SECBUFFER_TOKEN, control};
  SecBufferDesc input = {SECBUFFER_VERSION, 1, &buffer};
  PutStatus("CONTROLLED", ApplyControlToken(&context_, &input));
}

void Channel::SetKeying(const char* label, const Octets* value, uint32_t size) {
  const size_t length = token::Length(label) + 1;
  SecPkgContext_KeyingMaterialInfo info = {};
  if (length > sizeof label_ || (value != nullptr && value->size > sizeof label_context_)) {
    return PutStatus("SET", SEC_E_INVALID_PARAMETER);
  }
  for (size_t i = 0; i < length; ++i) label_[i] = label[i];
  info.cbLabel = static_cast<WORD>(length);
  info.pszLabel = label_;
  info.cbKeyingMaterial = size;
  if (value != nullptr) {
    for (size_t i = 0; i < value->size; ++i) label_context_[i] = value->data[i];
    info.cbContextValue = static_cast<WORD>(value->size);
    info.pbContextValue = label_context_;
  }
  PutStatus("SET", SetContextAttributesA(&context_, SECPKG_ATTR_KEYING_MATERIAL_INFO, &info, sizeof info));
}

SECURITY_STATUS Channel::Drop() {
  const SECURITY_STATUS status = has_context_ ? DeleteSecurityContext(&context_) : SEC_E_OK;
  *this = Channel();
  return status;
}

void Channel::End() {
  PutStatus("ENDED", Drop());
}

}  // namespace tls
