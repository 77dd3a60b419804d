// SPDX-License-Identifier: Apache-2.0
// One side of a TLS connection of ours, driven through the C API, with what must hold looked at around every
// call. The other side is the target's business.
#pragma once

#include <baresspi/schannel.h>

#include "tests/fuzz/support/octets.h"
#include "tests/support/pki/certificates.h"

namespace fuzz::tls {

inline constexpr char kHost[] = "device.example.test";

// What a side is, and what it asks for.
struct Setup {
  bool client = false;
  ULONG protocols = 0;  // SP_PROT_TLS1_2, _3; 0: both
  bool shows = false;   // a certificate of its own (a server always does)
  bool rsa = false;
  bool asks = false;    // server: for the client's certificate
  ULONG flags = 0;      // SCH_CRED_*, BARESSPI_SCH_CRED_*
  ULONG requested = 0;  // beside the usual ISC_REQ_*, ASC_REQ_*
  const char* target = kHost;
  bool speaks_alpn = false;
  bool extended = true;  // *_REQ_EXTENDED_ERROR
};

// How one call's buffers are.
struct Layout {
  unsigned empties = 2;      // SECBUFFER_EMPTYs behind the token
  bool alert = false;        // a SECBUFFER_ALERT behind the output
  bool extended = true;      // *_REQ_EXTENDED_ERROR
  bool small_first = false;  // first with an output that is too small
  bool stranger = false;     // a buffer of a type that nobody knows before the token
  bool supplied = false;     // ISC_REQ_USE_SUPPLIED_CREDS
};
Layout LayoutOf(uint8_t choice);

struct Answer {
  SECURITY_STATUS status = SEC_E_INTERNAL_ERROR;
  Octets output;
  size_t extra = 0;    // octets at the input's end that were not used
  size_t missing = 0;  // octets wanted, where it said so
};

// What DecryptMessage gave.
struct Opened {
  SECURITY_STATUS status = SEC_E_INTERNAL_ERROR;
  Octets text;
  Octets extra;
};

class Party {
 public:
  explicit Party(const Setup& setup);
  ~Party();
  Party(const Party&) = delete;
  Party& operator=(const Party&) = delete;

  // InitializeSecurityContext or AcceptSecurityContext. The first call makes the context.
  Answer Step(const Octets& input, const Layout& layout = {});
  Opened Open(const Octets& records);
  SECURITY_STATUS Control(const Octets& token);
  // Every attribute that a context has, with what comes back read. Statuses are those of queries, or the
  // context's own error.
  void QueryAll();
  // After a failure for good: every call says the same again, and nothing goes out.
  void CheckLatched(SECURITY_STATUS status, const Octets& input);
  void DeleteContext();

  bool has_context() const { return has_context_; }
  CtxtHandle* context() { return &context_; }

 private:
  Answer Call(const Octets& input, const Layout& layout, size_t room);

  const Setup setup_;
  SCHANNEL_CRED cred_ = {};
  CERT_CONTEXT certificate_ = {};
  PCCERT_CONTEXT certificates_[1] = {&certificate_};
  BARESSPI_CERT_STORE own_ = {};
  BARESSPI_CERT_STORE roots_ = {};
  BARESSPI_BLOB anchors_[2] = {};
  Octets protocols_;
  CredHandle credential_ = {};
  CtxtHandle context_ = {};
  bool has_context_ = false;
};

// Whether a status says that the context is lost.
bool IsFinal(SECURITY_STATUS status);

}  // namespace fuzz::tls
