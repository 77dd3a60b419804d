/* SPDX-License-Identifier: Apache-2.0 */
/* What a caller asks of a context, and what it got. Bits that no package knows are ignored. The 64-bit ones
 * do not fit the functions' arguments: on Windows they go in a SECBUFFER_FLAGS buffer, which no package here
 * takes yet. */
#ifndef BARESSPI_CONTEXT_FLAGS_H
#define BARESSPI_CONTEXT_FLAGS_H

/* ---- InitializeSecurityContext's fContextReq. A wish: what was not granted is missing in *pfContextAttr,
 * and it is for the client to look and, where it needs it, to stop. ---- */
#define ISC_REQ_DELEGATE 0x00000001u           /* hand the credential on to the server (NTLM cannot) */
#define ISC_REQ_MUTUAL_AUTH 0x00000002u        /* the server proves itself too (NTLM cannot) */
#define ISC_REQ_REPLAY_DETECT 0x00000004u      /* repeated messages are refused; NTLM: with INTEGRITY */
#define ISC_REQ_SEQUENCE_DETECT 0x00000008u    /* lost and reordered ones are refused; likewise */
#define ISC_REQ_CONFIDENTIALITY 0x00000010u    /* EncryptMessage is wanted; INTEGRITY comes with it */
#define ISC_REQ_USE_SESSION_KEY 0x00000020u    /* a new session key */
#define ISC_REQ_PROMPT_FOR_CREDS 0x00000040u   /* Windows' dialog; never here */
#define ISC_REQ_USE_SUPPLIED_CREDS 0x00000080u /* TLS: go on without the certificate that was asked for */
#define ISC_REQ_ALLOCATE_MEMORY 0x00000100u    /* refused before anything happens */
#define ISC_REQ_USE_DCE_STYLE 0x00000200u      /* the client has the last token */
#define ISC_REQ_DATAGRAM 0x00000400u   /* over datagrams; NTLM: no NEGOTIATE, the first output is empty */
#define ISC_REQ_CONNECTION 0x00000800u /* over a connection: the default */
#define ISC_REQ_CALL_LEVEL 0x00001000u /* not used */
#define ISC_REQ_FRAGMENT_SUPPLIED 0x00002000u /* not used */
#define ISC_REQ_EXTENDED_ERROR 0x00004000u    /* a failure gives a token for the peer */
#define ISC_REQ_STREAM 0x00008000u            /* a stream (TLS) */
#define ISC_REQ_INTEGRITY 0x00010000u         /* MakeSignature is wanted */
#define ISC_REQ_IDENTIFY 0x00020000u          /* the server may ask who the caller is, but not act for it */
#define ISC_REQ_NULL_SESSION 0x00040000u      /* an anonymous logon, whatever the credential */
#define ISC_REQ_MANUAL_CRED_VALIDATION 0x00080000u /* TLS: the application checks the certificate */
#define ISC_REQ_RESERVED1 0x00100000u
#define ISC_REQ_FRAGMENT_TO_FIT 0x00200000u     /* not used */
#define ISC_REQ_FORWARD_CREDENTIALS 0x00400000u /* not used */
/* Negotiate: the three flags for integrity are ignored, and the mechanism is not asked for it for Negotiate's
 * own sake either, so that mechanisms are chosen without the two sides' signatures (RFC 4178 5). For where a
 * server refuses a login that could protect messages: LDAP inside of TLS. */
#define ISC_REQ_NO_INTEGRITY 0x00800000u
#define ISC_REQ_USE_HTTP_STYLE 0x01000000u         /* not used */
#define ISC_REQ_UNVERIFIED_TARGET_NAME 0x20000000u /* the target's name was not checked; NTLM: see policy */
#define ISC_REQ_CONFIDENTIALITY_ONLY 0x40000000u   /* not used */
#define ISC_REQ_MESSAGES 0x0000000100000000ull
#define ISC_REQ_DEFERRED_CRED_VALIDATION 0x0000000200000000ull
#define ISC_REQ_NO_POST_HANDSHAKE_AUTH 0x0000000400000000ull
#define ISC_REQ_REUSE_SESSION_TICKETS 0x0000000800000000ull
#define ISC_REQ_EXPLICIT_SESSION 0x0000001000000000ull

/* ---- InitializeSecurityContext's *pfContextAttr: 0 until SEC_E_OK, then what was agreed. A bit with the
 * name of a request says that it is granted. ---- */
#define ISC_RET_DELEGATE 0x00000001u
#define ISC_RET_MUTUAL_AUTH 0x00000002u
#define ISC_RET_REPLAY_DETECT 0x00000004u
#define ISC_RET_SEQUENCE_DETECT 0x00000008u
#define ISC_RET_CONFIDENTIALITY 0x00000010u
#define ISC_RET_USE_SESSION_KEY 0x00000020u
#define ISC_RET_USED_COLLECTED_CREDS 0x00000040u /* never */
#define ISC_RET_USED_SUPPLIED_CREDS 0x00000080u
#define ISC_RET_ALLOCATED_MEMORY 0x00000100u /* never */
#define ISC_RET_USED_DCE_STYLE 0x00000200u
#define ISC_RET_DATAGRAM 0x00000400u
#define ISC_RET_CONNECTION 0x00000800u
#define ISC_RET_INTERMEDIATE_RETURN 0x00001000u /* never */
#define ISC_RET_CALL_LEVEL 0x00002000u
#define ISC_RET_EXTENDED_ERROR 0x00004000u
#define ISC_RET_STREAM 0x00008000u
#define ISC_RET_INTEGRITY 0x00010000u
#define ISC_RET_IDENTIFY 0x00020000u
#define ISC_RET_NULL_SESSION 0x00040000u
#define ISC_RET_MANUAL_CRED_VALIDATION 0x00080000u
#define ISC_RET_RESERVED1 0x00100000u
#define ISC_RET_FRAGMENT_ONLY 0x00200000u
#define ISC_RET_FORWARD_CREDENTIALS 0x00400000u
#define ISC_RET_USED_HTTP_STYLE 0x01000000u
#define ISC_RET_NO_ADDITIONAL_TOKEN 0x02000000u
#define ISC_RET_REAUTHENTICATION 0x08000000u
#define ISC_RET_CONFIDENTIALITY_ONLY 0x40000000u
#define ISC_RET_MESSAGES 0x0000000100000000ull
#define ISC_RET_DEFERRED_CRED_VALIDATION 0x0000000200000000ull
#define ISC_RET_NO_POST_HANDSHAKE_AUTH 0x0000000400000000ull
#define ISC_RET_REUSE_SESSION_TICKETS 0x0000000800000000ull
#define ISC_RET_EXPLICIT_SESSION 0x0000001000000000ull

/* ---- AcceptSecurityContext's fContextReq. Some bits differ from ISC_REQ_'s of the same name. Integrity and
 * confidentiality are demands, not wishes. ---- */
#define ASC_REQ_DELEGATE 0x00000001u               /* the client's credential is wanted (NTLM cannot) */
#define ASC_REQ_MUTUAL_AUTH 0x00000002u            /* prove the server to the client (NTLM cannot) */
#define ASC_REQ_REPLAY_DETECT 0x00000004u          /* as in ISC_REQ_ */
#define ASC_REQ_SEQUENCE_DETECT 0x00000008u        /* as in ISC_REQ_ */
#define ASC_REQ_CONFIDENTIALITY 0x00000010u        /* required of the client */
#define ASC_REQ_USE_SESSION_KEY 0x00000020u        /* a new session key */
#define ASC_REQ_SESSION_TICKET 0x00000040u         /* TLS: give session tickets */
#define ASC_REQ_ALLOCATE_MEMORY 0x00000100u        /* refused before anything happens */
#define ASC_REQ_USE_DCE_STYLE 0x00000200u          /* as in ISC_REQ_ */
#define ASC_REQ_DATAGRAM 0x00000400u               /* over datagrams */
#define ASC_REQ_CONNECTION 0x00000800u             /* over a connection: the default */
#define ASC_REQ_CALL_LEVEL 0x00001000u             /* not used */
#define ASC_REQ_FRAGMENT_SUPPLIED 0x00002000u      /* not used */
#define ASC_REQ_EXTENDED_ERROR 0x00008000u         /* a failure gives a token for the peer */
#define ASC_REQ_STREAM 0x00010000u                 /* a stream (TLS) */
#define ASC_REQ_INTEGRITY 0x00020000u              /* required of the client */
#define ASC_REQ_LICENSING 0x00040000u              /* not used */
#define ASC_REQ_IDENTIFY 0x00080000u               /* the token is to look at, not to act with */
#define ASC_REQ_ALLOW_NULL_SESSION 0x00100000u     /* anonymous callers may in */
#define ASC_REQ_ALLOW_NON_USER_LOGONS 0x00200000u  /* not used */
#define ASC_REQ_ALLOW_CONTEXT_REPLAY 0x00400000u   /* not used */
#define ASC_REQ_FRAGMENT_TO_FIT 0x00800000u        /* not used */
#define ASC_REQ_NO_TOKEN 0x01000000u               /* not used */
#define ASC_REQ_PROXY_BINDINGS 0x04000000u         /* not used */
#define ASC_REQ_ALLOW_MISSING_BINDINGS 0x10000000u /* bindings are checked only when the client sent some */
#define ASC_REQ_MESSAGES 0x0000000100000000ull
#define ASC_REQ_EXPLICIT_SESSION 0x0000001000000000ull

/* ---- AcceptSecurityContext's *pfContextAttr. ---- */
#define ASC_RET_DELEGATE 0x00000001u
#define ASC_RET_MUTUAL_AUTH 0x00000002u
#define ASC_RET_REPLAY_DETECT 0x00000004u
#define ASC_RET_SEQUENCE_DETECT 0x00000008u
#define ASC_RET_CONFIDENTIALITY 0x00000010u
#define ASC_RET_USE_SESSION_KEY 0x00000020u
#define ASC_RET_SESSION_TICKET 0x00000040u
#define ASC_RET_ALLOCATED_MEMORY 0x00000100u /* never */
#define ASC_RET_USED_DCE_STYLE 0x00000200u
#define ASC_RET_DATAGRAM 0x00000400u
#define ASC_RET_CONNECTION 0x00000800u
#define ASC_RET_CALL_LEVEL 0x00002000u
#define ASC_RET_THIRD_LEG_FAILED 0x00004000u /* never */
#define ASC_RET_EXTENDED_ERROR 0x00008000u
#define ASC_RET_STREAM 0x00010000u
#define ASC_RET_INTEGRITY 0x00020000u
#define ASC_RET_LICENSING 0x00040000u
#define ASC_RET_IDENTIFY 0x00080000u
#define ASC_RET_NULL_SESSION 0x00100000u
#define ASC_RET_ALLOW_NON_USER_LOGONS 0x00200000u
#define ASC_RET_ALLOW_CONTEXT_REPLAY 0x00400000u
#define ASC_RET_FRAGMENT_ONLY 0x00800000u
#define ASC_RET_NO_TOKEN 0x01000000u
#define ASC_RET_NO_ADDITIONAL_TOKEN 0x02000000u
#define ASC_RET_MESSAGES 0x0000000100000000ull
#define ASC_RET_REUSE_SESSION_TICKETS 0x0000000800000000ull
#define ASC_RET_EXPLICIT_SESSION 0x0000001000000000ull

#endif
