/* SPDX-License-Identifier: Apache-2.0 */
/* How octets go in and out: SecBuffer, lists of them, and the structures that may stand in one. */
#ifndef BARESSPI_BUFFERS_H
#define BARESSPI_BUFFERS_H

#include "types.h"

/* Octets of the caller, at any alignment. What a function reads it does not keep; what it writes to is the
 * caller's before and after. Buffers of one call must not overlap, except where DecryptMessage and
 * EncryptMessage work in place. */
typedef struct _SecBuffer {
  ULONG cbBuffer;   /* octets. Of an output: its room, then what was written, or what is needed */
  ULONG BufferType; /* SECBUFFER_*, with the attributes below */
  void* pvBuffer;   /* NULL only with cbBuffer 0 */
} SecBuffer, *PSecBuffer;

typedef struct _SecBufferDesc {
  ULONG ulVersion; /* SECBUFFER_VERSION, else SEC_E_INVALID_TOKEN */
  ULONG cBuffers;
  PSecBuffer pBuffers;
} SecBufferDesc, *PSecBufferDesc;

#define SECBUFFER_VERSION 0u

/* ---- Types that BareSSPI reads or writes, in any order unless a function says otherwise. ---- */
#define SECBUFFER_EMPTY 0u   /* nothing: skipped in an input; TLS writes EXTRA, MISSING and parts into them */
#define SECBUFFER_DATA 1u    /* a message of the application */
#define SECBUFFER_TOKEN 2u   /* a token of a handshake, or a message's signature */
#define SECBUFFER_STREAM 10u /* DecryptMessage: signature and message in one piece */
#define SECBUFFER_TARGET 13u /* the target's name in UTF-16, for when pszTargetName is NULL or empty */
#define SECBUFFER_CHANNEL_BINDINGS 14u /* a SEC_CHANNEL_BINDINGS with its data */
#define SECBUFFER_PADDING 9u /* EncryptMessage: block padding; NTLM has none and sets cbBuffer to 0 */

/* ---- Types that TLS reads or writes. NTLM and Negotiate skip them. ---- */
/* The call did not use the last cbBuffer octets of the input, which begin at pvBuffer: they are for the next
 * one. Written into an EMPTY, if anything is left. */
#define SECBUFFER_EXTRA 5u
/* With SEC_E_INCOMPLETE_MESSAGE: cbBuffer more octets are wanted, at least. Written into an EMPTY. */
#define SECBUFFER_MISSING 4u
/* EncryptMessage: room for what stands before and behind the DATA in a record, SecPkgContext_StreamSizes'
 * cbHeader and cbTrailer octets. DecryptMessage: where the two were. */
#define SECBUFFER_STREAM_HEADER 7u
#define SECBUFFER_STREAM_TRAILER 6u
/* Output of a handshake: the alert of one that failed, EXTENDED_ERROR or not. cbBuffer 0: there is none, or
 * no room. */
#define SECBUFFER_ALERT 17u
/* Input of a handshake's first call: a SEC_APPLICATION_PROTOCOLS with one list, of ALPN. */
#define SECBUFFER_APPLICATION_PROTOCOLS 18u

/* ---- Types of other packages, and of Windows' own. They are skipped. ---- */
#define SECBUFFER_PKG_PARAMS 3u
#define SECBUFFER_NEGOTIATION_INFO 8u
#define SECBUFFER_MECHLIST 11u
#define SECBUFFER_MECHLIST_SIGNATURE 12u
#define SECBUFFER_CHANGE_PASS_RESPONSE 15u
#define SECBUFFER_TARGET_HOST 16u
#define SECBUFFER_SRTP_PROTECTION_PROFILES 19u
#define SECBUFFER_SRTP_MASTER_KEY_IDENTIFIER 20u
#define SECBUFFER_TOKEN_BINDING 21u
#define SECBUFFER_PRESHARED_KEY 22u
#define SECBUFFER_PRESHARED_KEY_IDENTITY 23u
#define SECBUFFER_DTLS_MTU 24u
#define SECBUFFER_SEND_GENERIC_TLS_EXTENSION 25u
#define SECBUFFER_SUBSCRIBE_GENERIC_TLS_EXTENSION 26u
#define SECBUFFER_FLAGS 27u
#define SECBUFFER_TRAFFIC_SECRETS 28u
#define SECBUFFER_CERTIFICATE_REQUEST_CONTEXT 29u
#define SECBUFFER_CHANNEL_BINDINGS_RESULT 30u
#define SECBUFFER_APP_SESSION_STATE 31u
#define SECBUFFER_SESSION_TICKET 32u

/* ---- Attributes, ORed to a type. For protected messages: a part that is neither encrypted nor signed
 * (READONLY), or not encrypted but signed with the rest (READONLY_WITH_CHECKSUM), such as a header that has
 * to be readable. ---- */
#define SECBUFFER_ATTRMASK 0xF0000000u /* the bits that are no type */
#define SECBUFFER_READONLY 0x80000000u
#define SECBUFFER_READONLY_WITH_CHECKSUM 0x10000000u
#define SECBUFFER_RESERVED 0x60000000u

/* What ties a login to the TLS channel around it (RFC 5056; [MS-NLMP] 2.2.2.1 MsvAvChannelBindings): a
 * gss_channel_bindings_struct (RFC 2744) whose pointers are offsets from the structure's begin. The three
 * data follow the structure within the same SecBuffer, whose cbBuffer counts all of it; one with cb 0 is
 * empty. A structure whose offsets or lengths run over the buffer is SEC_E_INVALID_TOKEN.
 *
 * With TLS, address types and lengths are 0, and the application data is "tls-server-end-point:" and the hash
 * of the server's certificate (RFC 5929), or "tls-unique:" and the first Finished message. */
typedef struct _SEC_CHANNEL_BINDINGS {
  ULONG dwInitiatorAddrType;
  ULONG cbInitiatorLength;
  ULONG dwInitiatorOffset;
  ULONG dwAcceptorAddrType;
  ULONG cbAcceptorLength;
  ULONG dwAcceptorOffset;
  ULONG cbApplicationDataLength;
  ULONG dwApplicationDataOffset;
} SEC_CHANNEL_BINDINGS, *PSEC_CHANNEL_BINDINGS;

/* Negotiate: a hint of the mechanism's name, in SECBUFFER_NEGOTIATION_INFO. NameLength in octets. */
typedef struct _SEC_NEGOTIATION_INFO {
  ULONG Size;
  ULONG NameLength;
  SEC_WCHAR* Name;
  void* Reserved;
} SEC_NEGOTIATION_INFO, *PSEC_NEGOTIATION_INFO;

/* TLS: the application protocols offered or allowed (ALPN, RFC 7301), in SECBUFFER_APPLICATION_PROTOCOLS. */
enum _SEC_APPLICATION_PROTOCOL_NEGOTIATION_EXT BARESSPI_AS_INT_ {
  SecApplicationProtocolNegotiationExt_None,
  SecApplicationProtocolNegotiationExt_NPN,
  SecApplicationProtocolNegotiationExt_ALPN,
};
typedef BARESSPI_ENUM_TYPE_(_SEC_APPLICATION_PROTOCOL_NEGOTIATION_EXT)
    SEC_APPLICATION_PROTOCOL_NEGOTIATION_EXT,
    *PSEC_APPLICATION_PROTOCOL_NEGOTIATION_EXT;

/* An array that goes on behind the structure: as many elements as a length says. */
#ifndef ANYSIZE_ARRAY
#define ANYSIZE_ARRAY 1
#endif

typedef struct _SEC_APPLICATION_PROTOCOL_LIST {
  SEC_APPLICATION_PROTOCOL_NEGOTIATION_EXT ProtoNegoExt;
  unsigned short ProtocolListSize;           /* octets of ProtocolList */
  unsigned char ProtocolList[ANYSIZE_ARRAY]; /* each name: one octet of length, then the name */
} SEC_APPLICATION_PROTOCOL_LIST, *PSEC_APPLICATION_PROTOCOL_LIST;

typedef struct _SEC_APPLICATION_PROTOCOLS {
  ULONG ProtocolListsSize; /* octets of ProtocolLists */
  SEC_APPLICATION_PROTOCOL_LIST ProtocolLists[ANYSIZE_ARRAY];
} SEC_APPLICATION_PROTOCOLS, *PSEC_APPLICATION_PROTOCOLS;

#endif
