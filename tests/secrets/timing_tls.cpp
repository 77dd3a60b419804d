// SPDX-License-Identifier: Apache-2.0
// What core holds of a TLS connection's secrets, marked where mbed TLS hands it over (the linker's --wrap):
// keying material that is exported, sessions that are saved to be resumed, the tickets that name them. What
// mbed TLS does with keys of its own is its own affair.
#include <mbedtls/ssl.h>

#include "tests/secrets/program.h"

extern "C" {
int __real_mbedtls_ssl_export_keying_material(mbedtls_ssl_context* ssl, uint8_t* out, size_t size,
                                              const char* label, size_t label_size,
                                              const unsigned char* value, size_t value_size, int use_value);
int __wrap_mbedtls_ssl_export_keying_material(mbedtls_ssl_context* ssl, uint8_t* out, size_t size,
                                              const char* label, size_t label_size,
                                              const unsigned char* value, size_t value_size, int use_value);
int __real_mbedtls_ssl_session_save(const mbedtls_ssl_session* session, unsigned char* out, size_t room,
                                    size_t* size);
int __wrap_mbedtls_ssl_session_save(const mbedtls_ssl_session* session, unsigned char* out, size_t room,
                                    size_t* size);
int __real_mbedtls_ssl_session_load(mbedtls_ssl_session* session, const unsigned char* from, size_t size);
int __wrap_mbedtls_ssl_session_load(mbedtls_ssl_session* session, const unsigned char* from, size_t size);
void __real_mbedtls_ssl_conf_session_tickets_cb(mbedtls_ssl_config* conf, mbedtls_ssl_ticket_write_t* write,
                                                mbedtls_ssl_ticket_parse_t* parse, void* context);
void __wrap_mbedtls_ssl_conf_session_tickets_cb(mbedtls_ssl_config* conf, mbedtls_ssl_ticket_write_t* write,
                                                mbedtls_ssl_ticket_parse_t* parse, void* context);
}

namespace {

constinit mbedtls_ssl_ticket_parse_t* parse_ticket = nullptr;

// Who knows a ticket can resume the session: how far a guess is right must not show.
int Parse(void* context, mbedtls_ssl_session* session, unsigned char* ticket, size_t size) {
  secrets::Hide(ticket, size);
  const int error = parse_ticket(context, session, ticket, size);
  secrets::Tell(ticket, size);
  return error;
}

}  // namespace

int __wrap_mbedtls_ssl_export_keying_material(mbedtls_ssl_context* ssl, uint8_t* out, size_t size,
                                              const char* label, size_t label_size,
                                              const unsigned char* value, size_t value_size, int use_value) {
  const int error = __real_mbedtls_ssl_export_keying_material(ssl, out, size, label, label_size, value,
                                                              value_size, use_value);
  secrets::Hide(out, size);
  return error;
}

int __wrap_mbedtls_ssl_session_save(const mbedtls_ssl_session* session, unsigned char* out, size_t room,
                                    size_t* size) {
  const int error = __real_mbedtls_ssl_session_save(session, out, room, size);
  if (error == 0) secrets::Hide(out, *size);
  return error;
}

int __wrap_mbedtls_ssl_session_load(mbedtls_ssl_session* session, const unsigned char* from, size_t size) {
  secrets::Tell(const_cast<unsigned char*>(from), size);
  const int error = __real_mbedtls_ssl_session_load(session, from, size);
  secrets::Hide(const_cast<unsigned char*>(from), size);
  return error;
}

void __wrap_mbedtls_ssl_conf_session_tickets_cb(mbedtls_ssl_config* conf, mbedtls_ssl_ticket_write_t* write,
                                                mbedtls_ssl_ticket_parse_t* parse, void* context) {
  parse_ticket = parse;
  __real_mbedtls_ssl_conf_session_tickets_cb(conf, write, Parse, context);
}
