// SPDX-License-Identifier: Apache-2.0
// MakeSignature, VerifySignature, EncryptMessage, DecryptMessage.
#include "core/base/memory.h"
#include "core/sspi/buffers.h"
#include "core/sspi/package.h"

namespace baresspi {
namespace {

SECURITY_STATUS Protect(const SecHandle* handle, SecBufferDesc* message, ULONG sequence, ULONG* qop,
                        Protection protection) {
  Context* context;  // FindEstablished sets it, whatever it answers
  const SECURITY_STATUS status = FindEstablished(handle, &context);
  if (status != SEC_E_OK) return status;
  if (message == nullptr || !IsUsable(message)) return SEC_E_INVALID_TOKEN;
  const SECURITY_STATUS done = PackageOf(*context).protect(*context, {protection, message, sequence, qop});
  ScrubStack<kScrubOther>();
  return done;
}

}  // namespace
}  // namespace baresspi

using baresspi::Protect;
using baresspi::Protection;

SECURITY_STATUS SEC_ENTRY MakeSignature(PCtxtHandle phContext, ULONG fQOP, PSecBufferDesc pMessage,
                                        ULONG MessageSeqNo) {
  return Protect(phContext, pMessage, MessageSeqNo, &fQOP, Protection::kSign);
}

SECURITY_STATUS SEC_ENTRY VerifySignature(PCtxtHandle phContext, PSecBufferDesc pMessage, ULONG MessageSeqNo,
                                          ULONG* pfQOP) {
  return Protect(phContext, pMessage, MessageSeqNo, pfQOP, Protection::kVerify);
}

SECURITY_STATUS SEC_ENTRY EncryptMessage(PCtxtHandle phContext, ULONG fQOP, PSecBufferDesc pMessage,
                                         ULONG MessageSeqNo) {
  return Protect(phContext, pMessage, MessageSeqNo, &fQOP, Protection::kSeal);
}

SECURITY_STATUS SEC_ENTRY DecryptMessage(PCtxtHandle phContext, PSecBufferDesc pMessage, ULONG MessageSeqNo,
                                         ULONG* pfQOP) {
  return Protect(phContext, pMessage, MessageSeqNo, pfQOP, Protection::kUnseal);
}
