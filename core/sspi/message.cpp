// SPDX-License-Identifier: Apache-2.0
// MakeSignature, VerifySignature, EncryptMessage, DecryptMessage.
#include "core/sspi/buffers.h"
#include "core/sspi/package.h"

namespace baresspi {
namespace {

SECURITY_STATUS Protect(const SecHandle* handle, const MessageCall& call) {
  const PinnedContext context(handle);
  const SECURITY_STATUS status = context.Established();
  if (status != SEC_E_OK) return status;
  if (context.package().protect == nullptr) return SEC_E_UNSUPPORTED_FUNCTION;
  if (call.message == nullptr || !IsUsable(call.message)) return SEC_E_INVALID_TOKEN;
  return context.package().protect(*context.get(), call);
}

}  // namespace
}  // namespace baresspi

using baresspi::Protect;
using baresspi::Protection;

SECURITY_STATUS SEC_ENTRY MakeSignature(PCtxtHandle phContext, ULONG fQOP, PSecBufferDesc pMessage,
                                        ULONG MessageSeqNo) {
  return Protect(phContext, {Protection::kSign, pMessage, MessageSeqNo, &fQOP});
}

SECURITY_STATUS SEC_ENTRY VerifySignature(PCtxtHandle phContext, PSecBufferDesc pMessage, ULONG MessageSeqNo,
                                          ULONG* pfQOP) {
  return Protect(phContext, {Protection::kVerify, pMessage, MessageSeqNo, pfQOP});
}

SECURITY_STATUS SEC_ENTRY EncryptMessage(PCtxtHandle phContext, ULONG fQOP, PSecBufferDesc pMessage,
                                         ULONG MessageSeqNo) {
  return Protect(phContext, {Protection::kSeal, pMessage, MessageSeqNo, &fQOP});
}

SECURITY_STATUS SEC_ENTRY DecryptMessage(PCtxtHandle phContext, PSecBufferDesc pMessage, ULONG MessageSeqNo,
                                         ULONG* pfQOP) {
  return Protect(phContext, {Protection::kUnseal, pMessage, MessageSeqNo, pfQOP});
}
